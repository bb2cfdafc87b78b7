"""Forms of proposing, joining and stopping: a request into clean values."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.core.fields import TOO_LONG, LongText
from collaborative.vocabulary.models import Scheme, Term, Theme
from projects.models import ProjectArea, ProjectPerson
from projects.standing import likeliest, standings
from projects.wanted import LONGEST, LONGEST_MESSAGE, LONGEST_REASON, WANTED

LONGEST_NUMBER = 18
"""Digits of a row's number; more fit into no database."""


class StandingField(forms.ModelChoiceField):
    """The partnership for which someone acts: an organisation, in a programme."""

    widget = forms.RadioSelect

    def label_from_instance(self, standing):
        """Name both."""
        return gettext("%(programme)s, for %(organisation)s") % {
            "programme": standing.programme,
            "organisation": standing.organisation,
        }


class OrganisationField(StandingField):
    """The same inside one programme."""

    def label_from_instance(self, standing):
        """Name the organisation."""
        return str(standing.organisation)


class ThemesField(forms.ModelMultipleChoiceField):
    """Several themes by their numbers; one that no database holds is no choice."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        """Return the themes."""
        for pk in value if isinstance(value, list | tuple) else ():
            if len(str(pk)) > LONGEST_NUMBER:
                raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


def grouped_areas(programmes):
    """Return the areas of some programmes as choices in groups, one for each programme."""
    groups = {}
    for area in ProjectArea.objects.filter(programme__in=programmes).select_related("programme"):
        groups.setdefault(area.programme.name, []).append((area.pk, area.name))
    return [("", _("None of these areas")), *groups.items()]


class ProposalForm(forms.Form):
    """A proposal: to keep it only the title is needed, to send it everything."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=_("Title"),
        max_length=LONGEST["title"],
        help_text=_("What it is about, so that someone who knows nothing of it understands."),
        error_messages={"required": WANTED["title"], "max_length": TOO_LONG},
    )
    standing = StandingField(
        label=_("In which programme, and for which organisation?"),
        queryset=None,
        empty_label=None,
        error_messages={
            "required": _("Say for which of your organisations you propose this."),
            "invalid_choice": _("You cannot act for this organisation in this programme. Choose one of those shown."),
        },
    )
    part = forms.ChoiceField(
        label=_("Your part"),
        choices=[(part.value, part.label) for part in ProjectPerson.LEADS],
        widget=forms.RadioSelect,
        help_text=_("A project is led by two people: one from policing, one from research."),
        error_messages={"required": _("Say which of the two leads you are.")},
    )
    area = forms.TypedChoiceField(
        label=_("Project area"),
        required=False,
        empty_value=None,
        help_text=_("A subject that the programme has chosen, when it falls into one."),
        error_messages={"invalid_choice": _("Choose one of the areas in the list.")},
    )
    kind_of = forms.ModelChoiceField(
        label=_("Kind of work"),
        queryset=Term.objects.none(),
        empty_label=_("Choose a kind"),
        error_messages={"required": WANTED["kind_of"], "invalid_choice": _("Choose one of the kinds in the list.")},
    )
    themes = ThemesField(
        label=_("Themes"),
        queryset=Theme.objects.none(),
        help_text=_("Choose all that fit. Whoever follows a theme hears when a project on it is awarded."),
        error_messages={
            "required": WANTED["themes"],
            "invalid_choice": _("Choose themes from the list."),
            "invalid_pk_value": _("Choose themes from the list."),
        },
    )
    summary = LongText(
        label=_("Summary"),
        rows=4,
        max_length=LONGEST["summary"],
        empty=WANTED["summary"],
        help_text=_("A few sentences in plain words. Once it is awarded, the public reads this first."),
    )
    problem = LongText(
        label=_("The problem"),
        max_length=LONGEST["problem"],
        empty=WANTED["problem"],
        help_text=_("What goes wrong today, for whom, and how you know."),
    )
    approach = LongText(
        label=_("The approach"),
        max_length=LONGEST["approach"],
        empty=WANTED["approach"],
        help_text=_("What you will do, with whom and when."),
    )
    benefit = LongText(
        label=_("The benefit to policing"),
        max_length=LONGEST["benefit"],
        empty=WANTED["benefit"],
        help_text=_("What officers, forces or the public will be able to do that they cannot do now."),
    )

    def __init__(self, *args, user, sending=False, **kwargs):
        self.sending = sending
        self.standings = list(standings(user))
        self.likeliest = likeliest(user, self.standings)
        super().__init__(*args, **kwargs)
        self.fields["standing"].queryset = standings(user)
        self.fields["kind_of"].queryset = Term.objects.current().filter(scheme=Scheme.PROJECT_KIND)
        self.fields["themes"].queryset = Theme.objects.current()
        self.fields["area"].choices = grouped_areas({standing.programme_id for standing in self.standings})
        self._begin()

    def _begin(self):
        """Offer the likeliest answers: the standing they act for, and the part that its kind of organisation has."""
        self.fields["title"].widget.attrs.pop("maxlength", None)  # told beside the field, not cut in silence
        self.initial.setdefault("key", uuid4())
        if self.likeliest:
            self.initial.setdefault("standing", self.likeliest.pk)
            self.initial.setdefault("part", likely_part(self.likeliest.organisation))

    def clean(self):
        """Leave a draft's gaps alone; answer those of the standing and the part by what is likeliest."""
        if not self.sending:
            self._forgive_gaps()
        values = self.cleaned_data
        standing = values.get("standing")
        if standing and values.get("area"):
            values["area"] = self._area_in(standing.programme, values["area"])
        return values

    def _forgive_gaps(self):
        for name, errors in list(self.errors.as_data().items()):
            if name != "title" and all(error.code == "required" for error in errors):
                del self.errors[name]
                self.cleaned_data[name] = self._likely(name)

    def _likely(self, name):
        if name == "standing":
            return self.likeliest
        if name == "part":
            return likely_part(self.likeliest.organisation) if self.likeliest else None
        return {"kind_of": None, "themes": Theme.objects.none()}.get(name, "")

    def _area_in(self, programme, pk):
        area = ProjectArea.objects.filter(pk=pk, programme=programme).first()
        if area is None:
            self.add_error("area", _("This area belongs to another programme. Choose one of %s.") % programme)
        return area

    @property
    def values(self):
        """The clean values as the services take them."""
        cleaned = dict(self.cleaned_data)
        standing = cleaned.pop("standing")
        cleaned.pop("key")
        cleaned["area"] = cleaned.get("area") or None
        return {**cleaned, "programme": standing.programme, "organisation": standing.organisation}


def likely_part(organisation):
    """Return the lead's part that staff of such an organisation mostly have."""
    return ProjectPerson.Part.ACADEMIC_LEAD if organisation.academic else ProjectPerson.Part.POLICE_LEAD


def kept_values(project, user):
    """Return a draft as ``initial`` values of ``ProposalForm``."""
    texts = ("title", "summary", "problem", "approach", "benefit")
    held = standings(user, project.programme).filter(organisation=project.lead_organisation).first()
    part = project.people.current().filter(user=user).first()
    values = {name: getattr(project, name) for name in texts} | {
        "area": project.area_id,
        "kind_of": project.kind_of_id,
        "themes": list(project.themes.values_list("pk", flat=True)),
        "part": part.part if part else None,
    }
    return values | ({"standing": held.pk} if held else {})


class JoinForm(forms.Form):
    """A wish to join a project."""

    use_required_attribute = False

    message = LongText(
        label=_("Your message to the leads"),
        max_length=LONGEST_MESSAGE,
        help_text=_("Why you want to join, and what you or your organisation can bring."),
        empty=_("Write the leads a message."),
    )
    role = forms.ModelChoiceField(
        label=_("The role you offer"), queryset=Term.objects.none(), required=False, empty_label=_("No particular role")
    )
    standing = OrganisationField(
        label=_("For which organisation?"),
        queryset=None,
        empty_label=None,
        error_messages={
            "required": _("Say for which of your organisations you ask."),
            "invalid_choice": _("Choose one of the organisations shown."),
        },
    )

    def __init__(self, *args, user, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = Term.objects.current().filter(scheme=Scheme.PROJECT_ROLE)
        self.fields["standing"].queryset = standings(user, programme)
        chosen = likeliest(user, standings(user, programme))
        if chosen:
            self.initial.setdefault("standing", chosen.pk)


class AnswerForm(forms.Form):
    """A lead's answer to a wish to join."""

    use_required_attribute = False

    accept = forms.TypedChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Accept: they join the team")), ("no", _("Decline"))],
        coerce=lambda word: word == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Accept or decline."), "invalid_choice": _("Accept or decline.")},
    )
    words = LongText(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        empty=_("Write a message: it goes to the person who asked."),
        help_text=_("It goes to the person who asked."),
    )


class ReasonForm(forms.Form):
    """Why something is done."""

    use_required_attribute = False

    reason = LongText(
        label=_("Why does it stop?"), max_length=LONGEST_REASON, empty=_("Say why it stops: others learn from it.")
    )
