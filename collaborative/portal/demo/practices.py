"""The practice sheets, and what other partners say who tried them."""

from collaborative.audit.services import record
from collaborative.portal.demo.bodies import term
from collaborative.vocabulary.models import Theme
from evidence.models import Example, Mode, Resource, Sheet, Tried
from evidence.services.practices.keeping import tags_called
from partners.models import Organisation, Programme

VERBS = {state: f"sheet.{verb}" for state, verb in (("draft", "drafted"), ("submitted", "submitted"))} | {
    state: f"sheet.{state}" for state in ("published", "retired")
}
TEXTS = (
    "code", "title", "summary", "why", "conditions", "not_worked", "cost", "contact", "provenance", "retired_reason",
)  # fmt: skip
PARTS = (
    (Example, "examples", ("place", "country", "partners", "text", "source", "url")),
    (Resource, "resources", ("citation", "url", "frozen_url", "note")),
)


class Practices:
    """Makes the practice sheets that are missing; ``people`` are accounts by their slug."""

    def __init__(self, source, people):
        self.source, self.people = source, people

    def load(self):
        """Make every sheet of the files."""
        for row in self.source.rows("sheets"):
            if not Sheet.objects.filter(slug=row["slug"]).exists():
                self._sheet(row)

    def _sheet(self, row):
        day = {step["to"]: step["in_days"] for step in row["history"]}
        sheet = Sheet.objects.create(
            slug=row["slug"],
            **{name: row.get(name, "").strip() for name in TEXTS},
            programme=Programme.objects.get(slug=row["programme"]),
            organisation=Organisation.objects.filter(slug=row["organisation"]).first(),
            submitted_by=self.people.get(row["by"]),
            state=row["state"],
            stage=term("practice_stage", row["stage"]),
            submitted_at=self.source.moment(day.get("submitted")),
            published_at=self.source.moment(day.get("published")),
            changed_at=self.source.moment(row["history"][-1]["in_days"]),
        )
        sheet.themes.set(Theme.objects.filter(slug__in=row["themes"]))
        sheet.recognised.set(term("recognition", code) for code in row["recognised"])
        sheet.tags.set(tags_called(row["tags"]))
        self._parts(sheet, row)
        self._history(sheet, row)
        self._tried(sheet, row)

    def _parts(self, sheet, row):
        for model, name, columns in PARTS:
            for each in row.get(name, []):
                values = {column: each.get(column, "") for column in columns}
                model.objects.create(sheet=sheet, position=each["number"], **values)
        for each in row.get("modes", []):
            mode = term("implementation_mode", each["mode"])
            Mode.objects.create(sheet=sheet, position=each["number"], term=mode, text=each["text"])

    def _history(self, sheet, row):
        before = ""
        for step in row["history"]:
            by, at = self.people[step["by"]], self.source.moment(step["in_days"])
            record(VERBS[step["to"]], sheet, by=by, from_state=before, to_state=step["to"], at=at)
            before = step["to"]

    def _tried(self, sheet, row):
        for each in row.get("tried", []):
            Tried.objects.create(
                sheet=sheet,
                user=self.people[each["person"]],
                organisation=Organisation.objects.get(slug=each["organisation"]),
                place=each["place"],
                result=each["result"],
                text=each["text"],
                at=self.source.moment(each["in_days"]),
            )
