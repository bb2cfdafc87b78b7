"""Finding: by words, among what the reader may see."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import CharField, Count, F, Value

from collaborative.core import kinds as registered
from collaborative.search import extracts
from collaborative.search.engines import engine
from collaborative.search.engines.signs import OPEN
from collaborative.search.loosening import loosened
from collaborative.search.models import SearchEntry
from collaborative.search.ordering import Place
from collaborative.search.parsing import begun
from collaborative.search.registry import kinds_in_order, searchable_of
from collaborative.search.spelling import mended, unknown
from collaborative.search.synonyms import read

SHOWN_AT_MOST = 1000
"""Hits that can be paged through; whoever needs more needs better words."""

BEST_FIRST = ("-titled", "-score", F("date").desc(nulls_last=True), "-pk")
"""What is called by the words comes first, however long its text is; then the better answer, the newer thing."""


FEW = 2
"""Things found, up to which another spelling is looked for."""

SUGGESTED = 8
LOOKED_AT = 1000
"""Newest matches among which names are looked for while somebody types."""

WHY = ("title", "aliases", "summary", "body")
"""The columns in which found words are looked for, to say why a thing is shown."""


def visible(user):
    """Return the entries that the reader may find."""
    return SearchEntry.objects.visible_to(user)


def matching(text, kind, user):
    """Return the entries of one kind that answer ``text`` and that the reader may find, best first.

    ``Review.objects.filter(pk__in=matching(text, "review", user).values("object_id"))``; a text in
    which there is nothing to look for finds nothing. Here and below ``text`` may be what
    ``synonyms.read`` made of it, so that a page that asks twice reads it once.
    """
    query = read(text)
    if not query:
        return SearchEntry.objects.none()
    return _ranked(_answering(query, user).filter(kind=kind), query)


def best_first(things, text, kind, user):
    """Return those of ``things``, a queryset of the kind's model, that answer ``text``, best first."""
    found = matching(text, kind, user).values("object_id")
    return things.filter(pk__in=found).order_by(best_order(text, kind, user), "-pk")


def best_order(text, kind, user):
    """Return the order in which a list that was narrowed by ``matching`` stands best first.

    Asks the index at once. Beyond the ``SHOWN_AT_MOST`` best the order is the list's own.
    """
    ids = list(matching(text, kind, user).values_list("object_id", flat=True)[:SHOWN_AT_MOST])
    return Place(ids).asc(nulls_last=True)


def search(text, user, kinds=None, *, loosely=False):
    """Return ``Found``: what answers ``text`` among what the reader may see, best first.

    ``loosely`` goes on to what holds most of several words where hardly anything holds all (``loosening``).
    """
    return Found(read(text), user, kinds, loosely=loosely)


@dataclass(frozen=True)
class Why:
    """What in the entry of one thing answered a search: its marked ``title``, whether that is ``named`` by the
    words, those parts of ``aliases`` and ``body`` in which a found word stands, and an ``extract`` of the summary."""

    title: str
    named: bool
    aliases: list
    body: list
    extract: str


def why(text, kind, ids, user, between=" · "):
    """Return ``{id: Why}`` for those things of a kind that answer ``text``, of what the reader may find.

    ``between`` parts what the kind's entry lists in ``aliases`` and ``body``.
    """
    query = read(text)
    rows = {row.pk: row for row in visible(user).filter(kind=kind, object_id__in=ids)} if query and ids else {}
    marked = engine().marked(list(rows), query, WHY) if rows else {}
    return {
        rows[pk].object_id: _why(rows[pk], dict(zip(WHY, texts, strict=True)), between) for pk, texts in marked.items()
    }


def _why(row, marked, between):
    return Why(
        title=extracts.whole(row.title, marked["title"]),
        named=OPEN in marked["title"],
        aliases=extracts.holding(row.aliases, marked["aliases"], between),
        body=extracts.holding(row.body, marked["body"], between),
        extract=extracts.extract(row.summary, marked["summary"], "", "") if OPEN in marked["summary"] else "",
    )


def suggested(text, user):
    """Return the names of at most ``SUGGESTED`` things that begin as what is being typed; one query.

    The last word may still be unfinished. Of very many matches the newest are looked at.
    """
    query = begun(text)
    if not query:
        return []
    entries = engine().matching(visible(user), query).filter(kind__in=kinds_in_order())
    rows = engine().scored(_newest(entries, LOOKED_AT), query).filter(titled=True).order_by(*BEST_FIRST)
    return list(dict.fromkeys(rows.values_list("title", flat=True)[: SUGGESTED * 2]))[:SUGGESTED]


@dataclass(frozen=True)
class Hit:
    """One thing that was found; ``title`` and ``extract`` are safe, with ``<mark>`` around the found words.

    ``mark`` are the words with which its kind marks it, such as “Archived”, or nothing.
    """

    kind: str
    thing: object
    title: str
    extract: str
    date: object
    mark: str = ""


class Found:
    """What was found: its ``counts`` by kind, how many, and the hits of a slice. Django's paginator takes it."""

    ordered = True

    def __init__(self, query, user, kinds=None, *, loosely=False):
        self.query, self.user, self.kinds, self.loosely = query, user, kinds, loosely

    @cached_property
    def exact(self):
        """Return ``{kind: number}`` of what holds all the words."""
        return _counts(_answering(self.query, self.user)) if self.query else {}

    @cached_property
    def loose(self):
        """Return the ``Loose`` search that is answered instead, or nothing."""
        if not (self.loosely and self.query):
            return None
        return loosened(self.query, _known(self.user), sum(self.exact.values()))

    @cached_property
    def counts(self):
        """Return ``{kind: number}`` of all that was found, of every kind, in the search page's order."""
        return _counts(self.loose.near(_known(self.user))) if self.loose else self.exact

    @property
    def everything(self):
        """How many things of every kind were found."""
        return sum(self.counts.values())

    @property
    def total(self):
        """How many things of the chosen kinds were found."""
        return self._of_kinds(self.counts)

    def _of_kinds(self, counts):
        return sum(number for kind, number in counts.items() if self.kinds is None or kind in self.kinds)

    @cached_property
    def meant(self):
        """Return what may have been meant, where little was found and that finds more for this reader; else nothing."""
        exact = self._of_kinds(self.exact)
        strange = unknown(self.query) if exact <= FEW else []
        if not strange:
            return ""
        other = search(mended(self.query.text, strange), self.user, self.kinds)
        return other.query.text if other.total > exact else ""

    def count(self):
        """How many can be paged through."""
        return min(self.total, SHOWN_AT_MOST)

    def __len__(self):
        return self.count()

    def __getitem__(self, part):
        """Return the hits of a slice; one that the reader may not see after all is left out."""
        if not isinstance(part, slice):
            raise TypeError("hits come by the slice")
        if not self.query:
            return []
        rows = list(self._best()[part])
        things = _things(rows, self.user)
        query = self.loose.query if self.loose else self.query
        marked = engine().marked([row.pk for row in rows], query) if rows else {}
        return [_hit(row, things[key], marked) for row in rows if (key := (row.kind, row.object_id)) in things]

    def _best(self):
        """Return the entries of the chosen kinds, best first."""
        entries = _known(self.user) if self.loose else _answering(self.query, self.user)
        if self.kinds is not None:
            entries = entries.filter(kind__in=self.kinds)
        if self.loose:
            return self.loose.ranked(entries)
        limit = engine().RANKED_AT_MOST
        return _ranked(_newest(entries, limit) if limit is not None and self.total > limit else entries, self.query)


def _known(user):
    return visible(user).filter(kind__in=kinds_in_order())


def _counts(entries):
    numbers = dict(entries.order_by().values_list("kind").annotate(Count("pk")))
    return {kind: numbers[kind] for kind in kinds_in_order() if kind in numbers}


def _answering(query, user):
    """Return the entries that answer a parsed search, of every kind that can be found."""
    return engine().matching(_known(user), query)


def _ranked(entries, query):
    return engine().scored(entries, query).order_by(*BEST_FIRST)


def _newest(entries, limit):
    """Return the newest ``limit`` entries, to be ranked in place of all."""
    newest = entries.order_by(F("date").desc(nulls_last=True), "-pk")[:limit]
    return SearchEntry.objects.filter(pk__in=newest.values("pk"))


def _things(rows, user):
    """Return ``{(kind, id): thing}`` for the entries, of what ``visible_to`` shows the reader."""
    wanted = defaultdict(list)
    for row in rows:
        wanted[row.kind].append(row.object_id)
    seen = {kind: _seen(kind, user).filter(pk__in=ids) for kind, ids in wanted.items()}
    told = {kind: things for kind, things in seen.items() if searchable_of(kind).tells_more}
    named = {kind: things for kind, things in seen.items() if kind not in told}
    found = {(kind, thing.pk): thing for kind, things in told.items() for thing in things}
    return found | _named(named)


def _named(seen):
    """Return the things of kinds of which a hit shows nothing but where they stand, all in one query."""
    each = [
        things.order_by().values_list(Value(kind, CharField()), F("pk"), F("slug")) for kind, things in seen.items()
    ]
    if not each:
        return {}
    rows = each[0].union(*each[1:], all=True) if len(each) > 1 else each[0]
    return {(kind, pk): registered.model_of(kind)(pk=pk, slug=slug) for kind, pk, slug in rows}


def _seen(kind, user):
    return searchable_of(kind).as_hits(registered.model_of(kind)._default_manager.visible_to(user))


def _hit(row, thing, marked):
    title, summary, body = marked.get(row.pk, (row.title, row.summary, row.body))
    extract = extracts.extract(row.summary, summary, row.body, body)
    mark = searchable_of(row.kind).mark_of(thing)
    return Hit(row.kind, thing, extracts.whole(row.title, title), extract, row.date, mark)
