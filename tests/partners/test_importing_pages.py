"""The pages of bringing in a file: who may open them, what is kept when a file is refused, and what is shown."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from partners.models import Organisation, OrganisationImport
from tests import factories
from tests.admin_forms import enter
from tests.partners.files import csv_of, xlsx_of

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/partners/organisation/import/"
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
GOOD = csv_of(("name", "kind", "region"), ("Harbour Police", "police_force", "Wales"))


@pytest.fixture
def run():
    return factories.programme()


@pytest.fixture
def user(run):
    return factories.coordinator(run)


@pytest.fixture
def workshop(client, user):
    factories.term("organisation_kind", "police_force")
    return enter(client, user)


def send(client, data, run=None, *, name="list.csv", **more):
    role = factories.term("programme_role", "associate").pk
    chosen = {"programme": run.pk if run else "", "role": role if run else ""}
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data)} | chosen | more)


def errors_of(answer):
    return {name: list(errors) for name, errors in answer.context["form"].errors.items()}


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize("data", [GOOD, xlsx_of(("name", "kind"), ("Harbour Police", "police_force"))])
def test_a_file_is_looked_at_and_then_carried_out(workshop, run, data):
    answer = send(workshop, data, run)
    work = OrganisationImport.objects.get()
    assert (answer.status_code, answer.url) == (302, work.get_absolute_url())
    page = workshop.get(answer.url)
    assert (page.status_code, INLINE.search(page.content.decode())) == (200, None)
    assert not Organisation.objects.exists()
    answer = workshop.post(answer.url, {"faulty": "all", "known": "fill"})
    assert answer.status_code == 302
    page = workshop.get(answer.url)
    assert (page.status_code, INLINE.search(page.content.decode())) == (200, None)
    assert "The file has been carried out." in text_of(page)
    assert Organisation.objects.get().partnerships.get().programme == run


def test_the_pages_are_one_link_away_and_clean(workshop):
    assert f'href="{UPLOAD}"' in workshop.get("/admin/partners/organisation/").content.decode()
    page = workshop.get(UPLOAD)
    assert (page.status_code, INLINE.search(page.content.decode())) == (200, None)
    for ending in ("csv", "xlsx"):
        assert f'href="{UPLOAD}template.{ending}"' in page.content.decode()


def test_the_templates_are_downloads_that_hold_the_columns_and_the_kinds(workshop):
    as_csv = workshop.get(f"{UPLOAD}template.csv")
    assert as_csv["Content-Disposition"] == 'attachment; filename="organisations.csv"'
    assert as_csv.content.decode("utf-8-sig").startswith("name,name_cy,short_names,kind,region,country,")
    as_xlsx = workshop.get(f"{UPLOAD}template.xlsx")
    book = load_workbook(io.BytesIO(as_xlsx.content))
    assert book.sheetnames == ["Organisations", "Explanation", "Kinds", "Regions", "Roles"]
    assert "Police force" in [cell.value for cell in book["Kinds"]["A"]]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"name,kind,colour\nx,y,z", "There is no column “colour”."),
        (b"0" * 50_000_000, "The file is larger than 5 MB. Share the rows between files."),
        (b"PK\x03\x04", "This is no workbook that can be read. Save it as XLSX or CSV and send it again."),
    ],
    ids=["empty", "column", "50 MB", "broken"],
)
def test_a_file_that_is_refused_keeps_what_was_chosen(workshop, run, data, sentence):
    answer = send(workshop, data, run)
    assert answer.status_code == 422
    (error,) = errors_of(answer)["file"]
    assert error.startswith(sentence)
    assert str(answer.context["form"]["programme"].value()) == str(run.pk)
    assert f'<option value="{run.pk}" selected>' in answer.content.decode()
    assert not OrganisationImport.objects.exists()


def test_a_coordinator_chooses_a_programme_of_theirs_and_a_role(workshop, run):
    other = factories.programme()
    again = ["Choose the file again: a browser does not keep it."]
    assert errors_of(send(workshop, GOOD)) == {
        "file": again,
        "programme": ["Choose one of your programmes."],
        "role": ["Choose what they are in the programme."],
    }
    assert "programme" in errors_of(send(workshop, GOOD, other))
    assert errors_of(workshop.post(UPLOAD, {"programme": run.pk, "role": ""}))["file"] == ["Choose a file."]
    assert not OrganisationImport.objects.exists()


def test_an_administrator_may_leave_the_programme_out_but_not_the_role_of_one(client, run):
    factories.term("organisation_kind", "police_force")
    client = enter(client, factories.administrator())
    assert send(client, GOOD).status_code == 302
    assert errors_of(send(client, GOOD, run, role=""))["role"] == ["Choose what they are in the programme."]


def test_faults_are_named_and_can_be_downloaded_safely(workshop, run):
    rows = [(f"Force {n}", "=1+1" if n == 0 else "circus") for n in range(150)]
    page = workshop.get(send(workshop, csv_of(("name", "kind"), *rows), run).url)
    assert (len(page.context["faults"]), "150 faults. The first 100 stand here." in text_of(page)) == (100, True)
    assert "No row can be brought in." in text_of(page)
    listed = workshop.get(
        reverse("admin:partners_organisation_import_faults", args=[OrganisationImport.objects.get().pk])
    )
    lines = listed.content.decode("utf-8-sig").splitlines()
    assert (len(lines), lines[1]) == (151, "2,kind,'=1+1,This is a formula. Put the value itself there.")


def test_a_matched_organisation_is_shown_field_by_field(workshop, run):
    body = factories.partner(run, factories.organisation(name="Harbour Police", web_domain="harbour.police.uk"))
    head = ("name", "kind", "region", "web_domain", "short_names")
    row = ("HARBOUR POLICE", "police_force", "Wales", "port.police.uk", "HP")
    page = workshop.get(send(workshop, csv_of(head, row), run).url)
    (shown,) = page.context["known"]
    assert (shown["row"].found, shown["row"].why, shown["row"].joins) == (body, "the same name", False)
    assert (shown["empty"], shown["names"]) == ([("region", "Wales")], "HP")
    assert shown["differing"] == [
        ("name", "Harbour Police", "HARBOUR POLICE"),
        ("web domain", "harbour.police.uk", "port.police.uk"),
    ]


def test_a_refusal_stands_at_the_top_with_what_was_chosen(workshop, run):
    work = send(workshop, csv_of(("name", "kind"), ("Good", "police_force"), ("Bad", "circus")), run).url
    answer = workshop.post(work, {"faulty": "all", "known": "overwrite"})
    assert answer.status_code == 422
    assert errors_of(answer)["__all__"] == [
        "Nothing was brought in, since rows are at fault. Mend the file, or leave those rows out."
    ]
    assert answer.context["form"]["known"].value() == "overwrite"
    assert errors_of(workshop.post(work, {})).keys() == {"faulty", "known"}
    assert workshop.post(work, {"faulty": "leave_out", "known": "skip"}).status_code == 302
    again = workshop.post(work, {"faulty": "leave_out", "known": "skip"})
    assert errors_of(again)["__all__"] == ["This file was carried out already."]
    assert Organisation.objects.count() == 1


def test_looking_costs_the_same_however_many_rows(workshop, run):
    def cost(rows):
        for row in rows[::3]:
            factories.organisation(name=row[0])
        address = send(workshop, csv_of(("name", "kind"), *rows), run).url
        workshop.get(address)
        with CaptureQueriesContext(connection) as queries:
            workshop.get(address)
        return len(queries)

    few = cost([("Only", "police_force")])
    assert cost([(f"Force {n}", "police_force") for n in range(90)]) == few
    assert few <= 20


class TestWhoMayOpenIt:
    @pytest.fixture
    def work(self, workshop, run):
        send(workshop, GOOD, run)
        return OrganisationImport.objects.get()

    def pages(self, work):
        return [work.get_absolute_url(), f"{work.get_absolute_url()}faults.csv"]

    def test_nobody_but_its_coordinator_and_administrators_meet_a_waiting_file(self, client, work, run):
        for person in (factories.coordinator(run), factories.coordinator(factories.programme())):
            other = enter(client, person)
            assert [other.get(page).status_code for page in self.pages(work)] == [404, 404]
            assert other.post(work.get_absolute_url(), {"faulty": "all", "known": "fill"}).status_code == 404
        administrator = enter(client, factories.administrator())
        assert [administrator.get(page).status_code for page in self.pages(work)] == [200, 200]

    def test_what_became_of_it_is_seen_by_all_who_run_the_programme(self, client, workshop, work, run):
        workshop.post(work.get_absolute_url(), {"faulty": "all", "known": "fill"})
        assert enter(client, factories.coordinator(run)).get(work.get_absolute_url()).status_code == 200
        other = enter(client, factories.coordinator(factories.programme()))
        assert other.get(work.get_absolute_url()).status_code == 404

    def test_visitors_and_members_stay_out(self, client, run):
        pages = (UPLOAD, f"{UPLOAD}template.csv", f"{UPLOAD}template.xlsx", f"{UPLOAD}1/", f"{UPLOAD}1/faults.csv")
        client.logout()
        assert {client.get(page).status_code for page in pages} == {302}
        enter(client, factories.member(factories.partner(run)))
        assert {client.get(page).status_code for page in pages} == {403}

    def test_without_a_second_factor_nobody_enters(self, client, run):
        client.force_login(factories.coordinator(run))
        assert client.get(UPLOAD).url.split("?")[0] == reverse("account_second_factor_needed")
