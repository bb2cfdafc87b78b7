"""Forms of asking to be let in, of the answer, and of what leads set about their organisation's people."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.fields import LongText
from partners.forms.fields import job_title
from partners.intake.texts import LONGEST_MESSAGE, LONGEST_REASON
from partners.models import Membership

DECLINE = "decline"


class JoinForm(forms.Form):
    """A wish to be let into an organisation."""

    use_required_attribute = False

    title = job_title(help_text=_("What you do there, such as Research officer."))
    message = LongText(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        empty=_("Write a message to those who decide."),
        help_text=_("Help them to be sure who you are: your team, whom you work with, and what you come for."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs.pop("maxlength", None)


class AnswerForm(forms.Form):
    """The answer to such a wish."""

    use_required_attribute = False

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (Membership.Role.MEMBER, _("Let them in as a member")),
            (Membership.Role.LEAD, _("Let them in as a lead: they let others in and out, and answer for it")),
            (DECLINE, _("Decline")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Let them in, or decline."),
            "invalid_choice": _("Let them in, or decline."),
        },
    )
    title = job_title(required=False, help_text=_("As your organisation calls it; leave it out when you decline."))
    words = LongText(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        empty=_("Write a message: it goes to the person who asked."),
        help_text=_("It goes to the person who asked."),
    )


class MembershipForm(forms.Form):
    """What somebody is in the organisation."""

    use_required_attribute = False

    role = forms.ChoiceField(
        label=_("Role"),
        choices=[
            (Membership.Role.MEMBER, _("Member")),
            (Membership.Role.LEAD, _("Organisation lead: lets others in and out, and answers for the organisation")),
        ],
        widget=forms.RadioSelect,
    )
    title = job_title(required=False)


class EndForm(forms.Form):
    """When somebody's membership ends, and why."""

    use_required_attribute = False

    ends_on = forms.DateField(
        label=_("From which day on are they out?"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("On that day their membership gives them nothing any more. Today ends it at once."),
        error_messages={"required": _("Say from which day on."), "invalid": _("Write a day, such as 27/3/2027.")},
    )
    reason = LongText(
        label=_("Reason"),
        rows=3,
        required=False,
        max_length=LONGEST_REASON,
        help_text=_("The person reads it."),
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.membership = membership
        self.initial.setdefault("ends_on", timezone.localdate())

    def clean_ends_on(self):
        """Refuse a day before the first one."""
        day = self.cleaned_data["ends_on"]
        if day < self.membership.starts_on:
            raise forms.ValidationError(_("This is before the first day of the membership."))
        return day
