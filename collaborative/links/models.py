"""One row for each address elsewhere that our texts lead to, however many do; where each stands; whose turn it is."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core import kinds
from collaborative.core.reader import scope_of
from collaborative.links.registry import kinds_with_links


class LinkQuerySet(models.QuerySet):
    """Reads of links."""

    def due(self, now):
        """Return those that some text leads to and whose time has come."""
        return self.filter(wanted=True, due_at__lte=now)

    def manageable_by(self, user):
        """Return those in things that the person manages; only who enters the workshop gets any."""
        scope = scope_of(user)
        if scope.everything:
            return self.all()
        if not scope.coordinated_programme_ids:
            return self.none()
        return self.filter(Exists(Place.objects.manageable_by(user).filter(link=OuterRef("pk"))))


class Link(models.Model):
    """An address elsewhere, as a text has it, and what was found when it was last asked for.

    It counts as dead only after it failed several times over days: servers rest, too.
    """

    class State(models.TextChoices):
        NEW = "new", _("Not looked at yet")
        WORKS = "works", _("Works")
        MOVED = "moved", _("Works, at another address")
        DOUBTFUL = "doubtful", _("Did not answer as it should")
        DEAD = "dead", _("Dead")
        LEFT = "left", _("Not looked at: its site asks machines to stay away, or it leads into a private network")

    url = models.URLField(_("address"), max_length=500, unique=True)
    host = models.CharField(_("site"), max_length=253)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.NEW)
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    moved_to = models.CharField(_("leads on to"), max_length=500, blank=True)
    fault = models.CharField(_("what went wrong"), max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    first_failed_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(_("last looked at"), null=True, blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    wanted = models.BooleanField(_("some text leads there"), default=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["host", "url", "pk"]
        indexes = [
            models.Index(fields=["wanted", "due_at"], name="links_due"),
            models.Index(fields=["state", "host"], name="links_by_state"),
        ]

    def __str__(self):
        return self.url


class PlaceQuerySet(models.QuerySet):
    """Reads of places."""

    def manageable_by(self, user):
        """Return those in things that the person manages: their texts in the making, too."""
        managed = Q(pk__in=[])
        for kind in kinds_with_links():
            things = kinds.model_of(kind)._default_manager.manageable_by(user)
            managed |= Q(kind_of=kind, object_id__in=things.values("pk"))
        return self.filter(managed)


class Place(models.Model):
    """A thing whose public or working text leads to an address; ``beside`` says near what, in words of that text."""

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="places")
    kind_of = models.CharField(_("kind"), max_length=40)
    object_id = models.BigIntegerField()
    beside = models.CharField(_("beside"), max_length=200, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place of a link")
        verbose_name_plural = _("places of links")
        ordering = ["kind_of", "object_id", "pk"]
        indexes = [models.Index(fields=["kind_of", "object_id"], name="links_in_thing")]
        constraints = [models.UniqueConstraint(fields=["link", "kind_of", "object_id"], name="links_one_place")]

    def __str__(self):
        return f"{self.kind_of} {self.object_id}"


class Turn(models.Model):
    """The one row by which a job has links to itself: no two ask other sites at once, and a lost job's turn ends."""

    claimed_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    asked = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return str(self.ended_at or "")
