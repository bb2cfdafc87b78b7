"""The reference lists: whole, well formed, loaded as often as one likes, and never over what is there."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command

from collaborative.audit.models import Event
from collaborative.search.models import SearchEntry
from collaborative.search.services import drift
from partners import reference
from partners.importing.checking import check
from partners.importing.files import table_of
from partners.importing.words import fold
from partners.models import EmailDomain, Organisation, OrganisationImport, ProgrammePartner
from tests import factories

pytestmark = pytest.mark.django_db


def load(**options):
    """Run the command; return the lines that it wrote."""
    out = StringIO()
    call_command("load_reference", stdout=out, **options)
    return out.getvalue().splitlines()


def rows(file):
    with (reference.FOLDER / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("each", reference.LISTS, ids=lambda each: each.file)
def test_a_list_is_a_file_that_anybody_could_bring_in(each):
    plan = check(table_of((reference.FOLDER / each.file).read_bytes()), by=None)
    assert plan.faults == []
    assert len(plan.new) == len(rows(each.file))


def test_the_forces_are_the_45_territorial_ones_with_their_codes():
    forces = rows("forces.csv")
    assert len(forces) == 45
    assert [force["name"] for force in forces if not force["ons_code"]] == [
        "Police Service of Scotland",
        "Police Service of Northern Ireland",
    ]
    assert sorted(force["ons_code"] for force in forces if force["ons_code"].startswith("W")) == [
        f"W1500000{n}" for n in range(1, 5)
    ]
    assert [force["name"] for force in forces if not force["police_uk_id"]] == ["Police Service of Scotland"]
    assert all(bool(force["name_cy"]) == (force["region"] == "Wales") for force in forces)


def test_no_short_name_leads_to_two_organisations():
    called = {}
    for row in [*rows("forces.csv"), *rows("universities.csv")]:
        for name in [row["name"], *row["short_names"].split(";")]:
            if name.strip():
                assert called.setdefault(fold(name), row["name"]) == row["name"]


def test_everything_is_added_with_where_it_is_from_and_can_be_found():
    lines = load()
    assert lines[0] == "Police forces: 45 added, 0 filled, 0 left as they were, 0 left out."
    assert "Universities: 20 added, 0 filled, 0 left as they were, 0 left out." in lines
    gmp = Organisation.objects.get(police_uk_id="greater-manchester")
    assert (gmp.name, gmp.kind_of.code, gmp.region, gmp.web_domain, gmp.ons_code) == (
        "Greater Manchester Police", "police_force", "North West", "gmp.police.uk", "E23000005",
    )  # fmt: skip
    assert gmp.provenance == "Reference list of police forces (identifiers: data.police.uk, ONS)"
    assert [alias.name for alias in gmp.aliases.all()] == ["GMP"]
    assert [(event.verb, event.actor) for event in Event.objects.about(gmp)] == [("organisation.added", None)]
    assert Organisation.objects.get(name="Newcastle University").ror == "01kj2bm70"
    assert Organisation.objects.get(name="Gwent Police").name_cy == "Heddlu Gwent"
    assert SearchEntry.objects.filter(kind="organisation").count() == 65
    assert not drift("organisation")
    assert not (
        EmailDomain.objects.exists() or ProgrammePartner.objects.exists() or OrganisationImport.objects.exists()
    )


def test_a_second_time_adds_and_changes_nothing():
    load()
    before = list(Organisation.objects.order_by("pk").values())
    assert load() == [
        "Police forces: 0 added, 0 filled, 45 left as they were, 0 left out.",
        "Universities: 0 added, 0 filled, 20 left as they were, 0 left out.",
    ]
    assert list(Organisation.objects.order_by("pk").values()) == before
    assert Event.objects.filter(kind="organisation").count() == 65


def test_a_dry_run_says_the_same_and_saves_nothing():
    lines = load(dry_run=True)
    assert lines[:2] == [
        "Police forces: 45 added, 0 filled, 0 left as they were, 0 left out.",
        "  added Avon and Somerset Police",
    ]
    assert lines[-1] == "Nothing was saved: this was a dry run."
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Our name for it", "police_uk_id": "gwent"},
        {"name": "Our name for it", "ons_code": "W15000002"},
        {"name": "GWENT  pólice"},
        {"name": "Heddlu", "name_cy": "Heddlu Gwent"},
    ],
    ids=["data.police.uk", "ONS", "name", "name in Welsh"],
)
def test_what_is_there_is_matched_filled_and_never_overwritten(fields):
    body = factories.organisation(region="Somewhere", provenance="By hand", **fields)
    lines = load()
    assert lines[0] == "Police forces: 44 added, 1 filled, 0 left as they were, 0 left out."
    body.refresh_from_db()
    assert (body.name, body.region, body.provenance) == (fields["name"], "Somewhere", "By hand")
    assert (body.name_cy, body.web_domain, body.police_uk_id, body.ons_code) == (
        "Heddlu Gwent", "gwent.police.uk", "gwent", "W15000002",
    )  # fmt: skip


def test_one_that_is_also_called_so_is_the_same():
    body = factories.organisation(name="Manchester’s force")
    body.aliases.create(name="greater manchester police")
    load()
    body.refresh_from_db()
    assert (body.name, body.police_uk_id) == ("Manchester’s force", "greater-manchester")
    assert sorted(alias.name for alias in body.aliases.all()) == ["GMP", "greater manchester police"]


def test_what_contradicts_the_list_is_left_alone_and_said():
    body = factories.organisation("university", name="Newcastle University", ror="013meh722")
    lines = load()
    assert lines[-1] == (
        "  left out, line 18, ror 01kj2bm70: Newcastle University, whose name this is, has another one: 013meh722."
    )
    body.refresh_from_db()
    assert (body.ror, body.web_domain) == ("013meh722", "")
