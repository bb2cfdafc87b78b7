"""The forms by which figures and attachments come to a text, and by which what is said of them is changed."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.core.errors import Refused
from collaborative.core.fields import LongText
from collaborative.core.pictures import Unfit
from evidence.intake import files as intake
from evidence.services import files as services

TITLE = _("Give it a title.")
DESCRIBE = _("Describe what the figure shows, for those who cannot see it.")
ACCEPTED = ",".join(f".{ending}" for ending in intake.ATTACHMENTS)


class WordsForm(forms.Form):
    """What is said of a file."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Title"),
        max_length=250,
        help_text=_("Readers see it before they open the file."),
        error_messages={"required": TITLE},
    )
    credit = forms.CharField(
        label=_("Source and licence"),
        max_length=250,
        required=False,
        help_text=_("Whose work it is, and under which licence, when that differs from the text’s."),
    )
    position = forms.IntegerField(
        label=_("Place in the list"),
        min_value=1,
        max_value=999,
        required=False,
        help_text=_("A number; the lowest comes first."),
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )

    def clean(self):
        """Leave the place as it is where none was typed."""
        values = super().clean()
        if values.get("position") is None:
            values.pop("position", None)
        return values


class FigureWordsForm(WordsForm):
    """What is said of a figure, for all readers."""

    alt = LongText(
        label=_("Alternative text"),
        rows=4,
        max_length=1500,
        empty=DESCRIBE,
        help_text=_("What the figure shows, for those who cannot see it: what one learns from it, not how it looks."),
    )
    field_order = ("title", "alt", "credit", "position")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].label = _("Caption")
        self.fields["title"].help_text = _("It stands below the figure.")
        self.fields["title"].error_messages["required"] = _("Write the caption.")


class KeyedForm(forms.Form):
    """The file itself, and the short word by which the text names it."""

    key = forms.SlugField(
        label=_("Key"),
        max_length=60,
        required=False,
        help_text=_("A short word without spaces. Leave it empty to have it made from the title."),
        error_messages={"invalid": _("Use only letters without accents, digits, hyphens and underscores.")},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocapitalize": "none"}),
    )

    def __init__(self, *args, version, **kwargs):
        self.version = version
        super().__init__(*args, **kwargs)

    def clean_key(self):
        """Return the key in lower case; raises ``ValidationError`` for a reserved one."""
        key = self.cleaned_data["key"].lower()
        if key:
            try:
                services.refuse_meaning(key)
            except Refused as refused:
                raise forms.ValidationError(str(refused)) from refused
        return key

    def clean_file(self):
        """Return the file as it will be kept; raises ``ValidationError`` with what is wrong with it."""
        try:
            return self.checked(self.cleaned_data["file"])
        except Unfit as unfit:
            raise forms.ValidationError(str(unfit)) from unfit

    def clean(self):
        """Ask again for a file that cannot be kept in the form."""
        values = super().clean()
        if self.errors and values.get("file"):
            self.ask_again()
        return values

    def ask_again(self):
        """Say beside the field that the file must be chosen once more."""
        self.add_error("file", gettext("Choose the file once more: it is kept only when all else is right."))


class FigureForm(KeyedForm, FigureWordsForm):
    """A figure to be added."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP, up to 10 MB. It is kept without place, time and camera."),
        error_messages={"required": _("Choose a picture."), "empty": _("This file is empty. Choose a picture.")},
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    field_order = ("file", "title", "alt", "key", "credit", "position")
    checked = staticmethod(intake.figure)


class AttachmentForm(KeyedForm, WordsForm):
    """An attachment to be added."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, CSV, TXT, DOCX, XLSX, ODT or ODS, up to 25 MB, without macros and without a password."),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty. Choose another.")},
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    field_order = ("file", "title", "key", "credit", "position")
    checked = staticmethod(intake.attachment)
