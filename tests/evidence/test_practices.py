"""Practice sheets: the way from a title to what everyone reads, and what each kind of person may do with them."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter, News
from collaborative.search.queries import matching
from evidence.models import Sheet, Tag
from evidence.services import practices as services
from evidence.services.practices import Changed, lacking, marks, snapshot
from evidence.states import SheetState
from tests import factories as make
from tests.evidence import sheets
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """Make a programme with those who have to do with practice sheets."""
    return sheets.world()


def told(key):
    """Return who got a letter in the portal."""
    return set(Letter.objects.filter(key=key, channel="portal").values_list("recipient", flat=True))


def test_a_sheet_is_written_sent_in_published_retired_revived_and_withdrawn(here):
    sheet = sheets.draft(here)
    assert (sheet.state, sheet.organisation, sheet.slug) == ("draft", here.force, "walking-the-night-bus-home")
    assert [str(row) for row in sheet.examples.all()] == ["Two lines."]

    sent = services.submit(sheet, by=here.writer)
    assert told("sheet.submitted") == {here.coordinator.pk}
    shown = services.publish(sent, by=here.coordinator)
    assert told("sheet.published") == {here.writer.pk}
    assert News.objects.filter(kind_of="sheet", object_id=shown.pk).exists()
    assert matching("bus", "sheet", None).values_list("object_id", flat=True).get() == shown.pk

    retired = services.retire(shown, by=here.coordinator, reason="The line was closed.")
    assert retired.retired_reason == "The line was closed."
    assert services.revive(retired, by=here.coordinator).retired_reason == ""
    gone = services.withdraw(shown, by=here.coordinator, reason="It did harm.")
    assert (gone.state, gone.withdrawn_reason) == ("withdrawn", "It did harm.")
    assert not matching("bus", "sheet", None).exists()
    verbs = ["drafted", "submitted", "published", "retired", "revived", "withdrawn"]
    events = Event.objects.filter(kind="sheet", object_id=sheet.pk).order_by("pk")
    assert [event.verb for event in events] == [f"sheet.{verb}" for verb in verbs]
    assert events[1].organisation_id == here.force.pk


def test_a_sheet_that_cannot_be_repeated_is_not_sent_in(here):
    bare = dict.fromkeys(("summary", "why", "conditions", "contact", "cost", "not_worked"), "")
    lists = {"themes": [], "examples": [], "modes": [], "tags": [], "stage_id": None}
    sheet = sheets.draft(here, **bare, **lists)
    assert set(lacking(snapshot(sheet))) == {
        "summary", "themes", "why", "conditions", "examples", "modes", "stage", "contact",
    }  # fmt: skip
    with pytest.raises(Refused, match="Say whom to ask"):
        services.submit(sheet, by=here.writer)
    advised = [line.anchor for line in services.checklist(snapshot(sheet)) if not line.required]
    assert advised == ["cost", "not_worked", "resources", "tags"]
    unsourced = [{"place": "Lowick", "country": "", "partners": "", "text": "Two lines.", "source": "", "url": ""}]
    assert "examples" in lacking(sheets.values(here, examples=unsourced))


def test_what_is_given_back_is_a_draft_again_with_the_reason(here):
    sheet = sheets.waiting(here)
    with pytest.raises(Refused, match="Say what is missing"):
        services.give_back(sheet, by=here.coordinator, reason="  ")
    back = services.give_back(sheet, by=here.coordinator, reason="Which bus?")
    assert (back.state, back.returned_reason) == ("draft", "Which bus?")
    assert told("sheet.returned") == {here.writer.pk}
    again = services.submit(back, by=here.writer)
    assert again.returned_reason == ""


def test_a_sheet_is_not_given_back_to_somebody_who_has_left(here):
    sheet = sheets.waiting(here)
    here.writer.memberships.update(ends_on=make.yesterday())
    with pytest.raises(Refused, match="has left and could not change it"):
        services.give_back(sheet, by=here.coordinator, reason="Which bus?")
    sheet.refresh_from_db()
    assert (sheet.state, sheet.returned_reason, told("sheet.returned")) == ("submitted", "", set())
    with pytest.raises(PermissionDenied):
        services.give_back(sheet, by=here.colleague, reason="Which bus?")
    make.member(here.university, user=here.writer)
    assert services.give_back(sheet, by=here.coordinator, reason="Which bus?").state == "draft"


def test_a_draft_is_discarded_but_not_once_it_was_sent_in(here):
    sheet = sheets.draft(here)
    with pytest.raises(PermissionDenied):
        services.discard(sheet, by=here.colleague)
    services.discard(sheet, by=here.writer)
    assert not Sheet.objects.filter(pk=sheet.pk).exists()
    with pytest.raises(Refused, match="discarded meanwhile"):
        services.submit(sheet, by=here.writer)
    with pytest.raises(Refused, match="Only a draft"):
        services.discard(sheets.waiting(here), by=here.writer)


ACTS = {
    "submit": lambda sheet, by: services.submit(sheet, by=by),
    "take back": lambda sheet, by: services.take_back(sheet, by=by),
    "publish": lambda sheet, by: services.publish(sheet, by=by),
    "return": lambda sheet, by: services.give_back(sheet, by=by, reason="Not yet."),
    "retire": lambda sheet, by: services.retire(sheet, by=by, reason="Over."),
    "revive": lambda sheet, by: services.revive(sheet, by=by),
    "withdraw": lambda sheet, by: services.withdraw(sheet, by=by, reason="Wrong."),
    "discard": lambda sheet, by: services.discard(sheet, by=by),
}
FROM = {
    "submit": {"draft"},
    "take back": {"submitted"},
    "publish": {"submitted"},
    "return": {"submitted"},
    "retire": {"published"},
    "revive": {"retired"},
    "withdraw": {"published", "retired"},
    "discard": {"draft"},
}
WRITERS = {"submit", "take back", "discard"}
WITH_PANELS = ("visitor", "writer", "coordinator")
"""Whose panels are looked at too: who sees least, and who sees most."""
PEOPLE = ("writer", "colleague", "scholar", "coordinator", "other_coordinator", "administrator", "account")


def outcome(act, sheet, by):
    """Return done, refused (the state) or forbidden (the person), and undo whatever was done."""
    try:
        with transaction.atomic():
            try:
                ACTS[act](sheet, by)
                return "done"
            finally:
                transaction.set_rollback(True)
    except Refused:
        return "refused"
    except PermissionDenied:
        return "forbidden"


def test_every_move_is_allowed_to_whom_it_should_be_and_from_where_it_should_be(here):
    of_state = {"draft": sheets.draft(here), "submitted": sheets.waiting(here), "published": sheets.published(here)}
    of_state["retired"] = services.retire(sheets.published(here), by=here.coordinator, reason="Over.")
    of_state["withdrawn"] = services.withdraw(sheets.published(here), by=here.coordinator, reason="Wrong.")
    wrong = {}
    for act, sources in FROM.items():
        allowed = {"writer"} if act in WRITERS else {"coordinator", "administrator"}
        for state, sheet in of_state.items():
            for name in PEOPLE:
                expected = "refused" if state not in sources else "done" if name in allowed else "forbidden"
                got = outcome(act, sheet, getattr(here, name))
                if got != expected:
                    wrong[act, state, name] = got, expected
    assert wrong == {}


def test_nobody_publishes_what_they_sent_in_themselves(here):
    make.coordinator(here.programme, user=here.writer)
    with pytest.raises(PermissionDenied, match="another coordinator decides"):
        services.publish(sheets.waiting(here), by=here.writer)


def test_lists_pages_and_search_agree_on_who_sees_what(here, client):
    made = {"draft": sheets.draft(here), "submitted": sheets.waiting(here), "published": sheets.published(here)}
    made["returned"] = services.give_back(sheets.waiting(here), by=here.coordinator, reason="Which?")
    made["retired"] = services.retire(sheets.published(here), by=here.coordinator, reason="Over.")
    made["withdrawn"] = services.withdraw(sheets.published(here), by=here.coordinator, reason="Wrong.")
    public, sent = {"published", "retired"}, {"submitted", "returned", "withdrawn"}
    sees = dict.fromkeys((*PEOPLE, "visitor"), public)
    sees |= {"writer": set(made), "coordinator": public | sent, "administrator": public | sent}
    titles = {name: f"Sheet called {name}" for name in made}
    for name, sheet in made.items():
        Sheet.objects.filter(pk=sheet.pk).update(title=titles[name])
    for name, seen in sees.items():
        user = None if name == "visitor" else getattr(here, name)
        client.logout()
        if user:
            client.force_login(user)
        visible = set(Sheet.objects.visible_to(user).values_list("pk", flat=True))
        assert visible == {made[each].pk for each in seen}, name
        for each, sheet in made.items():
            status = client.get(sheet.get_absolute_url()).status_code
            assert status == (410 if each == "withdrawn" else 200 if each in seen else 404), (name, each)
        listed = client.get("/evidence/practices/")
        assert {sheet.pk for sheet in listed.context["sheets"]} == {made[each].pk for each in public}, name
        found = set(matching("bus", "sheet", user).values_list("object_id", flat=True))
        assert found == {made[each].pk for each in public}, name
        for page in (here.theme, here.programme, here.force) if name in WITH_PANELS else ():
            text = client.get(page.get_absolute_url()).content.decode()
            shown = {each for each in made if titles[each] in text}
            assert shown == public, (name, page)


def test_a_form_sent_twice_makes_one_draft_and_tags_have_no_twins(here):
    key, words = uuid4(), sheets.values(here, tags=["Buses", "night"])
    first = services.begin(by=here.writer, key=key, values=words, seen={})
    second = services.begin(by=here.writer, key=key, values=words, seen={})
    assert first == second and Sheet.objects.count() == 1
    sheets.draft(here, tags=["buses"])
    assert Tag.objects.filter(name__iexact="buses").count() == 1


def test_two_who_change_one_draft_overwrite_nothing_of_each_other(here):
    sheet = sheets.draft(here)
    before = snapshot(sheet)
    seen = marks(before)
    services.revise(sheet, by=here.writer, values=before | {"why": "Theirs."}, seen=seen)
    mine = services.revise(sheet, by=here.writer, values=before | {"cost": "Two posts."}, seen=seen)
    assert (mine.why, mine.cost) == ("Theirs.", "Two posts.")
    with pytest.raises(Changed) as changed:
        services.revise(sheet, by=here.writer, values=before | {"why": "Mine."}, seen=seen)
    assert changed.value.now == {"why": "Theirs."}
    sheet.refresh_from_db()
    assert sheet.why == "Theirs."


def test_addresses_are_never_reserved_and_codes_never_taken_twice(here):
    assert sheets.draft(here, title="New").slug == "new-2"
    assert sheets.draft(here, title="New").slug == "new-3"
    make.sheet(code="PP1")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.sheet(code="pp1")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told(here):
    sheet = sheets.waiting(here)
    results = at_once(
        lambda: services.publish(sheet, by=here.coordinator),
        lambda: services.give_back(sheet, by=here.administrator, reason="Not yet."),
    )
    assert sorted(type(each).__name__ for each in results) == ["Refused", "Sheet"]
    assert Sheet.objects.get(pk=sheet.pk).state in (SheetState.PUBLISHED, SheetState.DRAFT)
