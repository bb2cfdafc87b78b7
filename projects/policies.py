"""Who may do what with projects, and the reason when not. States are the moves' business."""

from django.utils.translation import gettext_lazy as _

from collaborative.core.policies import ALLOWED, SIGN_IN, policy, refusal
from partners.policies import NOT_COORDINATOR
from partners.rights import rights_of
from projects.standing import leads, part_of

NOT_STAFF = refusal(
    _("This is for staff of partner organisations. Ask your organisation’s lead to let you in, then try again.")
)
NOT_LEAD = refusal(_("Only a lead of this project can do this."))


@policy("projects.propose")
def propose(user, thing):
    """Staff of a current partner of any programme."""
    if not user.is_authenticated:
        return SIGN_IN
    return ALLOWED if rights_of(user).member else NOT_STAFF


@policy("projects.inside")
def inside(user, project):
    """The project's people, and whoever is inside its programme, see more than the public."""
    rights = rights_of(user)
    if rights.manages(project.programme_id) or project.programme_id in rights.inside or part_of(user, project):
        return ALLOWED
    return refusal(_("This part is for partners of the programme."))


@policy("projects.reasons")
def reasons(user, project):
    """The project's people and the programme's coordinators read the reasons of decisions."""
    if rights_of(user).manages(project.programme_id) or part_of(user, project):
        return ALLOWED
    return refusal(_("The reasons are for the project’s people and the programme’s coordinators."))


@policy("projects.edit")
def edit(user, project):
    """Its leads."""
    return ALLOWED if leads(user, project) else NOT_LEAD


@policy("projects.submit")
def submit(user, project):
    """Its leads, while their organisation is a partner of the programme."""
    if not leads(user, project):
        return NOT_LEAD
    if project.programme_id not in rights_of(user).member_of:
        return refusal(_("Your organisation is no longer a partner of this programme."))
    return ALLOWED


@policy("projects.withdraw")
def withdraw(user, project):
    """Its leads."""
    return ALLOWED if leads(user, project) else NOT_LEAD


@policy("projects.decide")
def decide(user, project):
    """Coordinators of its programme who have no part in it.

    Here a part counts though its holder has left the organisation it is for: a coordinator ends memberships,
    their own too.
    """
    if not rights_of(user).manages(project.programme_id):
        return NOT_COORDINATOR
    if project.people.current().filter(user=user).exists():
        return refusal(_("You have a part in this project yourself, so another coordinator decides."))
    return ALLOWED


@policy("projects.run")
def run(user, project):
    """Its leads, and the coordinators of its programme."""
    if leads(user, project) or rights_of(user).manages(project.programme_id):
        return ALLOWED
    return refusal(_("Only a lead of this project or a coordinator of its programme can do this."))


@policy("projects.join")
def join(user, project):
    """Staff of a partner of its programme who are not on it already."""
    if not user.is_authenticated:
        return SIGN_IN
    if project.programme_id not in rights_of(user).member_of:
        return refusal(_("Only staff of partners of this project’s programme can ask to join it."))
    if part_of(user, project):
        return refusal(_("You are on this project already."))
    return ALLOWED


@policy("projects.answer")
def answer(user, request):
    """Any lead of the project that someone wants to join."""
    return ALLOWED if leads(user, request.project) else NOT_LEAD


@policy("projects.take_back")
def take_back(user, request):
    """Whoever asked."""
    return ALLOWED if request.user_id == user.pk else refusal(_("Only the person who asked can take this back."))


@policy("projects.manage")
def manage(user, thing):
    """Coordinators of a programme run its projects, areas and strands; drafts are their people's alone."""
    rights = rights_of(user)
    if thing is None:
        return ALLOWED if rights.administrator or rights.coordinator_of else NOT_COORDINATOR
    if getattr(thing, "never_sent", False) or not rights.manages(thing.programme_id):
        return NOT_COORDINATOR
    return ALLOWED
