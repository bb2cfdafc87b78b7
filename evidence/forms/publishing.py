"""The forms of the acts by which a text comes to its readers and leaves them again."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.fields import LongText
from evidence.forms.moments import MomentField
from evidence.models import Review
from evidence.states import LIVE_STATES, READ_STATES

LONGEST = 3000


def day(**more):
    """Return a field for choosing a day."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class ActForm(forms.Form):
    """Nothing to fill in; ``values`` are what the service is called with."""

    use_required_attribute = False

    def __init__(self, *args, review, version, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.review, self.version, self.user = review, version, user

    @property
    def values(self):
        """Return what the service gets beside the version."""
        return dict(self.cleaned_data)

    @property
    def about(self):
        """Return the version that the act is about."""
        return self.version


class ReasonForm(ActForm):
    """Why."""

    reason = LongText(label=_("Reason"), max_length=LONGEST, empty=_("Give the reason: those concerned read it."))


class ChangesForm(ReasonForm):
    """What is to be changed."""

    reason = LongText(
        label=_("What is to be changed"), max_length=LONGEST, empty=_("Say what is to be changed: its authors read it.")
    )


class ApproveForm(ActForm):
    """Approval; with reviews missing or against it, the reason."""

    reason = LongText(
        label=_("Why it is approved all the same"),
        max_length=LONGEST,
        empty=_("Say why it is approved all the same, or leave it as it is."),
    )

    def __init__(self, *args, lacking=(), **kwargs):
        super().__init__(*args, **kwargs)
        if lacking:
            self.fields["reason"].help_text = " ".join(lacking)
        else:
            del self.fields["reason"]


class PublishForm(ActForm):
    """Now, at a time, or under embargo."""

    NOW, LATER, EMBARGO = "now", "later", "embargo"
    when = forms.ChoiceField(
        label=_("When is it to be public?"),
        choices=[
            (NOW, _("Now, for everyone whom its handling allows")),
            (LATER, _("By itself, at a time that I choose")),
            (EMBARGO, _("Now for partners of the programme, for everyone from a time that I choose")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose when it is to be public.")},
    )
    at = MomentField(label=_("Day and time"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = _("Only for the last two choices, as your clock shows it in the time zone %(zone)s.")
        self.fields["at"].help_text = words % {"zone": timezone.get_current_timezone_name()}

    def clean(self):
        """Ask for a time where one is due."""
        values = super().clean()
        due = values.get("when") in (self.LATER, self.EMBARGO)
        if due and "at" not in self.errors and not values.get("at"):
            self.add_error("at", _("Choose the day and the time."))
        if values.get("when") == self.NOW:
            self.errors.pop("at", None)
            values["at"] = None
        return values


class ReaffirmForm(ActForm):
    """From which day it is known to hold, and when to look again."""

    current_as_of = day(label=_("Current as of"), error_messages={"required": _("Say on which day it was looked at.")})
    update_due_on = day(label=_("To be updated by"), required=False)

    def clean_current_as_of(self):
        """Refuse a day to come."""
        value = self.cleaned_data["current_as_of"]
        if value > timezone.localdate():
            raise forms.ValidationError(_("Choose a day that has come."))
        return value

    def clean_update_due_on(self):
        """Refuse a day that has come."""
        value = self.cleaned_data["update_due_on"]
        if value and value <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day to come."))
        return value


class SupersedeForm(ActForm):
    """Which review takes this one's place: its address, or the last part of it."""

    other = forms.CharField(
        label=_("Address of the review that takes its place"),
        max_length=300,
        help_text=_("Open that review, copy its address, and paste it here."),
        error_messages={"required": _("Say which review takes its place.")},
    )

    def clean_other(self):
        """Return the review, if the person may see it."""
        slug = self.cleaned_data["other"].split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
        live = Review.objects.visible_to(self.user).filter(current__state__in=LIVE_STATES)
        other = live.exclude(pk=self.review.pk).filter(slug=slug).first()
        if other is None:
            raise forms.ValidationError(_("There is no other review at this address that holds today."))
        return other


class OneVersionForm(ActForm):
    """Which of the readable versions the act is about."""

    number = forms.TypedChoiceField(label=_("Which version"), coerce=int)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = self.review.versions.filter(state__in=READ_STATES).order_by("-number")
        self.readable = {each.number: each for each in rows}
        if len(self.readable) < 2:
            del self.fields["number"]
        else:
            words = [(n, f"{n}: {each.get_state_display()}") for n, each in self.readable.items()]
            self.fields["number"].choices = words
            self.fields["number"].initial = self.version.number

    @property
    def values(self):
        """Leave the version out: the service gets it first."""
        return {name: value for name, value in self.cleaned_data.items() if name != "number"}

    @property
    def about(self):
        """Return the version that was chosen."""
        return self.readable.get(self.cleaned_data.get("number"), self.version)


class WithdrawForm(OneVersionForm):
    """Which version is withdrawn, and why."""

    reason = LongText(
        label=_("Reason"), max_length=LONGEST, empty=_("Say why it is withdrawn: the tombstone shows it.")
    )


class CorrectForm(OneVersionForm):
    """The note that corrects a version."""

    text = LongText(
        label=_("What was wrong, and what is right"),
        max_length=LONGEST,
        empty=_("Say what was wrong, and what is right."),
    )


class SendForm(ActForm):
    """What the reviewers are told, and when their reviews are wanted."""

    due_on = day(
        label=_("Reviews wanted by"), required=False, help_text=_("Four weeks from today, if you choose none.")
    )
    letter = LongText(label=_("What you tell the reviewers"), max_length=LONGEST, required=False)
