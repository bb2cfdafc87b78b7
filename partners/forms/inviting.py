"""The form by which people are invited: several addresses at once, one a line."""

from email.utils import parseaddr

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from collaborative.core.fields import TOO_LONG
from partners.forms.fields import job_title
from partners.intake.texts import LONGEST_MESSAGE
from partners.models import Invitation, Membership

MOST_AT_ONCE = 30


class InviteForm(forms.Form):
    """Whom to invite, as what, and what to say to them."""

    use_required_attribute = False

    addresses = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One on each line. You can put the name before it: Asha Verne <asha@force.example>"),
        validators=[MaxLengthValidator(20_000, TOO_LONG)],
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("Write at least one e-mail address.")},
    )
    role = forms.ChoiceField(
        label=_("As"),
        choices=Membership.Role,
        initial=Membership.Role.MEMBER,
        widget=forms.RadioSelect,
        help_text=_("Leads let their colleagues in and out, and answer for the organisation."),
    )
    title = job_title(required=False, help_text=_("The same for everybody named above. They can change it later."))
    message = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("It stands in the letter, so that they know it is from you."),
        error_messages={"max_length": TOO_LONG},
    )

    def clean_addresses(self):
        """Return ``[(line, address, name), …]``; every line at fault is named."""
        people, faults, lines = [], [], {}
        for number, text in enumerate(self.cleaned_data["addresses"].splitlines(), start=1):
            if not text.strip():
                continue
            name, email = _read(text)
            fault = _fault(text, email, name, lines)
            if fault:
                faults.append(at_line(number, fault))
            lines.setdefault(email, number)
            people.append((number, email, name))
        if len(people) > MOST_AT_ONCE:
            faults.append(_too_many(len(people)))
        if faults:
            raise ValidationError(faults)
        return people


def at_line(number, sentence):
    """Return a sentence that names the line at fault."""
    return gettext("Line %(number)d: %(sentence)s") % {"number": number, "sentence": sentence}


def _read(text):
    """Return the name and the address of one line, the address in lower case."""
    if "<" not in text:
        return "", text.strip().strip(",;").lower()
    name, email = parseaddr(text.strip().strip(",;"))
    return " ".join(name.split()), email.strip().lower()


def _fault(text, email, name, lines):
    """Return what is wrong with a line, in a sentence, or an empty string."""
    try:
        Invitation._meta.get_field("email").clean(email, None)
    except ValidationError:
        return gettext("“%(text)s” is not an e-mail address.") % {"text": text.strip()[:80]}
    if email in lines:
        return gettext("%(email)s stands on line %(number)d already.") % {"email": email, "number": lines[email]}
    longest = Invitation._meta.get_field("name").max_length
    if len(name) > longest:
        return gettext("The name is longer than %(longest)d characters.") % {"longest": longest}
    return ""


def _too_many(number):
    return ngettext(
        "Invite at most %(most)d people at a time (there is %(number)d).",
        "Invite at most %(most)d people at a time (there are %(number)d).",
        number,
    ) % {"most": MOST_AT_ONCE, "number": number}
