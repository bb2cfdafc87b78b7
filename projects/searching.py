"""What can be found of projects and project areas, and by whom; the same rule as their ``visible_to``."""

from collaborative.core.handling import Handling
from collaborative.search.registry import ALWAYS, Entry, searchable
from collaborative.search.touching import touches
from projects.models import Project, ProjectArea
from projects.states import PUBLIC_STAGES, UNDER_CONSIDERATION


def with_words(rows):
    """Fetch what ``project`` reads of each row."""
    return rows.select_related("kind_of", "area", "lead_organisation").prefetch_related(
        "themes", "partners__organisation"
    )


@searchable("project", rows=with_words, order=20)
def project(project):
    """A project from the day it is sent in; what was never sent has named readers only."""
    if project.never_sent:
        return None
    registered = project.stage in PUBLIC_STAGES
    return Entry(
        title=project.title,
        summary=project.summary,
        body=_text(project),
        public_from=ALWAYS if registered and project.handling == Handling.PUBLIC else None,
        programme_id=project.programme_id,
        members=registered or project.stage in UNDER_CONSIDERATION,
        date=project.listed_at and project.listed_at.date(),
    )


def _text(project):
    texts = (project.problem, project.approach, project.benefit, _names(project))
    return "\n\n".join(text for text in texts if text)


def _names(project):
    """Return the words by which people look for a project beside its own text."""
    names = [project.kind_of.label, project.area and project.area.name, project.lead_organisation.name]
    names += [partner.organisation.name for partner in project.partners.all()]
    names += [theme.name for theme in project.themes.all()]
    return " · ".join(dict.fromkeys(name for name in names if name))


@searchable("area", rows=lambda rows: rows.select_related("strand", "theme"), order=50)
def area(area):
    """A project area, with the names of its strand and theme."""
    names = [each.name for each in (area.strand, area.theme) if each]
    return Entry(
        title=area.name,
        summary=area.summary,
        body=" · ".join(names),
        public_from=ALWAYS,
        programme_id=area.programme_id,
    )


@touches("theme")
def of_themes(ids):
    """Projects and areas name their themes."""
    return [("project", Project.objects.filter(themes__in=ids)), ("area", ProjectArea.objects.filter(theme__in=ids))]


@touches("organisation")
def of_organisations(ids):
    """Projects name who leads them and who takes part."""
    led, joined = (
        Project.objects.filter(lead_organisation__in=ids),
        Project.objects.filter(partners__organisation__in=ids),
    )
    return [("project", led), ("project", joined)]


@touches("area")
def of_areas(ids):
    """Projects name their area."""
    return [("project", Project.objects.filter(area__in=ids))]


@touches("programme")
def of_programmes(ids):
    """What is harvested of a project names its programme."""
    return [("project", Project.objects.filter(programme__in=ids))]


@touches("projects.strand")
def of_strands(ids):
    """Areas name their strand."""
    return [("area", ProjectArea.objects.filter(strand__in=ids))]


@touches("vocabulary.term")
def of_terms(ids):
    """Projects name their kind."""
    return [("project", Project.objects.filter(kind_of__in=ids))]
