"""Forms and components as they are drawn."""

import re
from datetime import date

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string

from collaborative.core.templatetags import portal
from collaborative.core.widgets import DayMonthYear


class SomeForm(forms.Form):
    question = forms.CharField(label="What do you need to know?", help_text="One question.")
    stage = forms.ChoiceField(label="Stage", choices=[("a", "An idea"), ("b", "Agreed")], widget=forms.RadioSelect)
    topics = forms.MultipleChoiceField(
        choices=[("t", "Trust"), ("r", "Rural")], widget=forms.CheckboxSelectMultiple, required=False
    )
    decided_on = forms.DateField(label="Decided on", widget=DayMonthYear, required=False)
    hours = forms.IntegerField(label="Hours", error_messages={"required": "Enter the hours"})


def drawn(**data):
    form = SomeForm(data)
    form.is_valid()
    return str(form)


def test_every_error_link_leads_to_something_on_the_page():
    html = drawn(decided_on_day="31", decided_on_month="2", decided_on_year="2026", topics=["x"])
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_question", "id_stage_0", "id_topics_0", "id_decided_on_day", "id_hours"]
    assert [target for target in targets if f'id="{target}"' not in html] == []


def test_every_described_control_names_texts_that_exist():
    html = drawn()
    named = " ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split()
    assert named == ["id_question_helptext", "id_question_error", "id_stage_error", "id_hours_error"]
    assert [name for name in named if f'id="{name}"' not in html] == []


def test_the_summary_names_the_field_only_where_the_message_does_not():
    form = SomeForm({"stage": "b"})
    assert portal.problems(form["question"]) == ["What do you need to know? This field is required."]
    assert portal.problems(form["hours"]) == ["Enter the hours"]


def test_an_optional_field_says_so_in_words():
    html = SomeForm()["decided_on"].as_field_group()
    assert html.count("(optional)") == 1
    assert SomeForm()["question"].as_field_group().count("(optional)") == 0


def test_what_was_chosen_stays_chosen():
    html = drawn(stage="b", topics=["r"])
    checked = re.findall(r'<input[^>]*value="(\w)"[^>]*checked[^>]*>', html)
    assert checked == ["b", "r"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("22", "11", "2026"), date(2026, 11, 22)),
        (("1", "2", "2026"), date(2026, 2, 1)),
        (("", "", ""), None),
    ],
)
def test_a_typed_date_is_read(typed, expected):
    day, month, year = typed
    form = SomeForm(
        {"question": "q", "stage": "a", "hours": "1"}
        | {"decided_on_day": day, "decided_on_month": month, "decided_on_year": year}
    )
    assert form.is_valid()
    assert form.cleaned_data["decided_on"] == expected


@pytest.mark.parametrize("typed", [("31", "2", "2026"), ("1", "Feb", "2026"), ("1", "", "2026")])
def test_a_date_that_is_none_is_refused_and_shown_as_typed(typed):
    names = ("decided_on_day", "decided_on_month", "decided_on_year")
    form = SomeForm(dict(zip(names, typed, strict=True)))
    assert form.errors["decided_on"] == ["Enter a valid date."]
    html = form["decided_on"].as_field_group()
    shown = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', html))
    assert shown == {name: value for name, value in zip(names, typed, strict=True) if value}


def test_a_single_page_has_no_pagination():
    html = render_to_string("components/pagination.html", {"page": Paginator(range(5), 20).page(1)})
    assert html.strip() == ""


def test_pagination_keeps_the_other_parameters():
    page = Paginator(range(100), 20).page(3)
    html = render_to_string("components/pagination.html", {"page": page, "query": "q=trust"})
    assert re.findall(r'href="([^"]+)"', html) == [
        f"?q=trust&amp;page={number}" for number in (2, 1, 2, 4, 5, 4)
    ]  # fmt: skip


def test_the_thread_marks_where_the_page_stands():
    html = Template('{% thread "project" evidence_url="/evidence/" %}').render(Context())
    assert re.findall(r'<li class="(\w*)"', html) == ["", "has", "", "here", "", ""]
    assert html.count('aria-current="step"') == 1


def test_the_network_leaves_out_edges_to_unknown_partners():
    nodes = [
        {"id": 1, "x": 0, "y": 0, "kind": "a", "label": "Westmere"},
        {"id": 2, "x": 1, "y": 1, "kind": "b", "label": "Lowick"},
    ]
    edges = [{"source": 1, "target": 2}, {"source": 1, "target": 9}]
    html = Template('{% network nodes edges label="Two partners" %}').render(Context({"nodes": nodes, "edges": edges}))
    assert html.count('class="e"') == 1
    assert 'aria-label="Two partners"' in html
