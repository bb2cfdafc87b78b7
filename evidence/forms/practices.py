"""Forms of practice sheets: a whole sheet with its rows, and a note by who tried it."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from collaborative.core.fields import TOO_LONG, LongText
from collaborative.vocabulary.models import Scheme, Term, Theme
from evidence.forms.practices_rows import ROWS, full_rows
from evidence.intake.practices import (
    LONGEST,
    LONGEST_NOTE,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_TAG,
    MOST_TAGS,
    tags_of,
)
from evidence.models import Tried
from evidence.services.practices import marks
from partners.models import Organisation
from projects.forms import StandingField, ThemesField
from projects.standing import likeliest, standings

NOT_A_TITLE = _("Give it a title: what is done, in a few words.")
CHOOSE_SHOWN = _("Choose from those shown.")
ROWS_WRONG = "rows"
ROWS_OF = [name for name, _build in ROWS]


def _text(name, label, help_text, rows=6):
    return LongText(label=label, help_text=help_text, rows=rows, max_length=LONGEST[name], required=False)


class TagsField(forms.CharField):
    """Words parted by commas, as a list."""

    def clean(self, value):
        """Return the tags; raises ``ValidationError`` for too many or one that is too long."""
        tags = tags_of(super().clean(value))
        if len(tags) > MOST_TAGS:
            raise forms.ValidationError(_("Use at most %(most)d tags.") % {"most": MOST_TAGS})
        if any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(
                _("Use at most %(longest)d characters for each tag, and commas between them.")
                % {"longest": LONGEST_TAG}
            )
        return tags


class SheetForm(forms.Form):
    """A practice sheet; to keep it only a title is needed. ``rows`` are its examples, modes and resources.

    ``seen`` carries the marks of what the form was filled with.
    """

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST["title"],
        help_text=_("What is done, so that someone who knows nothing of it understands."),
        error_messages={"required": NOT_A_TITLE, "max_length": TOO_LONG},
    )
    standing = StandingField(
        label=_("In which programme, and for which organisation?"),
        queryset=None,
        empty_label=None,
        required=False,
        error_messages={"invalid_choice": _("You cannot act for this organisation in this programme now.")},
    )
    summary = _text("summary", _("In short"), _("Two or three plain sentences. Lists and search show them."), 4)
    themes = ThemesField(
        label=_("Themes"),
        queryset=Theme.objects.none(),
        required=False,
        help_text=_("Whoever follows a theme hears of the sheet when it is published."),
        error_messages={"invalid_choice": CHOOSE_SHOWN, "invalid_pk_value": CHOOSE_SHOWN},
    )
    tags = TagsField(
        label=_("Tags"), required=False, help_text=_("Words by which others look for it, with commas between them.")
    )
    why = _text("why", _("Why"), _("What goes better where it is done, and how you know. Markdown works."))
    conditions = _text("conditions", _("Conditions"), _("What has to be in place first: means, people, trust."))
    not_worked = _text("not_worked", _("What did not work"), _("What you tried and gave up, and why."))
    cost = _text("cost", _("Cost"), _("Money, hours, posts. Write “not known” where you do not know."), 3)
    stage = forms.ModelChoiceField(
        label=_("Stage of practice"),
        queryset=Term.objects.none(),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=_("How far it has been tested."),
        error_messages={"invalid_choice": CHOOSE_SHOWN},
    )
    recognised = ThemesField(
        label=_("Recognised by"),
        queryset=Term.objects.none(),
        required=False,
        help_text=_("Leave empty where nobody outside has recognised it."),
        error_messages={"invalid_choice": CHOOSE_SHOWN, "invalid_pk_value": CHOOSE_SHOWN},
    )
    contact = forms.CharField(
        label=_("Contact"),
        max_length=LONGEST["contact"],
        required=False,
        help_text=_("A team or an office and how to reach it. Everyone reads this: give no person’s own address."),
        error_messages={"max_length": TOO_LONG},
    )
    provenance = _text(
        "provenance", _("Where this sheet comes from"), _("When it retells a text of others: which one, by whom."), 3
    )

    def __init__(self, *args, user, rows=None, **kwargs):
        self.offered = list(standings(user))
        self.likeliest = likeliest(user, self.offered)
        super().__init__(*args, **kwargs)
        self.fields["standing"].queryset = standings(user)
        self.fields["themes"].queryset = Theme.objects.current()
        self.fields["stage"].queryset = Term.objects.current().filter(scheme=Scheme.PRACTICE_STAGE)
        self.fields["recognised"].queryset = Term.objects.current().filter(scheme=Scheme.RECOGNITION)
        for name in ("title", "contact"):
            self.fields[name].widget.attrs.pop("maxlength", None)  # told beside the field, not cut in silence
        self.initial.setdefault("key", uuid4())
        kept_for = (self.initial.get("programme_id"), self.initial.get("organisation_id"))
        chosen = [each for each in self.offered if (each.programme_id, each.organisation_id) == kept_for]
        standing = next(iter(chosen), self.likeliest)
        if standing:
            self.initial.setdefault("standing", standing.pk)
        # what was typed is compared with nothing: a row that equals one that was kept meanwhile is no empty row
        kept = {} if self.is_bound else rows or {}
        self.rows = {name: build(self.data if self.is_bound else None, kept.get(name)) for name, build in ROWS}

    def clean(self):
        """Check the rows with the rest."""
        for rows in self.rows.values():
            if not rows.is_valid():
                self.add_error(None, forms.ValidationError(_("Look at the rows again."), code=ROWS_WRONG))
        self.cleaned_data["standing"] = self.cleaned_data.get("standing") or self.likeliest
        return self.cleaned_data

    @property
    def values(self):
        """The clean values as ``services.practices.snapshot`` has them."""
        cleaned = dict(self.cleaned_data)
        standing, stage = cleaned.pop("standing"), cleaned.pop("stage")
        cleaned.pop("key")
        cleaned.pop("seen")
        return cleaned | {
            "programme_id": standing.programme_id,
            "organisation_id": standing.organisation_id,
            "stage_id": stage.pk if stage else None,
            "themes": sorted(theme.pk for theme in cleaned["themes"]),
            "recognised": sorted(term.pk for term in cleaned["recognised"]),
            **{name: full_rows(rows) for name, rows in self.rows.items()},
        }

    @property
    def marks_seen(self):
        """The marks that came back with the form."""
        return dict(pair.split(":", 1) for pair in self.cleaned_data["seen"].split() if ":" in pair)

    def now_seen(self, values):
        """Let the form carry the marks of these values from now on: its writer has them in front of them."""
        self.data = self.data.copy()
        self.data["seen"] = seen_in(values)

    def tell(self, sentences):
        """Put ``{field or rows: sentence}`` beside where each belongs."""
        for name, sentence in sentences.items():
            if name in self.rows:
                self.rows[name].sentence = sentence
                self.add_error(None, forms.ValidationError(sentence, code=ROWS_WRONG))
            else:
                self.add_error(name, str(sentence))

    @property
    def problems(self):
        """What is wrong as ``[(id of where, sentence), …]``, the rows' own among them."""
        own = [
            ("", sentence)
            for error in self.non_field_errors().as_data()
            if error.code != ROWS_WRONG
            for sentence in error
        ]
        fields = [(field.id_for_label or field.auto_id, line) for field in self for line in field.errors]
        return own + fields + [problem for rows in self.rows.values() for problem in rows.problems]


def seen_in(values):
    """Return the marks of some values as the form carries them."""
    return " ".join(f"{name}:{mark}" for name, mark in marks(values).items())


def filled(values):
    """Return ``(initial, rows)`` of the form for a draft."""
    initial = {name: value for name, value in values.items() if name not in ROWS_OF}
    initial |= {"tags": ", ".join(values["tags"]), "stage": values["stage_id"], "seen": seen_in(values)}
    return initial, {name: values[name] for name in ROWS_OF}


class TriedForm(forms.Form):
    """“We tried this”: where, with what result, in whose name."""

    use_required_attribute = False

    organisation = forms.ModelChoiceField(
        label=_("For which organisation?"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=_("Its name stands beside the note; yours does not."),
        error_messages={
            "required": _("Say for which of your organisations you write."),
            "invalid_choice": _("Choose one of your organisations."),
        },
    )
    place = forms.CharField(
        label=_("Where did you try it?"),
        max_length=LONGEST_PLACE,
        error_messages={"required": _("Say where you tried it."), "max_length": TOO_LONG},
    )
    result = forms.ChoiceField(
        label=_("How did it go?"),
        choices=Tried.Result.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how it went."), "invalid_choice": CHOOSE_SHOWN},
    )
    text = LongText(
        label=_("What happened?"),
        max_length=LONGEST_NOTE,
        empty=_("Say in a few words what happened."),
        help_text=_("What you did, what was different from the sheet, and what you would tell the next."),
    )

    def __init__(self, *args, organisations=None, acting_for=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].widget.attrs.pop("maxlength", None)
        if organisations is None:
            del self.fields["organisation"]
            return
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=organisations)
        chosen = acting_for if acting_for in organisations else min(organisations, default=None)
        self.initial.setdefault("organisation", chosen)


class HideForm(forms.Form):
    """Why a note is hidden."""

    use_required_attribute = False

    reason = LongText(
        label=_("Why is it hidden?"),
        max_length=LONGEST_REASON,
        empty=_("Say why it is hidden: its writer reads your reason."),
        help_text=_("The writer of the note reads this, word for word."),
    )
