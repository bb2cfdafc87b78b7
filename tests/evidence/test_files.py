"""Figures and attachments: looked into, kept by those who write, sent to those who may read, and shared by versions."""

import time
import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.core.handling import Handling
from collaborative.core.pictures import Unfit
from evidence.intake import files as intake
from evidence.models import File, Version
from evidence.services import files as services
from evidence.services.versions import new_version
from evidence.states import VersionState
from tests import factories as make
from tests.evidence import documents
from tests.people.pictures import SVG, huge_png, picture, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    """A text in the making."""
    return make.review(state=VersionState.DRAFTING).versions.get()


@pytest.fixture
def ann(draft):
    """An author of it."""
    return make.author(draft.review)


def figure(version, by, key="streets", **said):
    """Add a figure as the form does."""
    words = {"title": "Streets by night", "alt": "Two lit streets and one dark."} | said
    return services.add_figure(version, intake.figure(upload(picture())), by=by, key=key, **words)


def attachment(version, by, content=b"a,b\n1,2\n", name="Data of towns.csv", **said):
    """Add an attachment as the form does."""
    checked = intake.attachment(upload(content, name, "text/csv"))
    return services.add_attachment(version, checked, by=by, **{"title": "Data of towns"} | said)


def stored():
    """Return the names of all stored files."""
    return sorted(default_storage.listdir("evidence")[1]) if default_storage.exists("evidence") else []


def asked(client, url, method="get", **more):
    """Ask for a file and take all of it, which closes it; return the answer, with what was sent as ``sent``."""
    answer = getattr(client, method)(url, **more)
    answer.sent = b"".join(answer)
    return answer


def address(row):
    """Return where a file is read."""
    return reverse("evidence:file", args=[row.version.review.slug, row.version.number, row.key])


# --- looking into what is sent -------------------------------------------------------------------


def test_a_figure_is_written_anew_without_what_cameras_add():
    exif = Image.Exif()
    exif[0x010E] = "Ann's garden"
    for kind, ending in (("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")):
        sent = upload(picture(kind, (4000, 100), exif=exif), f"../../Ann's\u202e plan.{ending}")
        kept = intake.figure(sent)
        data = kept.content.read()
        with Image.open(BytesIO(data)) as image:
            assert (image.format, image.size, dict(image.getexif())) == (kind, (3200, 80), {})
        assert b"garden" not in data
        assert (kept.name, kept.width, kept.height) == (f"Ann's plan.{ending}", 3200, 80)


def test_a_picture_that_is_none_is_refused_in_words():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    moving = BytesIO()
    frames[0].save(moving, "WEBP", save_all=True, append_images=frames[1:])
    refused = {
        "programs": SVG,
        "not a picture": b"%PDF-1.7 nothing",
        "40 million": huge_png(),
        "damaged": picture("JPEG")[:200],
        "moves": moving.getvalue(),
    }
    for word, content in refused.items():
        with pytest.raises(Unfit, match=word):
            intake.figure(upload(content))
    heavy = upload(b"x")
    heavy.size = intake.HEAVIEST_FIGURE + 1
    with pytest.raises(Unfit, match="10 MB"):
        intake.figure(heavy)


def test_documents_that_are_what_their_names_say_are_kept_as_they_are():
    good = {
        "a.csv": "Name;Größe\nx;1\n".encode(),
        "a.TXT": b"\xef\xbb\xbfWords.",
        "a.pdf": documents.pdf(),
        "a.docx": documents.docx(),
        "a.xlsx": documents.docx(documents.SHEET),
        "a.odt": documents.odt(),
        "a.ods": documents.odt("application/vnd.oasis.opendocument.spreadsheet"),
    }
    for name, content in good.items():
        kept = intake.attachment(upload(content, name))
        assert kept.content.read() == content, name
        assert kept.name == name[:2] + name[2:].lower()


def test_documents_that_are_not_or_that_hold_a_program_are_refused_in_words():
    relations = '<R><Relationship Type="x/attachedTemplate" Target="https://x.example/a" TargetMode="External"/></R>'
    script = b"<</S/JavaScript/JS(app.alert(1))>>"
    refused = [
        ("a.exe", b"MZ", "of this kind"),
        ("a.zip", documents.bundle({"a": "b"}), "of this kind"),
        ("noname", b"x", "of this kind"),
        ("a.csv", b"a,\x00b", "plain text"),
        ("a.txt", b"<html><script>", "plain text"),
        ("a.txt", b"caf\xe9", "UTF-8"),
        ("a.txt", b"  ", "empty"),
        ("a.pdf", documents.docx(), "not a whole PDF"),
        ("a.pdf", documents.pdf()[:-8], "not a whole PDF"),
        ("a.pdf", documents.pdf(script), "program"),
        ("a.pdf", documents.pdf(script.replace(b"JavaScript", b"J#61vaScript")), "program"),
        ("a.pdf", documents.pdf(packed=script), "program"),
        ("a.pdf", documents.pdf(packed=script).replace(b"/ObjStm", b"/Obj#53t#6D"), "program"),
        ("a.pdf", documents.pdf(b"<</S/Launch/F(cmd.exe)>>"), "program"),
        ("a.pdf", documents.pdf(b"<</Names<</EmbeddedFiles 3 0 R>>>>"), "other files"),
        ("a.pdf", documents.pdf(b"<</Encrypt 9 0 R>>"), "protected"),
        ("a.docx", documents.pdf(), "no DOCX document"),
        ("a.docx", documents.docx(documents.SHEET), "no DOCX document"),
        ("a.docx", documents.docx()[:-30], "damaged"),
        ("a.docx", documents.docx(word__vbaProjectDOTbin="x"), "macros"),
        ("a.docx", documents.docx("application/vnd.ms-word.document.macroEnabled.main+xml"), "macros"),
        ("a.docx", documents.docx(word___rels__settingsDOTxmlDOTrels=relations), "template"),
        ("a.odt", documents.odt("application/epub+zip"), "no ODT document"),
        ("a.odt", documents.odt(manifest="<m:encryption-data/>"), "password"),
        ("a.odt", documents.odt(**{"Basic/Standard/Module1.xml": "x"}), "macros"),
    ]
    for name, content, word in refused:
        with pytest.raises(Unfit, match=word):
            intake.attachment(upload(content, name))


def test_a_bundle_that_unpacks_to_far_more_is_refused(monkeypatch):
    monkeypatch.setattr("evidence.intake.bundles.MOST_UNPACKED", 1_000_000)
    with pytest.raises(Unfit, match="unpacks"):
        intake.attachment(upload(documents.docx(word__big="0" * 2_000_000), "a.docx"))


# --- keeping -------------------------------------------------------------------------------------


def test_files_are_kept_under_names_that_tell_nothing_and_are_recorded(draft, ann):
    shown, data = figure(draft, ann), attachment(draft, ann)
    assert (shown.key, shown.position, data.key, data.position) == ("streets", 1, "data-of-towns", 1)
    assert data.name == "Data of towns.csv"
    assert len(stored()) == 2
    assert not any("street" in name or "town" in name for name in stored())
    assert [event.verb for event in Event.objects.filter(object_id=draft.pk)] == ["version.file_added"] * 2
    assert not Path(shown.stored).is_absolute()


def test_the_same_file_sent_twice_makes_one_row(draft, ann):
    assert attachment(draft, ann).pk == attachment(draft, ann).pk
    assert len(stored()) == File.objects.count() == 1


def test_what_is_refused_leaves_nothing_behind(draft, ann):
    figure(draft, ann)
    refused = [
        ({"alt": "  "}, "those who cannot see"),
        ({"title": ""}, "title"),
        ({"key": "streets"}, "has the key"),
        ({"key": "add"}, "something else"),
        ({"key": "table-2"}, "something else"),
    ]
    for said, words in refused:
        with pytest.raises(Refused, match=words):
            figure(draft, ann, **{"key": "other", "title": "Other"} | said)
    assert len(stored()) == File.objects.count() == 1


def test_only_those_who_write_change_files_and_only_while_the_text_may_change(draft, ann):
    row = figure(draft, ann)
    outsider = make.person()
    for act in (
        lambda: attachment(draft, outsider),
        lambda: services.change_file(row, by=outsider, seen="", title="Mine", alt="x"),
        lambda: services.remove_file(row, by=outsider),
    ):
        with pytest.raises(PermissionDenied):
            act()
    for state in (VersionState.PEER_REVIEW, VersionState.APPROVED):
        Version.objects.filter(pk=draft.pk).update(state=state)
        draft.refresh_from_db()
        with pytest.raises(PermissionDenied, match="stands still"):
            attachment(draft, ann)
        with pytest.raises(PermissionDenied, match="stands still"):
            services.remove_file(row, by=ann)
    assert len(stored()) == File.objects.count() == 1


def test_a_stored_file_goes_with_the_last_row_that_uses_it(django_capture_on_commit_callbacks):
    programme = make.programme()
    coordinator = make.coordinator(programme)
    review = make.review(programme, state=VersionState.DRAFTING)
    first = review.versions.get()
    row = figure(first, coordinator)
    Version.objects.filter(pk=first.pk).update(state=VersionState.PUBLISHED, published_at=timezone.now())
    second = new_version(review, by=coordinator)
    copy = second.files.get()
    assert copy.stored == row.stored
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_file(copy, by=coordinator)
        services.remove_file(copy, by=coordinator)
    assert (stored(), second.files.count(), first.files.count()) == ([row.stored.removeprefix("evidence/")], 0, 1)
    Version.objects.filter(pk=second.pk).delete()
    Version.objects.filter(pk=first.pk).update(state=VersionState.DRAFTING)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_file(row, by=coordinator)
    assert stored() == []


def test_lost_files_go_after_a_day_and_no_others(draft, ann):
    assert services.sweep_files() == []
    row = figure(draft, ann)
    lost = default_storage.save("evidence/lost.png", ContentFile(b"x"))
    assert services.sweep_files() == []
    assert services.sweep_files(now=timezone.now() + timedelta(hours=25)) == [lost]
    assert stored() == [row.stored.removeprefix("evidence/")]


# --- the pages at the desk -----------------------------------------------------------------------


def test_an_author_adds_changes_and_takes_away_at_the_desk(client, draft, ann, django_capture_on_commit_callbacks):
    client.force_login(ann)
    slug = draft.review.slug
    listed = reverse("evidence:files", args=[slug])
    said = {"title": "Streets", "alt": "Two streets.", "key": "Streets"}
    answer = client.post(reverse("evidence:add_figure", args=[slug]), said | {"file": upload(picture())}, follow=True)
    assert answer.redirect_chain == [(listed, 302)]
    row = draft.files.get()
    assert (row.key, row.alt) == ("streets", "Two streets.")
    assert f'src="{address(row)}" alt="Two streets."' in answer.content.decode()
    change = reverse("evidence:change_file", args=[slug, row.key])
    seen = client.get(change).context["seen"]
    said = {"title": "Lanes", "alt": "Two lanes.", "credit": "CC BY", "position": "3", "seen": seen}
    assert client.post(change, said).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.alt, row.credit, row.position) == ("Lanes", "Two lanes.", "CC BY", 3)
    assert client.post(change, {"title": "Lanes", "alt": ""}).status_code == 422
    draft.sections.create(position=1, anchor="lit", heading="Where it is lit", body="![](streets)")
    draft.recommendations.create(number=2, text="Light it as in [#figure-streets].")
    remove = reverse("evidence:remove_file", args=[slug, row.key])
    assert client.get(remove).context["places"] == ["Where it is lit", "Recommendation 2"]
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(remove).status_code == 302
    assert (draft.files.count(), stored()) == (0, [])


def test_of_two_who_describe_a_file_the_second_sees_both_and_overwrites_nothing_unseen(client, draft, ann):
    client.force_login(ann)
    row = figure(draft, ann)
    change = reverse("evidence:change_file", args=[draft.review.slug, row.key])
    said = {"title": "Lanes", "alt": "Lit.", "credit": "", "position": "1", "seen": client.get(change).context["seen"]}
    assert client.post(change, said).status_code == 302
    answer = client.post(change, said | {"alt": "Dark."})
    page = answer.content.decode()
    row.refresh_from_db()
    assert (answer.status_code, row.alt) == (409, "Lit.")
    assert [each.label for each in answer.context["differences"]] == ["Alternative text"]
    assert "<del>Lit.</del>" in page and "<ins>Dark.</ins>" in page
    assert answer.context["form"]["alt"].value() == "Dark."
    assert client.post(change, said | {"alt": "Dark.", "seen": answer.context["seen"]}).status_code == 302
    row.refresh_from_db()
    assert row.alt == "Dark."


def test_a_refused_file_loses_nothing_that_was_typed(client, draft, ann):
    client.force_login(ann)
    add = reverse("evidence:add_figure", args=[draft.review.slug])
    said = {"title": "Streets by night", "alt": "Two streets, both lit.", "key": "streets", "credit": "Ours"}
    for sent, words in (
        (said | {"file": upload(SVG, "a.svg")}, "SVG drawings can carry programs"),
        (said, "Choose a picture."),
        (said | {"alt": " ", "file": upload(picture())}, "Describe what the figure shows"),
        (said | {"key": "finding-1", "file": upload(picture())}, "means something else here"),
    ):
        answer = client.post(add, sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert "Streets by night" in page
        assert 'value="Ours"' in page
    figure(draft, ann)
    page = client.post(add, said | {"title": "Other", "file": upload(picture())}).content.decode()
    assert "has the key" in page
    assert "Choose the file once more" in page
    assert (File.objects.count(), len(stored())) == (1, 1)


def test_the_desk_pages_are_for_those_who_write(client, draft, ann):
    row = figure(draft, ann)
    slug = draft.review.slug
    pages = [reverse(f"evidence:{name}", args=[slug]) for name in ("files", "add_figure", "add_attachment")]
    pages += [reverse(f"evidence:{name}", args=[slug, row.key]) for name in ("change_file", "remove_file")]
    client.force_login(make.person())
    assert {client.get(page).status_code for page in pages} == {404}
    client.force_login(ann)
    assert {client.get(page).status_code for page in pages} == {200}
    Version.objects.filter(pk=draft.pk).update(state=VersionState.PEER_REVIEW)
    assert [client.get(page).status_code for page in pages] == [200, 403, 403, 403, 403]


# --- sending -------------------------------------------------------------------------------------


def test_figures_stand_in_the_page_and_attachments_are_downloaded_and_neither_can_run_anything(client, draft, ann):
    shown = figure(draft, ann)
    data = attachment(draft, ann, name='Towns "2026" é.csv')
    Version.objects.filter(pk=draft.pk).update(state=VersionState.PUBLISHED, published_at=timezone.now())
    answer = asked(client, address(shown))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Content-Disposition"] == 'inline; filename="me.png"'
    assert answer.sent == (Path(default_storage.path(shown.stored))).read_bytes()
    sent = asked(client, address(data))
    assert sent["Content-Disposition"].startswith("attachment; filename")
    assert sent["Content-Type"] == "text/csv; charset=utf-8"
    for each in (answer, sent):
        assert each["X-Content-Type-Options"] == "nosniff"
        assert each["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert set(each["Cache-Control"].split(", ")) == {"public", "no-cache"}
    assert asked(client, address(shown), headers={"if-none-match": answer["ETag"]}).status_code == 304
    head = asked(client, address(shown), "head")
    assert (head.status_code, head["Content-Length"]) == (200, str(shown.size))
    default_storage.delete(shown.stored)
    assert asked(client, address(shown)).status_code == 404
    assert asked(client, address(shown).replace("streets", "nothing")).status_code == 404


def test_a_file_is_sent_to_those_who_may_read_its_version_and_to_nobody_else(client, draft, ann):
    url = address(figure(draft, ann))
    programme = draft.review.programme
    partner = make.member(make.partner(programme))
    reviewer, invited = make.reviewer(programme), make.reviewer(programme)
    readers = {"visitor": None, "partner": partner, "author": ann, "reviewer": reviewer, "invited": invited}
    readers["coordinator"] = make.coordinator(programme)

    def answers():
        found = {}
        for name, person in readers.items():
            client.logout()
            if person:
                client.force_login(person)
            answer = asked(client, url)
            found[name] = (answer.status_code, "public" in answer.get("Cache-Control", ""))
        return found

    hidden, mine = (404, False), (200, False)
    make.peer_review(draft, reviewer, state="accepted")
    make.peer_review(draft, invited, state="invited")
    first = {"visitor": hidden, "partner": hidden, "author": mine, "reviewer": mine, "coordinator": mine}
    assert answers() == first | {"invited": (403, False)}

    def becomes(**fields):
        Version.objects.filter(pk=draft.pk).update(**fields)

    partners = dict.fromkeys(readers, mine) | {"visitor": hidden}
    later = timezone.now() + timedelta(days=1)
    becomes(state=VersionState.PUBLISHED, published_at=timezone.now(), public_from=later)
    assert answers() == partners
    becomes(public_from=None, handling=Handling.OFFICIAL)
    assert answers() == partners
    becomes(handling=Handling.PUBLIC)
    assert answers() == dict.fromkeys(readers, (200, True))
    becomes(state=VersionState.WITHDRAWN, withdrawn_at=timezone.now(), withdrawn_reason="Found wrong.")
    assert {name: status for name, (status, _cache) in answers().items()} == dict.fromkeys(readers, 410)


def test_documents_built_to_be_slow_to_look_into_are_refused_or_read_in_little_time():
    begun = time.process_time()
    ending = b"\nendstream\n%%EOF\n"
    bombs = [b"/ObjStm stream\n", b"/ObjStm stream\n" + zlib.compress(b"0" * 90), b"/ObjStm "]
    for bomb in bombs:
        with pytest.raises(Unfit, match="more than can be checked"):
            intake.attachment(upload(b"%PDF-1.7\n" + bomb * 100_000 + ending, "a.pdf"))
    links = documents.docx(word___rels__settingsDOTxmlDOTrels="attachedTemplate TargetMode " * 20_000)
    assert intake.attachment(upload(links, "a.docx")).ending == "docx"
    assert time.process_time() - begun < 5
