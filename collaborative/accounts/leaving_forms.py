"""The form with which somebody closes their account."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core import personal

ONE_BY_ONE = 30
"""Credits that can be chosen one by one; of more, all or none."""


class CloseForm(forms.Form):
    """Which credits keep the name (none, unless they are chosen), and the address typed as a sign of intent."""

    use_required_attribute = False

    typed = forms.CharField(
        label=gettext_lazy("Type your e-mail address"),
        help_text=gettext_lazy("So that nobody closes an account by a slip."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "email"}),
        error_messages={"required": gettext_lazy("Type your e-mail address to close the account.")},
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        if person.name:
            for credit in personal.credits():
                self._offer(credit)
        self.order_fields([*(name for name in self.fields if name != "typed"), "typed"])

    def _offer(self, credit):
        offered = credit.offered(self.person)
        if not offered:
            return
        if len(offered) > ONE_BY_ONE:
            offered = [(personal.ALL, _("All of them: %(number)d") % {"number": len(offered)})]
        self.fields[credit.name] = forms.MultipleChoiceField(
            label=credit.label,
            help_text=_("Your name stays where you tick. You need not tick anything."),
            choices=offered,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_typed(self):
        """Compare with the account's address, whatever its capitals."""
        if self.cleaned_data["typed"].strip().lower() != self.person.email.lower():
            raise forms.ValidationError(_("This is not the e-mail address of your account."))
        return self.cleaned_data["typed"]

    def choices(self):
        """Return the chosen credits as ``leaving.close`` takes them."""
        chosen = {credit.name: self.cleaned_data.get(credit.name) for credit in personal.credits()}
        return {
            name: personal.ALL if personal.ALL in ids else [int(pk) for pk in ids]
            for name, ids in chosen.items()
            if ids
        }
