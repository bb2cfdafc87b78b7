"""The letters about evidence."""

from django.utils.translation import gettext_lazy as _

from collaborative.notifications.notices import notice
from evidence.states import VersionState

notice(
    "review.published",
    kind="review",
    label=_("A review was published"),
    group="decisions",
    template="evidence/letters/published.txt",
    still_true=lambda letter, review: review.current_id is not None,
)
notice(
    "review.withdrawn",
    kind="version",
    label=_("A review was withdrawn"),
    group="decisions",
    template="evidence/letters/withdrawn.txt",
    title=lambda version: version.title,
    related=("review",),
    still_true=lambda letter, version: version.state == VersionState.WITHDRAWN,
)
