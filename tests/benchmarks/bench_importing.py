"""How long a file of 5,000 organisations takes: to read, to look at, and to carry out (``BENCH_IMPORT`` changes it)."""

import os
import sys
from time import perf_counter, process_time

import pytest
from django.db import connection

from partners.importing.files import table_of
from partners.models import Organisation, OrganisationImport
from partners.services.importing import begin_import, carry_out
from tests import factories
from tests.partners.files import csv_of, xlsx_of

ROWS = int(os.environ.get("BENCH_IMPORT", "5000"))
HEAD = ("name", "name_cy", "short_names", "kind", "region", "country", "web_domain", "police_uk_id", "description")


def row(n):
    letters = "".join("abcdefghij"[int(digit)] for digit in str(n))
    words = "What it does for those who live there. " * 8
    names = (f"Harbour Police {n}", f"Heddlu’r Porthladd {n}", f"HP{n}; Harbour {n}")
    return (*names, "police_force", "Wales", "GB", f"harbour{n}.police.example", f"harbour-{letters}", words)


def timed(work):
    """Return what the work returned, and the seconds that passed and that this process worked."""
    begun, worked = perf_counter(), process_time()
    found = work()
    return found, f"{perf_counter() - begun:>7.1f}{process_time() - worked:>7.1f}"


@pytest.mark.django_db(transaction=True)
def test_a_large_file(client):
    factories.term("organisation_kind", "police_force")
    role = factories.term("programme_role", "associate")
    run, user = factories.programme(), factories.with_second_factor(factories.administrator())
    client.force_login(user)
    say = sys.stdout.write
    say(f"\n{connection.vendor}, {ROWS} rows of {len(HEAD)} columns; seconds passed, and worked by Python\n")
    rows = [row(n) for n in range(ROWS)]
    as_csv, as_xlsx = csv_of(HEAD, *rows, between="\t"), xlsx_of(HEAD, *rows)
    table, read_csv = timed(lambda: table_of(as_csv))
    _table, read_xlsx = timed(lambda: table_of(as_xlsx))
    say(f"{'read as CSV':<44}{read_csv:>14}\n{'read as XLSX':<44}{read_xlsx:>14}\n")
    for what, known in (
        ("all new", "fill"),
        ("all known, nothing differs", "overwrite"),
        ("all known, all differ", "overwrite"),
    ):
        if what.endswith("all differ"):
            Organisation.objects.update(description="Other words.", region="Scotland")
        work = begin_import(table, by=user, file_name="list.csv", programme=run, role=role)
        answer, looked = timed(lambda work=work: client.get(work.get_absolute_url()))
        assert answer.status_code == 200
        done, took = timed(lambda work=work, known=known: carry_out(work, faulty="all", known=known, by=user))
        say(f"{what + ': look at':<44}{looked:>14}\n{what + ': carry out':<44}{took:>14}\n")
        assert (done.added, done.changed) == {"all new": (ROWS, 0), "all known, all differ": (0, ROWS)}.get(
            what, (0, 0)
        )
    assert OrganisationImport.objects.waiting().count() == 0
