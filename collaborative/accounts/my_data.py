"""What is held of oneself, all of it to take along, and the way out."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import logout
from django.db import transaction
from django.http import FileResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.archive import archive
from collaborative.accounts.leaving import close
from collaborative.accounts.leaving_forms import CloseForm
from collaborative.audit.services import record
from collaborative.core import personal
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, Page


def limit(request, action):
    """Count one more try of an action; raises ``Refused`` when there were too many."""
    if not ratelimit.consume(request, action=action, user=request.user):
        raise Refused(_("You did this several times just now. Please try again in an hour."))


def demand_proof(request):
    """Ask for the password or second factor first, unless it was given in the last minutes.

    A POST is kept and goes on by itself once it was given.
    """
    if not did_recently_reauthenticate(request):
        raise ReauthenticationRequired


def way_here():
    """Return the crumbs of a page below that of one's data."""
    return [
        {"label": _("My page"), "url": reverse("me")},
        {"label": _("Your data"), "url": reverse("my_data:held")},
    ]


class DataPage(Page):
    """Table by table what is held: how many rows, why and how long."""

    template_name = "me/data.html"
    policy = "signed_in"

    def get_context_data(self, **kwargs):
        """Count all tables in one query."""
        numbers = personal.counts(self.request.user)
        rows = [{"table": each, "number": numbers[each.name]} for each in personal.listed()]
        return super().get_context_data(
            held=[row for row in rows if row["number"]],
            empty=[row["table"].label for row in rows if not row["number"]],
            **kwargs,
        )


class Download(Page):
    """The ZIP file: a page with one button, and the file itself on POST. Both ask who it is first."""

    template_name = "me/data_download.html"
    policy = "signed_in"

    def get(self, request, *args, **kwargs):
        """Ask who it is, then show the button."""
        demand_proof(request)
        return super().get(request, *args, crumbs=way_here(), **kwargs)

    def post(self, request, *args, **kwargs):
        """Make the file, note it and tell the person by mail; raises ``Refused`` when it was made too often."""
        demand_proof(request)
        limit(request, "download_data")
        made = archive(request.user)
        with transaction.atomic():
            record("account.data_downloaded", request.user, by=request.user)
        get_adapter().send_notification_mail("account/email/data_downloaded", request.user)
        name = f"my-data-{timezone.localdate():%Y-%m-%d}.zip"
        return FileResponse(made, as_attachment=True, filename=name, content_type="application/zip")


class Close(FormPage):
    """What goes, what stays and why; the choice of credits; and the end, after proof."""

    template_name = "me/data_close.html"
    form_class = CloseForm
    policy = "signed_in"

    def get_form_kwargs(self):
        """Offer this person's credits."""
        return super().get_form_kwargs() | {"person": self.request.user}

    def get_context_data(self, **kwargs):
        """Say what stands in the way, or what becomes of each table."""
        user = self.request.user
        numbers = personal.counts(user)
        return super().get_context_data(
            crumbs=way_here(),
            matters=personal.matters(user),
            held=[each for each in personal.listed() if numbers[each.name]],
            **kwargs,
        )

    def act(self, form):
        """Close the account for good, and sign out."""
        demand_proof(self.request)
        limit(self.request, "close_account")
        close(self.request.user, by=self.request.user, choices=form.choices())
        logout(self.request)
        return "my_data:closed"
