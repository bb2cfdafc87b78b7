"""What the roof holds of a person: the problems they reported."""

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from collaborative.core.personal import retention, table
from collaborative.portal.models import ProblemReport

YEAR = 365


def reported_by(user):
    """Return what somebody reported, signed in or by a confirmed address of theirs."""
    theirs = user.emailaddress_set.filter(verified=True).values(small=Lower("email"))
    return ProblemReport.objects.alias(small=Lower("email")).filter(Q(reporter=user) | Q(small__in=theirs))


def forget(rows):
    """Take words and names out of reports; which page it was, and when, stays."""
    rows.update(message="", email="", reporter=None)


def forget_reports(leaver):
    """Take the person out of what they reported."""
    small = ProblemReport.objects.alias(small=Lower("email"))
    forget(ProblemReport.objects.filter(pk__in=small.filter(small__in=leaver.addresses).values("pk")))
    forget(ProblemReport.objects.filter(reporter=leaver.user))


table(
    "problems",
    order=64,
    covers=("portal.ProblemReport.reporter", "portal.ProblemReport.email", "portal.ProblemReport.message"),
    label=_("Problems that you reported"),
    purpose=_("To mend them, and to answer you"),
    kept=_("One year"),
    leaving=_("What you wrote and your address are deleted; which page it was stays"),
    rows=reported_by,
    columns={
        "reported_at": _("When"),
        "page": _("Page"),
        "message": _("What you wrote"),
        "email": _("E-mail address"),
        "settled_at": _("Settled"),
    },
    erase=forget_reports,
)

retention(
    "problems",
    label=_("Addresses and words of those who reported a problem"),
    days=YEAR,
    rows=lambda before: ProblemReport.objects.filter(reported_at__lt=before).exclude(
        message="", email="", reporter=None
    ),
    forget=forget,
)
