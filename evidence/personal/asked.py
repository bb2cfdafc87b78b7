"""Who asked for another format or language, who answered, and when both are forgotten."""

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from collaborative.core.personal import retention, table
from evidence.models import FormatRequest
from evidence.services.asked import FORGOTTEN, forget_asked, forget_asker

DAYS = 90


def asked_by(user):
    """Return what somebody asked for, signed in or by a confirmed address of theirs."""
    theirs = user.emailaddress_set.filter(verified=True).values(small=Lower("email"))
    return FormatRequest.objects.filter(Q(user=user) | Q(email__in=theirs))


def forget_leaver(leaver):
    """Take the person out of what they asked for."""
    forget_asker(FormatRequest.objects.filter(Q(user=leaver.user) | Q(email__in=leaver.addresses)))


table(
    "format-requests",
    order=63,
    covers=(
        "evidence.FormatRequest.user",
        "evidence.FormatRequest.name",
        "evidence.FormatRequest.email",
        "evidence.FormatRequest.details",
        "evidence.FormatRequest.answer",
    ),
    label=_("Texts that you asked for in another format or language"),
    purpose=_("To answer you, and to count what readers need"),
    kept=_("Your name, address and words 90 days after the answer; what was asked for is counted without you"),
    leaving=_("Taken back where it waits; your name, address and words are deleted"),
    rows=asked_by,
    columns={
        "review__title": _("Review"),
        "asked_at": _("When"),
        "wanted": _("What you asked for"),
        "format": _("Format"),
        "language": _("Language"),
        "details": _("Your words"),
        "name": _("Name"),
        "email": _("E-mail address"),
        "state": _("What became of it"),
        "answer": _("The answer"),
    },
    erase=forget_leaver,
)

table(
    "format-requests-answered",
    order=63,
    covers=("evidence.FormatRequest.answered_by",),
    label=_("Requests for other formats that you answered"),
    purpose=_("So that decisions can be checked afterwards"),
    kept=_("Your words 90 days, that you answered while you have an account"),
    leaving=_("Your words are deleted"),
    rows=lambda user: FormatRequest.objects.filter(answered_by=user),
    columns={
        "review__title": _("Review"),
        "answered_at": _("When"),
        "state": _("What became of it"),
        "answer": _("Your answer"),
    },
    erase=lambda leaver: FormatRequest.objects.filter(answered_by=leaver.user).update(answer=FORGOTTEN),
)

retention(
    "format-requests",
    label=_("Who asked for another format or language, 90 days after the answer"),
    days=DAYS,
    rows=lambda before: FormatRequest.objects.filter(answered_at__lt=before).exclude(
        name="", email="", details="", user=None, answer=FORGOTTEN
    ),
    forget=forget_asked,
)
