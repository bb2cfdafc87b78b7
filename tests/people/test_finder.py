"""The finder: who is listed to whom, by which words and facets, and why each person is shown."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import Membership
from tests import factories as make

pytestmark = pytest.mark.django_db
URL = "/people/"


def found(client, **query):
    """Return the names that the finder shows, in order."""
    page = client.get(URL, query)
    assert page.status_code == 200
    return [str(person.profile) for person in page.context["people"]]


def reasons(client, **query):
    """Return ``{name: [(kind, words), …]}``."""
    people = client.get(URL, query).context["people"]
    return {str(person.profile): [(str(kind), words) for kind, words in person.reasons] for person in people}


def facets(client, **query):
    """Return ``{facet: {label: number}}``."""
    shown = client.get(URL, query).context["filter"].facets
    return {each["name"]: {str(row["label"]): row["count"] for row in each["options"]} for each in shown}


@pytest.fixture
def staff():
    """Return staff of a partner who are not listed themselves."""
    return make.member(make.partner(make.programme(name="Elsewhere")))


@pytest.fixture
def people():
    """Make Ann at Kent Police, Ben at the University of Swansea, and Cai who is listed to staff."""
    programme = make.programme(slug="north", name="Northern Programme")
    kent = make.partner(programme, make.organisation(slug="kent", name="Kent Police", region="South East"))
    swansea = make.partner(
        make.programme(slug="wales", name="Welsh Programme"),
        make.organisation(
            "university", slug="swansea", name="Swansea University", name_cy="Prifysgol Abertawe", region="Wales"
        ),
    )
    swansea.aliases.create(name="SU")
    abuse, rural = make.theme(slug="abuse", name="Domestic abuse"), make.theme(slug="rural", name="Rural crime")
    ann = make.member(kent, user=make.person(name="Ann Archer"), title="Analyst")
    ben = make.member(swansea, user=make.person(name="Ben Brânwen"))
    cai = make.member(kent, user=make.person(name="Cai Carter"))
    make.member(swansea, user=cai)
    make.profile(
        ann,
        words=["Network analysis", "Maps"],
        themes=[abuse],
        methods=["interviews"],
        languages=["cy"],
        offers=["advice"],
        about="I have walked every beat of Dover.",
    )
    make.profile(ben, words=["Café culture"], themes=[abuse, rural], methods=["survey"], offers=["speaking", "advice"])
    make.profile(cai, audience="staff", words=["Network analysis"], methods=["interviews", "survey"])
    make.profile(make.person(name="Dee Drew"), audience="nobody", words=["Network analysis"])


def test_it_is_empty_and_says_what_to_do(client):
    page = client.get(URL).content.decode()
    assert "Nobody is listed yet" in page
    client.force_login(make.person())
    assert "Write your profile" in client.get(URL).content.decode()


def test_visitors_and_accounts_find_those_who_chose_everyone_and_staff_find_more(client, people, staff):
    assert found(client) == ["Ann Archer", "Ben Brânwen"]
    client.force_login(make.person())
    assert found(client) == ["Ann Archer", "Ben Brânwen"]
    client.force_login(staff)
    assert found(client) == ["Ann Archer", "Ben Brânwen", "Cai Carter"]


def test_one_s_own_hidden_page_is_not_among_those_listed(client):
    person = make.person(name="Ann")
    make.profile(person, audience="nobody")
    client.force_login(person)
    assert found(client) == []


def test_a_visitor_counts_and_finds_nothing_of_what_is_for_staff(client, people, staff):
    assert found(client, q="carter") == []
    assert facets(client)["method"] == {"Interviews": 1, "Survey": 1}
    assert "Cai" not in client.get("/search/", {"q": "carter"}).content.decode()
    client.force_login(staff)
    assert found(client, q="carter") == ["Cai Carter"]
    assert facets(client)["method"] == {"Interviews": 2, "Survey": 2}
    assert "Cai" in client.get("/search/", {"q": "carter"}).content.decode()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("ann", ["Ann Archer"]),
        ("arch", ["Ann Archer"]),
        ("BRANWEN", ["Ben Brânwen"]),
        ("network", ["Ann Archer"]),
        ("networks analysing", ["Ann Archer"]),
        ("cafe", ["Ben Brânwen"]),
        ("caf\u00e9", ["Ben Brânwen"]),
        ("interviewing", ["Ann Archer"]),
        ("cyfweliadau", ["Ann Archer"]),
        ("domestic abuse", ["Ann Archer", "Ben Brânwen"]),
        ("abuse -survey", ["Ann Archer"]),
        ("dover", ["Ann Archer"]),
        ("kent", ["Ann Archer"]),
        ("abertawe", ["Ben Brânwen"]),
        ("SU", ["Ben Brânwen"]),
        ("analyst kent maps", ["Ann Archer"]),
        ("analyst swansea", []),
        ("zeppelin", []),
        ("the", []),
    ],
)
def test_words_find_by_name_knowledge_text_and_workplace(client, people, words, names):
    assert sorted(found(client, q=words)) == names


def test_the_best_match_comes_first(client):
    for name, words, about in (("Abe", [], "Knows of drones."), ("Bea", ["Drones"], ""), ("Drones Fan", [], "")):
        make.profile(make.person(name=name), words=words, about=about)
    assert found(client, q="drones") == ["Drones Fan", "Bea", "Abe"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"theme": "abuse"}, ["Ann Archer", "Ben Brânwen"]),
        ({"theme": ["abuse", "rural"]}, ["Ann Archer", "Ben Brânwen"]),
        ({"theme": "rural"}, ["Ben Brânwen"]),
        ({"method": "interviews"}, ["Ann Archer"]),
        ({"method": ["interviews", "survey"]}, ["Ann Archer", "Ben Brânwen"]),
        ({"method": "interviews", "offer": "speaking"}, []),
        ({"language": "cy"}, ["Ann Archer"]),
        ({"offer": "advice"}, ["Ann Archer", "Ben Brânwen"]),
        ({"kind": "university"}, ["Ben Brânwen"]),
        ({"programme": "north"}, ["Ann Archer"]),
        ({"region": "Wales"}, ["Ben Brânwen"]),
        ({"organisation": "kent"}, ["Ann Archer"]),
        ({"organisation": "no-such-place"}, []),
        ({"method": "no such thing", "q": "\x00"}, []),
        ({"theme": "abuse", "q": "cafe"}, ["Ben Brânwen"]),
    ],
)
def test_facets_widen_within_and_narrow_each_other(client, people, query, names):
    assert found(client, **query) == names


def test_each_facet_counts_what_the_others_leave(client, people):
    assert facets(client) == {
        "theme": {"Domestic abuse": 2, "Rural crime": 1},
        "method": {"Interviews": 1, "Survey": 1},
        "language": {"Welsh": 1},
        "offer": {"Advice on a project": 2, "Speaking and teaching": 1},
        "kind": {"Police force": 1, "University": 1},
        "programme": {"Northern Programme": 1, "Welsh Programme": 1},
        "region": {"South East": 1, "Wales": 1},
    }
    narrowed = facets(client, method="survey", organisation="kent")
    assert narrowed == {"method": {"Interviews": 1, "Survey": 0}, "organisation": {"Kent Police": 0}}
    assert facets(client, offer="speaking", method="survey")["offer"] == {
        "Advice on a project": 1,
        "Speaking and teaching": 1,
    }


def test_a_person_of_two_places_is_counted_and_shown_once(client, people, staff):
    client.force_login(staff)
    assert found(client, programme=["north", "wales"]) == ["Ann Archer", "Ben Brânwen", "Cai Carter"]
    both = facets(client, method="interviews")
    assert (both["region"], both["programme"]) == (
        {"South East": 2, "Wales": 1},
        {"Northern Programme": 2, "Welsh Programme": 1},
    )


def test_what_has_ended_counts_no_longer(client, people):
    Membership.objects.filter(organisation__slug="kent").update(ends_on=make.yesterday())
    assert found(client, organisation="kent") == []
    assert facets(client)["region"] == {"Wales": 1}


def test_a_chosen_facet_keeps_its_name_when_nobody_is_left(client, people):
    chips = client.get(URL, {"organisation": "kent", "region": "Wales"}).context["filter"].chips
    assert sorted(str(chip["label"]) for chip in chips) == ["Kent Police", "Wales"]


def test_without_a_question_each_person_is_shown_for_what_they_are_listed_for(client, people):
    make.profile(make.person(name="Eve Early"), words=["Maps", "Tables"])
    make.profile(make.person(name="Fay Few"))
    assert reasons(client) == {
        "Ann Archer": [("Listed for", "Advice on a project")],
        "Ben Brânwen": [("Listed for", "Advice on a project, Speaking and teaching")],
        "Eve Early": [("Knows", "Maps, Tables")],
        "Fay Few": [],
    }


@pytest.mark.parametrize(
    ("query", "name", "told"),
    [
        ({"q": "networks"}, "Ann Archer", [("Knows", "Network analysis")]),
        ({"q": "cafe"}, "Ben Brânwen", [("Knows", "Café culture")]),
        ({"q": "interviewing"}, "Ann Archer", [("Method", "Interviews")]),
        ({"q": "cyfweliadau"}, "Ann Archer", [("Method", "Interviews")]),
        (
            {"q": "maps interview abuse"},
            "Ann Archer",
            [("Knows", "Maps"), ("Method", "Interviews"), ("Works on theme", "Domestic abuse")],
        ),
        ({"q": "abertawe"}, "Ben Brânwen", [("Works at", "Swansea University (University, Wales)")]),
        ({"q": "analyst"}, "Ann Archer", [("Works at", "Kent Police (Police force, South East)")]),
        ({"method": "survey"}, "Ben Brânwen", [("Method", "Survey")]),
        ({"language": "cy"}, "Ann Archer", [("Language", "Welsh")]),
        ({"offer": ["speaking", "data"]}, "Ben Brânwen", [("Listed for", "Speaking and teaching")]),
        ({"region": "Wales"}, "Ben Brânwen", [("Works at", "Swansea University (University, Wales)")]),
        ({"organisation": "kent"}, "Ann Archer", [("Works at", "Kent Police (Police force, South East)")]),
        ({"programme": "wales"}, "Ben Brânwen", [("Programme", "Welsh Programme")]),
        (
            {"theme": "abuse", "q": "network"},
            "Ann Archer",
            [("Knows", "Network analysis"), ("Works on theme", "Domestic abuse")],
        ),
    ],
)
def test_the_reason_names_what_answers_the_question(client, people, query, name, told):
    assert reasons(client, **query)[name] == told


def test_a_name_or_a_text_that_answers_is_shown_with_its_words_marked(client, people):
    shown = client.get(URL, {"q": "dover archer"}).content.decode()
    assert "Ann <mark>Archer</mark>" in shown
    assert "<mark>Dover</mark>" in shown


def test_what_people_write_is_never_obeyed_in_the_finder(client):
    make.profile(make.person(name="<b>Ann</b> drones"), words=["<i>drones</i>"], about="<script>drones</script>")
    for query in ({}, {"q": "drones"}):
        shown = client.get(URL, query).content.decode()
        assert [tag in shown for tag in ("<b>Ann", "<i>", "<script>drones")] == [False] * 3


def test_pages_hold_twenty_and_the_order_is_by_name(client):
    for n in range(25, 0, -1):
        make.profile(make.person(name=f"Person {n:02}"))
    assert found(client) == [f"Person {n:02}" for n in range(1, 21)]
    assert found(client, page=2) == [f"Person {n:02}" for n in range(21, 26)]


@pytest.mark.parametrize("query", [{}, {"q": "networks abuse"}, {"method": "survey"}, {"programme": "north", "q": "a"}])
def test_it_costs_the_same_however_many_there_are(client, staff, query):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, query)
        return len(queries)

    def grow(number):
        body = make.partner(make.programme(), make.organisation())
        for _ in range(number):
            person = make.member(body, user=make.person(name="Ann"))
            themes = [make.theme(name="Domestic abuse")]
            make.profile(
                person, words=["Network analysis"], themes=themes, methods=["survey"], languages=["cy"], offers=["data"]
            )

    grow(1)
    few = cost()
    grow(15)
    assert (cost(), few <= 12) == (few, True)
    client.force_login(staff)
    assert cost() <= 20
