"""“We tried this”: other partners say what came of a practice, and coordinators hide what should not stand there."""

import pytest
from django.core.exceptions import PermissionDenied

from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from evidence.models import Tried
from evidence.services import practices as services
from tests import factories as make
from tests.evidence import sheets
from tests.races import at_once

pytestmark = pytest.mark.django_db
WORDS = {"place": "Harrow", "result": "partly", "text": "Only on weekdays."}


@pytest.fixture
def here():
    """Make a programme with those who have to do with practice sheets."""
    return sheets.world()


def note(here, sheet, **changes):
    """Let the scholar's university say that it tried the practice."""
    return services.tell_of_try(sheet, by=here.scholar, organisation=here.university, **WORDS | changes)


def told(key):
    return set(Letter.objects.filter(key=key, channel="portal").values_list("recipient", flat=True))


def text(response):
    return response.content.decode()


def test_a_note_is_posted_changed_hidden_shown_and_deleted(here):
    sheet = sheets.published(here)
    made = note(here, sheet)
    assert told("sheet.tried") == {here.writer.pk}
    assert note(here, sheet) == made and Tried.objects.count() == 1
    changed = services.change_note(made, by=here.scholar, **WORDS | {"result": "worked"})
    assert changed.result == "worked" and changed.changed_at
    hidden = services.hide_note(made, by=here.coordinator, reason="It names a suspect.")
    assert told("tried.hidden") == {here.scholar.pk}
    with pytest.raises(Refused, match="hidden already"):
        services.hide_note(hidden, by=here.coordinator, reason="Again.")
    assert services.show_note(hidden, by=here.coordinator).hidden_reason == ""
    with pytest.raises(Refused, match="shown already"):
        services.show_note(hidden, by=here.coordinator)
    services.delete_note(made, by=here.scholar)
    assert not Tried.objects.exists()
    with pytest.raises(Refused, match="deleted meanwhile"):
        services.change_note(made, by=here.scholar, **WORDS)


def test_only_other_partners_write_notes_and_only_on_what_is_practised(here):
    sheet = sheets.published(here)
    with pytest.raises(PermissionDenied, match="your own organisation"):
        services.tell_of_try(sheet, by=here.colleague, organisation=here.force, **WORDS)
    with pytest.raises(PermissionDenied, match="staff of partner"):
        services.tell_of_try(sheet, by=here.account, organisation=here.university, **WORDS)
    with pytest.raises(Refused, match="cannot write for this organisation"):
        services.tell_of_try(sheet, by=here.scholar, organisation=here.force, **WORDS)
    services.retire(sheet, by=here.coordinator, reason="Over.")
    with pytest.raises(Refused, match="published and practised"):
        note(here, sheet)


def test_nobody_changes_another_s_note_and_only_coordinators_hide_one(here):
    made = note(here, sheets.published(here))
    for by in (here.writer, here.coordinator, here.administrator):
        with pytest.raises(PermissionDenied):
            services.change_note(made, by=by, **WORDS)
        with pytest.raises(PermissionDenied):
            services.delete_note(made, by=by)
    for by in (here.writer, here.scholar, here.other_coordinator):
        with pytest.raises(PermissionDenied):
            services.hide_note(made, by=by, reason="No.")
    with pytest.raises(Refused, match="Say why"):
        services.hide_note(made, by=here.coordinator, reason=" ")


def test_the_page_says_that_everyone_reads_it_and_keeps_what_was_typed(client, here):
    sheet = sheets.published(here)
    other = make.partner(here.programme)
    make.member(other, user=here.scholar)
    address = f"{sheet.get_absolute_url()}try/"
    assert client.get(address)["Location"].startswith("/accounts/login/")
    client.force_login(here.scholar)
    page = client.get(address)
    assert "Everyone can read this" in text(page)
    assert set(page.context["form"].fields["organisation"].queryset) == {here.university, other}
    bad = {"organisation": here.force.pk, "place": "x" * 121, "result": "great", "text": "\x00"}
    wrong = client.post(address, bad)
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"organisation", "place", "result", "text"}
    assert "x" * 121 in text(wrong)
    assert client.post(address, WORDS | {"text": "y" * 3001, "organisation": other.pk}).status_code == 422
    done = client.post(address, WORDS | {"organisation": other.pk})
    made = Tried.objects.get()
    assert done["Location"] == made.get_absolute_url() and made.organisation == other
    client.post(address, WORDS | {"organisation": other.pk})
    assert Tried.objects.count() == 1
    change = f"{sheet.get_absolute_url()}tried/{made.pk}/"
    assert client.get(change).context["form"]["text"].value() == WORDS["text"]
    assert client.post(change, WORDS | {"text": ""}).status_code == 422
    assert client.post(change, WORDS | {"text": "On Sundays, too."}).status_code == 302
    page = text(client.get(sheet.get_absolute_url()))
    assert "It worked in part for 1" in page and "On Sundays, too." in page and "<em>" not in WORDS["text"]
    assert client.get(f"{change}delete/").status_code == 200
    assert client.post(f"{change}delete/").status_code == 302 and not Tried.objects.exists()


def test_a_hidden_note_is_read_by_its_writer_and_coordinators_alone(client, here):
    sheet = sheets.published(here)
    made = note(here, sheet)
    services.hide_note(made, by=here.coordinator, reason="It names a suspect.")
    readers = {
        None: False, here.writer: False, here.account: False, here.other_coordinator: False,
        here.scholar: True, here.coordinator: True, here.administrator: True,
    }  # fmt: skip
    for user, reads in readers.items():
        client.logout()
        if user:
            client.force_login(user)
        page = text(client.get(sheet.get_absolute_url()))
        assert ((WORDS["text"] in page) and ("names a suspect" in page)) == reads, user
        assert "in part for" not in page
    client.logout()
    assert client.get(f"{sheet.get_absolute_url()}tried/{made.pk}/").status_code == 404
    elsewhere = sheets.published(here)
    client.force_login(here.scholar)
    assert client.get(f"{elsewhere.get_absolute_url()}tried/{made.pk}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_one_note_comes_of_two_presses_at_once(here):
    sheet = sheets.published(here)
    made = at_once(lambda: note(here, sheet), lambda: note(here, sheet))
    assert [type(each).__name__ for each in made] == ["Tried", "Tried"]
    assert Tried.objects.count() == 1
