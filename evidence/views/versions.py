"""A review's numbered versions: their list, and what changed from one to another."""

from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404

from collaborative.core.views import ThingPage
from evidence.models import Correction, Review, Version
from evidence.reading.changes import changes
from evidence.states import WORKING_STATES, VersionState
from evidence.views.pages import Buried, tombstone


class VersionsPage(Buried, ThingPage):
    """All that was published of a review, numbered and dated, with corrections and the way to each difference."""

    model = Review
    template_name = "evidence/versions.html"
    context_object_name = "review"

    def get_queryset(self):
        """Fetch the review with its programme."""
        return super().get_queryset().select_related("programme", "current")

    def get_context_data(self, **kwargs):
        """Add the versions that this reader may know of, the newest first, each with the one before it."""
        rows = published(self.request.user).filter(review=self.object)
        corrections = Prefetch("corrections", Correction.objects.order_by("-at", "-pk"), to_attr="notes")
        versions = list(rows.order_by("-number").prefetch_related(corrections))
        readable = [each for each in versions if each.readable]
        for each in versions:
            each.review = self.object
            each.before = next((other for other in readable if other.number < each.number), None)
        return super().get_context_data(versions=versions, **kwargs)


class ChangesPage(ThingPage):
    """What changed from an older version to this one, part by part."""

    model = Version
    template_name = "evidence/changes.html"
    context_object_name = "version"

    def get_queryset(self):
        """Return what was published and this reader may know of."""
        return published(self.request.user).select_related("review__programme", "review__current")

    def guarded_thing(self):
        """Fetch it by the review's address and its number."""
        where = {"review__slug": self.kwargs["slug"], "number": self.kwargs["number"]}
        self.object = get_object_or_404(self.get_queryset(), **where)
        return self.object

    def get(self, request, *args, **kwargs):
        """Answer 410 where it is withdrawn."""
        if self.object.state == VersionState.WITHDRAWN:
            return tombstone(request, self.object)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        """Add the differences to the version before it, or to the one asked for; 404 for one that cannot be read."""
        version = self.object
        rows = Version.objects.readable_by(self.request.user).filter(review=version.review_id)
        others = list(rows.exclude(pk=version.pk).order_by("-number"))
        before = self._before(others)
        found = changes(before, version) if before else None
        return super().get_context_data(review=version.review, before=before, others=others, changes=found, **kwargs)

    def _before(self, others):
        asked = self.request.GET.get("from", "")
        if not asked:
            return next((each for each in others if each.number < self.object.number), None)
        found = next((each for each in others if str(each.number) == asked), None)
        if found is None:
            raise Http404
        return found


def published(user):
    """Return the versions, and the tombstones of versions, that the reader may know of."""
    return Version.objects.visible_to(user).exclude(state__in=WORKING_STATES)
