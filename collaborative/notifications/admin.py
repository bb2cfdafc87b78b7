"""The ledger in the admin: for administrators, to look at and to send again what failed."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collaborative.core.admin import ReadOnlyAdmin
from collaborative.core.errors import Refused
from collaborative.notifications import services
from collaborative.notifications.models import Letter


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """Every letter, newest first, with what became of it."""

    manage_policy = module_policy = "notifications.administer"
    list_display = [
        "key",
        "event",
        "recipient",
        "address",
        "channel",
        "state",
        "attempts",
        "created_at",
        "sent_at",
        "reason",
    ]
    list_filter = ["state", "channel", "key"]
    list_select_related = ["recipient"]
    search_fields = ["event", "key", "reason"]
    ordering = ["-created_at", "-pk"]
    actions = ["send_again"]

    @admin.action(description=_("Send again what failed"), permissions=["view"])
    def send_again(self, request, letters):
        """Requeue the chosen letters that failed; say how many."""
        done = sum(self._requeued(letter, request.user) for letter in letters)
        words = ngettext("%(n)d letter will be sent again.", "%(n)d letters will be sent again.", done)
        messages.info(request, words % {"n": done})

    def _requeued(self, letter, user):
        try:
            services.requeue(letter, by=user)
        except Refused:
            return False
        return True
