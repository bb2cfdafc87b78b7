"""What staff of any partner find. SQLite rebuilds the table for it, which drops the triggers: they are made anew."""

from django.db import migrations, models

from collaborative.core.triggers import install, lift
from collaborative.search import triggers


def without_triggers(apps, schema_editor):
    lift(schema_editor.connection, triggers.TABLE)


def with_triggers(apps, schema_editor):
    install(schema_editor.connection, triggers.TABLE)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_full_text")]

    operations = [
        migrations.RunPython(without_triggers, with_triggers),
        migrations.AddField(
            model_name="searchentry",
            name="staff",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(with_triggers, without_triggers),
    ]
