"""Form controls of our own."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

PARTS = (("day", _("Day"), 2), ("month", _("Month"), 2), ("year", _("Year"), 4))


class DayMonthYear(forms.SelectDateWidget):
    """A date typed into three labelled boxes; what was typed is shown again, also when it is no date."""

    template_name = "components/date_parts.html"

    def get_context(self, name, value, attrs):
        context = forms.Widget.get_context(self, name, value, attrs)
        typed = self.format_value(value)
        shared = context["widget"]["attrs"]
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{shared.get('id', name)}_{part}",
                "label": label,
                "value": typed[part],
                "width": width,
                "classes": shared.get("class", ""),
                "invalid": shared.get("aria-invalid"),
            }
            for part, label, width in PARTS
        ]
        return context

    def value_from_datadict(self, data, files, name):
        """Return a day in the one spelling that every language reads, so that it is shown again as it was typed."""
        parts = [data.get(f"{name}_{part}") for part in ("year", "month", "day")]
        if None in parts:
            return data.get(name)
        try:
            return date(*(int(part) for part in parts)).isoformat()
        except (ValueError, OverflowError):
            return super().value_from_datadict(data, files, name)

    def format_value(self, value):
        """Return day, month and year as they are to be shown."""
        if hasattr(value, "year"):
            return {"day": value.day, "month": value.month, "year": value.year}
        year, month, day = (str(value or "").split("-", 2) + ["", "", ""])[:3]
        return {part: text.lstrip("0") for part, text in (("day", day), ("month", month), ("year", year))}

    def id_for_label(self, id_):
        """The first box: a label or an error leads to the day."""
        return f"{id_}_day" if id_ else id_
