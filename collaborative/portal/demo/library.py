"""The evidence reviews."""

from collaborative.audit.services import record
from collaborative.portal.demo.bodies import term
from collaborative.vocabulary.models import Theme
from evidence.models import Author, Finding, Reference, ResearchPriority, Review, Section, Version
from evidence.states import PUBLIC_STATES, VersionState
from partners.models import Organisation, Programme
from projects.models import Project

VERBS = {
    "drafting": "version.begun",
    "peer_review": "version.sent_to_review",
    "approved": "version.approved",
    "published": "version.published",
    "withdrawn": "version.withdrawn",
}
TEXTS = ("title", "summary", "plain_summary", "background", "provenance", "funder", "licence")


class Library:
    """Makes the reviews that are missing; ``people`` are accounts by their slug."""

    def __init__(self, source, people):
        self.source, self.people = source, people

    def load(self):
        """Make every review of the files."""
        for row in self.source.rows("reviews"):
            if not Review.objects.filter(slug=row["slug"]).exists():
                self._review(row)

    def _review(self, row):
        review = Review.objects.create(
            slug=row["slug"],
            title=row["title"],
            kind_of=term("review_kind", row["kind"]),
            series=row.get("series", ""),
            programme=Programme.objects.get(slug=row["programme"]),
            project=Project.objects.filter(slug=row.get("project", "")).first(),
            year=row.get("year"),
        )
        review.themes.set(Theme.objects.filter(slug__in=row["themes"]))
        version = self._version(review, row)
        self._parts(version, row)
        self._history(review, version, row)

    def _version(self, review, row):
        history = {step["to"]: step for step in row.get("history", [])}
        published, withdrawn = history.get("published"), history.get("withdrawn")
        return Version.objects.create(
            review=review,
            **{key: row.get(key, "").strip() for key in TEXTS},
            state=row["state"],
            current_as_of=row.get("current_as_of"),
            published_at=self.source.moment(published["in_days"]) if published else None,
            withdrawn_at=self.source.moment(withdrawn["in_days"]) if withdrawn else None,
            withdrawn_reason=withdrawn["reason"] if withdrawn else "",
        )

    def _parts(self, version, row):
        for position, author in enumerate(row.get("authors", []), start=1):
            body = Organisation.objects.filter(slug=author.get("organisation", "")).first()
            values = {key: author.get(key, "") for key in ("name", "part", "affiliation")}
            Author.objects.create(version=version, position=position, organisation=body, **values)
        sections = {0: None}
        for section in row.get("sections", []):
            sections[section["number"]] = Section.objects.create(
                version=version,
                position=section["number"],
                anchor=section["anchor"],
                heading=section["heading"],
                body=section["body"].strip(),
            )
        for model, name in ((Finding, "findings"), (ResearchPriority, "priorities")):
            for each in row.get(name, []):
                section = sections.get(each.get("section", 0))
                model.objects.create(version=version, number=each["number"], text=each["text"].strip(), section=section)
        for each in row.get("references", []):
            values = {key: each.get(key, "") for key in ("key", "short", "full", "url", "note")}
            Reference.objects.create(version=version, **values)

    def _history(self, review, version, row):
        before = VersionState.COMMISSIONED
        for step in row.get("history", []):
            by, at = self.people[step["by"]], self.source.moment(step["in_days"])
            record(VERBS[step["to"]], version, by=by, from_state=before, to_state=step["to"], at=at)
            before = step["to"]
        if row["state"] in PUBLIC_STATES:
            review.current = version
            review.summary = version.summary
        review.published_at = version.published_at
        review.year = review.year or (version.published_at.year if version.published_at else None)
        review.save(update_fields=["current", "summary", "published_at", "year"])
