"""The library, the reading page and its preview."""

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from collaborative.core.views import FilterPage, ThingPage
from evidence.filters import ReviewFilter
from evidence.models import Review, Version
from evidence.reading import Reading
from evidence.states import WORKING_STATES, VersionState


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
        return super().get_queryset().select_related("current", "kind_of", "programme", "project")

    def dispatch(self, request, *args, **kwargs):
        """Answer 410 for what was once public and is withdrawn, to everyone."""
        gone = Review.objects.withdrawn().filter(slug=kwargs["slug"]).select_related("programme").first()
        if gone:
            return tombstone(request, gone)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Add the text, ready to be read."""
        version = self.object.current
        version.review = self.object
        reading = Reading(version)
        return super().get_context_data(
            reading=reading, version=version, themes=list(self.object.themes.all()), **kwargs
        )


class PreviewPage(ReviewPage):
    """What the public will read, shown to those who write it."""

    policy = "evidence.manage"
    preview = True

    def dispatch(self, request, *args, **kwargs):
        """Skip the tombstone: a preview is of what is being written."""
        return ThingPage.dispatch(self, request, *args, **kwargs)

    def get_queryset(self):
        """Return the reviews that the reader manages and that have a text in the making."""
        working = Version.objects.filter(state__in=WORKING_STATES)
        rows = Review.objects.manageable_by(self.request.user).filter(pk__in=working.values("review_id"))
        return rows.select_related("kind_of", "programme", "project")

    def get_context_data(self, **kwargs):
        """Show the version being made in the place of the published one."""
        self.object.current = self.object.versions.get(state__in=WORKING_STATES)
        return super().get_context_data(preview=True, **kwargs)


def tombstone(request, review):
    """Return the 410 page: what stood here, why it went, how it was cited."""
    version = review.versions.filter(state=VersionState.WITHDRAWN).order_by("-withdrawn_at").first()
    version.review = review
    context = {
        "title": review.title,
        "kind": _("review"),
        "reason": version.withdrawn_reason,
        "withdrawn_on": version.withdrawn_at,
        "citation": Reading(version).citation,
    }
    return render(request, "errors/410.html", context, status=410)
