"""A moment in the reader's own zone, also across a change of the clocks."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]
WRITTEN = "%Y-%m-%dT%H:%M"
FURTHEST = datetime.timedelta(days=730)


class MomentField(forms.fields.BaseTemporalField):
    """Day and time to come, within two years, as the reader's clock shows them; cleaned to a moment in UTC.

    A time that the clocks skip, or show twice, is told.
    """

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=WRITTEN)
    default_error_messages = {"invalid": gettext_lazy("Write day and time, such as 2027-05-03 09:30.")}

    def __init__(self, **more):
        super().__init__(input_formats=FORMATS, **more)

    def prepare_value(self, value):
        """Show a moment as the reader's clock shows it."""
        return timezone.localtime(value).replace(tzinfo=None) if isinstance(value, datetime.datetime) else value

    def to_python(self, value):
        """Return the moment; raises ``ValidationError`` for what is none."""
        if value in self.empty_values:
            return None
        return at_the_clock(super().to_python(value))

    def strptime(self, value, format):
        """Return what the clock shows."""
        return datetime.datetime.strptime(value, format)

    def validate(self, value):
        """Refuse what has passed, and what is too far away to be meant."""
        super().validate(value)
        now = timezone.now()
        if value and value <= now:
            raise forms.ValidationError(_("This time has passed. Choose one to come."))
        if value and value > now + FURTHEST:
            raise forms.ValidationError(_("Choose a time within two years."))


def at_the_clock(shown):
    """Return the moment, in UTC, at which the reader's clock shows this day and time.

    Raises ``ValidationError`` where it never does, or does twice.
    """
    zone = timezone.get_current_timezone()
    first, second = (shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    try:
        moment = first.astimezone(datetime.UTC)
    except OverflowError:
        raise forms.ValidationError(_("Choose a time within two years.")) from None
    if first.utcoffset() == second.utcoffset():
        return moment
    if moment.astimezone(zone).replace(tzinfo=None) == shown:
        words = _("The clocks go back that night, and this time comes twice. Choose one before or after that hour.")
    else:
        words = _("The clocks go forward that night, and this time does not exist. Choose one an hour later.")
    raise forms.ValidationError(words)
