from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_funders_and_checklist")]

    operations = [migrations.RemoveField(model_name="version", name="funder")]
