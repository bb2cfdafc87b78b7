"""The demonstration's data files agree with each other: every slug, code and citation leads somewhere."""

import re
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "collaborative" / "portal" / "demo" / "data"
TERMS_FILE = Path(__file__).parents[2] / "collaborative" / "vocabulary" / "data" / "terms.toml"
RESERVED = {
    "list", "propose", "areas", "feed", "map", "practices", "recommendations", "ask", "calendar", "atlas", "new",
    "edit",
}  # fmt: skip


def read(name):
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def slugs(rows):
    return [row["slug"] for row in rows]


ORGANISATIONS = read("organisations.toml")["organisations"]
PROGRAMMES = read("programmes.toml")["programmes"]
THEMES = read("themes.toml")["themes"]
AREAS = read("areas.toml")
PEOPLE = read("people.toml")["people"]
EVENTS = read("training.toml")["events"]
ACTIVITY = read("activity.toml")
REVIEWS = [review for path in sorted(DATA.glob("review*.toml")) for review in read(path.name)["reviews"]]
PROJECTS = AREAS["projects"] + ACTIVITY["proposals"]
TERMS = {(term["scheme"], term["code"]) for term in tomllib.loads(TERMS_FILE.read_text(encoding="utf-8"))["terms"]}
LISTS = {
    "organisation": ORGANISATIONS, "programme": PROGRAMMES, "theme": THEMES, "person": PEOPLE, "event": EVENTS,
    "review": REVIEWS, "project": PROJECTS, "area": AREAS["areas"], "strand": AREAS["strands"],
}  # fmt: skip
KNOWN = {name: set(slugs(rows)) for name, rows in LISTS.items()}


def unknown(name, used):
    return set(used) - KNOWN[name] - {""}


@pytest.mark.parametrize("name", LISTS)
def test_addresses_are_plain_and_used_once(name):
    used = slugs(LISTS[name])
    assert [slug for slug, times in Counter(used).items() if times > 1] == []
    assert [slug for slug in used if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 80] == []
    assert set(used) & RESERVED == set()


def test_organisations_lead_somewhere():
    assert {("organisation_kind", row["kind"]) for row in ORGANISATIONS} - TERMS == set()
    assert unknown("organisation", (row.get("successor", "") for row in ORGANISATIONS)) == set()
    assert unknown("organisation", (row.get("oversees", "") for row in ORGANISATIONS)) == set()
    assert unknown("organisation", (other for row in ORGANISATIONS for other in row.get("unit_of", ()))) == set()


def test_programmes_and_themes_lead_somewhere():
    partners = [row for programme in PROGRAMMES for row in programme["partners"]]
    assert unknown("organisation", (row["organisation"] for row in partners)) == set()
    assert {("programme_role", row["role"]) for row in partners} - TERMS == set()
    assert unknown("theme", (theme for row in PROGRAMMES for theme in row["themes"])) == set()
    leads = [lead for theme in THEMES for lead in theme.get("leads", ())]
    assert sorted(lead["side"] for lead in leads) == ["academic", "operational"]
    assert unknown("organisation", (lead["organisation"] for lead in leads)) == set()
    assert unknown("programme", (lead["programme"] for lead in leads)) == set()


def test_projects_lead_somewhere():
    assert {("project_kind", row["kind"]) for row in PROJECTS} - TERMS == set()
    assert {("research_level", row["level"]) for row in PROJECTS if row["level"]} - TERMS == set()
    for name in ("programme", "strand", "area"):
        assert unknown(name, (row[name] for row in PROJECTS)) == set()
    assert unknown("organisation", (row["lead_organisation"] for row in PROJECTS)) == set()
    assert unknown("organisation", (other for row in PROJECTS for other in row["partners"])) == set()
    assert unknown("theme", (theme for row in PROJECTS for theme in row["themes"])) == set()
    people = [person for row in PROJECTS for person in row["people"]]
    assert unknown("person", (person["person"] for person in people)) == set()
    assert {("project_role", person["role"]) for person in people if person["part"] == "team"} - TERMS == set()


def partner_programmes(organisation):
    return {row["slug"] for row in PROGRAMMES if organisation in {part["organisation"] for part in row["partners"]}}


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project["slug"])
def test_organisations_of_a_project_are_partners_of_its_programme(project):
    involved = {project["lead_organisation"], *project["partners"]}
    assert {name for name in involved if project["programme"] not in partner_programmes(name)} == set()


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project["slug"])
def test_a_submitted_project_has_a_pair_from_the_police_and_a_university(project):
    kinds = {row["slug"]: row["kind"] for row in ORGANISATIONS}
    homes = {person["slug"]: person["memberships"][0]["organisation"] for person in PEOPLE if person["memberships"]}
    sides = {person["part"]: kinds[homes[person["person"]]] for person in project["people"] if person["part"] != "team"}
    if project["stage"] != "draft":
        assert sides in (
            {"police_lead": "police_force", "academic_lead": "university"},
            {"police_lead": "regional_unit", "academic_lead": "university"},
        )


def test_the_history_of_a_proposal_ends_at_its_stage_and_moves_forward_in_time():
    for row in ACTIVITY["proposals"] + REVIEWS:
        days = [step["in_days"] for step in row["history"]]
        assert (row["slug"], row["history"][-1]["to"]) == (row["slug"], row.get("stage") or row.get("state"))
        assert (row["slug"], days) == (row["slug"], sorted(days))
        assert days[-1] < 0
        assert unknown("person", (step["by"] for step in row["history"])) == set()


def test_every_decision_of_a_coordinator_has_a_reason():
    decided = [
        step
        for row in ACTIVITY["proposals"]
        for step in row["history"]
        if step["to"] in {"shortlisted", "in_review", "awarded", "declined"}
    ]
    coordinators = {person["slug"] for person in PEOPLE if person.get("programme_roles")}
    assert len(decided) >= 10
    assert [step for step in decided if not step["reason"] or step["by"] not in coordinators] == []


@pytest.mark.parametrize("review", REVIEWS, ids=lambda review: review["slug"])
def test_citations_and_footnotes_of_a_review_lead_to_their_text(review):
    keys = {row["key"] for row in review.get("references", ())}
    bodies = {row["number"]: row["body"] for row in review["sections"]} | {0: review["background"]}
    cited = set()
    for number, body in bodies.items():
        found = {key for group in re.findall(r"\[(@[^\]]+)\]", body) for key in re.findall(r"@([a-z0-9-]+)", group)}
        assert {row["key"] for row in review.get("references", ()) if number in row["cited_in"]} >= found
        cited |= found
        marks = re.findall(r"\[\^([a-z-]+)\](?!:)", body)
        assert sorted(marks) == sorted(re.findall(r"(?m)^\[\^([a-z-]+)\]:", body))
    assert cited <= keys
    assert unknown("theme", review["themes"]) == set()
    assert unknown("programme", [review["programme"]]) == set()
    assert unknown("project", [review.get("project", "")]) == set()
    assert ("review_kind", review["kind"]) in TERMS


def test_every_reference_of_the_review_of_partnerships_is_cited_where_it_says():
    (review,) = [row for row in REVIEWS if row["slug"] == "policing-partnerships-evidence-review"]
    bodies = {row["number"]: row["body"] for row in review["sections"]}
    missing = [
        (row["key"], number)
        for row in review["references"]
        for number in row["cited_in"]
        if f"@{row['key']}" not in bodies[number]
    ]
    assert missing == []


def test_plain_summaries_have_their_five_headings_and_stay_short():
    expected = [
        "What we looked at", "What we found", "What it means for policing", "What we do not know",
        "How good the evidence is",
    ]  # fmt: skip
    for review in REVIEWS:
        if review["plain_summary"]:
            assert re.findall(r"(?m)^# (.+)$", review["plain_summary"]) == expected
            assert len(review["plain_summary"].split()) <= 700


def test_what_is_invented_says_so():
    words = "invented for the demonstration"
    invented = [review for review in REVIEWS if review["invented"]]
    assert len(invented) == 12
    assert [row["slug"] for row in invented + ACTIVITY["proposals"] if words not in row["summary"].lower()] == []
    assert [row["slug"] for row in EVENTS if words not in (row["summary"] + row["description"]).lower()] == []
    assert [row["slug"] for row in AREAS["projects"] if words not in row["approach"]] == []


def test_events_lead_somewhere_and_lie_on_the_right_side_of_today():
    assert {("training_kind", row["kind"]) for row in EVENTS} - TERMS == set()
    assert unknown("organisation", (row["organiser"] for row in EVENTS)) == set()
    assert unknown("programme", (row["programme"] for row in EVENTS)) == set()
    assert unknown("review", (row.get("review", "") for row in EVENTS)) == set()
    assert unknown("theme", (theme for row in EVENTS for theme in row["themes"])) == set()
    assert {row["slug"] for row in EVENTS if row["starts_in_days"] < 0} == {
        row["slug"] for row in EVENTS if row["state"] == "delivered"
    }


def test_activity_leads_somewhere():
    for name in ("event", "person"):
        assert unknown(name, (row[name] for row in ACTIVITY["bookings"])) == set()
    for name in ("project", "person"):
        assert unknown(name, (row[name] for row in ACTIVITY["join_requests"])) == set()
    for row in ACTIVITY["follows"]:
        assert unknown("person", [row["person"]]) | unknown(row["kind"], [row["slug"]]) == set()
    homes = {person["slug"]: {part["organisation"] for part in person["memberships"]} for person in PEOPLE}
    assert [row for row in ACTIVITY["join_requests"] if row["organisation"] not in homes[row["person"]]] == []
    assert [row for row in ACTIVITY["join_requests"] if (row["state"] == "pending") == ("answer" in row)] == []


def test_one_event_is_full_and_has_people_waiting_and_none_is_overbooked():
    places = {row["slug"]: row.get("places") for row in EVENTS}
    taken = Counter(row["event"] for row in ACTIVITY["bookings"] if row["state"] in {"confirmed", "attended"})
    waiting = {row["event"] for row in ACTIVITY["bookings"] if row["state"] == "waitlisted"}
    full = {slug for slug, number in taken.items() if places[slug] and number == places[slug]}
    assert full == waiting == {"evidence-based-policing-train-the-trainers"}
    assert [slug for slug, number in taken.items() if places[slug] and number > places[slug]] == []
    booked = [(row["event"], row["person"]) for row in ACTIVITY["bookings"] if row["state"] != "cancelled"]
    assert len(booked) == len(set(booked))


def test_every_queue_has_something_in_it():
    assert {row["state"] for row in REVIEWS} == {
        "published", "drafting", "peer_review", "approved", "update_due", "superseded", "archived", "withdrawn",
    }  # fmt: skip
    assert {row["stage"] for row in ACTIVITY["proposals"]} >= {
        "draft", "proposed", "shortlisted", "in_review", "awarded", "declined",
    }  # fmt: skip
    waiting = {row["programme"] for row in ACTIVITY["proposals"] if row["stage"] == "proposed"}
    assert waiting == KNOWN["programme"]
    assert {row["state"] for row in ACTIVITY["join_requests"]} == {"pending", "accepted", "declined"}


def test_addresses_of_people_are_invented_and_belong_to_their_organisation():
    bodies = defaultdict(set)
    for person in PEOPLE:
        domain = person["email"].split("@")[1]
        assert domain.endswith(".example")
        bodies[domain].update(membership["organisation"] for membership in person["memberships"])
    assert {domain: shared for domain, shared in bodies.items() if len(shared) > 1} == {}


def test_each_role_has_an_account_and_each_programme_a_coordinator():
    accounts = [person["account"] for person in PEOPLE if person.get("account")]
    assert len(accounts) == len(set(accounts)) == 13
    coordinated = {role["programme"] for person in PEOPLE for role in person.get("programme_roles", ())}
    assert coordinated == KNOWN["programme"]
    assert [person["slug"] for person in PEOPLE if person.get("administrator")] == ["administrator"]
