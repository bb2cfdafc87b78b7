"""Populations, and the terms of practice sheets. Going back leaves them: rows may point at them."""

from django.db import migrations

from collaborative.vocabulary.terms import load_terms


def load(apps, schema_editor):
    load_terms(apps.get_model("vocabulary", "Term"))


class Migration(migrations.Migration):
    dependencies = [("vocabulary", "0005_lists_of_evidence")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
