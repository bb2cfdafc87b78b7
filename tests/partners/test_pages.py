"""The directory and the programmes: what stands on them, for whom, and at what cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.search.services import index
from partners.models import (
    FormerAddress,
    OrganisationAlias,
    OrganisationLink,
    Profile,
    ProgrammePartner,
    ProgrammeTheme,
    ThemeLead,
)
from tests import factories

pytestmark = pytest.mark.django_db

HOSTILE = [
    "?page=0", "?page=-1", "?page=x", "?page=99999999999999999999", "?page=last", "?q=%00", "?q=%22", "?q=*", "?q=(",
    "?q=" + "a%20" * 3000, "?kind=%00&kind=%27", "?region=%F0%9F%91%AE", "?programme=1&programme=%5B%5D", "?when=never",
    "?sort=-pk", "?q=%ff", "?kind[]=university", "?" + "&".join(f"region={n}" for n in range(400)), "?when=&when=all",
]  # fmt: skip


def everyone():
    """Return the kinds of person, of a programme with one partner and of another."""
    ours, theirs = factories.programme(), factories.programme()
    body, other = factories.partner(ours), factories.partner(theirs)
    former = factories.member(body, ends_on=timezone.localdate())
    return {
        "visitor": None,
        "account": factories.person(),
        "member": factories.member(body),
        "lead": factories.member(body, role="lead"),
        "coordinator": factories.coordinator(ours),
        "coordinator of another": factories.coordinator(theirs),
        "member of another": factories.member(other),
        "administrator": factories.administrator(),
        "former member": former,
    }


def states():
    """Return an organisation in every state."""
    today = timezone.localdate()
    run = factories.programme()
    heir = factories.partner(run)
    return {
        "current": heir,
        "not yet": factories.organisation(valid_from=today + timedelta(days=9)),
        "ends today": factories.organisation(valid_to=today),
        "succeeded": factories.organisation(valid_to=today - timedelta(days=1), successor=heir),
        "takes part nowhere": factories.organisation(),
        "former partner": factories.partner(run, ends_on=today),
    }


def cost(client, address):
    """Return how many queries a page takes once the client is warm."""
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries)


def shown_in(client, address="/partners/?when=all"):
    """Return the names of all organisations that a list shows, over its pages."""
    names, page = set(), 1
    while True:
        answer = client.get(f"{address}&page={page}")
        names |= {row.name for row in answer.context["organisations"]}
        if not answer.context["page_obj"].has_next():
            return names
        page += 1


def test_list_and_page_agree_on_who_may_see(client):
    bodies = states()
    for who, user in everyone().items():
        if user:
            client.force_login(user)
        listed = shown_in(client)
        for state, body in bodies.items():
            answer = client.get(body.get_absolute_url())
            assert (answer.status_code == 200) == (body.name in listed) == True, (who, state)  # noqa: E712
        client.logout()


def test_the_directory_starts_with_the_organisations_of_today(client):
    bodies = states()
    gone = {bodies["ends today"].name, bodies["succeeded"].name}
    assert shown_in(client, "/partners/?") & gone == set()
    assert shown_in(client, "/partners/?when=past") == gone


@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "coordinator"])
@pytest.mark.parametrize("which", ["directory", "programmes", "organisation", "programme"])
def test_a_page_costs_the_same_however_long(client, which, signed_in):
    run, theme = factories.programme(), factories.theme()
    body = factories.partner(run)
    address = {
        "directory": "/partners/?when=all",
        "programmes": "/programmes/",
        "organisation": body.get_absolute_url(),
        "programme": run.get_absolute_url(),
    }[which]
    add_row(run, body, theme)
    if signed_in:
        client.force_login(factories.coordinator(run))
    short = cost(client, address)
    for _ in range(29):
        add_row(run, body, factories.theme())
    assert cost(client, address) == short
    assert short <= (20 if signed_in else 12)


def add_row(run, body, theme):
    """Give a programme and an organisation one more of everything that their pages show."""
    other = factories.partner(run, factories.organisation(successor=body))
    factories.partner(factories.programme(), body)
    OrganisationAlias.objects.create(organisation=body, name=f"Alias {factories.number()}")
    OrganisationLink.objects.create(organisation=other, other=body, kind_of="unit_of")
    ProgrammeTheme.objects.create(programme=run, theme=theme)
    ThemeLead.objects.create(programme=run, theme=theme, side="academic", organisation=body, title="Professor")


@pytest.mark.parametrize("query", HOSTILE)
@pytest.mark.parametrize("address", ["/partners/", "/programmes/", "/themes/"])
def test_nothing_in_an_address_breaks_a_list(client, address, query):
    states()
    assert client.get(address + query).status_code in (200, 404)


@pytest.mark.parametrize("address", ["/partners/nobody/", "/programmes/nothing/", "/themes/nothing/"])
def test_what_does_not_exist_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "words"),
    [("/partners/", "No partners yet"), ("/programmes/", "No programmes yet"), ("/themes/", "No themes yet")],
)
def test_an_empty_list_says_what_will_stand_there(client, address, words):
    assert words in client.get(address).content.decode()


def test_a_search_that_finds_nothing_offers_everything(client):
    factories.partner(factories.programme())
    page = client.get("/partners/?region=Atlantis").content.decode()
    assert "Nothing matches all of this" in page
    assert 'href="?"' in page


@pytest.mark.parametrize("words", ["Heddlu Gwent", "heddlu", "GWP", "gwent", "Gẃent"])
def test_people_find_an_organisation_by_any_of_its_names(client, words):
    body = factories.organisation(name="Gwent Police", name_cy="Heddlu Gwent")
    OrganisationAlias.objects.create(organisation=body, name="GWP")
    factories.organisation(name="Kent Police")
    index(body)
    answer = client.get("/partners/", {"q": words})
    assert [row.name for row in answer.context["organisations"]] == ["Gwent Police"]


def test_a_past_organisation_leads_to_what_followed_it_and_back(client):
    heir = factories.organisation(name="University of Suffolk")
    gone = factories.organisation(name="University Campus", valid_to=timezone.localdate(), successor=heir)
    page = client.get(gone.get_absolute_url()).content.decode()
    assert "<strong>Now part of University of Suffolk</strong>" in page
    assert f'<a href="{heir.get_absolute_url()}">University of Suffolk</a>' in page
    assert (
        f'<a href="{gone.get_absolute_url()}">University Campus</a>'
        in client.get(heir.get_absolute_url()).content.decode()
    )


def test_ties_are_seen_from_both_sides(client):
    unit, force = factories.organisation(name="The Unit"), factories.organisation(name="The Force")
    OrganisationLink.objects.create(organisation=unit, other=force, kind_of="unit_of")
    assert client.get(unit.get_absolute_url()).context["ties"] == [("Unit of", [("The Force", force.slug)])]
    assert client.get(force.get_absolute_url()).context["ties"] == [("Units", [("The Unit", unit.slug)])]


def test_an_organisation_keeps_its_former_parts_below_its_present_ones(client):
    body = factories.organisation()
    old, new = factories.programme(), factories.programme()
    factories.partner(new, body, starts_on=timezone.localdate() - timedelta(days=900))
    factories.partner(old, body, ends_on=timezone.localdate())
    parts = client.get(body.get_absolute_url()).context["parts"]
    assert [part.programme for part in parts] == [new, old]


def test_a_programme_groups_its_partners_by_kind_and_sets_former_ones_apart(client):
    run = factories.programme()
    force = factories.partner(run, factories.organisation("police_force"))
    university = factories.partner(run, factories.organisation("university"))
    former = factories.partner(run, ends_on=timezone.localdate())
    factories.partner(run, starts_on=timezone.localdate() + timedelta(days=1))
    page = client.get(run.get_absolute_url()).context
    grouped = {str(kind): [part.organisation for part in parts] for kind, parts in page["groups"]}
    assert grouped == {"Police force": [force], "University": [university]}
    assert [part.organisation for part in page["past"]] == [former]
    assert page["partner_count"] == 2


def test_the_programmes_count_their_partners_of_today(client):
    run = factories.programme()
    factories.partner(run), factories.partner(run, ends_on=timezone.localdate())
    (row,) = client.get("/programmes/").context["programmes"]
    assert row.partner_count == ProgrammePartner.objects.current().filter(programme=run).count() == 1


def test_theme_leads_stand_as_roles_operational_first_and_only_while_they_lead(client):
    run, theme, body = factories.programme(), factories.theme(), factories.organisation()
    person = factories.person(name="Not To Be Named")
    facts = {"programme": run, "theme": theme, "organisation": body, "user": person}
    ThemeLead.objects.create(side="academic", title="Professor", **facts)
    ThemeLead.objects.create(side="operational", title="Deputy Chief Constable", **facts)
    ended = factories.yesterday()
    ThemeLead.objects.create(side="academic", title="Lecturer", starts_on=ended, ends_on=ended, **facts)
    for thing in (run, theme, body):
        answer = client.get(thing.get_absolute_url())
        text = answer.content.decode()
        assert text.index("Deputy Chief Constable") < text.index("Professor")
        assert "Lecturer" not in text
        assert "Not To Be Named" not in text


def test_the_directory_is_narrowed_by_country_in_words(client):
    factories.organisation(name="A force", country="GB")
    factories.organisation(name="A sûreté", country="CA")
    answer = client.get("/partners/?country=CA")
    assert [row.name for row in answer.context["organisations"]] == ["A sûreté"]
    (facet,) = [each for each in answer.context["filter"].facets if each["name"] == "country"]
    assert [(option["label"], option["count"]) for option in facet["options"]] == [
        ("Canada", 1),
        ("United Kingdom", 1),
    ]


@pytest.mark.parametrize("words", ["Nott", "notts", "GMP nothing", "nottingham", "“Nottinghamshire Police”"])
def test_a_name_may_be_typed_in_part(client, words):
    body = factories.organisation(name="Nottinghamshire Police")
    OrganisationAlias.objects.create(organisation=body, name="Notts Police")
    index(body)
    found = [row.name for row in client.get("/partners/", {"q": words}).context["organisations"]]
    assert found == ([] if words == "GMP nothing" else ["Nottinghamshire Police"])


def test_what_is_called_by_the_words_stands_first(client):
    index(factories.organisation(name="Beside Kent", description="Not Essex"))
    index(factories.organisation(name="Essex Police"))
    answer = client.get("/partners/?q=essex")
    assert [row.name for row in answer.context["organisations"]] == ["Essex Police", "Beside Kent"]


def test_a_former_address_leads_to_the_page_for_ever(client):
    body = factories.organisation()
    FormerAddress.objects.create(organisation=body, slug="what-it-was-called")
    answer = client.get("/partners/what-it-was-called/")
    assert (answer.status_code, answer["Location"]) == (301, body.get_absolute_url())


def test_who_leads_is_told_to_staff_and_to_whom_the_lead_chose(client):
    run = factories.programme()
    body = factories.partner(run)
    quiet = factories.member(body, role="lead", title="Head of research")
    listed = factories.member(body, role="lead", title="Chief of staff")
    factories.member(body)
    Profile.objects.create(user=listed, slug="listed", audience="everyone")
    assert [lead.user for lead in client.get(body.get_absolute_url()).context["leading"]] == [listed]
    client.force_login(factories.member(factories.partner(run)))
    leading = client.get(body.get_absolute_url()).context["leading"]
    assert [(lead.user, lead.page) for lead in leading] == [(listed, "listed"), (quiet, "")]
