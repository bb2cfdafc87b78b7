"""Forms of asking for another format or language, and of answering."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from collaborative.core.fields import TOO_LONG, LongText
from evidence.models import FormatRequest, Review
from evidence.reading.languages import language_names
from evidence.services.asked import LONGEST_ANSWER, LONGEST_DETAILS, Wish

ADDRESS = _("Enter an address like name@example.org")


class AskForm(forms.Form):
    """What a reader wishes for; without an account, also where the answer goes."""

    use_required_attribute = False

    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("Open this page again, then send it."),
            "invalid": _("Open this page again, then send it."),
        },
    )
    wanted = forms.ChoiceField(
        label=_("What do you need?"),
        choices=FormatRequest.Wanted,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say whether you need another format or a translation."),
            "invalid_choice": _("Choose another format or a translation."),
        },
    )
    format = forms.ChoiceField(
        label=_("Which format?"),
        choices=[("", _("Choose a format")), *FormatRequest.Format.choices],
        required=False,
        help_text=_("Only when you need another format."),
        error_messages={"invalid_choice": _("Choose a format from the list.")},
    )
    language = forms.ChoiceField(
        label=_("Which language?"),
        required=False,
        help_text=_("Only when you need a translation."),
        error_messages={"invalid_choice": _("Choose a language from the list.")},
    )
    details = LongText(
        label=_("What would help you?"),
        rows=4,
        max_length=LONGEST_DETAILS,
        required=False,
        help_text=_("For example the size of type, or the part of the text that you need first. You need not say why."),
    )
    name = forms.CharField(
        label=_("Your name"), max_length=160, required=False, error_messages={"max_length": TOO_LONG}
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We use it to answer this request and for nothing else. It is deleted 90 days after the answer."),
        error_messages={"required": ADDRESS, "invalid": ADDRESS, "max_length": TOO_LONG},
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, review, user, **kwargs):
        self.review = review
        super().__init__(*args, **kwargs)
        offered = {code: name for code, name in language_names().items() if code != review.language}
        self.fields["language"].choices = [("", gettext("Choose a language")), *offered.items()]
        self.fields["name"].widget.attrs |= {"autocomplete": "name"}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["name"].widget.attrs.pop("maxlength", None)
        self.fields["email"].widget.attrs.pop("maxlength", None)
        self.initial.setdefault("form_key", uuid4())
        if user.is_authenticated:
            del self.fields["name"], self.fields["email"]
        self.user = user

    def clean_website(self):
        """Refuse what fills in the field that people never see."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this empty."))
        return ""

    def clean(self):
        """Want the format or the language that was asked about; a translation that is there is named instead."""
        values = self.cleaned_data
        if values.get("wanted") == FormatRequest.Wanted.FORMAT:
            self._want_format(values)
        elif values.get("wanted") == FormatRequest.Wanted.TRANSLATION:
            self._want_language(values)
        return values

    def _want_format(self, values):
        if "format" in self.errors:
            return
        if not values.get("format"):
            self.add_error("format", _("Choose the format you need."))
            return
        other = values["format"] == FormatRequest.Format.OTHER
        if other and "details" not in self.errors and not values.get("details", "").strip():
            self.add_error("details", _("Say which format would help you."))

    def _want_language(self, values):
        if "language" in self.errors:
            return
        if not values.get("language"):
            self.add_error("language", _("Choose the language you need."))
            return
        there = Review.objects.visible_to(self.user).filter(translation_of=self.review, language=values["language"])
        found = there.first()
        if found:
            words = gettext("There is a translation into this language already: “%(title)s”. This page links to it.")
            self.add_error("language", words % {"title": found.title})

    def wish(self):
        """Return what is asked for."""
        names = ("wanted", "format", "language", "details")
        return Wish(**{name: self.cleaned_data.get(name, "") for name in names})


class AnswerAskedForm(forms.Form):
    """Whether it can be done, in words, and what the words point to."""

    use_required_attribute = False

    can_be_done = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[
            ("yes", pgettext_lazy("format request", "Yes: the words below say how and when, or where it is")),
            ("no", pgettext_lazy("format request", "No: the words below say why, and what could help instead")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it can be done."), "invalid_choice": _("Choose yes or no.")},
    )
    words = LongText(
        label=_("What you say to the person who asked"),
        max_length=LONGEST_ANSWER,
        empty=_("Write an answer: it goes to the person who asked."),
    )
    translation = forms.ModelChoiceField(
        label=_("Point to a translation"),
        queryset=Review.objects.none(),
        required=False,
        empty_label=_("None"),
        error_messages={"invalid_choice": _("Choose a translation from the list.")},
    )
    attachment = forms.ChoiceField(
        label=_("Point to an attachment"),
        required=False,
        help_text=_("Attachments of the published text."),
        error_messages={"invalid_choice": _("Choose an attachment from the list.")},
    )

    def __init__(self, *args, asked, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["translation"].queryset = Review.objects.visible_to(asked.user).filter(translation_of=asked.review)
        self.files = _attachments(asked.review)
        self.fields["attachment"].choices = [
            ("", gettext("None")),
            *((key, title) for key, title in self.files.items()),
        ]
        for name, there in (("translation", self.fields["translation"].queryset.exists()), ("attachment", self.files)):
            if not there:
                del self.fields[name]


def _attachments(review):
    if review.current_id is None:
        return {}
    rows = review.current.files.filter(use="attachment")
    return {row.key: row.title for row in rows}
