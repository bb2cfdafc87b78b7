"""Keep who took a mail domain off the list, and why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("partners", "0002_letting_in"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="emaildomain",
            name="removed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken off by",
            ),
        ),
        migrations.AddField(
            model_name="emaildomain",
            name="removed_reason",
            field=models.TextField(blank=True, editable=False, verbose_name="reason for taking it off"),
        ),
    ]
