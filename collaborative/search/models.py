"""The index: one row for each thing that can be found.

PostgreSQL keeps a generated column ``vector`` beside these, which the models do not know because
SQLite has no such type: see ``engines.postgresql``. SQLite keeps the virtual table ``FullText``.
A migration that changes a text column here drops and makes both anew, as ``0002_full_text`` does.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.reader import scope_of


class SearchEntryQuerySet(models.QuerySet):
    """Reads of the index."""

    def visible_to(self, user):
        """Return what the reader may find."""
        scope = scope_of(user)
        if scope.everything:
            return self.all()
        public = Q(public_from__lte=timezone.now())
        inside = Q(members=True, programme_id__in=scope.programme_ids)
        run = Q(programme_id__in=scope.coordinated_programme_ids)
        found = public | inside | run
        return self.filter(found | Q(staff=True) if scope.programme_ids else found)


class SearchEntry(models.Model):
    """What can be found of one thing, in plain words, and by whom (``registry.Entry``)."""

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    title = models.CharField(max_length=300)
    aliases = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    public_from = models.DateTimeField(null=True, blank=True)
    programme_id = models.BigIntegerField(null=True, blank=True)
    members = models.BooleanField(default=False)
    staff = models.BooleanField(default=False)
    date = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "object_id"]
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_one_entry")]

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class FullText(models.Model):
    """SQLite's full-text table (FTS5), kept by triggers; PostgreSQL has none.

    ``words`` is the hidden column that a search is matched with, ``rank`` the one that says how
    well it matched: the smaller, the better.
    """

    entry = models.OneToOneField(
        SearchEntry, on_delete=models.DO_NOTHING, primary_key=True, db_column="rowid", related_name="full_text"
    )
    words = models.TextField(db_column="search_text")
    rank = models.FloatField()

    class Meta:
        managed = False
        db_table = "search_text"

    def __str__(self):
        return str(self.entry_id)


class SynonymsQuerySet(models.QuerySet):
    """Reads of the words that mean the same."""

    def manageable_by(self, user):
        """Return everything to whoever enters the admin: words are no secret."""
        scope = scope_of(user)
        return self.all() if scope.everything or scope.coordinated_programme_ids else self.none()


class Synonyms(models.Model):
    """Wordings that mean the same: whoever searches for one finds the others too. ``Wording`` holds them by key."""

    words = models.TextField(
        _("wordings"),
        help_text=_(
            "One on each line, such as “VAWG” and “violence against women and girls”. Plurals find themselves."
        ),
    )
    used = models.BooleanField(
        _("used"), default=True, help_text=_("Take the tick away from a group that searches should no longer follow.")
    )

    objects = SynonymsQuerySet.as_manager()

    class Meta:
        verbose_name = _("words that mean the same")
        verbose_name_plural = _("words that mean the same")
        ordering = ["words", "pk"]

    def __str__(self):
        return ", ".join(self.words.split("\n"))


class Wording(models.Model):
    """One wording of a group, by the key with which a search looks for it; kept by ``services.keep_wordings``."""

    group = models.ForeignKey(Synonyms, on_delete=models.CASCADE, related_name="wordings")
    key = models.CharField(max_length=100)
    words = models.CharField(max_length=100)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["key"], name="search_wording_key")]
        constraints = [models.UniqueConstraint(fields=["group", "key"], name="search_one_wording")]

    def __str__(self):
        return self.words


class Word(models.Model):
    """A word as it stands in the names of what everyone reads: what a misspelt one may have meant.

    ``services.learn`` adds, the daily repair takes away. Words of anything hidden never come here.
    """

    word = models.CharField(max_length=40, unique=True)
    initial = models.CharField(max_length=1)
    length = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["word"]
        indexes = [models.Index(fields=["initial", "length"], name="search_word_near")]

    def __str__(self):
        return self.word


class Touched(models.Model):
    """A thing whose name many others carry, changed and not yet followed by all of them; ``done_*`` says how far.

    ``changed`` is its kind, or its table's label where it has none. Touched again, it begins anew.
    """

    changed = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    touched_at = models.DateTimeField(default=timezone.now)
    done_kind = models.CharField(max_length=40, blank=True)
    done_id = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["touched_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["changed", "object_id"], name="search_touched_once")]

    def __str__(self):
        return f"{self.changed} {self.object_id}"
