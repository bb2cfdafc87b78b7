"""Every column that is about a person is answered for in some app's ``personal.py``, so that none is forgotten."""

import re

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from collaborative.core import personal
from tests import factories as make

TELLING = re.compile(
    r"^(?:.*_)?(?:e_?mail|address|ip|ip_address|orcid|phone|picture|photo|user_agent|name|uid|message|answer)$"
)
"""Names of columns that may hold something of a person."""


def person_columns():
    """Yield every column that points at a person or may hold something of one, as ``app.Model.field``."""
    people = get_user_model()
    for model in apps.get_models(include_auto_created=True):
        for field in (*model._meta.local_concrete_fields, *model._meta.local_many_to_many):
            held = isinstance(field, models.EmailField | models.GenericIPAddressField | models.FileField)
            loose = isinstance(field, models.JSONField)
            worded = isinstance(field, models.CharField | models.TextField) and TELLING.match(field.name)
            if field.related_model is people or held or loose or worded:
                yield f"{model._meta.label}.{field.name}"


def test_every_column_about_a_person_is_registered():
    assert sorted(set(person_columns()) - personal.covered()) == []


def test_what_is_registered_exists():
    known = {f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.get_fields()}
    assert sorted(personal.covered() - known) == []


def test_every_table_says_what_why_how_long_and_what_leaving_does():
    for table in personal.tables():
        words = [table.label, table.purpose, table.kept, table.leaving, *table.columns.values()]
        assert all(str(word).strip() for word in words), table.name
        assert not any(str(word).endswith(".") for word in words), f"{table.name}: pages add the full stop"


@pytest.mark.django_db
@pytest.mark.parametrize("table", personal.tables(), ids=lambda table: table.name)
def test_every_table_can_be_exported_and_counted(table):
    person = make.person()
    rows = list(personal.export(table, person))
    assert len(rows) == personal.counts(person)[table.name]


@pytest.mark.django_db
@pytest.mark.parametrize("rule", personal.rules(), ids=lambda rule: rule.name)
def test_every_rule_can_run(rule):
    assert personal.forget_what_is_old(rule) == 0
