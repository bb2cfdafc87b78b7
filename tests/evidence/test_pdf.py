"""The PDF of a published version: asked for, made once, read back, sent to those who may read, gone when withdrawn."""

import re
from contextlib import closing
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from collaborative.core.errors import Refused
from collaborative.core.handling import Handling
from evidence.models import File, Pdf, Version
from evidence.services import pdf as services
from evidence.states import VersionState
from evidence.tasks import pdf as tasks
from tests import factories as make
from tests.evidence.big import FIGURES, SECTIONS, TABLES, big_review
from tests.evidence.test_files import asked
from tests.evidence.texts import whole
from tests.people.pictures import picture

pytestmark = pytest.mark.django_db
HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>")
TABLE = "\n\n**Towns and nights**\n\n| Town | Nights |\n|---|--:|\n| **Lowick** | 3 |\n| **Yate** | 4 |\n"


@pytest.fixture
def version():
    """A published version with a table and a figure."""
    made = whole(make.review(title="Staying – with a *longer* look").current, title="Staying – with a *longer* look")
    first = made.sections.get()
    made.sections.filter(pk=first.pk).update(body=f"{first.body}{TABLE}\n\n![](streets)\n")
    name = default_storage.save("evidence/streets.png", BytesIO(picture()))
    said = {"key": "streets", "name": "streets.png", "title": "Streets", "alt": "Two lit streets and one dark."}
    kept = {"stored": name, "media_type": "image/png", "size": 1, "sha256": "0" * 64, "width": 300, "height": 200}
    made.files.create(use=File.Use.FIGURE, **said, **kept)
    return Version.objects.select_related("review__programme").get(pk=made.pk)


def made(version, content=b"%PDF-1.7 of this version"):
    """Give a version a PDF that stands for a real one; return its row."""
    stored = default_storage.save("evidence/a.pdf", BytesIO(content))
    values = {"state": Pdf.State.MADE, "stored": stored, "size": len(content), "made_at": timezone.now()}
    return Pdf.objects.update_or_create(version=version, defaults=values)[0]


def elements(reader):
    """Return the elements of a PDF's structure by their kind."""
    found, waiting = {}, [reader.root_object["/StructTreeRoot"]["/K"]]
    while waiting:
        each = waiting.pop().get_object()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            found.setdefault(each.get("/S"), []).append(each)
            waiting += [each["/K"]] if "/K" in each else []
    return found


def titles(outline):
    """Return the bookmarks of a PDF in order."""
    found = []
    for each in outline:
        found += titles(each) if isinstance(each, list) else [each.title]
    return found


def test_a_real_pdf_is_tagged_titled_and_says_its_language_headings_figures_and_tables(version):
    row = services.ask_for_pdf(version)
    tasks.make_pdf(row.pk)
    row.refresh_from_db()
    assert (row.state, row.fault) == (Pdf.State.MADE, "")
    reader = PdfReader(default_storage.path(row.stored))
    root, parts = reader.root_object, elements(reader)
    assert (root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (True, True)
    assert (root["/Lang"], reader.metadata.title) == ("en", "Staying – with a *longer* look")
    assert reader.metadata.author == "Ada Harper"
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()
    headings = [unescape(each) for each in HEADING.findall(services.engine().html_of(version))]
    assert headings[:3] == ["Staying – with a *longer* look", "Contents", "Plain-language summary"]
    assert titles(reader.outline) == headings
    assert sum(len(parts[kind]) for kind in ("/H1", "/H2", "/H3", "/H4") if kind in parts) == len(headings)
    assert [figure["/Alt"] for figure in parts["/Figure"]] == ["Two lit streets and one dark."]
    assert (len(parts["/Table"]), len(parts["/Caption"]), len(parts["/TH"]), len(parts["/TD"])) == (1, 2, 4, 2)
    assert "/Link" in parts
    words = "\n".join(page.extract_text() for page in reader.pages)
    for each in (version.get_absolute_url(), "Ada Harper", "Both small.", "Working together.", "Streets"):
        assert each in words
    assert (row.pages, row.size) == (len(reader.pages), default_storage.size(row.stored))


def test_nothing_is_fetched_but_our_own_fonts_and_the_figures_of_the_version(version, settings):
    paper = services.engine()
    shelf = paper.Shelf(paper.figures_of(version))
    site = settings.SITE_URL
    figure = reverse("evidence:file", args=[version.review.slug, version.number, "streets"])
    with closing(shelf.fetch(f"{site}{figure}")) as shown:
        assert shown.read() == picture()
    assert shelf.fetch(f"{site}/static/fonts/newsreader-latin.woff2").read()[:4] == b"wOF2"
    other = figure.replace("streets", "others")
    for url in (
        "https://elsewhere.example/x.png", "http://127.0.0.1:5432/", "file:///etc/passwd", "data:text/css,a", "x.png",
        f"{site}.evil.example/static/fonts/newsreader-latin.woff2", f"{site}{other}", f"{site}/static/css/portal.css",
        f"{site}/static/fonts/../css/portal.css", f"{site}/static/fonts/%2e%2e/%2e%2e/manage.py", f"{site}/admin/",
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"elsewhere|belong"):
            shelf.fetch(url)


def test_a_claim_is_given_once_and_what_is_asked_for_anew_is_not_overwritten(
    version, monkeypatch, django_capture_on_commit_callbacks
):
    row = services.ask_for_pdf(version)

    class Slow:
        """Lays out nothing; meanwhile others do what they do."""

        def printed(self, version):
            assert services.make_pdf(row.pk) is False, "another job has the claim"
            services.ask_for_pdf(version)
            return b"%PDF", 1

    monkeypatch.setattr(services, "engine", Slow)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.make_pdf(row.pk) is False
    row.refresh_from_db()
    assert (row.state, row.tries, row.stored) == (Pdf.State.WAITING, 0, "")
    assert default_storage.listdir("evidence")[1] == ["streets.png"]


def test_three_failures_end_it_and_a_coordinator_has_it_made_again(version, monkeypatch):
    row = services.ask_for_pdf(version)

    def broken():
        raise ValueError("no room on this page")

    monkeypatch.setattr(services, "engine", broken)
    for tries in (1, 2, 3):
        Pdf.objects.update(claimed_until=None)
        assert services.make_pdf(row.pk) is False
        row.refresh_from_db()
        assert (row.tries, row.state) == (tries, Pdf.State.FAILED if tries == 3 else Pdf.State.WAITING)
    assert row.fault == "It could not be made (ValueError). The worker’s log says more."
    assert services.make_pdf(row.pk) is False
    with pytest.raises(PermissionDenied):
        services.make_pdf_again(version, by=make.person())
    services.make_pdf_again(version, by=make.coordinator(version.review.programme))
    row.refresh_from_db()
    assert (row.state, row.tries, row.fault) == (Pdf.State.WAITING, 0, "")
    draft = make.review(version.review.programme, state=VersionState.DRAFTING).versions.get()
    with pytest.raises(Refused):
        services.make_pdf_again(draft, by=make.coordinator(version.review.programme))


def test_without_pango_it_waits_and_says_so(version, monkeypatch, client):
    row = services.ask_for_pdf(version)

    def missing(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(services, "import_module", missing)
    for _again in range(4):
        assert services.make_pdf(row.pk) is False
    row.refresh_from_db()
    assert (row.state, row.tries) == (Pdf.State.WAITING, 0)
    assert "Pango" in row.fault
    page = client.get(reverse("evidence:pdf", args=[version.review.slug]))
    assert page.status_code == 200
    assert "your browser can print" in page.content.decode()


def test_the_sweep_finds_what_was_lost_and_gives_up_on_what_was_lost_too_often(version):
    row = services.ask_for_pdf(version)
    lost = timezone.now() - timedelta(minutes=1)
    Pdf.objects.update(tries=1, claimed_until=lost)
    assert services.sweep_pdfs() == 1
    Pdf.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))
    assert services.sweep_pdfs() == 0
    Pdf.objects.update(tries=3, claimed_until=lost)
    tasks.sweep_pdfs()
    never = make.review().current
    assert services.sweep_pdfs() == 1
    assert never.pdf.state == Pdf.State.WAITING
    row.refresh_from_db()
    assert row.state == Pdf.State.FAILED
    assert "lost 3 times" in row.fault


def test_made_again_it_replaces_the_old_file(version, monkeypatch, django_capture_on_commit_callbacks):
    old = made(version).stored

    class Engine:
        """Gives an empty page."""

        def printed(self, version):
            return b"%PDF new", 1

    monkeypatch.setattr(services, "engine", Engine)
    row = services.ask_for_pdf(version)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.make_pdf(row.pk) is True
    row.refresh_from_db()
    assert not default_storage.exists(old)
    assert Path(default_storage.path(row.stored)).read_bytes() == b"%PDF new"


def test_it_is_sent_to_those_who_may_read_the_version_and_to_nobody_else(client, version):
    made(version)
    review = version.review
    urls = [reverse("evidence:pdf", args=[review.slug]), reverse("evidence:version_pdf", args=[review.slug, 1])]
    partner = make.member(make.partner(review.programme))

    def answers():
        client.logout()
        first = [asked(client, url).status_code for url in urls]
        client.force_login(partner)
        return first, [asked(client, url).status_code for url in urls]

    def becomes(**fields):
        Version.objects.filter(pk=version.pk).update(**fields)

    assert answers() == ([200, 200], [200, 200])
    sent = asked(client, urls[0])
    assert (sent["Content-Type"], sent.sent) == ("application/pdf", b"%PDF-1.7 of this version")
    assert sent["Content-Disposition"] == f'inline; filename="{review.slug}-1.pdf"'
    assert (sent["X-Content-Type-Options"], "default-src 'none'" in sent["Content-Security-Policy"]) == (
        "nosniff",
        True,
    )
    assert client.get(urls[0], headers={"if-none-match": sent["ETag"]}).status_code == 304
    becomes(public_from=timezone.now() + timedelta(days=1))
    assert answers() == ([404, 404], [200, 200])
    assert "private" in asked(client, urls[0])["Cache-Control"]
    becomes(public_from=None, handling=Handling.OFFICIAL)
    assert answers() == ([404, 404], [200, 200])
    becomes(handling=Handling.PUBLIC, state=VersionState.WITHDRAWN, withdrawn_at=timezone.now(), withdrawn_reason="No.")
    review.current = None
    review.save()
    assert answers() == ([410, 410], [410, 410])


@pytest.mark.parametrize("asked_for", [True, False])
def test_while_it_is_made_a_page_says_so(client, version, asked_for):
    if asked_for:
        services.ask_for_pdf(version)
    for url in (reverse("evidence:pdf", args=[version.review.slug]), f"{version.get_absolute_url()[:-1]}.pdf"):
        page = client.get(url)
        assert page.status_code == 200
        assert "The PDF is being made" in page.content.decode()


def test_a_withdrawn_version_keeps_no_pdf(version, django_capture_on_commit_callbacks):
    stored = made(version).stored
    with django_capture_on_commit_callbacks(execute=True):
        services.forget_pdf(version)
    assert not Pdf.objects.exists()
    assert not default_storage.exists(stored)


def test_every_act_that_changes_what_it_shows_has_it_made_again(version):
    from evidence.services import archive, correct, restore, withdraw

    editor = make.editor(version.review)
    acts = (
        lambda: correct(version, by=editor, text="It was three nights, not two."),
        lambda: archive(version, by=editor, reason="Nobody does this any more."),
        lambda: restore(version, by=editor),
    )
    for act in acts:
        made(version)
        act()
        assert Pdf.objects.get().state == Pdf.State.WAITING
    page = services.engine().html_of(Version.objects.get(pk=version.pk))
    assert "It was three nights, not two." in page
    withdraw(version, by=editor, reason="It was wrong.")
    assert not Pdf.objects.exists()


def test_coordinators_see_what_failed_and_have_it_made_again(client, version):
    coordinator = make.with_second_factor(make.coordinator(version.review.programme))
    Pdf.objects.create(version=version, state=Pdf.State.FAILED, fault="It could not be made (ValueError).", tries=3)
    client.force_login(coordinator)
    assert "1 PDF could not be made" in client.get(reverse("admin:index")).content.decode()
    listed = client.get(reverse("admin:evidence_version_changelist"), {"pdf__state__exact": "failed"})
    assert listed.context["cl"].result_count == 1
    change = client.get(reverse("admin:evidence_version_change", args=[version.pk]))
    assert "It could not be made (ValueError)." in change.content.decode()
    client.post(reverse("admin:evidence_version_act", args=[version.pk]), {"act": "pdf"})
    assert Pdf.objects.get().state == Pdf.State.WAITING


@pytest.mark.slow
def test_a_review_of_200_pages_becomes_a_pdf_with_all_its_parts():
    review = big_review(title="What towns found")
    row = services.ask_for_pdf(review.current)
    assert services.make_pdf(row.pk) is True
    row.refresh_from_db()
    reader = PdfReader(default_storage.path(row.stored))
    parts = elements(reader)
    assert row.pages == len(reader.pages) > 200
    assert len(parts["/Table"]) >= TABLES, "one that goes on overleaf is tagged as one on each page"
    assert len(parts["/Figure"]) == FIGURES
    assert {f"Section {n}: what {n} towns found" for n in range(1, SECTIONS + 1)} <= set(titles(reader.outline))
