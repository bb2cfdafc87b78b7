"""Make the record append-only in the database itself."""

from django.db import migrations

from collaborative.audit import triggers
from collaborative.core.triggers import install, lift


def forwards(apps, schema_editor):
    install(schema_editor.connection, triggers.TABLE)


def backwards(apps, schema_editor):
    lift(schema_editor.connection, triggers.TABLE)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
