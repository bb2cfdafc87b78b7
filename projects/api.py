"""The public register of projects, for programs."""

from pydantic import Field

from collaborative.outputs.api import Named, Resource, Thing, Word, named, named_all, resource, word
from collaborative.outputs.api.schemas import ways
from collaborative.outputs.api.types import Day, Markdown, Moment
from projects.filters import ProjectFilters


class ProjectSummary(Thing):
    """A project, as a list shows it."""

    title: str = Field(examples=["Street lighting and crime"])
    """Its title."""
    summary: Markdown
    """What it is about, in short."""
    stage: str = Field(examples=["active"])
    """Where it stands, by its code."""
    kind: Word | None
    """What kind of work it is."""
    programme: Named
    """The programme that it belongs to."""
    lead_organisation: Named
    """Who leads it."""
    area: str | None = Field(examples=["Night-time economy"])
    """The project area, by its name."""
    starts_on: Day
    """When it starts."""
    ends_on: Day
    """When it ends."""
    listed_at: Moment
    """When it entered the register."""


class Project(ProjectSummary):
    """A project of the register in full; people on it are not named here."""

    problem: Markdown
    """What is not known, or does not work."""
    approach: Markdown
    """What is done about it."""
    benefit: Markdown
    """What policing will have of it."""
    strand: str | None
    """The programme's strand, by its name."""
    level: Word | None
    """The level of research."""
    themes: list[Named]
    """What it is about."""
    partners: list[Named]
    """The organisations that take part."""


@resource("project", "projects", one="project", order=30)
class Projects(Resource):
    """The public register: every project that was awarded, whatever became of it."""

    filters, summary, detail = ProjectFilters, ProjectSummary, Project
    dated = True

    def for_list(self, rows):
        """Fetch what a row says."""
        return rows.for_lists()

    def for_detail(self, rows):
        """Fetch what the whole record says."""
        more = rows.select_related("programme", "kind_of", "lead_organisation", "area", "strand", "level")
        return more.prefetch_related("themes", "partners__organisation")

    def summarise(self, project):
        """Say what a list shows."""
        return ProjectSummary(**self._told(project))

    def describe(self, project):
        """Say what its page says."""
        return Project(
            **self._told(project),
            problem=project.problem,
            approach=project.approach,
            benefit=project.benefit,
            strand=project.strand.name if project.strand else None,
            level=word(project.level),
            themes=named_all("theme", ((each.slug, each.name) for each in project.themes.all())),
            partners=[named(each.organisation) for each in project.partners.all()],
        )

    def _told(self, project):
        return ways(project) | {
            "title": project.title,
            "summary": project.summary,
            "stage": project.stage,
            "kind": word(project.kind_of),
            "programme": named(project.programme),
            "lead_organisation": named(project.lead_organisation),
            "area": project.area.name if project.area else None,
            "starts_on": project.starts_on,
            "ends_on": project.ends_on,
            "listed_at": project.listed_at,
        }
