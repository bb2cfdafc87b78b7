"""A person's page: for whom they chose, with what they chose."""

import pytest

from partners.models import Membership
from tests import factories as make

pytestmark = pytest.mark.django_db
NOINDEX = '<meta name="robots" content="noindex">'


def page_of(client, profile):
    return client.get(profile.get_absolute_url())


def test_a_page_says_all_that_its_person_said(client):
    body = make.partner(make.programme(), make.organisation(name="Kent Police"))
    person = make.member(body, user=make.person(name="Ann Example"), role="lead", title="Head of research")
    theme = make.theme(name="Rural crime")
    profile = make.profile(
        person,
        words=["Maps"],
        themes=[theme],
        methods=["survey"],
        languages=["cy"],
        offers=["advice"],
        about="Of *me*.",
    )
    shown = page_of(client, profile).content.decode()
    for words in ("Ann Example", "Head of research", "Kent Police", "Organisation lead", "Maps", "Rural crime"):
        assert words in shown
    for words in ("Survey", "Welsh", "Advice on a project", "Of <em>me</em>."):
        assert words in shown


def test_the_address_is_shown_only_when_the_person_says_so(client):
    person = make.person(email="ann@kent.example")
    profile = make.profile(person)
    assert "ann@kent.example" not in page_of(client, profile).content.decode()
    type(profile).objects.update(shows_email=True)
    assert 'href="mailto:ann@kent.example"' in page_of(client, profile).content.decode()


def test_an_orcid_leads_to_its_own_page(client):
    profile = make.profile(orcid="0000-0002-1825-0097")
    assert 'href="https://orcid.org/0000-0002-1825-0097"' in page_of(client, profile).content.decode()


def test_only_today_s_places_are_shown(client):
    person = make.person()
    for name, days in (("Today", {}), ("Gone", {"ends_on": make.yesterday()})):
        make.member(make.organisation(name=f"{name} Police"), user=person, **days)
    make.member(make.organisation(name="Merged Police", valid_to=make.yesterday()), user=person)
    shown = page_of(client, make.profile(person)).content.decode()
    assert [name in shown for name in ("Today Police", "Gone Police", "Merged Police")] == [True, False, False]


@pytest.mark.parametrize(("audience", "hidden"), [("everyone", False), ("staff", True), ("nobody", True)])
def test_only_what_everyone_sees_may_be_listed_by_search_engines(client, audience, hidden):
    person = make.person()
    client.force_login(person)
    profile = make.profile(person, audience=audience)
    assert (NOINDEX in page_of(client, profile).content.decode()) == hidden


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        ("nobody", "Only you see this page"),
        ("staff", "Staff of partner organisations see this page when they are signed in."),
        ("everyone", "Everyone on the web may see this page"),
    ],
)
def test_its_own_person_is_told_who_sees_it_and_others_are_not(client, audience, told):
    person = make.person()
    profile = make.profile(person, audience=audience)
    client.force_login(person)
    assert told in page_of(client, profile).content.decode()
    client.force_login(make.member(make.partner(make.programme())))
    assert told not in page_of(client, profile).content.decode()


def test_a_page_that_one_may_not_see_is_as_one_that_does_not_exist(client):
    profile = make.profile(audience="staff", slug="kept-from-view")
    told = []
    for slug in (profile.slug, "nobody-of-this-name"):
        page = client.get(f"/people/{slug}/")
        words = page.content.decode().partition("<main")[2].partition("</main>")[0].replace(slug, "")
        told.append((page.status_code, words))
    assert told[0] == told[1]
    assert told[0][0] == 404


def test_staff_who_leave_see_it_no_longer(client):
    staff = make.member(make.partner(make.programme()))
    profile = make.profile(audience="staff")
    client.force_login(staff)
    assert page_of(client, profile).status_code == 200
    Membership.objects.filter(user=staff).update(ends_on=make.yesterday())
    assert page_of(client, profile).status_code == 404


def test_an_organisation_names_those_who_chose_to_be_listed(client):
    body = make.partner(make.programme(), make.organisation(slug="kent"))
    for name, audience in (("Public Person", "everyone"), ("Staff Person", "staff"), ("Hidden Person", "nobody")):
        make.profile(make.member(body, user=make.person(name=name)), audience=audience)
    left = make.member(body, user=make.person(name="Former Person"), ends_on=make.yesterday())
    make.profile(left)
    names = ("Public Person", "Staff Person", "Hidden Person", "Former Person")
    shown = client.get("/partners/kent/").content.decode()
    assert [name in shown for name in names] == [True, False, False, False]
    assert "/people/?organisation=kent" in shown
    client.force_login(make.member(body))
    shown = client.get("/partners/kent/").content.decode()
    assert [name in shown for name in names] == [True, True, False, False]


def test_an_organisation_of_which_nobody_is_listed_says_nothing_of_it(client):
    make.organisation(slug="kent")
    assert "/people/?organisation=kent" not in client.get("/partners/kent/").content.decode()


def test_a_person_s_page_shows_the_public_projects_they_lead(client):
    programme = make.programme()
    body = make.partner(programme)
    person = make.member(body)
    leads = [(person, body, "police_lead")]
    made = {
        stage: make.project(programme, stage=stage, title=f"Work {stage}", leads=leads)
        for stage in ("active", "proposed", "draft")
    }
    make.project(programme, title="Work of others", leads=[(make.member(body), body, "police_lead")])
    make.project(programme, title="Work as one of many", leads=[(person, body, "team")])
    profile = make.profile(person)
    titles = [each.title for each in made.values()] + ["Work of others", "Work as one of many"]

    def shown():
        text = page_of(client, profile).content.decode()
        return [title for title in titles if title in text]

    assert shown() == ["Work active"]
    for reader in (make.member(body), person):
        client.force_login(reader)
        assert shown() == ["Work active"]


def test_a_person_s_page_shows_what_they_have_led_and_the_evidence_that_came_of_it(client):
    programme = make.programme()
    body = make.partner(programme)
    person = make.member(body)
    project = make.project(programme, title="Work done", stage="completed", leads=[(person, body, "academic_lead")])
    project.people.update(ends_on=make.yesterday())
    make.review(programme, title="What came of it", project=project)
    make.review(programme, title="Still written", project=project, state="drafting")
    profile = make.profile(person)
    shown = page_of(client, profile).content.decode()
    assert [title in shown for title in ("Work done", "What came of it", "Still written")] == [True, True, False]
    other = make.profile()
    assert "What came of it" not in page_of(client, other).content.decode()


def test_what_is_official_is_shown_to_those_alone_who_may_see_it(client):
    programme = make.programme()
    body = make.partner(programme)
    person = make.member(body)
    make.project(programme, title="Inside work", handling="OFFICIAL", leads=[(person, body, "police_lead")])
    profile = make.profile(person)
    for reader, seen in ((None, False), (person, False), (make.member(body), True)):
        client.logout()
        if reader:
            client.force_login(reader)
        assert ("Inside work" in page_of(client, profile).content.decode()) == seen
