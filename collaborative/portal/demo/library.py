"""The evidence reviews: what they are about, who makes them, and their versions with their history."""

from collaborative.audit.services import record
from collaborative.portal.demo import asides, texts
from collaborative.portal.demo.bodies import term
from collaborative.vocabulary.models import Theme
from evidence.models import Review, ReviewPerson, ReviewPlace, Version
from evidence.states import PUBLIC_STATES, VersionState
from partners.models import Programme
from projects.models import Project

VERBS = {
    "protocol": "version.protocol_begun",
    "drafting": "version.begun",
    "peer_review": "version.sent_to_review",
    "approved": "version.approved",
    "published": "version.published",
    "update_due": "version.update_due",
    "replaced": "version.replaced",
    "superseded": "version.superseded",
    "archived": "version.archived",
    "withdrawn": "version.withdrawn",
}
AT_WORK = ((ReviewPerson.Part.EDITOR, "editors"), (ReviewPerson.Part.AUTHOR, "writers"))
TEXTS = ("title", "summary", "plain_summary", "background", "provenance", "licence", "changes")


class Library:
    """Makes the reviews that are missing; ``people`` are accounts by their slug."""

    def __init__(self, source, people):
        self.source, self.people = source, people

    def load(self):
        """Make every review of the files: originals before their translations and what they supersede."""
        for row in self.source.rows("reviews"):
            if not Review.objects.filter(slug=row["slug"]).exists():
                self._review(row)
        asides.load_requests(self.source, self.people)

    def _review(self, row):
        review = Review.objects.create(
            slug=row["slug"],
            title=row["title"],
            kind_of=term("review_kind", row["kind"]),
            series=row.get("series", ""),
            programme=Programme.objects.get(slug=row["programme"]),
            project=Project.objects.filter(slug=row.get("project", "")).first(),
            year=row.get("year"),
            language=row.get("language", "en"),
            translation_of=Review.objects.filter(slug=row.get("translation_of", "")).first(),
        )
        self._catalogue(review, row)
        self._people(review, row)
        numbered = [*row.get("earlier", []), {}]
        for number, changed in enumerate(numbered, start=1):
            self._version(review, row | changed, number)

    def _catalogue(self, review, row):
        review.themes.set(Theme.objects.filter(slug__in=row["themes"]))
        for scheme, name in (("population", "populations"), ("method", "methods")):
            review.terms.add(*[term(scheme, code) for code in row.get(name, [])])
        for place in row.get("places", []):
            ReviewPlace.objects.create(review=review, country=place["country"], place=place.get("place", ""))

    def _people(self, review, row):
        for part, name in AT_WORK:
            for slug in row.get(name, []):
                user = self.people[slug]
                own = user.memberships.order_by("pk").first()
                ReviewPerson.objects.create(
                    review=review,
                    user=user,
                    part=part,
                    organisation=own.organisation if own else None,
                    starts_on=self.source.day(row["history"][0]["in_days"]),
                )

    def _version(self, review, row, number):
        version = Version.objects.create(
            review=review,
            number=number,
            state=row["state"],
            **{key: row.get(key, "").strip() for key in TEXTS},
            **self._dates(row),
        )
        texts.load(version, row, self.source)
        self._history(version, row)
        asides.load(version, row, self.source, self.people)
        if version.published_at:
            self._show(review, version, row)

    def _dates(self, row):
        steps = {step["to"]: step for step in row["history"]}
        at = {name: self.source.moment(steps[name]["in_days"]) if name in steps else None for name in VERBS}
        because = {name: steps[name]["reason"] if name in steps else "" for name in ("archived", "withdrawn")}
        planned = row.get("publish_in_days")
        return {
            "current_as_of": row.get("current_as_of"),
            "update_due_on": self.source.day(row.get("update_due_in_days")),
            "published_at": at["published"],
            "public_from": self.source.moment(row.get("embargo_in_days"), "07:00"),
            "publish_at": self.source.moment(planned, "07:00"),
            "publish_by": self.people[row["history"][-1]["by"]] if planned else None,
            "superseded_by": Review.objects.filter(slug=row.get("superseded_by", "")).first(),
            "archived_at": at["archived"],
            "archived_reason": because["archived"],
            "withdrawn_at": at["withdrawn"],
            "withdrawn_reason": because["withdrawn"],
            "approved_without": row.get("approved_without", ""),
        }

    def _history(self, version, row):
        before = VersionState.COMMISSIONED
        for step in row["history"]:
            by, at = self.people[step["by"]], self.source.moment(step["in_days"])
            record(VERBS[step["to"]], version, by=by, from_state=before, to_state=step["to"], at=at)
            before = step["to"]

    def _show(self, review, version, row):
        if row["state"] in PUBLIC_STATES:
            review.current = version
            review.summary = version.summary
        review.published_at = review.published_at or version.published_at
        review.year = row.get("year") or review.year or version.published_at.year
        review.save(update_fields=["current", "summary", "published_at", "year"])
