"""After somebody has left, no table, no index and no file holds anything of them; before, the download holds it all."""

import io
import json
import zipfile

import pytest

from collaborative.accounts.archive import archive
from collaborative.accounts.leaving import close
from collaborative.accounts.models import User
from collaborative.core import personal
from collaborative.core.personal import ALL
from collaborative.search.models import SearchEntry
from projects.models import Decision, ProjectPerson
from tests.leaving.everywhere import KEPT, MARKERS, NAME, everywhere
from tests.leaving.scan import found_in_files, found_in_sessions, found_in_tables, pictures, tables

INDEX = ["search_text", "search_text_config", "search_text_data", "search_text_docsize", "search_text_idx"]


@pytest.fixture
def person(transactional_db):
    """Make somebody who is everywhere."""
    return everywhere()


def test_the_person_has_a_row_in_every_registered_table(person):
    empty = [name for name, number in personal.counts(person).items() if not number]
    assert empty == []


def test_the_scan_finds_every_word_before(person):
    found = {name for _table, name in found_in_tables(MARKERS)}
    assert sorted(set(MARKERS) - found) == []
    assert found_in_sessions(MARKERS) == {"email"}
    assert len(pictures()) == 1


def test_nothing_of_them_is_found_after(person):
    close(person, by=person)
    assert found_in_tables(MARKERS) == set()
    assert found_in_sessions(MARKERS) == set()
    assert found_in_files(MARKERS) == set()
    assert pictures() == []
    assert found_in_tables(KEPT) != set()


@pytest.mark.sqlite
def test_the_full_text_index_forgets_the_words_too(person):
    assert sorted(name for name in tables() if name.startswith("search_text")) == INDEX
    word = {"part of the name": "quillf"}
    assert SearchEntry.objects.filter(kind="profile").exists()
    assert ("search_text_data", "part of the name") in found_in_tables(word)
    close(person, by=person)
    assert found_in_tables(word) == set()


def test_a_name_stays_where_they_wished_and_nowhere_else(person):
    close(person, by=person, choices={"project-parts": ALL, "decisions": ALL})
    named = {"projects_projectperson", "projects_decision"}
    assert found_in_tables(MARKERS) == {(table, "name") for table in named}
    assert found_in_files(MARKERS) == set()
    assert list(ProjectPerson.objects.exclude(credit_name="").values_list("credit_name", flat=True)) == [NAME]
    assert list(Decision.objects.values_list("credit_name", flat=True)) == [NAME]


def test_what_is_kept_points_at_an_empty_account(person):
    close(person, by=person)
    left = User.objects.get(pk=person.pk)
    assert (left.name, left.email, left.is_active) == ("", f"closed-{left.pk}@closed.invalid", False)
    assert (left.language, left.last_login, left.has_usable_password()) == ("", None, False)
    assert left.anonymised_at is not None
    assert str(left) == "A member"


def unpacked(person):
    """Return the download as it is read."""
    with archive(person) as made:
        return zipfile.ZipFile(io.BytesIO(made.read()))


def test_the_download_holds_every_word(person):
    bundle = unpacked(person)
    files = {name: bundle.read(name).decode() for name in bundle.namelist() if name.endswith(".json")}
    assert sorted(files) == sorted(f"data/{table.name}.json" for table in personal.tables())
    everything = " ".join(files.values()).casefold()
    missing = [
        name
        for name, word in (MARKERS | KEPT).items()
        if json.dumps(word, ensure_ascii=False)[1:-1].casefold() not in everything
    ]
    assert missing == []
    assert all(json.loads(text)["rows"] for text in files.values())
    page = bundle.read("index.html").decode()
    assert NAME in page
    assert [name for name in bundle.namelist() if name.startswith("files/")] == [f"files/{pictures()[0]}"]


def test_the_download_holds_nobody_else_s_words(person):
    bundle = unpacked(person)
    everything = " ".join(bundle.read(name).decode() for name in bundle.namelist() if not name.startswith("files/"))
    others = User.objects.exclude(pk=person.pk)
    assert [str(each) for each in others if each.name in everything.replace(NAME, "") or each.email in everything] == []
    assert "Another's words" not in everything
    assert "somebody.else@people.example" not in everything
