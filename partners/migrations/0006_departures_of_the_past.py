"""Take memberships that ended before anything followed from it as seen to: nobody is told of them now."""

from django.db import migrations
from django.utils import timezone


def see_to(apps, schema_editor):
    """Mark what has ended."""
    ended = apps.get_model("partners", "Membership").objects.filter(ends_on__lte=timezone.localdate(), departed_at=None)
    ended.update(departed_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [("partners", "0005_leaving_and_succession")]

    operations = [migrations.RunPython(see_to, migrations.RunPython.noop)]
