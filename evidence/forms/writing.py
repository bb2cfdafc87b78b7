"""Forms of writing a text: each part of it into clean values; what is saved is for the service to say."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from collaborative.core.fields import TOO_LONG, DoiField, LongText, OrcidField, RorField
from collaborative.core.widgets import DayMonthYear
from evidence.models import Author, Finding, Funder, Recommendation, Reference, Section, Study, Version
from evidence.services.writing import ROWS, SOURCE, TEXT
from evidence.wanted import PLAIN_HEADINGS

LONGEST_TEXT = 200_000
"""Characters of one text: some seventy pages."""
MARKDOWN = _("Markdown: # for a heading, [@key] for a citation, [^1] for a footnote, ![](key) for a figure.")
NAME_IT = {"name": {"required": _("Write the name, or remove the row.")}}

PLAIN_START = "".join(f"# {heading}\n\n\n" for heading in PLAIN_HEADINGS)
"""The headings of a plain-language summary, offered where nothing is written yet."""


def long(label, *, rows=4, empty="", **more):
    """Return a field for a text of several lines; needed when there are words for its absence."""
    limit = [MaxLengthValidator(LONGEST_TEXT, TOO_LONG)]
    return LongText(label=label, rows=rows, required=bool(empty), empty=empty, validators=limit, **more)


class TextForm(forms.ModelForm):
    """What stands on the version itself."""

    use_required_attribute = False

    summary = long(_("Summary"), help_text=_("One paragraph for lists, without marks."))
    plain_summary = long(
        _("Plain-language summary"),
        rows=16,
        help_text=_("For everyone, in short sentences, up to 700 words. The headings are a start: change them freely."),
    )
    background = long(_("Background"), rows=10, help_text=MARKDOWN)
    changes = long(_("What is new in this version"), help_text=_("For those who read the version before."))
    provenance = long(_("Where this copy comes from"))

    class Meta:
        model = Version
        fields = TEXT
        widgets = {"current_as_of": DayMonthYear, "update_due_on": DayMonthYear}
        error_messages = {"title": {"required": _("Give the review a title.")}}

    def __init__(self, *args, initial=None, **kwargs):
        initial = dict(initial or {})
        initial["plain_summary"] = initial.get("plain_summary") or PLAIN_START
        super().__init__(*args, initial=initial, **kwargs)

    def clean_plain_summary(self):
        """Take the headings alone for nothing written."""
        typed = self.cleaned_data["plain_summary"]
        return "" if typed.split() == PLAIN_START.split() else typed


class RowForm(forms.ModelForm):
    """One row of a list: ``place`` orders it, ``remove`` takes it out."""

    use_required_attribute = False

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, sections=(), organisations=(), **kwargs):
        super().__init__(*args, **kwargs)
        self._choose("section_id", sections)
        self._choose("organisation_id", organisations)
        self.fields["place"] = forms.IntegerField(
            label=_("Place in the order"),
            required=False,
            min_value=1,
            max_value=999,
            widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
        )
        self.fields["remove"] = forms.BooleanField(label=_("Remove this row"), required=False)

    def _choose(self, name, choices):
        if name in self.fields:
            self.fields[name].choices = [("", _("None of these")), *choices]


def number_of(label):
    """Return a field that takes the number of one of the choices its form is given, or nothing."""
    return forms.TypedChoiceField(label=label, required=False, coerce=int, empty_value=None)


class AuthorRow(RowForm):
    """One author."""

    organisation_id = number_of(_("Partner of this programme"))
    orcid = OrcidField(label=_("ORCID"), required=False)
    ror = RorField(label=_("ROR of the affiliation"), required=False)

    class Meta:
        model = Author
        fields = ("part", "name", "family", "affiliation")
        error_messages = NAME_IT


class FunderRow(RowForm):
    """One funder."""

    organisation_id = number_of(_("Partner of this programme"))
    ror = RorField(label=_("ROR"), required=False)

    class Meta:
        model = Funder
        fields = ("name", "grant")
        error_messages = NAME_IT


class StatementRow(RowForm):
    """One key finding or research priority."""

    text = long(_("Text"), empty=_("Write it, or remove the row."))
    section_id = number_of(_("Section it rests on"))

    class Meta:
        model = Finding
        fields = ("text",)


class RecommendationRow(RowForm):
    """One recommendation."""

    text = long(_("Text"), empty=_("Write what is recommended, or remove the row."))
    section_id = number_of(_("Section it rests on"))

    class Meta:
        model = Recommendation
        fields = ("title", "text", "whom", "by_when")
        widgets = {"by_when": DayMonthYear}


LIST_FORMS = {
    "authors": AuthorRow,
    "funders": FunderRow,
    "findings": StatementRow,
    "priorities": StatementRow,
    "recommendations": RecommendationRow,
}
EMPTY_ROWS, MOST_ROWS = 3, 80


def list_form(part):
    """Return the class of the form of a whole list, with some empty rows at its end."""
    return forms.formset_factory(
        LIST_FORMS[part], extra=EMPTY_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS + 20, validate_max=True
    )


def rows_typed(formset, fields):
    """Return the rows of a valid list in the order that was typed, without those that go or were left empty."""
    kept = [each for each in formset if each.has_changed() or each.initial.get("id")]
    kept = [each for each in kept if each.cleaned_data and not each.cleaned_data["remove"]]
    kept.sort(key=lambda each: each.cleaned_data["place"] or MOST_ROWS * 100)
    return [{"id": each.cleaned_data["id"], **{name: each.cleaned_data[name] for name in fields}} for each in kept]


class SectionForm(forms.ModelForm):
    """One section."""

    use_required_attribute = False

    body = long(_("Text"), rows=24, empty=_("Write the text of this section."), help_text=MARKDOWN)
    anchor = forms.SlugField(
        label=_("Anchor"),
        required=False,
        max_length=80,
        help_text=_("The end of its address. Left empty, it is made from the heading."),
    )

    class Meta:
        model = Section
        fields = ROWS["sections"][2]
        error_messages = {"heading": {"required": _("Write the heading of this section.")}}


class SourceForm(forms.ModelForm):
    """Where something is published."""

    use_required_attribute = False

    doi = DoiField(label=_("DOI"), required=False)
    url = forms.URLField(label=_("Address"), required=False, max_length=500, assume_scheme="https")
    frozen_url = forms.URLField(
        label=_("Address of a frozen copy"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("In a web archive: it stays."),
    )


class ReferenceForm(SourceForm):
    """One reference."""

    full = long(_("Full reference, as one text"), help_text=_("Only where the fields above do not fit."))

    class Meta:
        model = Reference
        fields = ROWS["references"][2]
        error_messages = {
            "key": {"required": _("Give it a key: the short word by which the text cites it, such as rock1990.")},
            "short": {"required": _("Write how the text names it, such as Rock 1990.")},
        }


class StudyForm(SourceForm):
    """One included study."""

    reference_id = number_of(_("Its reference in this text"))
    result = long(_("What came out"))

    class Meta:
        model = Study
        fields = (*SOURCE, "design", "setting")
        error_messages = {"short": {"required": _("Write how the text names it, such as Rock 1990.")}}

    def __init__(self, *args, references=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reference_id"].choices = [("", _("None of these")), *references]


ROW_FORMS = {"sections": SectionForm, "references": ReferenceForm, "studies": StudyForm}


class RemoveForm(forms.Form):
    """Nothing but the wish to remove."""
