"""Themes: a list and a page for everyone, and the admin for administrators."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.vocabulary.models import Aspect, Theme
from partners.models import ProgrammeTheme, ThemeLead
from tests import factories

pytestmark = pytest.mark.django_db


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries)


def test_a_theme_that_was_given_up_leaves_the_list_and_keeps_its_page(client):
    now, past = factories.theme(), factories.theme(valid_to=timezone.localdate())
    assert list(client.get("/themes/").context["themes"]) == [now]
    page = client.get(past.get_absolute_url())
    assert page.status_code == 200
    assert "This theme was followed until" in page.content.decode()


def test_the_page_shows_its_aspects_by_number_and_the_summary_once(client):
    theme = factories.theme(summary="What it is.\n\nAnd **more** of it.")
    for number in (2, 1):
        Aspect.objects.create(theme=theme, number=number, title=f"Aspect {number}")
    answer = client.get(theme.get_absolute_url())
    assert [aspect.number for aspect in answer.context["aspects"]] == [1, 2]
    text = answer.content.decode()
    assert text.count('<p class="lead">What it is.</p>') == 1
    assert "<strong>more</strong>" in text


def test_the_page_says_who_works_on_it(client):
    theme, run = factories.theme(), factories.programme()
    ProgrammeTheme.objects.create(programme=run, theme=theme)
    body = factories.partner(run)
    ThemeLead.objects.create(programme=run, theme=theme, side="operational", organisation=body, title="Superintendent")
    text = client.get(theme.get_absolute_url()).content.decode()
    assert "Superintendent" in text
    assert text.count(f'href="{run.get_absolute_url()}"') >= 1
    assert f'href="{body.get_absolute_url()}"' in text


@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "coordinator"])
def test_list_and_page_cost_the_same_however_long(client, signed_in):
    theme, run = factories.theme(), factories.programme()

    def one_more():
        more = factories.programme()
        factories.theme()
        ProgrammeTheme.objects.create(programme=more, theme=theme)
        Aspect.objects.create(theme=theme, number=factories.number(), title="Aspect")
        lead = {"programme": more, "theme": theme, "side": "academic", "title": "Professor"}
        ThemeLead.objects.create(organisation=factories.partner(more), **lead)

    one_more()
    if signed_in:
        client.force_login(factories.coordinator(run))
    addresses = ["/themes/", theme.get_absolute_url()]
    short = [cost(client, address) for address in addresses]
    for _ in range(29):
        one_more()
    assert [cost(client, address) for address in addresses] == short
    assert max(short) <= (20 if signed_in else 12)


def test_coordinators_look_words_up_and_administrators_change_them(client):
    theme = factories.theme()
    client.force_login(factories.with_second_factor(factories.coordinator(factories.programme())))
    address = f"/admin/vocabulary/theme/{theme.pk}/change/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"name": "Mine"}).status_code == 403
    assert client.get("/admin/vocabulary/term/add/").status_code == 403
    administrator = factories.with_second_factor(factories.administrator())
    client.force_login(administrator)
    data = {"slug": theme.slug, "name": "Ours", "summary": "New.", "aspects-TOTAL_FORMS": 1, "aspects-INITIAL_FORMS": 0}
    data |= {"aspects-0-number": 1, "aspects-0-title": "First", "aspects-0-text": ""}
    assert client.post(address, data).status_code == 302
    assert Theme.objects.get().name == "Ours"
    assert str(Aspect.objects.get()) == "1. First"
    assert list(Event.objects.about(theme).values_list("verb", "actor")) == [("theme.changed", administrator.pk)]
