"""What a person chooses about mail, language and time."""

from itertools import groupby
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from collaborative.notifications.states import Frequency, Group

LEFT_OUT = ("Etc/", "SystemV/", "US/")
"""Names of zones that nobody looks for."""


def zones():
    """Return the time zones to choose from, by region; the usual one stands first."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(LEFT_OUT))
    regions = groupby(names, key=lambda name: name.partition("/")[0])
    usual = settings.READER_TIME_ZONE
    return [
        (usual, _words(usual)),
        ("UTC", "UTC"),
        *((region, [(name, _words(name)) for name in each]) for region, each in regions),
    ]


def _words(name):
    return name.partition("/")[2].replace("_", " ").replace("/", ", ")


class PreferencesForm(forms.Form):
    """Language, time zone, and for each group of letters how often mail comes."""

    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("Of the pages and of your mail. What has not been translated stays in English."),
        choices=[("", _("As my browser asks")), *settings.LANGUAGES],
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for group in Group:
            self.fields[group.value] = forms.ChoiceField(
                label=group.label, choices=_frequencies(group), widget=forms.RadioSelect
            )

    def frequencies(self):
        """Return how often mail of each group comes."""
        return {group: self.cleaned_data[group.value] for group in Group}


def _frequencies(group):
    """Return what can be chosen for a group: news always come together."""
    return [pair for pair in Frequency.choices if not (group == Group.NEWS and pair[0] == Frequency.AT_ONCE)]
