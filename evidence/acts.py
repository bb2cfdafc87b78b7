"""What can be done with a text from its desk: when it is offered, what happens then, and whom it tells."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from collaborative.core import policies
from evidence import services, states
from evidence.forms import publishing as forms
from evidence.models import PeerReview
from evidence.services import peer_review
from evidence.states import VersionState


def nobody(review, version):
    """Tell nobody."""
    return []


def concerned(review, version):
    """Tell those concerned."""
    return services.concerned(review)


def editors(review, version):
    """Tell those who run it."""
    return services.editors(review)


def reviewers_too(review, version):
    """Tell those concerned, and the reviewers who are still asked."""
    return {*services.concerned(review), *_asked(version)}


def still_asked(review, version):
    """Tell the reviewers who are no longer needed."""
    return _asked(version) - set(services.concerned(review))


def _asked(version):
    asked = PeerReview.objects.filter(round__version=version, round__closed_at=None, state__in=states.OPEN_PEER_REVIEWS)
    return set(asked.values_list("user_id", flat=True))


@dataclass(frozen=True)
class Act:
    """One act: ``run(version, by=…, **what the form asks)`` is one service call.

    It is possible while ``possible(version)`` says so, and allowed by ``policy``. ``says`` is what will happen;
    ``told(review, version)`` are the ids of those who hear of it.
    """

    name: str
    label: str
    says: str
    done: str
    policy: str
    possible: Callable
    run: Callable
    told: Callable = nobody
    form: type = forms.ActForm
    followers: bool = False
    style: str = ""
    needs_second_factor: bool = True
    on_review: bool = False

    def url(self, review):
        """Return the address of its page."""
        return reverse("evidence:act", args=[review.slug, self.name])


def _from(move):
    return lambda version: version is not None and version.state in move.sources


def _step(move):
    return lambda version, *, by: services.move(version, move, by=by)


def _publish(version, *, by, when, at):
    if when == forms.PublishForm.LATER:
        return services.schedule(version, by=by, at=at)
    return services.publish(version, by=by, until=at)


def _approved(version):
    return version is not None and version.state == VersionState.APPROVED


def _scheduled(version):
    return _approved(version) and version.publish_at is not None


def _unscheduled(version):
    return _approved(version) and version.publish_at is None


def _readable(version):
    return version is not None and version.readable


def _none_at_work(version):
    return version is None or not version.working


WRITING = (
    Act(
        "protocol", _("Begin the protocol"),
        _("The text stands at “Protocol”: what is asked, and how it will be answered, is written first."),
        _("The protocol has begun."), "evidence.edit", _from(states.PLAN), _step(states.PLAN),
        needs_second_factor=False,
    ),
    Act(
        "begin", _("Begin the draft"), _("The text stands at “Being written”."),
        _("The draft has begun."), "evidence.edit", _from(states.BEGIN), _step(states.BEGIN), needs_second_factor=False,
    ),
    Act(
        "review", _("Send it to peer review"),
        _("The text stands still while it is reviewed. Its editors choose the reviewers."),
        _("Sent to peer review."), "evidence.edit", _from(states.SEND_TO_REVIEW), peer_review.send_to_review,
        told=editors, form=forms.SendForm, needs_second_factor=False,
    ),
    Act(
        "approve", _("Approve it"),
        _("The round of peer review is closed, and the text can be published. Nobody else reads it until then."),
        _("Approved. It can be published."), "evidence.publish", _from(states.APPROVE), services.approve,
        told=still_asked, form=forms.ApproveForm,
    ),
    Act(
        "publish", _("Publish it"),
        _("It gets a permanent address and a number, and its text never changes again. A version before it stays "
          "readable and says that there is a newer one."),
        _("Done. Its desk says how it stands."), "evidence.publish", _unscheduled, _publish,
        told=concerned, form=forms.PublishForm, followers=True,
    ),
    Act(
        "unschedule", _("Take the time of publication back"),
        _("It stays approved, and is published only when somebody does so."),
        _("The time is taken back."), "evidence.publish", _scheduled, services.unschedule,
    ),
    Act(
        "send-back", _("Send it back to its authors"),
        _("The text can be written in again. An open round of peer review is closed, and a time set for its "
          "publication is taken back."),
        _("Sent back. Its authors have been told."), "evidence.run", _from(states.SEND_BACK), services.send_back,
        told=reviewers_too, form=forms.ChangesForm, style="ghost",
    ),
)  # fmt: skip
"""About the version in the making."""

PUBLISHED = (
    Act(
        "correct", _("Correct it by a note"),
        _("A dated note stands beside the text, which stays as it was."),
        _("The note stands beside the text."), "evidence.publish", _readable, services.correct,
        told=concerned, form=forms.CorrectForm, followers=True,
    ),
    Act(
        "call-update", _("Say that an update is due"), _("Its readers are told that an update is due."),
        _("Its readers are told that an update is due."), "evidence.run", _from(states.CALL_UPDATE),
        services.call_update, told=editors,
    ),
    Act(
        "reaffirm", _("Say that it still holds"), _("It is no longer said that an update is due."),
        _("It holds, as of that day."), "evidence.publish", _from(states.REAFFIRM), services.reaffirm,
        form=forms.ReaffirmForm,
    ),
    Act(
        "restore", _("Let it hold again"),
        _("The notice at its head goes, and it stands for what is known today."),
        _("It holds again."), "evidence.publish", _from(states.RESTORE), services.restore, told=concerned,
    ),
    Act(
        "supersede", _("Say which review supersedes it"),
        _("It stays readable at its address, with a notice that leads to the other review."),
        _("The notice stands at its head."), "evidence.publish", _from(states.SUPERSEDE), services.supersede,
        told=concerned, form=forms.SupersedeForm, style="ghost",
    ),
    Act(
        "archive", _("Archive it"),
        _("It stays readable, citable and findable, with a notice that it is a document of its time."),
        _("Archived. The notice stands at its head."), "evidence.publish", _from(states.ARCHIVE), services.archive,
        told=concerned, form=forms.ReasonForm, style="ghost",
    ),
    Act(
        "withdraw", _("Withdraw it"),
        _("A tombstone with your reason stands in its place, and it leaves the library and the search. Withdrawing the "
          "version that readers find withdraws all older ones with it. There is no way back."),
        _("Withdrawn. A tombstone stands in its place."), "evidence.publish", _readable, services.withdraw,
        told=concerned, form=forms.WithdrawForm, style="stop",
    ),
)  # fmt: skip
"""About the version that the public reads."""

BEGINNING = Act(
    "new-version", _("Begin a new version"),
    _("The first begins empty. A later one begins with the whole text of the latest, which stays as it is until the "
      "new one is published."),
    _("A new version has begun."), "evidence.run", _none_at_work, services.new_version, on_review=True,
)  # fmt: skip

ACTS = {each.name: each for each in (*WRITING, BEGINNING, *PUBLISHED)}


class Desk:
    """The acts on one review: which version each is about, and which are offered to a person now."""

    def __init__(self, review, user):
        self.review, self.user = review, user
        versions = sorted(review.versions.all(), key=lambda each: -each.number)
        self.working = next((each for each in versions if each.working), None)
        self.current = review.current
        replaced = (each for each in versions if each.state == VersionState.REPLACED)
        self.older = self.current or next(replaced, None)
        for version in (self.working, self.current, self.older):
            if version is not None:
                version.review = review

    def version(self, act):
        """Return the version that an act is about, or None."""
        if act in PUBLISHED:
            return self.older if act.possible is _readable else self.current
        return self.working

    def about(self, act):
        """Return what its policy is asked about."""
        return self.review if act.on_review else self.version(act)

    def possible(self, act):
        """Say whether the text stands where the act can be done."""
        return bool(act.possible(self.version(act)))

    def offered(self):
        """Return the acts that the person may do now, each with its address; a second factor may still be due."""
        return [
            {"label": act.label, "style": act.style, "url": act.url(self.review)}
            for act in ACTS.values()
            if self.possible(act) and policies.offers(act.policy, self.user, self.about(act))
        ]
