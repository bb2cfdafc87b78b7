"""Forms of the roof."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ProblemForm(forms.Form):
    """What is wrong with which page."""

    message = forms.CharField(
        label=_("What went wrong?"),
        help_text=_("What you were doing and what happened. Please give no personal or operational details."),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Say what went wrong")},
    )
    page = forms.CharField(label=_("Which page?"), max_length=500, required=False)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Only if you want an answer."),
        required=False,
        error_messages={"invalid": _("Enter an address like name@example.org")},
    )
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_website(self):
        """Refuse what fills in the field that people never see."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this empty."))
        return ""
