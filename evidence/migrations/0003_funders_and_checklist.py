"""Funders become rows of their own, and the checklist begins with what every text needs."""

from django.db import migrations

CHECKS = (
    (None, "The plain-language summary can be understood by somebody who knows nothing of the subject",
     "Ask a colleague from another field to read it.", True),
    (None, "Every figure and table is explained in the text", "", True),
    (None, "Names, affiliations and the order of the authors were agreed with all of them", "", True),
    (None, "Nobody can be identified who has not agreed to it", "Victims, suspects, witnesses, officers.", True),
    (None, "Every reference was looked up and can be found by its readers",
     "An address that may die has the address of a frozen copy.", True),
    (None, "The licence was agreed with whoever owns the text", "", False),
    ("systematic_review", "The search is written down so that it can be repeated",
     "Databases, words, dates, and what was left out and why.", True),
    ("systematic_review", "Two people decided which studies are included", "", True),
    ("meta_analysis", "How results were combined, and how much they differ, is written down", "", True),
    ("rapid_evidence_review", "What was left out for the sake of speed is said", "", True),
    ("agile_evidence_review", "What was left out for the sake of speed is said", "", True),
    ("evaluation_report", "What would have happened anyway is discussed", "", True),
    ("thematic_report", "Each recommendation says for whom it is and by when", "", False),
)


def forwards(apps, schema_editor):
    version, funder = apps.get_model("evidence", "Version"), apps.get_model("evidence", "Funder")
    named = version.objects.exclude(funder="").values_list("pk", "funder")
    funder.objects.bulk_create(funder(version_id=pk, position=1, name=name) for pk, name in named)
    term, check = apps.get_model("vocabulary", "Term"), apps.get_model("evidence", "Check")
    kinds = dict(term.objects.filter(scheme="review_kind").values_list("code", "pk"))
    check.objects.bulk_create(
        check(kind_of_id=kinds.get(code), position=position, words=words, hint=hint, required=required)
        for position, (code, words, hint, required) in enumerate(CHECKS, start=1)
        if code is None or code in kinds
    )


def backwards(apps, schema_editor):
    version, funder = apps.get_model("evidence", "Version"), apps.get_model("evidence", "Funder")
    for row in funder.objects.filter(position=1):
        version.objects.filter(pk=row.version_id).update(funder=row.name)
    apps.get_model("evidence", "Check").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_library"), ("vocabulary", "0006_terms_of_evidence")]

    operations = [migrations.RunPython(forwards, backwards)]
