"""What partners hold of a person: places, offices, requests, invitations, and what they say of themselves."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.audit.services import record
from collaborative.core import holdings
from collaborative.core.personal import Matter, impersonal, locked_while_closing, obstacle, retention, table
from collaborative.notifications.models import Letter
from collaborative.notifications.services import forget_addresses
from collaborative.search.services import forget as forget_in_search
from partners.models import (
    EmailDomain,
    Handover,
    Invitation,
    Membership,
    MembershipRequest,
    Organisation,
    OrganisationImport,
    Profile,
    Programme,
    ProgrammeRole,
    Succession,
    ThemeLead,
)
from partners.services.profiles import forget_profile
from partners.states import HandoverState, InvitationState, RequestState

WHILE = _("While you have an account")
WORK = _("As long as the work it belongs to")
DELETED = _("Deleted")
UNNAMED = _("Kept without your name")
RIGHTS = _("To know what you may do, and on whose behalf")
LET_IN = _("To let the right people in")
FIND = _("So that others find who knows what, as far as you choose")
EMPTY = {"email": "", "name": "", "title": "", "message": ""}


def own(model):
    """Return ``rows`` for a table whose column ``user`` says whose row it is."""
    return lambda user: model.objects.filter(user=user)


def end_dated(rows):
    """End today what lasts, record it, and return the rows."""
    ended = list(rows.filter(Q(ends_on=None) | Q(ends_on__gt=timezone.localdate())))
    for row in ended:
        row.ends_on = max(timezone.localdate(), row.starts_on)
        row.save(update_fields=["ends_on"])
        if hasattr(row, "kind"):
            record(f"{row.kind}.ended", row, by=None)
    return ended


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


def withdraw_requests(leaver):
    """Take back what waits, and take the words out of every request."""
    rows = MembershipRequest.objects.filter(user=leaver.user)
    for row in rows.pending():
        row.state, row.answered_at = RequestState.WITHDRAWN, leaver.at
        row.save(update_fields=["state", "answered_at"])
        record("membership_request.withdrawn", row, by=None, organisation_id=row.organisation_id)
    rows.update(title="", message="", answer="")


table(
    "membership-requests",
    covers=(
        "partners.MembershipRequest.user",
        "partners.MembershipRequest.title",
        "partners.MembershipRequest.message",
        "partners.MembershipRequest.answer",
    ),
    label=_("Your requests to be let into organisations, and the answers"),
    purpose=LET_IN,
    kept=_("The words two years after the answer, the rest while you have an account"),
    leaving=_("Taken back where they wait; all words are deleted"),
    rows=own(MembershipRequest),
    columns={
        "organisation__name": _("Organisation"),
        "created_at": _("Asked"),
        "title": _("Job title"),
        "message": _("Your message"),
        "state": _("What became of it"),
        "answered_at": _("Answered"),
        "answer": _("The answer"),
    },
    erase=withdraw_requests,
)

table(
    "requests-you-answered",
    covers=("partners.MembershipRequest.answered_by",),
    label=_("Requests of others that you answered"),
    purpose=LET_IN,
    kept=_("Your words two years, the rest as long as the place it belongs to"),
    leaving=_("Your words are deleted"),
    rows=lambda user: MembershipRequest.objects.filter(answered_by=user),
    columns={
        "organisation__name": _("Organisation"),
        "answered_at": _("Answered"),
        "state": _("What became of it"),
        "answer": _("Your answer"),
    },
    erase=lambda leaver: MembershipRequest.objects.filter(answered_by=leaver.user).update(answer=""),
)


def invited(user):
    """Return the invitations to a person: those they accepted, and those to a confirmed address of theirs."""
    theirs = user.emailaddress_set.filter(verified=True).values("email")
    return Invitation.objects.filter(Q(accepted_by=user) | Q(email__in=theirs))


def withdraw(rows, leaver):
    """Withdraw invitations that wait; their letters are not sent."""
    for row in rows.filter(state=InvitationState.PENDING):
        row.state, row.answered_at = InvitationState.WITHDRAWN, leaver.at
        row.save(update_fields=["state", "answered_at"])
        record("invitation.withdrawn", row, by=None, organisation_id=row.organisation_id)


def forget_invited(leaver):
    """Take the invited person out of the invitations to them."""
    rows = Invitation.objects.filter(Q(accepted_by=leaver.user) | Q(email__in=leaver.addresses))
    withdraw(rows, leaver)
    rows.update(**EMPTY)


def forget_inviter(leaver):
    """Withdraw what the person sent and nobody answered, and take their words out."""
    rows = Invitation.objects.filter(invited_by=leaver.user)
    withdraw(rows, leaver)
    rows.update(message="")


table(
    "invitations-to-you",
    covers=("partners.Invitation.accepted_by", "partners.Invitation.email", "partners.Invitation.name"),
    label=_("Invitations to you"),
    purpose=LET_IN,
    kept=_("Your address and the words until 90 days after the day on which it ends"),
    leaving=_("Withdrawn where they wait; address, name and words are deleted"),
    rows=invited,
    columns={
        "organisation__name": _("Organisation"),
        "created_at": _("Sent"),
        "email": _("To"),
        "name": _("Name"),
        "title": _("Job title"),
        "message": _("Message to you"),
        "state": _("What became of it"),
    },
    erase=forget_invited,
)

table(
    "invitations-by-you",
    covers=("partners.Invitation.invited_by", "partners.Invitation.message"),
    label=_("Invitations that you sent"),
    purpose=LET_IN,
    kept=_("Your words until 90 days after the day on which it ends"),
    leaving=_("Withdrawn where they wait; your words are deleted"),
    rows=lambda user: Invitation.objects.filter(invited_by=user),
    columns={
        "organisation__name": _("Organisation"),
        "created_at": _("Sent"),
        "role": _("Role"),
        "message": _("Your message"),
        "state": _("What became of it"),
    },
    erase=forget_inviter,
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


def take_profile_away(leaver):
    """Delete the profile, its picture and every word of it in the index."""
    kept = Profile.objects.filter(user=leaver.user).values_list("pk", flat=True).first()
    if kept is not None:
        forget_profile(leaver.user)
        forget_in_search(Profile.kind, kept)


table(
    "profile",
    order=20,
    covers=("partners.Profile.user", "partners.Profile.picture", "partners.Profile.orcid"),
    label=_("Your profile: what you say of yourself, your words for what you know, your picture"),
    purpose=FIND,
    kept=_("While you have an account, or until you take it away"),
    leaving=_("Deleted with its picture, at once and everywhere"),
    rows=own(Profile),
    columns={
        "slug": _("Address"),
        "audience": _("Who sees it"),
        "about": _("About you"),
        "orcid": _("ORCID"),
        "shows_email": _("Shows your e-mail address"),
        "picture": _("Picture"),
        "changed_at": _("Changed"),
    },
    files=("picture",),
    erase=take_profile_away,
)


def said(name, label, column):
    """Register words that a person chose for their profile."""
    model = getattr(Profile, name).through
    table(
        f"profile-{name}",
        covers=(),
        part_of="profile",
        label=label,
        purpose=FIND,
        kept=_("While you have an account, or until you take it away"),
        leaving=_("Deleted with your profile"),
        rows=lambda user: model.objects.filter(profile__user=user),
        columns={column: _("Word")},
    )


said("expertise", _("Your expertise"), "expertise__name")
said("themes", _("Themes in your profile"), "theme__name")
said("methods", _("Methods in your profile"), "term__label")
said("languages", _("Languages in your profile"), "term__label")
said("offers", _("What you are listed for"), "term__label")


def acts(name, model, column, label, columns, purpose):
    """Register what a person decided for others: the act stays, without their name."""
    table(
        name,
        covers=(f"partners.{model.__name__}.{column}",),
        label=label,
        purpose=purpose,
        kept=WORK,
        leaving=UNNAMED,
        rows=lambda user: model.objects.filter(**{column: user}),
        columns=columns,
    )


SAFE = _("So that decisions can be checked afterwards")
acts(
    "domains-confirmed",
    EmailDomain,
    "confirmed_by",
    _("Mail domains that you confirmed"),
    {"domain": _("Domain"), "organisation__name": _("Organisation"), "confirmed_at": _("When")},
    SAFE,
)
acts(
    "domains-removed",
    EmailDomain,
    "removed_by",
    _("Mail domains that you took off the list"),
    {
        "domain": _("Domain"),
        "organisation__name": _("Organisation"),
        "removed_at": _("When"),
        "removed_reason": _("Your reason"),
    },
    SAFE,
)
acts(
    "imports",
    OrganisationImport,
    "by",
    _("Lists of organisations that you brought in"),
    {"file_name": _("File"), "created_at": _("When"), "added": _("Added"), "changed": _("Changed")},
    SAFE,
)
acts(
    "mergers",
    Succession,
    "decided_by",
    _("Mergers of organisations that you decided"),
    {
        "organisation__name": _("Organisation"),
        "successor__name": _("Becomes part of"),
        "on": _("On"),
        "reason": _("Your reason"),
    },
    SAFE,
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


def forget_invitations(rows):
    """Take out the addresses and words of invitations that nobody can answer any more, and of their letters."""
    letters = Letter.objects.filter(kind_of=Invitation.kind, object_id__in=list(rows.values_list("pk", flat=True)))
    forget_addresses(letters)
    rows.update(**EMPTY)


retention(
    "invitations",
    label=_("Addresses and words of invitations, counted from the day on which they end"),
    days=90,
    rows=lambda before: Invitation.objects.settled().filter(expires_at__lt=before).exclude(**EMPTY),
    forget=forget_invitations,
)

retention(
    "membership-requests",
    label=_("Words of requests to be let into an organisation, and of their answers"),
    days=730,
    rows=lambda before: MembershipRequest.objects.filter(answered_at__lt=before).exclude(
        title="", message="", answer=""
    ),
    forget=lambda rows: rows.update(title="", message="", answer=""),
)

for column in ("Organisation.name", "OrganisationAlias.name", "Programme.name", "Programme.short_name"):
    impersonal(f"partners.{column}", "a body or a programme")
impersonal("partners.Expertise.name", "a word for what people know; who chose it stands in their profile")
for column in ("file_name", "table"):
    impersonal(f"partners.OrganisationImport.{column}", "a list of organisations, without people")


def forget_lost_pictures():
    """Delete the pictures to which no profile points any more, as after a crash or a restore; return their names."""
    storage, yesterday = Profile._meta.get_field("picture").storage, timezone.now() - timedelta(days=1)
    folder = Profile._meta.get_field("picture").upload_to
    if not storage.exists(folder):
        return []
    kept = set(Profile.objects.exclude(picture="").values_list("picture", flat=True))
    stored = [f"{folder}{name}" for name in storage.listdir(folder)[1]]
    lost = [name for name in stored if name not in kept and storage.get_modified_time(name) < yesterday]
    for name in lost:
        storage.delete(name)
    return lost
