"""Who may do what with organisations and programmes, and who enters the admin."""

from allauth.account.models import EmailAddress
from django.utils.translation import gettext_lazy as _

from collaborative.accounts import second_factor
from collaborative.core.policies import ALLOWED, SIGN_IN, policy, refusal
from partners.rights import rights_of

NOT_COORDINATOR = refusal(_("Only a coordinator of this programme can do this."))
NOT_OURS = refusal(_("This organisation is not a partner of a programme that you coordinate."))
PARTNER_ELSEWHERE = refusal(
    _("This organisation takes part in another programme already. Ask an administrator to add it to yours.")
)


@policy("portal.admin")
def enter_admin(user, thing):
    """Coordinators and administrators enter the admin."""
    rights = rights_of(user)
    if rights.administrator or rights.coordinator_of:
        return ALLOWED
    return refusal(_("This part of the portal is for coordinators."))


@policy("portal.administer")
def administer(user, thing):
    """Administrators alone change what concerns every programme."""
    return ALLOWED if rights_of(user).administrator else refusal(_("Only an administrator can do this."))


@policy("partners.member")
def member(user, thing):
    """Staff of a current partner."""
    if rights_of(user).member:
        return ALLOWED
    return refusal(_("This is for staff of partner organisations. Ask your organisation’s lead to let you in."))


@policy("programmes.manage")
def manage_programme(user, programme):
    """The coordinators of a programme run it."""
    return ALLOWED if rights_of(user).manages(programme.pk) else NOT_COORDINATOR


@policy("partners.manage")
def manage_organisation(user, organisation):
    """Coordinators of a programme manage its partners, as long as they take part or will."""
    rights = rights_of(user)
    if rights.administrator:
        return ALLOWED
    return ALLOWED if organisation.lasts_in(rights.coordinator_of) else NOT_OURS


@policy("partnerships.save")
def save_partnership(user, part):
    """Coordinators decide who takes part in their own programme.

    To bring in a partner of another programme, or to bring one back, takes an administrator: whoever
    coordinates a partner lets its staff in, and so into everything that this partner may see.
    """
    rights = rights_of(user)
    if not rights.manages(part.programme_id):
        return NOT_COORDINATOR
    if rights.administrator or part.ended or part.organisation_id is None:
        return ALLOWED
    if part.organisation.partnerships.lasting().filter(pk=part.pk).exists():
        return ALLOWED
    elsewhere = part.organisation.partnerships.lasting().exclude(programme_id__in=rights.coordinator_of)
    return PARTNER_ELSEWHERE if elsewhere.exists() else ALLOWED


@policy("memberships.save")
def save_membership(user, membership):
    """Coordinators let people into the partners of their programme, and leads into their own organisation."""
    if membership.organisation_id in rights_of(user).leads:
        return let_in(user, membership.organisation)
    return manage_organisation(user, membership.organisation)


@policy("memberships.leave")
def leave(user, membership):
    """Everybody may leave."""
    return ALLOWED if membership.user_id == user.pk else refusal(_("Only this person can do this."))


@policy("memberships.ask")
def ask_to_join(user, organisation):
    """Anybody with an account may ask to be let into an organisation that takes part."""
    if organisation.pk in rights_of(user).organisations:
        return refusal(_("You are a member of this organisation already."))
    if organisation.past or not organisation.takes_part():
        return refusal(_("This organisation takes part in no programme of this portal, so nobody can be let in."))
    return ALLOWED if user.is_authenticated else SIGN_IN


@policy("email_domains.save")
def save_domain(user, domain):
    """Coordinators confirm the mail domains of the partners of their programme."""
    return manage_organisation(user, domain.organisation)


@policy("programme_roles.see")
def see_programme_role(user, role):
    """Coordinators see who else runs their programme."""
    return ALLOWED if rights_of(user).manages(role.programme_id) else NOT_COORDINATOR


@policy("programme_roles.save")
def save_programme_role(user, role):
    """Administrators say who coordinates a programme, its coordinators who may be asked for reviews.

    Which of the two an office is stays once it exists.
    """
    if role.role == role.Role.REVIEWER:
        return ALLOWED if rights_of(user).manages(role.programme_id) else NOT_COORDINATOR
    return administer(user, role)


@policy("theme_leads.save")
def save_theme_lead(user, lead):
    """Coordinators say who leads a theme in their programme."""
    return ALLOWED if rights_of(user).manages(lead.programme_id) else NOT_COORDINATOR


NOT_LEAD = refusal(_("Only a lead of this organisation, or a coordinator of one of its programmes, can do this."))


@second_factor.needed_by
def runs_or_leads(user):
    """Administrators, coordinators and leads of organisations need a second factor."""
    rights = rights_of(user)
    return rights.administrator or bool(rights.coordinator_of or rights.leads)


@policy("partners.let_in")
def let_in(user, organisation):
    """The leads of an organisation let people in and out; so do the coordinators of its programmes.

    All of them need a second factor: whoever lets people in opens what the organisation may see.
    """
    if organisation.pk in rights_of(user).leads or manage_organisation(user, organisation):
        return second_factor.required_of(user)
    return NOT_LEAD


@policy("memberships.answer")
def answer_request(user, request):
    """Whoever may let people into the organisation, but nobody their own request."""
    if request.user_id == user.pk:
        return refusal(_("Somebody else has to answer your own request."))
    return let_in(user, request.organisation)


@policy("membership_requests.manage")
def manage_request(user, request):
    """Coordinators look through the requests to the partners of their programme."""
    return manage_organisation(user, request.organisation)


@policy("memberships.take_back")
def take_back_request(user, request):
    """Whoever asked."""
    return ALLOWED if request.user_id == user.pk else refusal(_("Only the person who asked can take this back."))


@policy("memberships.end")
def end_membership(user, membership):
    """The person themself; the organisation's leads, and the coordinators of its programmes."""
    return ALLOWED if membership.user_id == user.pk else save_membership(user, membership)


@policy("handovers.choose")
def choose_successor(user, handover):
    """The organisation's leads, and the coordinators of the programme that the matter belongs to, if of one.

    Like all who let people into what they lead, they need a second factor.
    """
    rights = rights_of(user)
    if handover.organisation_id in rights.leads or _runs(user, rights, handover):
        return second_factor.required_of(user)
    return NOT_LEAD


def _runs(user, rights, handover):
    if handover.programme_id:
        return rights.manages(handover.programme_id)
    return bool(manage_organisation(user, handover.organisation))


@policy("handovers.answer")
def answer_handover(user, handover):
    """Whoever is asked to take over."""
    return ALLOWED if handover.asked_id == user.pk else refusal(_("Only the person who is asked can answer."))


NOT_BOTH = refusal(
    _("This organisation also takes part in a programme that you do not coordinate. Ask an administrator.")
)


@policy("organisations.succeed")
def succeed(user, organisation):
    """Administrators, and whoever coordinates every programme that the organisation takes part in."""
    rights = rights_of(user)
    if rights.administrator:
        return ALLOWED
    if not manage_organisation(user, organisation):
        return NOT_OURS
    elsewhere = organisation.partnerships.lasting().exclude(programme_id__in=rights.coordinator_of)
    return NOT_BOTH if elsewhere.exists() else ALLOWED


@policy("invitations.manage")
def manage_invitation(user, invitation):
    """Whoever may let people into the organisation withdraws an invitation or sends it again."""
    return let_in(user, invitation.organisation)


@policy("invitations.accept")
def accept_invitation(user, invitation):
    """Only the person whose confirmed address was invited."""
    if not user.is_authenticated:
        return SIGN_IN
    if EmailAddress.objects.filter(user=user, verified=True, email=invitation.email).exists():
        return ALLOWED
    return refusal(
        _(
            "This invitation was sent to another address than that of your account. Sign out and use the address to "
            "which it was sent, or make that address the one of your account."
        )
    )


@policy("profiles.save")
def save_profile(user, profile):
    """Everybody says of themselves what others may know, and nobody says it for them."""
    return ALLOWED if profile.user_id == user.pk else refusal(_("Only this person can do this."))


@policy("organisation_imports.carry_out")
def carry_out_import(user, work):
    """Coordinators bring partners into a programme of theirs; bringing in others takes an administrator."""
    if work.programme_id is None:
        return administer(user, work)
    if work.by_id not in (None, user.pk) and not rights_of(user).administrator:
        return refusal(_("Somebody else sent this file. Send it yourself to carry it out."))
    return manage_programme(user, work.programme)


@policy("organisation_imports.see")
def see_import(user, work):
    """Whoever sent the file; and, once it is carried out, those who run the programme."""
    rights = rights_of(user)
    if rights.administrator:
        return ALLOWED
    mine = work.programme_id in rights.coordinator_of and (work.by_id == user.pk or work.done_at is not None)
    return ALLOWED if mine else NOT_COORDINATOR
