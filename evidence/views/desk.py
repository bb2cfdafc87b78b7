"""The desk: how a review is coming along, for those who make it."""

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from collaborative.core import policies
from collaborative.core.views import ListPage, ThingPage
from evidence import services
from evidence.checks import checklist
from evidence.models import Review, Version
from evidence.reading.content import content_of
from evidence.states import WORKING_STATES, VersionState
from evidence.views.mending import with_addresses

WAY = (
    VersionState.COMMISSIONED,
    VersionState.PROTOCOL,
    VersionState.DRAFTING,
    VersionState.PEER_REVIEW,
    VersionState.APPROVED,
    VersionState.PUBLISHED,
)
"""The stages that every version passes; a protocol may be left out."""


def desks_of(user):
    """Return the reviews that the person works on."""
    return Review.objects.worked_on_by(user) if user.is_authenticated else Review.objects.none()


def version_at_work(review):
    """Return the version that is being made, else the latest there is, else None."""
    versions = sorted(review.versions.all(), key=lambda each: -each.number)
    working = [each for each in versions if each.working]
    return next(iter(working or versions), None)


def stages(version):
    """Return where a version stands, as ``components/stages.html`` takes it."""
    at = WAY.index(version.state) if version.state in WAY else len(WAY)
    shown = [
        {"label": state.label, "state": "done" if place < at else "now" if place == at else "ahead"}
        for place, state in enumerate(WAY)
    ]
    if at < len(WAY):
        return shown
    stopped = version.state == VersionState.WITHDRAWN
    return [*shown, {"label": version.get_state_display(), "state": "stopped" if stopped else "now"}]


class Desk(ThingPage):
    """One review as those who make it see it: where it stands, what it lacks, who works on it."""

    model = Review
    policy = "evidence.desk"
    template_name = "evidence/desk.html"
    context_object_name = "review"

    def get_queryset(self):
        """Return the reviews that the person works on; of others nobody hears here."""
        rows = desks_of(self.request.user).select_related("programme", "kind_of", "project", "current")
        return rows.prefetch_related("versions")  # for the panels too

    def get_context_data(self, **kwargs):
        """Add the version at work, its stages, what it lacks and the people."""
        review, user = self.object, self.request.user
        version = version_at_work(review)
        working = version is not None and version.working
        if version is not None:
            version.review = review
        if working:
            version.checklist_read, version.content_read = checklist(version), content_of(version)
        return super().get_context_data(
            version=version,
            working=working,
            stands=version.get_state_display() if version else _("Not begun"),
            stages=stages(version) if version else [],
            lacks=with_addresses(review, services.missing(version)) if working else [],
            writing=policies.ask("evidence.edit", user, version) if working else None,
            people=list(review.people.current().select_related("user", "organisation")),
            **kwargs,
        )


class Desks(ListPage):
    """The reviews that the person works on, those in the making first."""

    model = Review
    policy = "signed_in"
    template_name = "evidence/desks.html"
    context_object_name = "reviews"

    def get_queryset(self):
        """Return them, each with the state of its version in the making, or else of its latest."""
        return with_state(desks_of(self.request.user)).select_related("programme", "kind_of")

    def get_context_data(self, **kwargs):
        """Say of each where it stands."""
        context = super().get_context_data(**kwargs)
        labels = dict(VersionState.choices)
        for review in context["reviews"]:
            review.stands = labels.get(review.stands_at, _("Not begun"))
        return context


def with_state(reviews):
    """Return reviews with ``stands_at``, the state of the version at work; those in the making come first."""
    versions = Version.objects.filter(review=OuterRef("pk"))
    working = versions.filter(state__in=WORKING_STATES).values("state")[:1]
    latest = versions.order_by("-number").values("state")[:1]
    rows = reviews.annotate(working_at=Subquery(working), stands_at=Coalesce(Subquery(working), Subquery(latest)))
    return rows.order_by(F("working_at").asc(nulls_last=True), "-pk")
