"""Places in organisations, offices, and what is handed on; what has to be settled before an account closes."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.core import holdings
from collaborative.core.personal import Matter, locked_while_closing, obstacle, table
from partners.models import (
    Handover,
    Membership,
    Organisation,
    Programme,
    ProgrammeRole,
    ThemeLead,
)
from partners.personal.words import RIGHTS, UNNAMED, WORK, end_dated, own
from partners.states import HandoverState


def end_memberships(leaver):
    """End every place and take the job titles out."""
    rows = Membership.objects.filter(user=leaver.user)
    for row in end_dated(rows):
        holdings.has_left(leaver.user, row.organisation_id, by=None)
    rows.update(title="")


table(
    "memberships",
    order=30,
    covers=("partners.Membership.user", "partners.Membership.title"),
    label=_("Your places in organisations"),
    purpose=RIGHTS,
    kept=_("While you have an account; after that the dates, without your name"),
    leaving=_("End; your job titles are deleted, the dates are kept without your name"),
    rows=own(Membership),
    columns={
        "organisation__name": _("Organisation"),
        "role": _("Role"),
        "title": _("Job title"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
        "admitted_by__domain": _("Let in by an address at"),
    },
    erase=end_memberships,
)

table(
    "programme-roles",
    order=31,
    covers=("partners.ProgrammeRole.user",),
    label=_("Your offices in programmes"),
    purpose=RIGHTS,
    kept=WORK,
    leaving=_("End; the dates are kept without your name"),
    rows=own(ProgrammeRole),
    columns={
        "programme__name": _("Programme"),
        "role": _("Role"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
    },
    erase=lambda leaver: end_dated(ProgrammeRole.objects.filter(user=leaver.user)),
)


def leave_themes(leaver):
    """Take the person from the themes that they led; the office keeps its title."""
    rows = ThemeLead.objects.filter(user=leaver.user)
    end_dated(rows.exclude(pk__in=Handover.objects.unsettled().filter(holding="theme_lead").values("object_id")))
    rows.update(user=None)


table(
    "theme-leads",
    order=32,
    covers=("partners.ThemeLead.user",),
    label=_("Themes that you lead or led"),
    purpose=_("So that people find who leads a theme"),
    kept=WORK,
    leaving=_("The office and its dates stay, without you"),
    rows=own(ThemeLead),
    columns={
        "programme__name": _("Programme"),
        "theme__name": _("Theme"),
        "side": _("Side"),
        "title": _("Role title"),
        "starts_on": _("From"),
        "ends_on": _("Until"),
    },
    erase=leave_themes,
)


def take_no_more(leaver):
    """Free what the person was asked to take over and has not: somebody else can be asked."""
    asked = Handover.objects.filter(asked=leaver.user, state=HandoverState.ASKED)
    asked.update(state=HandoverState.OPEN, asked=None, asked_at=None, answer="")
    Handover.objects.filter(asked=leaver.user).update(answer="")


NOTHING_LEFT = _("So that nothing is left without somebody responsible")
HANDED_ON = {
    "organisation__name": _("Organisation"),
    "holding": _("What"),
    "object_id": _("Its number"),
    "state": _("What became of it"),
    "created_at": _("Since"),
    "settled_at": _("Settled"),
}

table(
    "handovers",
    covers=("partners.Handover.held_by", "partners.Handover.proposed"),
    label=_("What you handed on, or were proposed for"),
    purpose=NOTHING_LEFT,
    kept=WORK,
    leaving=UNNAMED,
    rows=lambda user: Handover.objects.filter(Q(held_by=user) | Q(proposed=user)),
    columns=HANDED_ON,
    erase=lambda leaver: Handover.objects.filter(proposed=leaver.user).update(proposed=None),
)

table(
    "asked-to-take-over",
    covers=("partners.Handover.asked", "partners.Handover.answer"),
    label=_("What you were asked to take over, and your answer"),
    purpose=NOTHING_LEFT,
    kept=WORK,
    leaving=_("Kept without your name; your words are deleted"),
    rows=lambda user: Handover.objects.filter(asked=user),
    columns=HANDED_ON | {"answer": _("Your answer")},
    erase=take_no_more,
)


locked_while_closing(
    10, lambda user: Organisation.objects.filter(pk__in=own(Membership)(user).values("organisation_id"))
)
locked_while_closing(20, lambda user: Programme.objects.filter(pk__in=own(ProgrammeRole)(user).values("programme_id")))


@obstacle
def what_they_hold(user):
    """Whatever the person leads for an organisation goes to somebody else first."""
    todo = gettext("Hand it on: leave the organisation on “My organisations” and name who should take it over.")
    return [
        Matter(
            gettext("%(role)s: %(title)s") % {"role": each.label, "title": each.title},
            todo,
            reverse("mine:organisations"),
        )
        for each in holdings.held(user)
    ]


@obstacle
def only_coordinator(user):
    """A programme keeps a coordinator."""
    here = ProgrammeRole.objects.lasting().filter(role=ProgrammeRole.Role.COORDINATOR, user__is_active=True)
    mine = here.filter(user=user).exclude(programme__in=here.exclude(user=user).current().values("programme_id"))
    todo = gettext("Ask an administrator to appoint another coordinator first.")
    return [
        Matter(
            gettext("Only coordinator of %(programme)s") % {"programme": role.programme},
            todo,
            role.programme.get_absolute_url(),
        )
        for role in mine.select_related("programme").order_by("programme__name", "pk")
        if not role.programme.past
    ]
