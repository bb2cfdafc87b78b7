"""One row for each address elsewhere that our texts lead to, however many do."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Link(models.Model):
    """An address elsewhere, and what was found when it was last asked for.

    It counts as dead only after it failed several times over days: servers rest, too. ``claimed_until`` keeps two
    jobs from asking at once.
    """

    class State(models.TextChoices):
        NEW = "new", _("Not looked at yet")
        WORKS = "works", _("Works")
        MOVED = "moved", _("Works, at another address")
        DOUBTFUL = "doubtful", _("Did not answer as it should")
        DEAD = "dead", _("Dead")
        LEFT = "left", _("Not looked at: its site asks machines to stay away, or it leads into a private network")

    url = models.URLField(_("address"), max_length=500, unique=True)
    host = models.CharField(_("site"), max_length=253)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.NEW)
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    moved_to = models.CharField(_("leads on to"), max_length=500, blank=True)
    fault = models.CharField(_("what went wrong"), max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    first_failed_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(_("last looked at"), null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    wanted = models.BooleanField(_("some text leads there"), default=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["host", "url", "pk"]
        indexes = [
            models.Index(fields=["wanted", "due_at"], name="links_due"),
            models.Index(fields=["state", "host"], name="links_by_state"),
        ]

    def __str__(self):
        return self.url
