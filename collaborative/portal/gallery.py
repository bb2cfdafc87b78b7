"""Samples for the gallery of components: each in each of its states, with no database behind them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404

from collaborative.core.text import markdown
from collaborative.core.views import Page
from collaborative.core.widgets import DayMonthYear

LONDON = ZoneInfo("Europe/London")

TEXT = """
A first paragraph long enough to show the measure: a line holds some seventy letters, so that the eye finds the
start of the next one. It cites a source[^1] and has a [link](https://www.example.org/), *stress* and **weight**.

## A section of its own

- one thing that helps
- another, with a second line that is long enough to wrap on a telephone and on a narrow window

1. first
2. then

> A practitioner's words, set apart from ours.

### A table inside the text

| Partner | Kind | Since |
|---|---|---|
| Westmere Constabulary | police force | 2015 |
| Lowick University | university | 2016 |

[^1]: Harper and Yate (2019), short citation.
"""


class SampleForm(forms.Form):
    """One field of each shape."""

    question = forms.CharField(label="What do you need to know?", help_text="One question, in your own words.")
    stage = forms.ChoiceField(
        label="How far has it got?",
        choices=[("idea", "An idea"), ("agreed", "Agreed by a lead officer")],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label="Which topics?",
        choices=[("trust", "Trust and legitimacy"), ("rural", "Rural crime"), ("town", "Night-time economy")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Choose all that fit.",
    )
    background = forms.CharField(label="Background", widget=forms.Textarea, max_length=600, required=False)
    force = forms.ChoiceField(
        label="Lead force", choices=[("", "Choose a force"), ("w", "Westmere Constabulary"), ("n", "Northshire Police")]
    )
    starts_on = forms.DateField(
        label="When could it start?", widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    decided_on = forms.DateField(label="When was it decided?", widget=DayMonthYear, required=False)
    paper = forms.FileField(label="A paper", required=False, help_text="PDF or Word, at most 10 MB.")
    agreed = forms.BooleanField(label="Both leads have agreed to this")


class PairForm(forms.Form):
    """A small form, to be repeated in a formset."""

    name = forms.CharField(label="Name")
    hours = forms.IntegerField(label="Hours", required=False)


def samples():
    """Return what `portal/gallery.html` takes."""
    typed = {"question": "Rural trust", "stage": "idea", "topics": ["trust"]}
    typed |= {"decided_on_day": "31", "decided_on_month": "2", "decided_on_year": "2026"}
    wrong = SampleForm({f"wrong-{name}": value for name, value in typed.items()}, prefix="wrong")
    wrong.is_valid()
    wrong.add_error("question", "Enter a question of 20 characters or more")
    wrong.add_error(None, "This call closed on 1 November")
    pairs = forms.formset_factory(PairForm, extra=2)(prefix="pairs")
    return {
        "form_empty": SampleForm(prefix="new"),
        "form_wrong": wrong,
        "pairs": pairs,
        "text": markdown(TEXT),
        "finding": {
            "number": 1,
            "html": markdown("Where the same officers and researchers met for two years, more was put into practice."),
            "section": None,
        },
        "priority": {
            "number": 1,
            "html": markdown("How do partnerships outlive the people who began them?"),
            "section": None,
        },
        "day": date(2026, 11, 18),
        "moment": datetime(2027, 1, 21, 18, 30, tzinfo=LONDON),
        "tones": ["violet", "sky", "coral", "gold", "leaf", "line"],
        "page_one": Paginator(range(400), 20).page(1),
        "page_mid": Paginator(range(400), 20).page(9),
        "stats": [
            {"value": 42, "label": "partners in three programmes", "url": "/partners/"},
            {"value": 17, "label": "projects, tools and work packages"},
            {"value": 9, "label": "reviews to read and cite"},
            {"value": 6, "label": "events with places left"},
        ],
        "options": [
            {"value": "rapid", "label": "Rapid evidence review", "count": 4, "checked": True},
            {"value": "thematic", "label": "Thematic report", "count": 2, "checked": False},
            {"value": "sheet", "label": "Practice sheet", "count": 0, "checked": False},
        ],
        "chips": [{"label": "Rapid evidence review", "url": "?a"}, {"label": "Partnerships", "url": "?b"}],
        "stages": [
            {"label": "Proposed", "state": "done", "on": date(2026, 9, 2)},
            {"label": "In review", "state": "done", "on": date(2026, 9, 30), "note": "Two reviewers"},
            {"label": "Set up", "state": "now", "note": "Ethics agreed, data agreement requested"},
            {"label": "Active", "state": "ahead"},
            {"label": "Completed", "state": "ahead"},
        ],
        "stopped": [
            {"label": "Proposed", "state": "done", "on": date(2026, 5, 2)},
            {"label": "Declined", "state": "stopped", "note": "The question is already answered by a review"},
        ],
        "rows": [
            {"key": "Academic lead", "value": "Lowick University", "url": "/partners/"},
            {"key": "Police lead", "value": "Westmere Constabulary"},
            {"key": "Hours given", "value": "126", "change_url": "/me/", "change_label": "Change"},
        ],
        "contents": [
            {"id": "g-start", "title": "Page furniture"},
            {"id": "g-reading", "title": "Reading", "children": [{"id": "g-tables", "title": "Tables"}]},
            {"id": "g-forms", "title": "Forms"},
        ],
        **network(),
    }


def network():
    """Return nodes and edges of an invented network."""
    spots = [(0.1, 0.1), (0.3, 0.3), (0.52, 0.12), (0.75, 0.26), (0.95, 0.1), (0.2, 0.62), (0.47, 0.5), (0.7, 0.6),
             (0.92, 0.5), (0.1, 0.92), (0.38, 0.85), (0.6, 0.95), (0.85, 0.88)]  # fmt: skip
    joins = [(0, 1), (1, 2), (1, 6), (2, 3), (3, 4), (3, 6), (5, 1), (5, 6), (6, 7), (7, 8), (7, 3), (9, 5), (10, 6),
             (10, 5), (11, 7), (12, 7), (11, 10)]  # fmt: skip
    return {
        "nodes": [
            {
                "id": n,
                "x": x,
                "y": y,
                "kind": "b" if n in (1, 3, 6, 7, 10) else "a",
                "label": f"Partner {n + 1}",
                "size": 0.8 if n in (6, 7) else 0.3,
            }
            for n, (x, y) in enumerate(spots)
        ],  # fmt: skip
        "edges": [{"source": a, "target": b, "hot": (a, b) in ((1, 6), (6, 7), (3, 6))} for a, b in joins],
    }


class Gallery(Page):
    """The page of all components; only in development and in a demonstration, else it does not exist."""

    template_name = "portal/gallery.html"
    policy = "public"

    def get_context_data(self, **kwargs):
        """Add the samples, or raise ``Http404`` on a portal in real use."""
        if not (settings.DEBUG or settings.DEMO):
            raise Http404
        return super().get_context_data(**kwargs) | samples()
