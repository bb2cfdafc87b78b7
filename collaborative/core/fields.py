"""Form fields of our own."""

from django import forms
from django.utils.translation import gettext_lazy as _

from collaborative.core import identifiers

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


class IdentifierField(forms.CharField):
    """An identifier that others give out; ``read`` checks it and returns its usual form.

    The address of the thing may be typed in place of the bare identifier.
    """

    read = None

    def __init__(self, *, max_length=None, **kwargs):
        super().__init__(max_length=200, **kwargs)

    def widget_attrs(self, widget):
        """Leave room for the whole address, and keep browsers from mending what is no word."""
        return super().widget_attrs(widget) | {"spellcheck": "false", "autocapitalize": "none"}

    def clean(self, value):
        """Return the usual form; raises ``ValidationError`` with the sentence that tells what is wrong."""
        text = super().clean(value)
        if text in self.empty_values:
            return text
        try:
            return type(self).read(text)
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong), code="invalid") from wrong


class OrcidField(IdentifierField):
    """A person's ORCID."""

    read = staticmethod(identifiers.orcid)


class DoiField(IdentifierField):
    """A text's DOI."""

    read = staticmethod(identifiers.doi)


class RorField(IdentifierField):
    """An organisation's ROR identifier."""

    read = staticmethod(identifiers.ror)
