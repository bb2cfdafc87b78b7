from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_no_funder_in_words")]

    operations = [
        migrations.AddField(
            model_name="version",
            name="sent_back_because",
            field=models.TextField(blank=True, editable=False, verbose_name="why it was last sent back"),
        ),
    ]
