"""The library, the reading page and its preview."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from collaborative.core.views import FilterPage, ThingPage
from evidence.filters import ReviewFilter
from evidence.models import Review, Version
from evidence.reading import Reading
from evidence.states import WORKING_STATES, VersionState
from projects.models import Project


class Library(FilterPage):
    """The evidence library: search, facets with counts, sort, pages."""

    policy = "public"
    model = Review
    filterset_class = ReviewFilter
    template_name = "evidence/list.html"
    context_object_name = "reviews"
    extra_context = {"heading": _("Evidence library"), "search_label": _("Search the evidence")}

    def get_queryset(self):
        """Return what this reader may read, with what a row shows."""
        return super().get_queryset().for_lists()


class ReviewPage(ThingPage):
    """A review to read; once withdrawn, its tombstone."""

    model = Review
    template_name = "evidence/page.html"
    context_object_name = "review"

    def get_queryset(self):
        """Fetch the review with its text in one query."""
        return super().get_queryset().select_related("current", "kind_of", "programme")

    def dispatch(self, request, *args, **kwargs):
        """Answer 410 for what this reader could once read and is withdrawn."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            rows = Review.objects.withdrawn(request.user).select_related("programme")
            gone = rows.filter(slug=kwargs["slug"]).first()
            if gone is None:
                raise
            return tombstone(request, gone)

    def get_context_data(self, **kwargs):
        """Add the text, ready to be read, and the project it came from when the reader may see that."""
        version = self.object.current
        version.review = self.object
        origin = Project.objects.visible_to(self.request.user).filter(pk=self.object.project_id)
        return super().get_context_data(
            reading=Reading(version),
            version=version,
            themes=list(self.object.themes.all()),
            project=origin.first() if self.object.project_id else None,
            **kwargs,
        )


class PreviewPage(ReviewPage):
    """What the public will read, shown to those who write it."""

    policy = "evidence.manage"
    preview = True

    def dispatch(self, request, *args, **kwargs):
        """Answer 404 without a tombstone: a preview is of what is being written."""
        return ThingPage.dispatch(self, request, *args, **kwargs)

    def get_queryset(self):
        """Return the reviews that the reader manages and that have a text in the making."""
        working = Version.objects.filter(state__in=WORKING_STATES)
        rows = Review.objects.manageable_by(self.request.user).filter(pk__in=working.values("review_id"))
        return rows.select_related("kind_of", "programme")

    def get_context_data(self, **kwargs):
        """Show the version being made in the place of the published one."""
        self.object.current = self.object.versions.get(state__in=WORKING_STATES)
        return super().get_context_data(preview=True, **kwargs)


def tombstone(request, review):
    """Return the 410 page: what stood here, why it went, how it was cited."""
    gone = Version.objects.filter(state=VersionState.WITHDRAWN).visible_to(request.user)
    version = gone.filter(review=review).order_by("-withdrawn_at", "-pk").first()
    version.review = review
    context = {
        "title": version.title,
        "kind": _("review"),
        "reason": version.withdrawn_reason,
        "withdrawn_on": version.withdrawn_at,
        "citation": Reading(version).citation,
    }
    return render(request, "errors/410.html", context, status=410)
