"""Make what each engine searches with: a generated column, or a full-text table and its triggers."""

from django.db import migrations

from collaborative.core.triggers import install, lift
from collaborative.search import triggers
from collaborative.search.engines import postgresql, sqlite

ENGINES = {"postgresql": postgresql, "sqlite": sqlite}


def run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def forwards(apps, schema_editor):
    connection = schema_editor.connection
    run(connection, ENGINES[connection.vendor].INSTALL)
    install(connection, triggers.TABLE)


def backwards(apps, schema_editor):
    connection = schema_editor.connection
    lift(connection, triggers.TABLE)
    run(connection, ENGINES[connection.vendor].REMOVE)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
