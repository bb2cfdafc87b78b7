"""The terms a portal starts with."""

import importlib
import re
import tomllib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone, translation

from collaborative.vocabulary.models import Scheme, Term
from collaborative.vocabulary.terms import FILE, load_terms

TERMS = tomllib.loads(FILE.read_text(encoding="utf-8"))["terms"]


def test_every_scheme_has_terms_and_every_term_a_scheme():
    assert {term["scheme"] for term in TERMS} == set(Scheme.values)


def test_codes_are_used_once_and_plain():
    codes = [(term["scheme"], term["code"]) for term in TERMS]
    assert len(codes) == len(set(codes))
    assert [code for _scheme, code in codes if not re.fullmatch(r"[a-z][a-z0-9_]*", code)] == []


def test_every_term_says_where_it_comes_from():
    assert [term["code"] for term in TERMS if not term["source"]] == []


@pytest.mark.django_db
def test_loading_fills_an_empty_table_in_the_files_order_and_twice_changes_nothing():
    Term.objects.all().delete()
    assert load_terms(Term) == len(TERMS)
    shown = list(Term.objects.filter(scheme="programme_role").values_list("code", flat=True))
    assert shown == ["lead_institution", "collaborating_partner", "associate"]
    assert load_terms(Term) == 0
    assert Term.objects.count() == len(TERMS)


@pytest.mark.django_db
def test_loading_leaves_what_the_admin_changed():
    Term.objects.all().delete()
    Term.objects.create(scheme="method", code="survey", label="Questionnaire")
    assert load_terms(Term) == len(TERMS) - 1
    assert Term.objects.get(scheme="method", code="survey").label == "Questionnaire"


@pytest.mark.django_db
def test_every_term_loaded_is_a_valid_row():
    Term.objects.all().delete()
    load_terms(Term)
    for term in Term.objects.all():
        term.full_clean()


@pytest.mark.django_db(transaction=True)
def test_the_migration_loads_them_and_going_back_leaves_them():
    migration = importlib.import_module("collaborative.vocabulary.migrations.0002_terms").Migration
    (operation,) = migration.operations
    Term.objects.all().delete()
    operation.code(apps, None)
    assert Term.objects.count() == len(TERMS)
    assert operation.reversible
    operation.reverse_code(apps, None)
    assert Term.objects.count() == len(TERMS)
    assert ("vocabulary", "0002_terms") in MigrationExecutor(connection).loader.applied_migrations


@pytest.mark.django_db
def test_a_term_speaks_the_readers_language_where_it_can():
    term = Term(scheme="method", code="x", label="Survey", label_cy="Arolwg")
    spoken = {}
    for language in ("en-gb", "cy", "fr"):
        with translation.override(language):
            spoken[language] = str(term)
    assert spoken == {"en-gb": "Survey", "cy": "Arolwg", "fr": "Survey"}


@pytest.mark.django_db
def test_a_term_holds_from_its_first_day_until_its_last():
    Term.objects.all().delete()
    today, day = timezone.localdate(), timedelta(days=1)
    for code, first, last in [
        ("always", None, None), ("since today", today, None), ("until today", None, today),
        ("from tomorrow", today + day, None),
    ]:  # fmt: skip
        Term.objects.create(scheme="method", code=code.replace(" ", "_"), label=code, valid_from=first, valid_to=last)
    assert set(Term.objects.current().values_list("label", flat=True)) == {"always", "since today"}
