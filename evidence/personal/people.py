"""Who makes reviews, what they ticked, and what they decided or corrected."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.personal import locked_while_closing, table
from evidence import services
from evidence.models import Correction, Review, ReviewPerson, Tick, Version
from partners.models import Handover

WORK = _("As long as the review it belongs to")


def theirs(user):
    """Return the reviews that the person makes, or whose publication waits in their name."""
    on = ReviewPerson.objects.filter(user=user).values("review_id")
    waiting = Version.objects.filter(publish_by=user, publish_at__isnull=False).values("review_id")
    return Review.objects.filter(Q(pk__in=on) | Q(pk__in=waiting))


locked_while_closing(40, theirs)


def leave_reviews(leaver):
    """End the person's parts in reviews, but for what is being handed on."""
    waiting = Handover.objects.unsettled().filter(holding="review_editor").values("object_id")
    lasting = ReviewPerson.objects.filter(Q(ends_on=None) | Q(ends_on__gt=timezone.localdate()), user=leaver.user)
    for part in lasting.exclude(pk__in=waiting):
        services.end_part(part, by=None)


table(
    "review-parts",
    covers=("evidence.ReviewPerson.user",),
    label=_("Reviews that you write or edit"),
    purpose=_("So that you can work on the text"),
    kept=WORK,
    leaving=_("End; the dates are kept without your name"),
    rows=lambda user: ReviewPerson.objects.filter(user=user),
    columns={
        "review__title": _("Review"),
        "part": _("Part"),
        "organisation__name": _("For"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
    },
    erase=leave_reviews,
)

table(
    "review-checks",
    covers=("evidence.Tick.by",),
    label=_("Lines of checklists that you ticked"),
    purpose=_("So that editors know what was seen to before publication"),
    kept=WORK,
    leaving=_("Stay without your name"),
    rows=lambda user: Tick.objects.filter(by=user),
    columns={"version__title": _("Review"), "check_of__words": _("What was checked"), "at": _("When")},
)

table(
    "review-corrections",
    covers=("evidence.Correction.by",),
    label=_("Notes by which you corrected published reviews"),
    purpose=_("So that readers know what was wrong"),
    kept=WORK,
    leaving=_("The notes stay without your name"),
    rows=lambda user: Correction.objects.filter(by=user),
    columns={"version__title": _("Review"), "text": _("The note"), "at": _("When")},
)

table(
    "review-publications",
    covers=("evidence.Version.publish_by",),
    label=_("Reviews for which you set a time of publication"),
    purpose=_("So that they are published in your name"),
    kept=_("Until they are published"),
    leaving=_("The time is taken back, and the editors are told"),
    rows=lambda user: Version.objects.filter(publish_by=user),
    columns={"title": _("Review"), "publish_at": _("When")},
    erase=lambda leaver: services.lift_schedules_of(leaver.user),
)
