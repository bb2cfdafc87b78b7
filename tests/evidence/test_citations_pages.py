"""Citations at their addresses: what is sent to whom and how; what the heads of pages say; DOIs in the workshop."""

import json
from datetime import timedelta

import extruct
import pytest
import rispy
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from pybtex.database import parse_string
from signposting.linkheader import find_signposting_http_link

from evidence.citing import FORMATS
from evidence.models import Pdf, Version
from evidence.states import VersionState
from tests import factories as make
from tests.admin_forms import enter, fields_of
from tests.evidence.texts import whole

pytestmark = pytest.mark.django_db
SITE = "https://portal.example"


@pytest.fixture
def version(settings):
    """A published review with an author of known parts, a DOI, a licence, a theme, a PDF and an attachment."""
    settings.SITE_URL = SITE
    review = make.review(title="Streets & </script> {lights}", doi="10.5281/zenodo.42", themes=[make.theme()])
    found = whole(review.current, title="Streets & </script> {lights}", licence="CC BY 4.0")
    found.authors.update(family="Harper", orcid="0000-0002-1825-0097")
    stored = default_storage.save("evidence/a.pdf", ContentFile(b"%PDF-1.7"))
    Pdf.objects.create(version=found, state="made", stored=stored, size=8, made_at=timezone.now())
    kept = {"stored": stored, "size": 8, "sha256": "0" * 64, "media_type": "text/csv"}
    found.files.create(use="attachment", key="table", name="table.csv", title="Table", **kept)
    return found


def head(client, address):
    """Return what others' clients find in the head of a page: meta tags as pairs, and the JSON-LD."""
    page = client.get(address)
    found = extruct.extract(page.content.decode(), base_url=SITE, syntaxes=["json-ld", "dublincore"])
    tags = [line.split('"')[1::2] for line in page.content.decode().splitlines() if line.startswith('<meta name="cit')]
    tags = [tuple(each) for line in tags for each in zip(line[::2], line[1::2], strict=True)]
    return page, tags, found["json-ld"]


def test_every_format_is_sent_with_its_type_its_name_and_the_way_back(client, version):
    review = version.review
    for base, page in ((f"/evidence/{review.slug}", ""), (f"/evidence/{review.slug}/v/1", "v/1/")):
        for ending, form in FORMATS.items():
            answer = client.get(f"{base}.{ending}")
            assert answer.status_code == 200
            assert answer["Content-Type"].partition(";")[0] == form.media_type
            assert f'filename="{review.slug}-1.{ending}"' in answer["Content-Disposition"]
            [back] = find_signposting_http_link([answer["Link"]]).describes
            assert back.target == f"{SITE}/evidence/{review.slug}/{page}"
            again = client.get(f"{base}.{ending}", headers={"If-None-Match": answer["ETag"]})
            assert (again.status_code, "public" in answer["Cache-Control"]) == (304, True)
    [entry] = parse_string(client.get(f"{base}.bib").content.decode(), "bibtex").entries.values()
    assert entry.fields["url"] == f"{SITE}/evidence/{review.slug}/v/1/" and entry.fields["doi"] == review.doi
    assert rispy.loads(client.get(f"{base}.ris").content.decode())[0]["title"] == version.title
    assert client.get(f"{base}.txt").status_code == 404


def test_the_head_and_the_header_of_a_public_page_tell_machines(client, version):
    review = version.review
    page, tags, [data] = head(client, review.get_absolute_url())
    said = dict(tags)
    assert said["citation_author"] == "Harper, Ada" and said["citation_doi"] == review.doi
    assert said["citation_publication_date"] == f"{version.published_at:%Y/%m/%d}"
    assert said["citation_pdf_url"] == f"{SITE}/evidence/{review.slug}.pdf"
    assert said["citation_keywords"] == str(review.themes.get())
    assert data["@graph"][0]["name"] == version.title
    found = find_signposting_http_link([page["Link"]])
    assert found.citeAs.target == "https://doi.org/10.5281/zenodo.42"
    assert {each.target for each in found.items} == {
        f"{SITE}/evidence/{review.slug}.pdf",
        f"{SITE}/evidence/{review.slug}/v/1/files/table/",
    }
    for each in (*found.describedBy, *found.items, *found.linksets):
        answer = client.get(each.target.removeprefix(SITE))
        assert answer["Content-Type"].partition(";")[0] == each.type
        list(answer)
    pdf = client.get(f"/evidence/{review.slug}.pdf")
    list(pdf)  # a file is closed once it is sent
    [back] = find_signposting_http_link([pdf["Link"]]).signposts
    assert back.target == f"{SITE}/evidence/{review.slug}/"


def test_the_page_shows_two_styles_and_the_formats(client, version):
    page = client.get(version.review.get_absolute_url()).content.decode()
    assert "Harper, A. (" in page and "Available at: https://doi.org/10.5281/zenodo.42." in page
    assert page.count("data-copy=") == 2 and page.count(" download>") == 4
    assert '<a href="https://doi.org/10.5281/zenodo.42">10.5281/zenodo.42</a>' in page


def test_an_older_version_is_cited_by_its_own_address(client, version):
    review = version.review
    make.version_of(review, VersionState.REPLACED, number=2)
    [item] = json.loads(client.get(f"/evidence/{review.slug}/v/2.csl.json").content)
    assert "DOI" not in item and item["URL"] == f"{SITE}/evidence/{review.slug}/v/2/"


@pytest.mark.parametrize("closed", [{"handling": "OFFICIAL"}, {"public_from": timedelta(days=3)}])
def test_what_not_everyone_reads_says_nothing_to_machines_and_is_not_kept(client, version, closed):
    review = version.review
    closed = {name: timezone.now() + value if isinstance(value, timedelta) else value for name, value in closed.items()}
    Version.objects.filter(pk=version.pk).update(**closed)
    address = review.get_absolute_url()
    assert client.get(f"{address[:-1]}.bib").status_code == 404
    client.force_login(make.member(make.partner(review.programme)))
    page, tags, data = head(client, address)
    assert (page.status_code, tags, data, "Link" in page) == (200, [], [], False)
    sent = client.get(f"{address[:-1]}.bib")
    assert sent.status_code == 200 and "private" in sent["Cache-Control"]


def test_a_sheet_is_cited_by_its_organisation_and_a_withdrawn_one_on_its_tombstone(client, settings):
    settings.SITE_URL = SITE
    body = make.organisation()
    sheet = make.sheet(organisation=body, title="Buses & bikes")
    page, tags, [data] = head(client, sheet.get_absolute_url())
    assert ("citation_author", body.name) in tags and data["@graph"][0]["name"] == "Buses & bikes"
    assert find_signposting_http_link([page["Link"]]).citeAs.target == f"{SITE}{sheet.get_absolute_url()}"
    for ending in FORMATS:
        assert client.get(f"/evidence/practices/{sheet.slug}.{ending}").status_code == 200
    gone = make.sheet(state="withdrawn", organisation=body, title="Trams")
    tombstone = client.get(f"/evidence/practices/{gone.slug}.bib")
    assert tombstone.status_code == 410 and f"{body.name} (" in tombstone.content.decode()
    assert client.get(f"/evidence/practices/{make.sheet(state='draft').slug}.bib").status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [("10.5281/ZENODO.43", ""), ("https://doi.org/10.5281/zenodo.43", ""), ("zenodo.43", "begins with “10.”")],
)
def test_a_doi_is_recorded_in_the_workshop(client, typed, told):
    review = make.review()
    enter(client, make.administrator())
    address = f"/admin/evidence/review/{review.pk}/change/"
    answer = client.post(address, fields_of(client, address) | {"doi": typed})
    review.refresh_from_db()
    assert review.doi == ("" if told else "10.5281/zenodo.43")
    assert answer.status_code == (200 if told else 302) and told in answer.content.decode()
