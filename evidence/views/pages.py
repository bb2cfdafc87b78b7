"""The library, and the pages on which texts are read."""

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from collaborative.core.views import FilterPage, ThingPage
from evidence.citing import Cited, work_of_version
from evidence.filters import ReviewFilter
from evidence.models import File, Review, Version, withdrawn_reviews
from evidence.reading import Reading
from evidence.reading.catalogue import catalogue
from evidence.reading.languages import own_name
from evidence.reading.notices import notices
from evidence.reading.related import Related
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


def with_project(rows, user, path):
    """Return rows that know whether the reader may see the project of their review; ``path`` leads to that."""
    projects = Project.objects.visible_to(user).filter(pk=OuterRef(path))
    return rows.annotate(sees_project=Exists(projects))


class TextPage(ThingPage):
    """A text to read: the base of a review's page, of its older versions and of the preview."""

    template_name = "evidence/page.html"
    context_object_name = "review"
    own_address = False
    """Whether the page stands at the version's own address, which never shows another text."""

    def version(self):
        """Return the version to be read, with its review."""
        raise NotImplementedError

    def get_context_data(self, **kwargs):
        """Add the text, ready to be read, and what stands around it in the library."""
        version = self.version()
        review = version.review
        related = Related(version, self.request.user)
        reading = Reading(version)
        reading.link_sources(related.here)
        words = catalogue(review)
        work = work_of(version, reading.authors, words, reading.attachments, own_address=self.own_address)
        return super().get_context_data(
            review=review,
            version=version,
            reading=reading,
            related=related,
            notices=notices(version, related),
            catalogue=words,
            cited=Cited(work),
            own_address=self.own_address,
            project=review.project if self.object.sees_project else None,
            own_language=own_name(review.language),
            pdf=getattr(version, "pdf", None),
            **kwargs,
        )

    def render_to_response(self, context, **kwargs):
        """Say in the header, too, where what belongs to the text is found."""
        response = super().render_to_response(context, **kwargs)
        if context["cited"].links:
            response["Link"] = context["cited"].links
        return response


class Buried:
    """Answers 410 for a review that this reader could once read and that is withdrawn."""

    def dispatch(self, request, *args, **kwargs):
        """Show the tombstone instead of saying that there never was anything."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            gone = withdrawn_reviews(request.user).filter(slug=kwargs["slug"]).first()
            if gone is None:
                raise
            return tombstone(request, last_withdrawn(gone, request.user))


class ReviewPage(Buried, TextPage):
    """A review to read in its newest version; once withdrawn, its tombstone."""

    model = Review

    def get_queryset(self):
        """Fetch the review with its text in one query."""
        rows = super().get_queryset().select_related("current__pdf", "kind_of", "programme", "project")
        return with_project(rows, self.request.user, "project_id")

    def version(self):
        """Return the one that the public reads."""
        self.object.current.review = self.object
        return self.object.current


class VersionPage(TextPage):
    """A version at its own address; a withdrawn one leaves its tombstone."""

    model = Version
    own_address = True

    def get_queryset(self):
        """Return what was published and this reader may know of."""
        rows = super().get_queryset().exclude(state__in=WORKING_STATES)
        rows = rows.select_related("pdf", "review__kind_of", "review__programme", "review__current", "review__project")
        return with_project(rows, self.request.user, "review__project_id")

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

    def version(self):
        """Return it."""
        return self.object


class PreviewPage(TextPage):
    """What the public will read, shown to those who make it and to its reviewers."""

    model = Version
    policy = "evidence.preview"

    def get_queryset(self):
        """Return the texts in the making that this reader may know of."""
        rows = super().get_queryset().filter(state__in=WORKING_STATES)
        rows = rows.select_related("pdf", "review__kind_of", "review__programme", "review__current", "review__project")
        return with_project(rows, self.request.user, "review__project_id")

    def guarded_thing(self):
        """Fetch it by the review's address."""
        self.object = get_object_or_404(self.get_queryset(), review__slug=self.kwargs["slug"])
        return self.object

    def version(self):
        """Return it."""
        return self.object

    def get_context_data(self, **kwargs):
        """Say that it is a preview."""
        return super().get_context_data(preview=True, **kwargs)


def work_of(version, authors, words, files, *, own_address):
    """Return a version as it is cited, with what its page has read of it; ``words`` are its catalogue."""
    subjects = [*(each for each, _address in words.themes), *words.populations, *words.methods]
    attached = [each for each in files if each.use == File.Use.ATTACHMENT]
    pdf = getattr(version, "pdf", None)
    more = {"keywords": subjects, "pdf": pdf, "attachments": attached}
    return work_of_version(version, authors, own_address=own_address, **more)


def last_withdrawn(review, user):
    """Return the newest of a review's versions whose tombstone the reader sees."""
    gone = Version.objects.filter(state=VersionState.WITHDRAWN).visible_to(user)
    return gone.filter(review=review).select_related("review__programme").order_by("-withdrawn_at", "-pk").first()


def tombstone(request, version):
    """Return the 410 page: what stood here, why it went, how it was cited, and what can be read instead."""
    context = {
        "title": version.title,
        "kind": _("review"),
        "reason": version.withdrawn_reason,
        "withdrawn_on": version.withdrawn_at,
        "citation": Cited(work_of_version(version, version.authors.all(), own_address=True)).line,
    }
    instead = Review.objects.visible_to(request.user).filter(pk=version.review_id).first()
    if instead:
        context |= {"successor_url": instead.get_absolute_url(), "successor_title": instead.title}
    return render(request, "errors/410.html", context, status=410)
