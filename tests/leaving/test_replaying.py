"""The list of erasures outside the database, and closing again after a restore what a backup brought back."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from collaborative.accounts import erasures
from collaborative.accounts.leaving import close, forget_credits, replay
from collaborative.accounts.models import User
from collaborative.audit.models import Event
from collaborative.portal.care import forget_what_is_old
from partners.models import Membership
from projects.models import ProjectPerson
from projects.states import Stage
from tests import factories as make
from tests.leaving.everywhere import MARKERS, everywhere
from tests.leaving.scan import found_in_tables

pytestmark = pytest.mark.django_db(transaction=True)


def restored(person, **fields):
    """Give a closed account back what an old backup would hold; return it as it is then."""
    back = {"name": "Asha Verne", "email": "asha@people.example", "is_active": True, "anonymised_at": None} | fields
    User.objects.filter(pk=person.pk).update(**back)
    Membership.objects.filter(user=person).update(title="Analyst", ends_on=None)
    return User.objects.get(pk=person.pk)


def lines():
    """Return the list of erasures as it is written."""
    return [json.loads(line) for line in erasures.path().read_text().splitlines()]


def test_closing_adds_one_line_without_a_name():
    person, project = make.person(name="Asha Verne"), make.project(stage=Stage.COMPLETED)
    part = ProjectPerson.objects.create(
        project=project, user=person, organisation=make.organisation(), starts_on=make.yesterday()
    )
    joined = person.joined_at
    closed = close(person, by=person, choices={"project-parts": "all"})
    assert lines() == [
        {
            "account": person.pk,
            "joined_at": joined.isoformat(),
            "closed_at": closed.anonymised_at.isoformat(),
            "credits": {"project-parts": [part.pk]},
        }
    ]
    assert "Asha" not in erasures.path().read_text()


def test_after_a_restore_the_account_is_closed_again_with_the_same_credits():
    project = make.project(stage=Stage.COMPLETED)
    person = make.member(make.organisation(), user=make.person(name="Asha Verne"), title="Analyst")
    begun = {"organisation": make.organisation(), "starts_on": make.yesterday()}
    part = ProjectPerson.objects.create(project=project, user=person, **begun)
    close(person, by=person, choices={"project-parts": "all"})
    restored(person)
    ProjectPerson.objects.update(credit_name="")
    assert replay() == [person.pk]
    again = User.objects.get(pk=person.pk)
    assert (again.name, again.is_active, again.anonymised_at is None) == ("", False, False)
    assert Membership.objects.get(user=person).title == ""
    part.refresh_from_db()
    assert part.credit_name == "Asha Verne"


def test_a_name_that_was_taken_away_later_does_not_come_back():
    person, project = make.person(name="Asha Verne"), make.project(stage=Stage.COMPLETED)
    begun = {"organisation": make.organisation(), "starts_on": make.yesterday()}
    part = ProjectPerson.objects.create(project=project, user=person, **begun)
    close(person, by=person, choices={"project-parts": "all"})
    forget_credits(person, by=make.administrator())
    restored(person)
    assert replay() == [person.pk]
    part.refresh_from_db()
    assert part.credit_name == ""


def test_twice_changes_nothing_more(capsys):
    person = make.person()
    close(person, by=person)
    restored(person)
    call_command("replay_erasures")
    assert capsys.readouterr().out == f"Closed again: 1 ({person.pk}).\n"
    call_command("replay_erasures")
    assert capsys.readouterr().out == "Nothing to do: no account on the list of erasures is open.\n"
    assert Event.objects.filter(verb="account.closed").count() == 2
    assert len(lines()) == 1


def test_what_they_still_led_in_the_backup_does_not_keep_them():
    run = make.programme()
    person = make.coordinator(run)
    make.coordinator(run)
    close(person, by=person)
    restored(person)
    run.roles.exclude(user=person).delete()
    run.roles.update(ends_on=None)
    assert replay() == [person.pk]
    assert not run.roles.current().exists()


def test_a_number_that_was_given_anew_is_somebody_else():
    person = make.person()
    close(person, by=person)
    restored(person, joined_at=timezone.now() + timedelta(days=1))
    assert replay() == []
    assert User.objects.get(pk=person.pk).name == "Asha Verne"


def test_everything_that_a_backup_brings_back_goes_again():
    person = everywhere()
    line = erasures.entry_of(User(pk=person.pk, joined_at=person.joined_at, anonymised_at=timezone.now()))
    erasures.append(line)
    assert replay() == [person.pk]
    assert found_in_tables(MARKERS) == set()


def test_a_line_that_was_cut_short_hides_no_other():
    one, two = make.person(), make.person()
    close(one, by=one)
    with erasures.path().open("a") as ledger:
        ledger.write('{"account": 7, "joi\n')
    close(two, by=two)
    assert sorted(pk for pk, _joined in erasures.entries()) == sorted([one.pk, two.pk])


def test_what_the_list_lacks_is_added_every_day_and_only_once():
    person = make.person()
    close(person, by=person)
    erasures.path().unlink()
    forget_what_is_old()
    forget_what_is_old()
    assert [line["account"] for line in lines()] == [person.pk]


def test_a_list_that_cannot_be_written_stops_nothing(settings, tmp_path, caplog):
    (tmp_path / "a file").write_text("")
    settings.VAR_DIR = tmp_path / "a file"
    person = make.person()
    close(person, by=person)
    assert User.objects.get(pk=person.pk).anonymised_at is not None
    settings.VAR_DIR = tmp_path / "var"
    assert erasures.complete() == 1


NO_ENTRIES = {
    "a list": b"[]",
    "a number": b"7",
    "nothing": b"null",
    "an account that is a list": b'{"account": [], "joined_at": "2026-01-01T00:00:00+00:00"}',
    "an account that is a text": b'{"account": "x", "joined_at": "2026-01-01T00:00:00+00:00"}',
    "an account too large": b'{"account": 99999999999999999999, "joined_at": "2026-01-01T00:00:00+00:00"}',
    "a moment that is a number": b'{"account": 1, "joined_at": 7}',
    "a moment without a zone": b'{"account": 1, "joined_at": "2026-01-01T00:00:00"}',
    "signs that are no text": b"\xff\xfe\x00",
    "a great depth": b"[" * 100_000,
}


@pytest.mark.parametrize("line", NO_ENTRIES.values(), ids=NO_ENTRIES)
def test_a_line_that_says_nothing_keeps_nobody_from_being_forgotten_again(line):
    person = make.person(name="Asha Verne")
    close(person, by=person)
    written = erasures.path().read_bytes()
    erasures.path().write_bytes(line + b"\n" + written + line)
    restored(person)
    assert replay() == [person.pk]


@pytest.mark.parametrize("kept", [7, [], None, "all", {"project-parts": "all"}, {"project-parts": ["x"]}, {"x": [1]}])
def test_credits_that_cannot_be_read_keep_no_name(kept):
    person = make.person(name="Asha Verne")
    close(person, by=person)
    erasures.append(lines()[-1] | {"credits": kept})
    restored(person)
    assert replay() == [person.pk]


def test_a_line_after_one_that_was_cut_short_stands_for_itself():
    erasures.path().parent.mkdir(parents=True, exist_ok=True)
    erasures.path().write_bytes(b'{"account": 7, "joi')
    person = make.person(name="Asha Verne")
    close(person, by=person)
    restored(person)
    assert replay() == [person.pk]
