"""The rows of a practice sheet: examples, modes and resources, as many as there are and an empty one."""

from django import forms
from django.core.validators import URLValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from collaborative.core.fields import TOO_LONG, DoiField, LongText
from collaborative.vocabulary.models import Scheme, Term
from evidence.intake.practices import LONGEST_PARTS, MOST_ROWS

EMPTY_ROWS = 1
ADDRESS_WRONG = _("Give an address that begins with http:// or https://.")
TOO_MANY_ROWS = _("Keep at most %(most)d; remove some, or put several into one.") % {"most": MOST_ROWS}


class WebAddress(forms.URLField):
    """An address on the web, and no other sort of address."""

    default_validators = [URLValidator(schemes=["http", "https"], message=ADDRESS_WRONG)]

    def __init__(self, **more):
        words = {"invalid": ADDRESS_WRONG, "max_length": TOO_LONG}
        super().__init__(
            assume_scheme="https", required=False, max_length=LONGEST_PARTS["address"], error_messages=words, **more
        )

    def widget_attrs(self, widget):
        """Let too much be typed: a browser would cut it in silence."""
        return {"spellcheck": "false"}


class Words(forms.CharField):
    """A short text; too much is told beside the field, not cut."""

    def __init__(self, name, label, **more):
        words = {"max_length": TOO_LONG}
        super().__init__(label=label, max_length=LONGEST_PARTS[name], required=False, error_messages=words, **more)

    def widget_attrs(self, widget):
        """Leave out the length at which a browser cuts."""
        return {}


def _text(name, label, **more):
    return LongText(label=label, rows=3, max_length=LONGEST_PARTS[name], required=False, **more)


class RowForm(forms.Form):
    """One row; a row in which nothing stands is left out."""

    use_required_attribute = False

    @property
    def has_something(self):
        """True when the row stood there already, so that there is something to remove."""
        return any(self.initial.values()) or (self.is_bound and self.has_changed())


class ExampleForm(RowForm):
    """Where it is done."""

    text = _text("done", _("What was done"))
    place = Words("place", _("Place"))
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        error_messages={"invalid_choice": _("Choose a country from the list.")},
    )
    partners = Words("partners", _("Partners"), help_text=_("Who did it together."))
    source = Words("source", _("Source"), help_text=_("Who says so: a report, a paper, your own figures."))
    url = WebAddress(label=_("Address of the source"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country")), *countries]


class ModeForm(RowForm):
    """A way to put it into effect."""

    term_id = forms.TypedChoiceField(
        label=_("Mode of implementation"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose one of the modes in the list.")},
    )
    text = _text("how", _("How"))

    def __init__(self, *args, modes=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["term_id"].choices = [("", _("None of these")), *modes]


class ResourceForm(RowForm):
    """Something to read or use."""

    citation = _text("citation", _("What it is"), help_text=_("Author, year, title, publisher."))
    url = WebAddress(label=_("Address"))
    frozen_url = WebAddress(
        label=_("Address of a frozen copy"), help_text=_("From a web archive, so that it outlives the page.")
    )
    doi = DoiField(label=_("DOI"), required=False)
    note = Words("note", _("Note"))


class Rows(forms.BaseFormSet):
    """Rows of one sort, with what is wrong in them; ``sentence`` is what the sheet itself says about them."""

    sentence = ""
    called = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, error_messages={"too_many_forms": TOO_MANY_ROWS}, **kwargs)

    def add_fields(self, form, index):
        """Name the box that removes a row."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove this row")

    @cached_property
    def numbered(self):
        """Each row with its number, for its heading."""
        return list(enumerate(self.forms, start=1))

    @property
    def problems(self):
        """What is wrong as ``[(id of where, sentence), …]``."""
        found = [(self.prefix, sentence) for sentence in ([self.sentence] if self.sentence else [])]
        if not self.is_bound:
            return found
        found += [(self.prefix, sentence) for sentence in self.non_form_errors()]
        for number, form in self.numbered:
            found += [
                (field.id_for_label, f"{self.called} {number}, {field.label}: {line}")
                for field in form
                for line in field.errors
            ]
        return found


def full_rows(rows):
    """Return the clean values of the rows in which something stands and that are not to be removed."""
    kept = []
    for form in rows.forms:
        values = dict(form.cleaned_data)
        if values and not values.pop("DELETE", False) and any(values.values()):
            kept.append(values)
    return kept


def _rows(name, form, called, more=dict):
    made = forms.formset_factory(
        form,
        formset=type(f"{form.__name__}Rows", (Rows,), {"called": called}),
        extra=EMPTY_ROWS,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 10,
        validate_max=True,
    )
    return name, lambda data, initial: made(data, initial=initial, prefix=name, form_kwargs=more())


def _modes():
    terms = Term.objects.current().filter(scheme=Scheme.IMPLEMENTATION_MODE)
    return {"modes": [(term.pk, str(term)) for term in terms]}


ROWS = (
    _rows("examples", ExampleForm, _("Example")),
    _rows("modes", ModeForm, _("Mode"), _modes),
    _rows("resources", ResourceForm, _("Resource")),
)
"""``(name, (data, initial) -> the rows)`` of each sort of row."""
