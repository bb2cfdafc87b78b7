"""The pages of practice sheets: what is typed is kept, and whatever is wrong is said beside its field."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence.models import Example, Mode, Resource, Sheet, Tag
from evidence.services import practices as services
from tests import factories as make
from tests.admin_forms import fields_of
from tests.evidence import sheets

pytestmark = pytest.mark.django_db
NEW = "/evidence/practices/new/"


@pytest.fixture
def here():
    """Make a programme with those who have to do with practice sheets."""
    return sheets.world()


@pytest.fixture
def writer(client, here):
    """Sign the writer in."""
    client.force_login(here.writer)
    return client


def text(response):
    return response.content.decode()


def test_a_sheet_typed_in_is_kept_and_sent_in(writer, here):
    sent = sheets.typed(here)
    kept = writer.post(NEW, sent | {"save": "1"})
    sheet = Sheet.objects.get()
    assert (kept.status_code, kept["Location"]) == (302, f"{sheet.get_absolute_url()}edit/")
    assert sorted(tag.name for tag in sheet.tags.all()) == ["buses", "night time"]
    [example] = sheet.examples.all()
    assert (example.place, example.country.code, example.source) == ("Lowick", "GB", "Own figures")
    assert [mode.term for mode in sheet.modes.all()] == [here.mode]
    assert [resource.url for resource in sheet.resources.all()] == ["https://example.org/buses"]
    form = writer.get(f"{sheet.get_absolute_url()}edit/")
    assert form.context["form"]["tags"].value() == "buses, night time"
    assert len(form.context["form"].rows["examples"].forms) == 2
    assert all(line.done for line in form.context["lines"])

    again = sent | {"seen": form.context["form"]["seen"].value(), "send": "1"}
    done = writer.post(f"{sheet.get_absolute_url()}edit/", again)
    assert (done.status_code, done["Location"]) == (302, sheet.get_absolute_url())
    sheet.refresh_from_db()
    assert sheet.state == "submitted"
    assert "waits for a coordinator" in text(writer.get(sheet.get_absolute_url()))
    late = writer.get(f"{sheet.get_absolute_url()}edit/")
    assert late.status_code == 409 and "Take it back" in text(late)
    assert writer.post(f"{sheet.get_absolute_url()}edit/", again).status_code == 422


def test_the_same_form_sent_twice_makes_one_draft(writer, here):
    sent = sheets.typed(here) | {"save": "1"}
    assert [writer.post(NEW, sent).status_code for _time in range(2)] == [302, 302]
    assert Sheet.objects.count() == 1


def test_what_lacks_something_is_kept_and_says_what_and_where(writer, here):
    sent = {"key": sheets.typed(here)["key"], "title": "Only a title", "send": "1", **sheets.rows()}
    page = writer.post(NEW, sent)
    assert page.status_code == 422 and Sheet.objects.get().title == "Only a title"
    places = dict(page.context["form"].problems)
    assert {"id_why", "id_conditions", "examples", "modes", "id_contact"} <= set(places)
    assert "It is kept, but not sent in yet" in text(page)
    more = sheets.typed(here, key=sent["key"], seen=page.context["form"]["seen"].value(), send="1")
    assert writer.post(NEW, more).status_code == 302
    assert Sheet.objects.get().state == "submitted"


def test_rows_are_added_changed_and_removed_without_scripts(writer, here):
    sheet = sheets.draft(here)
    edit = f"{sheet.get_absolute_url()}edit/"
    seen = writer.get(edit).context["form"]["seen"].value()
    two = [{"text": "First.", "DELETE": "on"}, {"text": "Second."}, {"text": "Third."}]
    sent = sheets.typed(here, seen=seen, more="examples") | sheets.rows(examples=two)
    answer = writer.post(edit, sent)
    assert answer["Location"] == f"{edit}#examples"
    assert [(row.position, row.text) for row in sheet.examples.all()] == [(1, "Second."), (2, "Third.")]


BAD = {
    "id_title": ({"title": "x" * 251}, "250 characters or fewer"),
    "id_summary": ({"summary": "x" * 1501}, "1500 characters or fewer"),
    "id_why": ({"why": "x" * 6001}, "6000 characters or fewer"),
    "id_conditions": ({"conditions": "a\x00b"}, "Null characters"),
    "id_not_worked": ({"not_worked": "x" * 6001}, "6000 characters or fewer"),
    "id_cost": ({"cost": "x" * 3001}, "3000 characters or fewer"),
    "id_contact": ({"contact": "x" * 251}, "250 characters or fewer"),
    "id_provenance": ({"provenance": "x" * 2001}, "2000 characters or fewer"),
    "id_tags": ({"tags": "x" * 61}, "60 characters for each tag"),
    "id_stage": ({"stage": "9" * 40}, "Choose from those shown"),
    "id_themes": ({"themes": ["9" * 40]}, "Choose from those shown"),
    "id_recognised": ({"recognised": ["none"]}, "Choose from those shown"),
    "id_standing": ({"standing": "0"}, "cannot act for this organisation"),
    "id_examples-0-country": ({"examples-0-country": "XX"}, "Choose a country from the list"),
    "id_examples-0-place": ({"examples-0-place": "x" * 121}, "120 characters or fewer"),
    "id_examples-0-text": ({"examples-0-text": "x" * 3001}, "3000 characters or fewer"),
    "id_examples-0-partners": ({"examples-0-partners": "x" * 501}, "500 characters or fewer"),
    "id_examples-0-source": ({"examples-0-source": "x" * 301}, "300 characters or fewer"),
    "id_examples-0-url": ({"examples-0-url": "javascript:alert(1)"}, "begins with http"),
    "id_modes-0-term_id": ({"modes-0-term_id": "999999"}, "Choose one of the modes"),
    "id_modes-0-text": ({"modes-0-text": "x" * 1501}, "1500 characters or fewer"),
    "id_resources-0-url": ({"resources-0-url": "ftp://example.org/"}, "begins with http"),
    "id_resources-0-frozen_url": ({"resources-0-frozen_url": "https://" + "x" * 600}, "500 characters or fewer"),
    "id_resources-0-citation": ({"resources-0-citation": "x" * 1001}, "1000 characters or fewer"),
    "id_resources-0-doi": ({"resources-0-doi": "10.1234/" + "x" * 113}, "at most 120 signs"),
    "id_resources-0-note": ({"resources-0-note": "x" * 201}, "200 characters or fewer"),
}


def test_each_wrong_field_is_told_and_nothing_typed_is_lost(writer, here):
    everything = {}
    for changes, _words in BAD.values():
        everything |= changes
    page = writer.post(NEW, sheets.typed(here, save="1") | everything)
    assert page.status_code == 422 and not Sheet.objects.exists()
    told = {place.removesuffix("_0"): line for place, line in page.context["form"].problems}
    for place, (changes, words) in BAD.items():
        assert words in told.get(place, ""), place
        [typed] = changes.values()
        if isinstance(typed, str) and not typed.isdecimal() and typed != "XX" and "\x00" not in typed:
            assert typed in text(page), place
    assert writer.post(NEW, sheets.typed(here, save="1") | {"tags": ", ".join("abcdefghijk")}).status_code == 422
    many = sheets.rows(modes=[{"text": f"Way {n}."} for n in range(31)])
    assert "Keep at most 30" in text(writer.post(NEW, sheets.typed(here, save="1") | many))
    assert writer.post(NEW, sheets.typed(here, save="1") | {"modes-TOTAL_FORMS": "no"}).status_code == 422
    assert not Sheet.objects.exists()


def test_scripts_in_a_text_are_shown_as_typed_and_links_lead_to_the_web_alone(writer, here):
    bad = "<script>alert(1)</script> [here](javascript:alert(2)) <img src=x onerror=alert(3)>"
    sheet = sheets.published(here, why=bad, conditions=bad, cost=bad, not_worked=bad, provenance=bad, summary=bad)
    page = text(writer.get(sheet.get_absolute_url()))
    assert "<script>alert" not in page and "<img src=x" not in page and 'href="javascript' not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_form_left_open_shows_both_texts_and_overwrites_nothing(writer, here):
    sheet = sheets.draft(here)
    edit = f"{sheet.get_absolute_url()}edit/"
    seen = writer.get(edit).context["form"]["seen"].value()
    before = services.snapshot(sheet)
    services.revise(sheet, by=here.writer, values=before | {"why": "Written elsewhere."}, seen=services.marks(before))
    typed = sheets.typed(here, seen=seen, why="Written here.", save="1")
    page = writer.post(edit, typed)
    assert page.status_code == 422
    assert "It now says: Written elsewhere." in text(page) and "Written here." in text(page)
    sheet.refresh_from_db()
    assert sheet.why == "Written elsewhere."
    knowing = typed | {"seen": page.context["form"]["seen"].value()}
    assert writer.post(edit, knowing).status_code == 302
    sheet.refresh_from_db()
    assert sheet.why == "Written here."


def test_nobody_else_writes_on_a_draft_and_only_staff_begin_one(client, here):
    sheet = sheets.draft(here)
    edit, mine = f"{sheet.get_absolute_url()}edit/", "/evidence/practices/mine/"
    for user, expected in ((here.colleague, 404), (here.coordinator, 404), (here.account, 404)):
        client.force_login(user)
        assert client.get(edit).status_code == expected
        assert sheet.title not in text(client.get(mine))
    assert client.get(NEW).status_code == 403
    client.force_login(here.writer)
    assert sheet.title in text(client.get(mine)) and sheet.title in text(client.get("/me/"))
    discard = f"{sheet.get_absolute_url()}discard/"
    assert client.get(discard).status_code == 200 and Sheet.objects.exists()
    assert client.post(discard)["Location"] == mine and not Sheet.objects.exists()
    waiting = sheets.waiting(here)
    assert client.post(f"{waiting.get_absolute_url()}take-back/").status_code == 302
    client.force_login(here.coordinator)
    assert client.get(f"{waiting.get_absolute_url()}").status_code == 404


def test_a_sheet_shows_all_its_parts_in_words(client, here):
    sheet = services.retire(sheets.published(here), by=here.coordinator, reason="The line was closed.")
    Resource.objects.create(
        sheet=sheet,
        position=1,
        citation="Low (2021), *Buses*.",
        url="https://a.example/",
        frozen_url="https://b.example/",
    )
    review = make.review(here.programme, themes=[here.theme], title="What buses do")
    page = text(client.get(sheet.get_absolute_url()))
    for words in (
        "No longer practised", "The line was closed.", "Officers ride the last bus", "Lowick, United Kingdom",
        "Own figures", here.mode.label, here.stage.label, "not known", "Riding every night", "Roads team",
        "https://b.example/", here.force.name, review.title, "Last changed",
    ):  # fmt: skip
        assert words in page, words
    assert "We tried this" not in page
    listed = text(client.get("/evidence/practices/?q=bus&country=GB"))
    assert sheet.title in listed and "No longer practised" in listed
    assert sheet.title in text(client.get(review.get_absolute_url()))


def test_a_withdrawn_sheet_leaves_a_tombstone_for_everyone(client, here):
    sheet = services.withdraw(sheets.published(here), by=here.coordinator, reason="It did harm.")
    for user in (None, here.writer, here.coordinator):
        client.logout()
        if user:
            client.force_login(user)
        page = client.get(sheet.get_absolute_url())
        assert page.status_code == 410 and "It did harm." in text(page)


def grown(here, n):
    """Give a published sheet ``n`` of everything, and the list ``n`` sheets like it."""
    sheet = sheets.published(here)
    for position in range(2, n + 2):
        Example.objects.create(sheet=sheet, position=position, text="Also.", country="FR", place="Lyon")
        Mode.objects.create(sheet=sheet, position=position, text="So.", term=here.mode)
        Resource.objects.create(sheet=sheet, position=position, citation="This.")
        sheet.tags.add(Tag.objects.create(name=f"tag {make.number()}"))
        body = make.partner(here.programme)
        user = make.member(body)
        services.tell_of_try(sheet, by=user, organisation=body, place="Here", result="worked", text="Well.")
        make.review(here.programme, themes=[here.theme])
        make.sheet(here.programme, organisation=here.force).themes.add(here.theme)
    return sheet


def cost(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_pages_cost_the_same_however_much_there_is(client, here):
    few, many = grown(here, 1), grown(here, 12)
    for user, most in ((None, 12), (here.scholar, 20), (here.coordinator, 20)):
        if user:
            client.force_login(user)
        assert cost(client, few.get_absolute_url()) == cost(client, many.get_absolute_url()) <= most
        assert cost(client, "/evidence/practices/?q=bus") <= most
    client.force_login(here.writer)
    assert cost(client, "/evidence/practices/mine/") <= 20


def test_coordinators_decide_in_the_admin(client, here):
    sheet = sheets.waiting(here)
    client.force_login(here.coordinator)
    assert sheet.title in text(client.get("/admin/evidence/sheet/?waiting=yes"))
    act = f"/admin/evidence/sheet/{sheet.pk}/act/"
    assert client.post(act, {"act": "return", "reason": ""}).status_code == 422
    assert client.post(act, {"act": "publish"}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == "published" and sheet.published_at <= timezone.now() + timedelta(seconds=1)
    make.sheet(here.programme, code="PP7")
    change = f"/admin/evidence/sheet/{sheet.pk}/change/"
    form = client.get(change).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    for prefix in ("examples", "modes", "resources"):
        sent |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    sent["themes"] = [here.theme.pk]
    taken = client.post(change, sent | {"code": "pp7", "as_read": form.as_read})
    assert "Another sheet has this code." in text(taken)
    assert client.post(change, sent | {"code": "PP8", "as_read": form.as_read}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.code == "PP8"


def test_coordinators_change_the_tags_in_the_admin_and_the_sheet_is_found_by_them(client, here):
    sheet = sheets.waiting(here)
    client.force_login(here.coordinator)
    change = f"/admin/evidence/sheet/{sheet.pk}/change/"
    sent = fields_of(client, change)
    assert sent["tags"] == "buses"
    as_read = client.get(change).context["adminform"].form.as_read
    assert client.post(change, sent | {"tags": "x" * 200, "as_read": as_read}).status_code == 200
    assert client.post(change, sent | {"tags": "Buses, Last orders", "as_read": as_read}).status_code == 302
    assert [str(tag) for tag in sheet.tags.all()] == ["Last orders", "buses"]
    late = client.post(change, sent | {"tags": "trams", "as_read": as_read})
    assert "It now says: Tags: Last orders, buses." in text(late)
    client.post(f"/admin/evidence/sheet/{sheet.pk}/act/", {"act": "publish"})
    assert sheet.title in text(client.get("/evidence/practices/?q=last+orders"))
