"""The letters of the roof."""

from django.utils.translation import gettext_lazy as _

from collaborative.notifications.notices import notice

notice(
    "problem.reported",
    kind="problem",
    label=_("A reader reported a problem"),
    group="requests",
    template="portal/letters/problem.txt",
)
