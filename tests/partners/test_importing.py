"""Bringing in organisations: every row is checked, what is known is matched, and all is saved or nothing."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.search.models import SearchEntry
from partners.importing.checking import check
from partners.importing.columns import REGIONS
from partners.importing.files import table_of
from partners.importing.reach import Reach
from partners.models import FormerAddress, Organisation, OrganisationImport, ProgrammePartner
from partners.services.importing import begin_import, carry_out, purge_imports
from tests import factories
from tests.partners.files import csv_of
from tests.races import at_once

pytestmark = pytest.mark.django_db

ALL, LEAVE_OUT = OrganisationImport.Faulty.ALL_OR_NOTHING, OrganisationImport.Faulty.LEAVE_OUT
SKIP, FILL, OVERWRITE = (OrganisationImport.Known(name) for name in ("skip", "fill", "overwrite"))


def table(head, *rows):
    """Return the table of rows written with | between their cells."""
    return table_of(csv_of(*(line.split("|") for line in (head, *rows)), between="\t"))


def plan_of(head, *rows, by=None, programme=None):
    return check(table(head, *rows), by=by, programme=programme)


def faults(plan):
    """Return what is wrong as (line, column, sentence)."""
    return [(fault.line, fault.column, fault.sentence) for fault in plan.faults]


def begun(head, *rows, by, programme=None):
    role = factories.term("programme_role", "associate") if programme else None
    return begin_import(table(head, *rows), by=by, file_name="list.csv", programme=programme, role=role)


def done(head, *rows, by=None, programme=None, faulty=ALL, known=FILL):
    by = by or factories.administrator()
    return carry_out(begun(head, *rows, by=by, programme=programme), faulty=faulty, known=known, by=by)


@pytest.fixture
def newcastle():
    body = factories.organisation(
        kind="university", name="Newcastle University", slug="newcastle", ror="01kj2bm70", name_cy="Prifysgol Newcastle"
    )
    body.aliases.create(name="Ncl")
    return body


WRONG_CELLS = [
    ("kind", "Circus", "There is no such kind. There are: "),
    ("region", "Mercia", f"There is no such region. There are: {'; '.join(REGIONS)}."),
    ("country", "Freedonia", "There is no such country. Write two letters, such as GB, or its name in English."),
    ("country", "XX", "There is no such country. Write two letters, such as GB, or its name in English."),
    ("web_domain", "clerk@gmp.police.uk", "This is a mail address. A web domain is such as gmp.police.uk."),
    ("web_domain", "not a domain", "This is no web domain, such as gmp.police.uk."),
    ("ror", "01kj2bm71", "This ROR identifier has a mistake in it: its last two digits do not fit the rest."),
    ("ons_code", "E1", "An ONS code has one letter and eight digits, such as E23000007."),
    ("police_uk_id", "7", "An identifier of data.police.uk has small letters and hyphens, such as west-midlands."),
    ("valid_from", "31.3.2024", "Write the day as 2024-03-31 or 31/03/2024."),
    ("valid_from", "2024-02-30", "Write the day as 2024-03-31 or 31/03/2024."),
    ("role", "Jester", "There is no such role. There are: "),
    ("name_cy", "x" * 10_000, "At most 160 characters; this has 10000."),
    ("description", "x" * 10_000, "At most 5000 characters; this has 10000."),
    ("description", "A bell\x07 rings", "This has signs that no text has."),
    ("short_names", "a;" * 21, "These are more than 20 names."),
]


@pytest.mark.parametrize(("column", "cell", "sentence"), WRONG_CELLS)
def test_a_cell_that_is_wrong_is_named_with_its_line_and_column(column, cell, sentence):
    factories.term("organisation_kind", "police_force"), factories.term("programme_role", "associate")
    cells = {"name": "Harbour Police", "kind": "Police force", column: cell}
    head = list(dict.fromkeys(["name", "kind", column]))
    data = "\t".join(head) + "\n" + "\t".join(cells[name] for name in head)
    plan = check(table_of(data.encode()), by=None)
    ((line, where, said),) = faults(plan)
    assert (line, where) == (2, column)
    assert said.startswith(sentence)
    assert (plan.new, plan.known) == ([], [])


def test_what_only_several_cells_tell_is_checked():
    plan = plan_of(
        "name|kind|valid_from|valid_to|ror|region|country",
        "First|police_force|2024-01-02|2024-01-01|01kj2bm70||",
        "Second|police_force|||https://ror.org/01KJ2BM70||",
        "|police_force|||||",
        "Fourth||||||",
        "FÍRST|police_force|||||",
        "Abroad|police_force||||Utrecht|Netherlands",
        f"{'x' * 10_000}|police_force|||||",
    )
    assert faults(plan) == [
        (2, "valid_to", "It would end before it begins."),
        (3, "ror", "Line 2 is about the same organisation."),
        (4, "name", "Every organisation needs a name."),
        (5, "kind", "A new organisation needs a kind."),
        (6, "name", "Line 2 is about the same organisation."),
        (8, "name", "At most 160 characters; this has 10000."),
    ]
    assert [(row.name, row.values["country"], row.region) for row in plan.new] == [("Abroad", "NL", "Utrecht")]


def test_cells_are_read_in_the_usual_spellings():
    plan = plan_of(
        "name|kind|region|country|web_domain|valid_from|short_names",
        " Heddlu  Môn |HEDDLU|wales|uk|https://mon.police.uk/cy|31/03/2024|HM",
    )
    (row,) = plan.new
    said = {name: row.values[name] for name in ("name", "region", "country", "web_domain", "short_names")}
    assert said == {
        "name": "Heddlu Môn",
        "region": "Wales",
        "country": "GB",
        "web_domain": "mon.police.uk",
        "short_names": ["HM"],
    }
    assert (row.values["kind"].code, row.values["valid_from"].isoformat()) == ("police_force", "2024-03-31")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("Something else|university|https://ror.org/01kj2bm70", "the same ROR identifier"),
        ("NEWCASTLE  universitý|university|", "the same name"),
        ("prifysgol newcastle|university|", "also called so"),
        ("NCL|university|", "also called so"),
    ],
)
def test_what_is_known_is_matched_by_identifier_then_by_name(newcastle, row, why):
    (known,) = plan_of("name|kind|ror", row).known
    assert (known.found, known.why) == (newcastle, why)


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (
            "Newcastle University|university|013meh722|",
            "ror",
            "Newcastle University, whose name this is, has another one: 01kj2bm70.",
        ),
        (
            "Durham University|university|01kj2bm70|",
            "ror",
            "This ROR identifier belongs to Newcastle University, while the name is that of Durham University.",
        ),
        (
            "New|university|01kj2bm70|durham",
            "ror",
            "This belongs to Newcastle University, while the identifier of data.police.uk is Durham University’s.",
        ),
        ("Ncl|university||", "name", "Several organisations are called so: Durham University; Newcastle University."),
    ],
)
def test_a_row_about_two_organisations_at_once_is_at_fault(newcastle, row, column, sentence):
    durham = factories.organisation(kind="university", name="Durham University", police_uk_id="durham")
    durham.aliases.create(name="NCL")
    assert faults(plan_of("name|kind|ror|police_uk_id", row)) == [(2, column, sentence)]


def test_two_rows_about_one_known_organisation_are_at_fault(newcastle):
    plan = plan_of("name|kind|ror", "Newcastle University||", "Ncl||01kj2bm70")
    assert faults(plan) == [(3, "name", "Line 2 is about the same organisation.")]


def test_new_organisations_are_saved_recorded_found_and_say_where_they_are_from():
    user = factories.administrator()
    work = done("name|kind|short_names|ror", "Newcastle University|university|Ncl, NU|01kj2bm70", by=user)
    assert (work.added, work.changed, work.joined, work.left_out, work.table) == (1, 0, 0, 0, None)
    body = Organisation.objects.get()
    assert (body.slug, body.ror, body.country) == ("newcastle-university", "01kj2bm70", "GB")
    assert body.provenance == f"Imported on {timezone.localdate()} from list.csv"
    assert [alias.name for alias in body.aliases.order_by("pk")] == ["Ncl, NU"]
    assert [(each.verb, each.actor) for each in Event.objects.about(body)] == [("organisation.added", user)]
    assert [each.verb for each in Event.objects.about(work)] == ["organisation_import.done"]
    assert SearchEntry.objects.get(kind="organisation", object_id=body.pk).aliases == "Ncl, NU"


def test_addresses_are_free_and_were_never_another_s(newcastle):
    FormerAddress.objects.create(organisation=newcastle, slug="harbour")
    done("name|kind", "Harbour|police_force", "Harbour!|police_force", "???|police_force")
    slugs = Organisation.objects.exclude(pk=newcastle.pk).order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["harbour-2", "harbour-3", "organisation"]


FILE = ("name|kind|region|short_names|ror", "Newcastle upon Tyne|charity_or_sector_body|North East|NCL;Toon|01kj2bm70")


def test_what_is_known_is_left_filled_or_overwritten_as_said(newcastle):
    Organisation.objects.filter(pk=newcastle.pk).update(country="FR", provenance="By hand")

    def now():
        newcastle.refresh_from_db()
        names = sorted(newcastle.aliases.values_list("name", flat=True))
        return newcastle.name, newcastle.kind_of.code, newcastle.region, names

    assert done(*FILE, known=SKIP).changed == 0
    assert now() == ("Newcastle University", "university", "", ["Ncl"])
    assert done(*FILE, known=FILL).changed == 1
    assert now() == ("Newcastle University", "university", "North East", ["Ncl", "Toon"])
    assert done(*FILE, known=FILL).changed == 0
    assert done(*FILE, known=OVERWRITE).changed == 1
    kept = ["Ncl", "Newcastle University", "Toon"]
    assert now() == ("Newcastle upon Tyne", "charity_or_sector_body", "North East", kept)
    assert (newcastle.slug, newcastle.country, newcastle.provenance) == ("newcastle", "FR", "By hand")
    assert [each.verb for each in Event.objects.about(newcastle)] == ["organisation.changed"] * 2
    assert SearchEntry.objects.get(kind="organisation", object_id=newcastle.pk).title == "Newcastle upon Tyne"


def test_a_name_by_which_it_is_only_also_called_never_replaces_its_own(newcastle):
    assert done("name|kind", "Ncl|university", known=OVERWRITE).changed == 0
    newcastle.refresh_from_db()
    assert newcastle.name == "Newcastle University"


def test_all_or_nothing_saves_nothing_while_a_row_is_at_fault():
    work = begun("name|kind", "Good|police_force", "Bad|circus", by=(user := factories.administrator()))
    with pytest.raises(Refused) as refused:
        carry_out(work, faulty=ALL, known=FILL, by=user)
    assert str(refused.value) == (
        "Nothing was brought in, since rows are at fault. Mend the file, or leave those rows out."
    )
    assert not Organisation.objects.exists()
    work = carry_out(work, faulty=LEAVE_OUT, known=FILL, by=user)
    assert (work.added, work.left_out) == (1, 1)
    assert Organisation.objects.get().name == "Good"


def test_a_file_is_carried_out_once():
    work = begun("name|kind", "Good|police_force", by=(user := factories.administrator()))
    carry_out(work, faulty=ALL, known=FILL, by=user)
    with pytest.raises(Refused) as refused:
        carry_out(work, faulty=ALL, known=FILL, by=user)
    assert str(refused.value) == "This file was carried out already."


def test_a_file_without_one_good_row_does_nothing():
    work = begun("name|kind", "Bad|circus", by=(user := factories.administrator()))
    with pytest.raises(Refused) as refused:
        carry_out(work, faulty=LEAVE_OUT, known=FILL, by=user)
    assert str(refused.value) == "Nothing was brought in: every row is at fault."


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_in_the_same_at_once_the_second_matches_what_the_first_added():
    factories.term("organisation_kind", "university"), factories.term("organisation_kind", "police_force")
    user = factories.administrator()
    rows = ("name|kind|ror", "Newcastle University|university|01kj2bm70", "Harbour Police|police_force|")
    works = [begun(*rows, by=user) for _ in range(2)]

    def act(work):
        return carry_out(work, faulty=ALL, known=FILL, by=user)

    results = at_once(*(lambda work=work: act(work) for work in works))
    assert sorted(result.added for result in results) == [0, 2]
    assert Organisation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_file_carried_out_twice_at_once_is_done_once():
    factories.term("organisation_kind", "police_force")
    user = factories.administrator()
    work = begun("name|kind", "Harbour Police|police_force", by=user)
    results = at_once(*[lambda: carry_out(work, faulty=ALL, known=FILL, by=user)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["OrganisationImport", "Refused"]
    assert Organisation.objects.count() == 1


class TestIntoAProgramme:
    @pytest.fixture
    def run(self):
        return factories.programme()

    @pytest.fixture
    def user(self, run):
        return factories.coordinator(run)

    def test_all_become_partners_in_the_role_of_their_row_or_of_the_file(self, run, user, newcastle):
        old = factories.partner(run, factories.organisation(name="Old Partner"))
        rows = ("Newcastle University||", "New|police_force|Lead institution", "Old Partner||")
        work = done("name|kind|role", *rows, by=user, programme=run, known=SKIP)
        assert (work.added, work.changed, work.joined) == (1, 0, 2)
        parts = run.partners.order_by("pk").values_list("organisation__name", "role__code", "starts_on")
        assert list(parts)[1:] == [
            ("New", "lead_institution", timezone.localdate()),
            ("Newcastle University", "associate", timezone.localdate()),
        ]
        part = newcastle.partnerships.get()
        assert [(each.verb, each.actor) for each in Event.objects.about(part)] == [("partnership.started", user)]
        assert old.partnerships.count() == 1

    def test_a_partner_of_another_programme_is_refused_as_by_hand(self, run, user):
        shared = factories.partner(factories.programme(), factories.organisation(name="Shared"))
        plan = plan_of("name|kind", "Shared|", by=user, programme=run)
        sentence = "This organisation takes part in another programme already. Ask an administrator to add it to yours."
        assert faults(plan) == [(2, "name", sentence)]
        assert faults(plan_of("name|kind", "Shared|", by=factories.administrator(), programme=run)) == []
        assert shared.partnerships.count() == 1

    def test_an_organisation_of_the_past_becomes_no_partner(self, run, user):
        plan = plan_of("name|kind|valid_to", "Gone|police_force|2020-01-01", by=user, programme=run)
        assert faults(plan) == [(2, "valid_to", "An organisation of the past cannot become a partner.")]

    def test_a_coordinator_needs_a_programme_of_theirs(self, run, user):
        for programme in (None, factories.programme()):
            with pytest.raises(PermissionDenied):
                begun("name|kind", "New|police_force", by=user, programme=programme)
        assert not OrganisationImport.objects.exists()

    def test_nobody_carries_out_another_s_file_but_an_administrator(self, run, user):
        work = begun("name|kind", "New|police_force", by=user, programme=run)
        with pytest.raises(PermissionDenied):
            carry_out(work, faulty=ALL, known=FILL, by=factories.coordinator(run))
        carry_out(work, faulty=ALL, known=FILL, by=factories.administrator())

    def test_who_coordinates_no_longer_carries_nothing_out(self, run, user):
        work = begun("name|kind", "New|police_force", by=user, programme=run)
        user.programme_roles.update(ends_on=timezone.localdate())
        with pytest.raises(PermissionDenied):
            carry_out(work, faulty=ALL, known=FILL, by=user)

    def test_what_is_asked_at_once_is_what_the_policies_answer_one_by_one(self, run, user):
        other = factories.programme()
        factories.partner(run), factories.partner(other), factories.organisation()
        factories.partner(other, factories.partner(run))
        factories.partner(other, ends_on=timezone.localdate(), starts_on=factories.yesterday())
        factories.partner(run, ends_on=timezone.localdate(), starts_on=factories.yesterday())
        role = factories.term("programme_role", "associate")
        answers = set()
        for person in (user, factories.administrator()):
            reach = Reach(person, run)
            for body in Organisation.objects.all():
                changing = bool(policies.ask("partners.manage", person, body))
                assert changing == (not reach.refusal(body, joins=False, changes=True)), body
                part = ProgrammePartner(programme=run, organisation=body, role=role)
                joining = body.pk in reach.partners or bool(policies.ask("partnerships.save", person, part))
                joins = body.pk not in reach.partners
                assert joining == (not reach.refusal(body, joins=joins, changes=False)), body
                answers.add((changing, joining))
        assert answers == {(True, True), (False, True), (False, False)}


def test_files_that_nobody_carried_out_are_deleted_after_two_days():
    user = factories.administrator()
    kept = begun("name|kind", "New|police_force", by=user)
    old = begun("name|kind", "Old|police_force", by=user)
    finished = done("name|kind", "Done|police_force", by=user)
    long_ago = timezone.now() - timedelta(days=3)
    OrganisationImport.objects.filter(pk__in=[old.pk, finished.pk]).update(created_at=long_ago)
    assert purge_imports() == 1
    assert set(OrganisationImport.objects.all()) == {kept, finished}


def test_who_will_be_a_partner_from_a_later_day_on_is_not_made_one_twice(newcastle):
    run = factories.programme()
    factories.partner(run, newcastle, starts_on="2999-01-01")
    assert done("name|kind", "New|police_force", "Newcastle University|", programme=run).joined == 1
    assert newcastle.partnerships.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_organisation_added_by_hand_at_the_same_moment_is_never_there_twice():
    kind, user = factories.term("organisation_kind", "university"), factories.administrator()
    work = begun("name|kind|ror", "Newcastle University|university|01kj2bm70", "Other|university|", by=user)
    added = threading.Event()

    def by_hand():
        with transaction.atomic():
            Organisation.objects.create(slug="ncl", name="By hand", kind_of=kind, ror="01kj2bm70")
            added.set()
            time.sleep(0.5)

    def from_file():
        added.wait()
        return carry_out(work, faulty=ALL, known=SKIP, by=user)

    result = at_once(by_hand, from_file)[1]
    if isinstance(result, Refused):
        assert str(result) == "Somebody changed the directory at the same moment. Look at the rows again."
        assert Organisation.objects.count() == 1
        result = carry_out(work, faulty=ALL, known=SKIP, by=user)
    assert result.added == 1
    assert sorted(Organisation.objects.values_list("name", flat=True)) == ["By hand", "Other"]
