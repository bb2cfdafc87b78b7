"""Strands, areas, projects, proposals with their history, and wishes to join."""

from collaborative.accounts.models import User
from collaborative.audit.services import record
from collaborative.portal.demo.bodies import term
from collaborative.vocabulary.models import Theme
from partners.models import Organisation, Programme
from projects.models import Decision, JoinRequest, Project, ProjectArea, ProjectPartner, ProjectPerson, Strand
from projects.states import PUBLIC_STAGES, Stage

TEXTS = ("title", "summary", "problem", "approach", "benefit")
VERBS = {"draft": "project.drafted", "proposed": "project.submitted", "active": "project.started"}


class Work:
    """Makes what is missing of the work; ``people`` are accounts by their slug."""

    def __init__(self, source):
        self.source = source
        emails = {row["slug"]: row["email"] for row in source.rows("people")}
        users = User.objects.in_bulk(emails.values(), field_name="email")
        self.people = {slug: users[email] for slug, email in emails.items()}

    def load(self):
        """Make strands and areas first, then what stands in them."""
        for row in self.source.rows("strands"):
            self._strand(row)
        for row in self.source.rows("areas"):
            self._area(row)
        for row in [*self.source.rows("projects"), *self.source.rows("proposals")]:
            self._project(row)
        for row in self.source.rows("join_requests"):
            self._request(row)

    def _strand(self, row):
        values = {key: row[key] for key in ("name", "summary", "position")}
        programme = Programme.objects.get(slug=row["programme"])
        Strand.objects.get_or_create(slug=row["slug"], defaults=values | {"programme": programme})

    def _area(self, row):
        values = {key: row[key] for key in ("name", "summary", "position")} | {
            "programme": Programme.objects.get(slug=row["programme"]),
            "strand": Strand.objects.filter(slug=row.get("strand", "")).first(),
            "theme": Theme.objects.filter(slug=row.get("theme", "")).first(),
        }
        ProjectArea.objects.get_or_create(slug=row["slug"], defaults=values)

    def _project(self, row):
        if Project.objects.filter(slug=row["slug"]).exists():
            return
        history = row.get("history", [])
        listed = row.get("listed_in_days", _when(history, *PUBLIC_STAGES))
        submitted = _when(history, Stage.PROPOSED)
        project = Project.objects.create(
            slug=row["slug"],
            **{key: row.get(key, "").strip() for key in TEXTS},
            stage=row["stage"],
            programme=Programme.objects.get(slug=row["programme"]),
            area=ProjectArea.objects.filter(slug=row.get("area", "")).first(),
            strand=Strand.objects.filter(slug=row.get("strand", "")).first(),
            kind_of=term("project_kind", row["kind"]),
            level=term("research_level", row.get("level")),
            lead_organisation=Organisation.objects.get(slug=row["lead_organisation"]),
            starts_on=self.source.day(row.get("starts_in_days")),
            ends_on=self.source.day(row.get("ends_in_days")),
            submitted_at=self.source.moment(submitted if history else listed),
            listed_at=self.source.moment(listed) if row["stage"] in PUBLIC_STAGES else None,
        )
        born = self.source.moment(history[0]["in_days"] if history else listed)
        Project.objects.filter(pk=project.pk).update(created_at=born)
        project.themes.set(Theme.objects.filter(slug__in=row["themes"]))
        for slug in row.get("partners", []):
            ProjectPartner.objects.create(project=project, organisation=Organisation.objects.get(slug=slug))
        self._people(project, row, born.date())
        self._history(project, history)

    def _people(self, project, row, since):
        for each in row.get("people", []):
            user = self.people[each["person"]]
            own = user.memberships.order_by("pk").first()
            ProjectPerson.objects.create(
                project=project,
                user=user,
                organisation=own.organisation if own else project.lead_organisation,
                part=each["part"],
                role=term("project_role", each.get("role")),
                starts_on=since,
            )

    def _history(self, project, history):
        before = ""
        for step in history:
            at, by = self.source.moment(step["in_days"]), self.people[step["by"]]
            verb = VERBS.get(step["to"], f"project.{step['to']}")
            record(verb, project, by=by, from_state=before, to_state=step["to"], at=at)
            if step.get("reason"):
                decision = Decision.objects.create(
                    project=project, outcome=step["to"], reason=step["reason"].strip(), by=by
                )
                Decision.objects.filter(pk=decision.pk).update(at=at)
            before = step["to"]

    def _request(self, row):
        project = Project.objects.get(slug=row["project"])
        asker = self.people[row["person"]]
        if JoinRequest.objects.filter(project=project, user=asker).exists():
            return
        answered = row.get("answered_by")
        request = JoinRequest.objects.create(
            project=project,
            user=asker,
            organisation=Organisation.objects.get(slug=row["organisation"]),
            role=term("project_role", row.get("role")),
            message=row["message"],
            state=row["state"],
            answer=row.get("answer", ""),
            answered_by=self.people[answered] if answered else None,
            answered_at=self.source.moment(row.get("answered_in_days")),
        )
        JoinRequest.objects.filter(pk=request.pk).update(created_at=self.source.moment(row["in_days"]))
        if row["state"] == "accepted" and not ProjectPerson.objects.filter(project=project, user=asker).exists():
            ProjectPerson.objects.create(
                project=project,
                user=asker,
                organisation=request.organisation,
                role=request.role,
                starts_on=self.source.day(row["answered_in_days"]),
            )
        if row["state"] == "accepted" and request.organisation_id != project.lead_organisation_id:
            ProjectPartner.objects.get_or_create(project=project, organisation=request.organisation)


def _when(history, *stages):
    """Return the day on which a history first reaches one of the stages, or None."""
    return next((step["in_days"] for step in history if step["to"] in stages), None)
