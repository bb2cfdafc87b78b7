"""What evidence adds to the pages of projects, themes, programmes and organisations."""

from collaborative.core.panels import panel, step
from evidence.models import Author, Review

SHOWN = 6


def _newest(rows, request, thing, more=""):
    reviews = list(rows.for_lists()[: SHOWN + 1])
    if not reviews:
        return None
    context = {"reviews": reviews[:SHOWN], "more": more if len(reviews) > SHOWN else "", "thing": thing}
    return "evidence/panel.html", context


@panel("project", order=20)
def of_project(project, request):
    """The reviews that came from a project."""
    return _newest(Review.objects.visible_to(request.user).filter(project=project), request, project)


@panel("theme", order=20)
def of_theme(theme, request):
    """What is known on a theme."""
    rows = Review.objects.visible_to(request.user).filter(themes=theme)
    return _newest(rows, request, theme, f"theme={theme.slug}")


@panel("programme", order=30)
def of_programme(programme, request):
    """What a programme has published."""
    rows = Review.objects.visible_to(request.user).filter(programme=programme)
    return _newest(rows, request, programme, f"programme={programme.slug}")


@panel("organisation", order=30)
def of_organisation(organisation, request):
    """The reviews whose authors were at an organisation."""
    written = Author.objects.filter(organisation=organisation).values("version_id")
    return _newest(Review.objects.visible_to(request.user).filter(current__in=written), request, organisation)


@step("project", "review")
def after_project(project, request):
    """The thread goes on from a project to the reviews that came from it."""
    return "#evidence" if Review.objects.visible_to(request.user).filter(project=project).exists() else None
