"""Who may write, review, publish and withdraw evidence and practice sheets, and the reason when not."""

from django.utils.translation import gettext_lazy as _

from collaborative.accounts import second_factor
from collaborative.core.policies import ALLOWED, SIGN_IN, policy, refusal
from evidence.models import PeerReview, ReviewPerson
from evidence.states import SheetState
from partners.policies import NOT_COORDINATOR
from partners.rights import rights_of

NOT_EDITOR = refusal(_("Only an editor of this review or a coordinator of its programme can do this."))
NOT_AT_WORK = refusal(_("Only those who write or edit this review can do this."))
NOT_REVIEWING = refusal(
    _(
        "Reviewers read this text once they have said yes, an editor has decided about any conflict of interests, "
        "and until the round is closed."
    )
)
NOT_STAFF = refusal(
    _("This is for staff of partner organisations. Ask your organisation’s lead to let you in, then try again.")
)


def _review_of(thing):
    thing = thing.round.version if isinstance(thing, PeerReview) else thing
    return getattr(thing, "review", thing)


def parts_of(user, review):
    """Return the parts that a person has in making a review today: a set of ``ReviewPerson.Part``.

    Kept for the length of one request, as their rights are.
    """
    if user is None or not user.is_authenticated:
        return set()
    kept = getattr(user, "rights_kept", None)
    kept = {} if kept is None else kept
    if ("parts", review.pk) not in kept:
        rows = ReviewPerson.objects.current().filter(user=user, review=review)
        kept["parts", review.pk] = set(rows.values_list("part", flat=True))
    return kept["parts", review.pk]


@second_factor.needed_by
def edits(user):
    """Editors of reviews need a second factor: they decide what becomes public."""
    return ReviewPerson.objects.current().filter(user=user, part=ReviewPerson.Part.EDITOR).exists()


@policy("evidence.manage")
def manage(user, thing):
    """Coordinators of the programme run its reviews and their versions."""
    return ALLOWED if rights_of(user).manages(_review_of(thing).programme_id) else NOT_COORDINATOR


@policy("evidence.desk")
def desk(user, thing):
    """Those who make a review, and the coordinators of its programme, see how it is coming along."""
    review = _review_of(thing)
    if rights_of(user).manages(review.programme_id) or parts_of(user, review):
        return ALLOWED
    return NOT_AT_WORK


@policy("evidence.edit")
def edit(user, version):
    """Those who make a review change its text while it is being written; what is published never changes."""
    answer = desk(user, version)
    if not answer:
        return answer
    if not version.working:
        return refusal(_("A published text is never changed; begin a new version."))
    if not version.writing:
        return refusal(_("The text stands still while it is reviewed and once it is approved. Send it back first."))
    return ALLOWED


@policy("evidence.preview")
def preview(user, version):
    """Those who make the text read it, and while their round is open the reviewers without an undecided conflict."""
    if desk(user, version):
        return ALLOWED
    asked = PeerReview.objects.filter(user=user, round__version=version)
    if asked.with_text_open().exists():
        return ALLOWED
    return NOT_REVIEWING if asked.exists() else NOT_AT_WORK


@policy("evidence.run")
def run(user, thing):
    """Editors of a review, with a second factor, and the coordinators of its programme."""
    review = _review_of(thing)
    if rights_of(user).manages(review.programme_id):
        return ALLOWED
    if ReviewPerson.Part.EDITOR in parts_of(user, review):
        return second_factor.required_of(user)
    return NOT_EDITOR


@policy("evidence.publish")
def publish(user, version):
    """Whoever runs the review decides what is public, but nobody about a text that they wrote."""
    answer = run(user, version)
    if answer and ReviewPerson.Part.AUTHOR in parts_of(user, version.review):
        return refusal(_("You are an author of this text, so another editor or a coordinator decides."))
    return answer


@policy("evidence.reviewers")
def reviewers(user, thing):
    """Whoever runs the review asks its reviewers and knows their names, but nobody for a text that they wrote."""
    answer = run(user, thing)
    if answer and ReviewPerson.Part.AUTHOR in parts_of(user, _review_of(thing)):
        return refusal(_("You are an author of this text, so its reviewers stay unnamed to you."))
    return answer


@policy("evidence.peer_review")
def peer_review(user, review):
    """The person who was asked to review."""
    return ALLOWED if review.user_id == user.pk else refusal(_("Only the person who was asked can answer this."))


@policy("evidence.own_comment")
def own_comment(user, comment):
    """Whoever wrote the comment."""
    return ALLOWED if comment.by_id == user.pk else refusal(_("Only the person who wrote this can change it."))


@policy("evidence.answer_asked")
def answer_asked(user, asked):
    """Whoever runs the review that somebody asked about."""
    return run(user, asked)


@policy("practices.submit")
def submit_sheet(user, thing):
    """Staff of a current partner of any programme."""
    if not user.is_authenticated:
        return SIGN_IN
    return ALLOWED if rights_of(user).member else NOT_STAFF


@policy("practices.edit")
def edit_sheet(user, sheet):
    """Whoever wrote a draft; afterwards the coordinators of its programme."""
    return write_sheet(user, sheet) if sheet.state == SheetState.DRAFT else publish_sheet(user, sheet)


@policy("practices.write")
def write_sheet(user, sheet):
    """Whoever wrote it, on the pages for writing; whether it can be changed now is a matter of its state."""
    if sheet.submitted_by_id == user.pk:
        return ALLOWED
    return refusal(_("Only the person who writes this sheet can change it."))


@policy("practices.take_back")
def take_back_sheet(user, sheet):
    """Whoever sent it in."""
    return (
        ALLOWED if sheet.submitted_by_id == user.pk else refusal(_("Only the person who sent this can take it back."))
    )


@policy("practices.publish")
def publish_sheet(user, sheet):
    """Coordinators of the programme, but nobody their own sheet."""
    if not rights_of(user).manages(sheet.programme_id):
        return NOT_COORDINATOR
    if sheet.submitted_by_id == user.pk and sheet.state == SheetState.SUBMITTED:
        return refusal(_("You sent this sheet in yourself, so another coordinator decides."))
    return ALLOWED


@policy("practices.manage")
def manage_sheet(user, sheet):
    """Coordinators of the programme run its practice sheets."""
    return ALLOWED if rights_of(user).manages(sheet.programme_id) else NOT_COORDINATOR


@policy("practices.try")
def try_sheet(user, sheet):
    """Staff of a partner other than the one whose practice it is."""
    if not user.is_authenticated:
        return SIGN_IN
    rights = rights_of(user)
    if not rights.member:
        return NOT_STAFF
    if rights.organisations <= {sheet.organisation_id}:
        return refusal(_("This is your own organisation’s practice. Notes come from others who tried it."))
    return ALLOWED


@policy("practices.tried")
def change_tried(user, tried):
    """Whoever wrote the note."""
    return ALLOWED if tried.user_id == user.pk else refusal(_("Only the person who wrote this note can change it."))


@policy("practices.hide")
def hide_tried(user, tried):
    """Coordinators of the sheet's programme."""
    return manage_sheet(user, tried.sheet)
