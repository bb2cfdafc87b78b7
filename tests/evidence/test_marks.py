"""What is out of date says so wherever it is listed or found, in words; the order of the lists stays what it was."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from collaborative.search import services as search
from collaborative.search.queries import search as find
from evidence.models import Review, Sheet
from evidence.states import VersionState
from tests import factories

pytestmark = pytest.mark.django_db
LIBRARY = reverse("evidence:list")
MARKED = {
    VersionState.PUBLISHED: "",
    VersionState.UPDATE_DUE: "Update due",
    VersionState.SUPERSEDED: "Superseded",
    VersionState.ARCHIVED: "Archived",
}


def one_of_each():
    """Make a review in each state that the public reads, found as it is; return their titles with their marks."""
    for state in MARKED:
        search.index(factories.review(state=state, title=f"Quetzal {state}"))
    return {f"Quetzal {state}": mark for state, mark in MARKED.items()}


def rows_of(client, address):
    """Return the text of each row of a list, by its title."""
    page = client.get(address).content.decode()
    rows = page.split('<ul class="res"')[1].split("</ul>")[0].split("</li>")[:-1]
    return {row.split('<h3 class="title">')[1].split("</a>")[0].split(">")[-1]: row for row in rows}


def test_the_library_marks_what_is_out_of_date_and_keeps_its_order(client):
    marks = one_of_each()
    rows = rows_of(client, LIBRARY)
    assert list(rows) == list(reversed(marks))
    for title, mark in marks.items():
        found = [
            each for each in MARKED.values() if each and f'<span class="tag tag--gold">{each}</span>' in rows[title]
        ]
        assert found == ([mark] if mark else []), title


def test_hits_of_the_search_carry_the_same_marks_at_the_same_cost(client):
    marks = one_of_each()
    sheets = {"published": "", "retired": "No longer practised"}
    for state in sheets:
        search.index(factories.sheet(state=state, title=f"Quetzal sheet {state}"))
    hits = find("quetzal", None)[:20]
    assert {hit.thing.title: hit.mark for hit in hits} == marks | {f"Quetzal sheet {s}": m for s, m in sheets.items()}
    page = client.get("/search/?q=quetzal").content.decode()
    for mark in (*filter(None, MARKED.values()), "No longer practised"):
        assert page.count(f'<span class="tag tag--gold">{mark}</span>') == 1, mark
    with CaptureQueriesContext(connection) as few:
        client.get("/search/?q=quetzal&kind=review")
    for _each in range(16):
        search.index(factories.review(title="Quetzal again", state="archived"))
    with CaptureQueriesContext(connection) as many:
        client.get("/search/?q=quetzal&kind=review")
    assert len(many) == len(few)


def test_every_other_list_marks_them_too(client):
    theme = factories.theme()
    review = factories.review(state="archived", themes=[theme])
    cited = factories.review(themes=[theme])
    review.current.references.create(key="one", short="One, 2020", review=cited)
    sheet = factories.sheet(state="retired")
    sheet.themes.set([theme])
    beside = factories.sheet()
    beside.themes.set([theme])
    assert Review.objects.count() == Sheet.objects.count() == 2
    for address in (reverse("home"), cited.get_absolute_url(), theme.get_absolute_url(), beside.get_absolute_url()):
        assert ">Archived</span>" in client.get(address).content.decode(), address
    for address in (theme.get_absolute_url(), beside.get_absolute_url(), reverse("practices:list")):
        assert ">No longer practised</span>" in client.get(address).content.decode(), address
