"""Fields that several forms have."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.intake.texts import LONGEST_TITLE

TOO_LONG = _("Use %(limit_value)d characters or fewer (it has %(show_value)d).")


class LongText(forms.CharField):
    """A text of several lines, counted as its writer sees it; too much is told beside the field, not cut."""

    widget = forms.Textarea

    def __init__(self, *, rows=6, empty="", **more):
        words = {"max_length": TOO_LONG} | ({"required": empty} if empty else {})
        super().__init__(error_messages=words, **more)
        self.widget.attrs["rows"] = rows

    def widget_attrs(self, widget):
        """Let too much be typed: a browser would cut it in silence."""
        return {}

    def to_python(self, value):
        """Return the text with plain ends of lines: a browser sends two signs for each."""
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


def job_title(**more):
    """Return the field for a job title."""
    words = {"max_length": TOO_LONG, "required": _("Say what your job is.")}
    return forms.CharField(label=_("Job title"), max_length=LONGEST_TITLE, error_messages=words, **more)
