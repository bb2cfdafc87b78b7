"""Forms of handing on: whom to ask, what the person answers, and leaving with a proposal for each thing held."""

from django import forms
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.core import holdings
from collaborative.core.fields import TOO_LONG
from partners.intake.texts import LONGEST_MESSAGE
from partners.models import Membership

OFFERED = 20
"""How many colleagues are offered at once; others are found by name."""


def with_titles(people, organisation):
    """Add to each person the job title they have in an organisation, as ``job``."""
    today = Membership.objects.current().filter(organisation=organisation.now(), user=OuterRef("pk"))
    return people.annotate(job=Subquery(today.order_by("pk").values("title")[:1]))


class Colleagues(forms.ModelChoiceField):
    """One of the colleagues who may be asked; those offered are the first of a search, and who was proposed."""

    widget = forms.RadioSelect

    def __init__(self, *, eligible, offered, **more):
        super().__init__(queryset=eligible, empty_label=None, **more)
        self.widget.choices = [(each.pk, self.label_from_instance(each)) for each in offered]

    def label_from_instance(self, person):
        """Name the person and what they do."""
        job = getattr(person, "job", "")
        return gettext("%(name)s, %(job)s") % {"name": person, "job": job} if job else str(person)


class ChooseForm(forms.Form):
    """Whom to ask."""

    use_required_attribute = False

    def __init__(self, *args, eligible, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"] = Colleagues(
            eligible=eligible,
            offered=offered,
            label=_("Whom do you want to ask?"),
            error_messages={
                "required": _("Choose a colleague."),
                "invalid_choice": _("This person cannot take it over. Choose one of those shown."),
            },
        )


class AnswerForm(forms.Form):
    """Yes or no, and a message with a no."""

    use_required_attribute = False

    words = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("If you say no, perhaps who else could be asked. Whoever asked you reads it."),
        error_messages={"max_length": TOO_LONG},
    )
    answer = forms.ChoiceField(
        choices=[("accept", _("Accept")), ("decline", _("Say no"))],
        widget=forms.HiddenInput,
        error_messages={"required": _("Accept or say no."), "invalid_choice": _("Accept or say no.")},
    )


class LeaveForm(forms.Form):
    """Leaving: for each thing held, perhaps the name or address of a colleague who could take it over."""

    use_required_attribute = False

    def __init__(self, *args, held, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = {each.key: each for each in held}
        for key, each in self.held.items():
            self.fields[key] = forms.CharField(
                label=gettext("%(what)s: %(title)s") % {"what": each.label, "title": each.title},
                required=False,
                max_length=254,
                help_text=_("Who could take it over? The name or the e-mail address of a colleague, if you know one."),
            )

    def clean(self):
        """Find the colleagues among those who may be asked."""
        values = super().clean()
        self.proposed = {}
        for key, each in self.held.items():
            typed = values.get(key, "").strip()
            if typed:
                self._propose(key, each, typed)
        return values

    def _propose(self, key, each, typed):
        holding = holdings.find(each.holding)
        eligible = holding.eligible(holding.read(each.pk))
        named = {"email__iexact": typed} if "@" in typed else {"name__iexact": typed}
        found = list(eligible.filter(**named)[:2])
        if not found:
            self.add_error(key, _("No colleague who could take this over has this name or address."))
        elif len(found) > 1:
            self.add_error(key, _("Several colleagues have this name. Give the e-mail address."))
        else:
            self.proposed[key] = found[0]
