"""The words of attachments: read within bounds, once for each content, and found by whoever may read the text."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from collaborative.core.handling import Handling
from collaborative.search import services as search
from collaborative.search.queries import matching
from evidence.intake import words
from evidence.models import File, FileWords, Review
from evidence.services import file_words
from evidence.states import VersionState
from tests import factories as make
from tests.evidence import documents

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
DOCX = f"<w:document {W}><w:p><w:r><w:t>Zebra</w:t><w:t>fish</w:t></w:r></w:p><w:p><w:t>swim</w:t></w:p></w:document>"
SHARED = "<sst><si><t>Zebrafish</t></si><si><t>swim</t></si></sst>"
ODT = '<o xmlns:t="urn:text"><t:style>hidden</t:style><t:h>Zebrafish</t:h><t:p>sw<t:span>im</t:span></t:p></o>'
PAGE = b"BT /F 12 Tf (Zebrafish) Tj 0 -20 Td (swim) Tj ET"
PDF = (
    b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%%%EOF\n"
) % (len(PAGE), PAGE)
READ = {
    "docx": documents.bundle({"word/document.xml": DOCX}),
    "xlsx": documents.bundle({"xl/sharedStrings.xml": SHARED, "xl/worksheets/sheet1.xml": "<w><v>7</v></w>"}),
    "odt": documents.bundle({"content.xml": ODT}),
    "csv": "\ufeffZebrafish\nswim".encode(),
    "txt": b"Zebrafish\x00\x07\n\n  swim",
    "pdf": PDF,
}


@pytest.mark.parametrize("ending", READ)
@pytest.mark.filterwarnings("ignore")
def test_the_words_of_each_kind_of_document_are_read(ending):
    assert words.read(READ[ending], ending).split() == ["Zebrafish", "swim"]


def test_reading_ends_where_it_is_long_enough_or_unpacks_to_too_much(monkeypatch):
    assert len(words.read(b"word " * 200_000, "txt")) == words.MOST_CHARACTERS
    bomb = documents.bundle({"word/document.xml": f"<d>{' ' * 3_000_000}<t>late</t></d>"})
    assert words.read(bomb, "docx") == "late"
    monkeypatch.setattr(words, "MOST_UNPACKED", 1_000_000)
    assert words.read(bomb, "docx") == ""


def test_xml_that_could_multiply_itself_is_refused():
    entity = '<!DOCTYPE d [<!ENTITY a "aaaa">]><d><t>&a;</t></d>'
    with pytest.raises(ValueError, match="DOCTYPE"):
        words.read(documents.bundle({"word/document.xml": entity}), "docx")


def test_a_document_is_read_in_a_process_of_its_own_that_may_be_lost(monkeypatch):
    assert words.words_of(READ["docx"], "docx").split() == ["Zebrafish", "swim"]
    with pytest.raises(words.Unreadable, match="BadZipFile"):
        words.words_of(b"no zip", "docx")
    monkeypatch.setattr(words, "MOST_SECONDS", 0.001)
    with pytest.raises(words.Unreadable, match="took too long"):
        words.words_of(READ["csv"], "csv")


def attached(version, sha="a" * 64):
    stored = default_storage.save("evidence/x.csv", ContentFile(b"Zebrafish,swim\n"))
    said = {"key": "data", "name": "Data.csv", "title": "Data", "media_type": "text/csv", "size": 15}
    File.objects.create(version=version, use="attachment", stored=stored, sha256=sha, **said)
    return file_words.ask_for_words(sha)


def found(user=None):
    return list(matching("zebrafish", "review", user).values_list("object_id", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "handling", "seen"),
    [
        (VersionState.PUBLISHED, Handling.PUBLIC, {"visitor", "insider"}),
        (VersionState.PUBLISHED, Handling.OFFICIAL, {"insider"}),
        (VersionState.DRAFTING, Handling.PUBLIC, set()),
    ],
)
def test_they_are_found_by_those_who_may_read_the_version_and_by_no_one_else(state, handling, seen):
    review = make.review(state=state)
    review.versions.update(handling=handling)
    version = review.versions.get()
    search.index(Review.objects.get(pk=review.pk))
    row = attached(version)
    readers = {"visitor": None, "insider": make.member(make.partner(review.programme))}
    assert not any(found(user) for user in readers.values())
    assert file_words.read_words(row.pk)
    assert not file_words.read_words(row.pk)
    assert {name for name, user in readers.items() if found(user)} == seen
    assert not search.drift("review")
    search.index(Review.objects.get(pk=review.pk))
    assert not search.drift("review")


@pytest.mark.django_db
def test_what_is_claimed_is_read_once_and_the_sweep_finds_what_was_lost(monkeypatch):
    row = attached(make.review().versions.get())
    asked = []
    monkeypatch.setattr(file_words, "nudge", lambda name, pk: asked.append(pk))
    lease = file_words._claim(row.pk)
    assert (file_words._claim(row.pk), file_words.sweep_words(), asked) == (None, 0, [])
    assert file_words.sweep_words(now=lease + file_words.LEASE) == 1
    FileWords.objects.all().delete()
    assert file_words.sweep_words() == 1
    assert asked == [row.pk, FileWords.objects.get().pk]
    FileWords.objects.update(tries=file_words.MOST_TRIES)
    file_words.sweep_words()
    assert FileWords.objects.get().state == FileWords.State.NONE
    File.objects.all().delete()
    file_words.sweep_words(now=timezone.now() + file_words.LEASE * 2)
    assert not FileWords.objects.exists()


@pytest.mark.django_db
def test_what_cannot_be_read_has_no_words_and_what_is_lost_is_tried_again(monkeypatch):
    row = attached(make.review().versions.get())
    default_storage.delete(File.objects.get().stored)
    assert not file_words.read_words(row.pk)
    row.refresh_from_db()
    assert (row.state, row.tries, row.fault) == ("waiting", 1, "FileNotFoundError")
    FileWords.objects.update(claimed_until=None)
    File.objects.update(name="Data.docx", stored=default_storage.save("evidence/y", ContentFile(b"no zip")))
    assert file_words.read_words(row.pk)
    row.refresh_from_db()
    assert (row.state, row.text) == ("none", "")
