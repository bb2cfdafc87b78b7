"""Forms of peer review: asking, answering, commenting, sending in."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import User
from collaborative.core.fields import LongText
from evidence.models import PeerReview
from evidence.services.peer_review_words import LONGEST_COMMENT, LONGEST_OPINION
from evidence.services.peer_reviewers import LONGEST_REASON

YES, NO = "yes", "no"
SHOWN = 30
"""People to choose from at a time; a search finds the others."""


class PersonField(forms.ModelChoiceField):
    """Somebody who can be asked."""

    widget = forms.RadioSelect

    def label_from_instance(self, person):
        """Name the person and, where it is known, what they do."""
        profile = getattr(person, "profile", None)
        words = ", ".join(each.name for each in profile.expertise.all()) if profile else ""
        said = {"name": person, "words": words}
        return gettext("%(name)s: %(words)s") % said if words else str(person)


class InviteForm(forms.Form):
    """Whom to ask, and for what; ``people`` are those who can be asked, ``found`` those shown."""

    use_required_attribute = False

    part = forms.ChoiceField(
        label=_("What are they asked about?"),
        choices=[(PeerReview.Part.METHODS, _("The methods")), (PeerReview.Part.SUBJECT, _("The subject"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say whether they review the methods or the subject."),
            "invalid_choice": _("Choose the methods or the subject"),
        },
    )
    user = PersonField(
        label=_("Who is asked?"),
        queryset=User.objects.none(),
        empty_label=None,
        error_messages={
            "required": _("Choose somebody to ask."),
            "invalid_choice": _("This person cannot be asked now. Choose one of those shown."),
        },
    )

    def __init__(self, *args, people, q="", **kwargs):
        super().__init__(*args, **kwargs)
        matching = people.filter(name__icontains=q) if q else people
        shown = list(matching.values_list("pk", flat=True)[: SHOWN + 1])
        self.more = len(shown) > SHOWN
        self.none = not shown
        chosen = self.data.get("user", "")
        kept = [*shown[:SHOWN], *([int(chosen)] if chosen.isdecimal() and len(chosen) < 18 else [])]
        rows = people.filter(pk__in=kept).select_related("profile").prefetch_related("profile__expertise")
        self.fields["user"].queryset = rows


class AnswerInvitationForm(forms.Form):
    """Saying yes with a conflict of interests or without, or no."""

    use_required_attribute = False

    kind = forms.CharField(widget=forms.HiddenInput, initial="answer", required=False)
    answer = forms.ChoiceField(
        label=_("Will you review it?"),
        choices=[(YES, _("Yes, by the day given")), (NO, _("No"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say yes or no."), "invalid_choice": _("Say yes or no.")},
    )
    has_conflict = forms.ChoiceField(
        label=_("Do you have a conflict of interests?"),
        choices=[(NO, _("No")), (YES, _("Yes, or perhaps"))],
        widget=forms.RadioSelect,
        help_text=_(
            "For example: you worked with an author in the last three years, you are paid by the same body, or the "
            "outcome matters to you. Not needed when you say no."
        ),
        error_messages={
            "required": _("Say whether you have a conflict of interests."),
            "invalid_choice": _("Say whether you have a conflict of interests."),
        },
    )
    conflict = LongText(
        label=_("What is the conflict?"),
        required=False,
        rows=3,
        max_length=LONGEST_REASON,
        help_text=_("The editors read it and decide whether you go on; the authors do not."),
    )
    reason = LongText(
        label=_("If you say no: why?"),
        required=False,
        rows=2,
        max_length=LONGEST_REASON,
        help_text=_("The editors read it. Naming somebody else whom they could ask helps them."),
    )

    def clean(self):
        """Want a declaration from whoever says yes, and the conflict in words where there is one."""
        values = self.cleaned_data
        if values.get("answer") == NO:
            self.errors.pop("has_conflict", None)
            values["has_conflict"] = NO
        elif values.get("has_conflict") == YES and values.get("conflict") == "":
            self.add_error("conflict", _("Describe the conflict of interests"))
        return values


class OpinionForm(forms.Form):
    """A reviewer's opinion: to keep it nothing is needed, to send it in what the authors are told."""

    use_required_attribute = False

    kind = forms.CharField(widget=forms.HiddenInput, initial="opinion", required=False)
    opinion = forms.ChoiceField(
        label=_("Your opinion"),
        choices=PeerReview.Opinion,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("The authors and the editors read it."),
        error_messages={"invalid_choice": _("Choose one of the opinions shown")},
    )
    overall = LongText(
        label=_("For the authors"),
        required=False,
        rows=8,
        max_length=LONGEST_OPINION,
        help_text=_("What is good, what has to change and why. Do not sign it: the authors do not get your name."),
    )
    confidential = LongText(
        label=_("For the editors alone"),
        required=False,
        rows=4,
        max_length=LONGEST_OPINION,
        help_text=_("The authors never read this."),
    )

    def __init__(self, *args, sending=False, **kwargs):
        self.sending = sending
        super().__init__(*args, **kwargs)

    def clean(self):
        """Want an opinion and a word to the authors before it is sent in."""
        values = self.cleaned_data
        if self.sending and values.get("opinion") == "":
            self.add_error("opinion", _("Choose your opinion"))
        if self.sending and values.get("overall") == "":
            self.add_error("overall", _("Write something for the authors"))
        return values


class CommentForm(forms.Form):
    """Words on one part of a text."""

    use_required_attribute = False

    text = LongText(label=_("Your comment"), rows=4, max_length=LONGEST_COMMENT, empty=_("Write a comment."))


class AnswerCommentForm(forms.Form):
    """What those who make the text answer; ``before`` is the answer that they saw."""

    use_required_attribute = False

    before = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    text = LongText(label=_("Your answer"), rows=3, max_length=LONGEST_COMMENT, empty=_("Write an answer."))
