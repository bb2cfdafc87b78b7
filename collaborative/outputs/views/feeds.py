"""Feeds: of a theme, of any search, and the base of those of the features.

A feed holds what everyone may read, whoever asks, newest change first, so that caches can keep it.
"""

from collections import defaultdict
from hashlib import sha256
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.generic import View

from collaborative.core.views import Guarded
from collaborative.outputs.atom import MEDIA_TYPE, add_entry, add_tombstone, feed, told
from collaborative.outputs.models import Record
from collaborative.outputs.registry import kinds_out, outgoing_of
from collaborative.search.queries import matching
from collaborative.vocabulary.models import Theme

PAGE_SIZE = 25
LAST_PAGE = 40
LONGEST_QUERY = 2000
"""Characters of an address's parameters that a feed repeats as its own."""


class Feed(Guarded, View):
    """A feed; subclasses say of which records, what it is called and which page it belongs to."""

    policy = "public"
    http_method_names = ("get", "head", "options")
    kinds = ()
    """The kinds whose every change makes the feed another."""

    def records(self):
        """Return the rows of the ledger that the feed is of."""
        raise NotImplementedError

    def title(self):
        """Return what it is called."""
        raise NotImplementedError

    def page_address(self):
        """Return the path of the page for people."""
        raise NotImplementedError

    def parameters(self):
        """Return the parameters that make this feed, as ``[(name, value), …]``."""
        return []

    def get(self, request, **kwargs):
        """Answer with one page of it, or that nothing has changed."""
        with translation.override(settings.LANGUAGE_CODE):
            return self._answer(request)

    def _answer(self, request):
        number = _number(request.GET.get("page", "1"))
        start = (number - 1) * PAGE_SIZE
        rows = list(self.records().order_by("-stamp", "-pk")[start : start + PAGE_SIZE + 1])
        changed = self._changed()
        etag = quote_etag(self._mark(rows, changed))
        answer = get_conditional_response(request, etag=etag, last_modified=int(changed.timestamp()))
        if answer is None:
            body = told(self._document(rows, number, changed))
            answer = HttpResponse(body, content_type=f"{MEDIA_TYPE}; charset=utf-8")
        answer["ETag"], answer["Last-Modified"] = etag, http_date(changed.timestamp())
        patch_cache_control(answer, public=True, no_cache=True)
        return answer

    def _changed(self):
        """Return when anything of these kinds last came, changed or went."""
        last = Record.objects.out().filter(kind__in=self.kinds).order_by("-stamp").values_list("stamp", flat=True)
        return last.first() or timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)

    def _mark(self, rows, changed):
        known = [settings.SITE_URL, self.title(), changed, *((row.pk, row.stamp, row.gone, row.digest) for row in rows)]
        return sha256(repr(known).encode(errors="replace")).hexdigest()[:32]

    def _document(self, rows, number, changed):
        things, page = _things(rows[:PAGE_SIZE]), self.page_address()
        links = self._links(number, len(rows) > PAGE_SIZE)
        top = feed(title=self.title(), address=self._own(1), links=links, page=page, updated=changed)
        for row in rows[:PAGE_SIZE]:
            thing = things.get((row.kind, row.object_id))
            if row.gone:
                add_tombstone(top, row)
            elif thing is not None:
                add_entry(top, row, outgoing_of(row.kind).described(thing), thing.get_absolute_url())
        return top

    def _links(self, number, more):
        links = {"self": number, "first": 1}
        links |= {"previous": number - 1} if number > 1 else {}
        links |= {"next": number + 1} if more and number < LAST_PAGE else {}
        return {rel: self._own(page) for rel, page in links.items()}

    def _own(self, number):
        """Return the path of one page of this feed."""
        asked = urlencode([*self.parameters(), *([("page", number)] if number > 1 else [])])
        return f"{self.request.path}?{asked}" if asked else self.request.path


def _number(text):
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= LAST_PAGE and len(text) <= 4):
        raise Http404
    return int(text)


def _things(rows):
    """Return ``{(kind, id): thing}`` of what everyone may see of some records."""
    wanted = defaultdict(list)
    for row in rows:
        if not row.gone:
            wanted[row.kind].append(row.object_id)
    visitor = AnonymousUser()
    return {
        (kind, thing.pk): thing
        for kind, ids in wanted.items()
        for thing in outgoing_of(kind).seen(visitor).filter(pk__in=ids)
    }


class ThemeFeed(Feed):
    """What the library has on a theme: reviews and practice sheets, and which of them are gone."""

    def setup(self, request, *args, **kwargs):
        """Fetch the theme, which everyone may see."""
        super().setup(request, *args, **kwargs)
        self.kinds = kinds_out(harvested=True)

    def guarded_thing(self):
        """Return the theme."""
        self.theme = get_object_or_404(Theme.objects.visible_to(AnonymousUser()), slug=self.kwargs["slug"])
        return self.theme

    def records(self):
        """Return those that stand, or stood, in the theme's set."""
        return Record.objects.out().filter(kind__in=self.kinds, sets__spec=f"theme:{self.theme.slug}")

    def title(self):
        """Return the theme's name."""
        return f"{self.theme.name} – {settings.SITE_NAME}"

    def page_address(self):
        """Return the theme's page."""
        return self.theme.get_absolute_url()


class SearchFeed(Feed):
    """What answers a search: the newest change first, of every kind but people, or of one."""

    def setup(self, request, *args, **kwargs):
        """Read what is looked for."""
        super().setup(request, *args, **kwargs)
        self.words = request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUERY]
        self.kinds = [kind for kind in kinds_out() if outgoing_of(kind).addresses_kept]
        self.chosen = request.GET.get("kind", "")
        if self.chosen in self.kinds:
            self.kinds = [self.chosen]

    def records(self):
        """Return what everyone may read of what the words find."""
        found = Q(pk__in=[])
        for kind in self.kinds:
            hits = matching(self.words, kind, AnonymousUser()).order_by().values("object_id")
            found |= Q(kind=kind, object_id__in=hits)
        return Record.objects.public().filter(found)

    def title(self):
        """Return what is looked for."""
        return _("“%(words)s” in %(portal)s") % {"words": self.words, "portal": settings.SITE_NAME}

    def parameters(self):
        """Return the words, and the kind if one was chosen."""
        chosen = [("kind", self.chosen)] if self.kinds == [self.chosen] else []
        return [("q", self.words), *chosen]

    def page_address(self):
        """Return the search page."""
        return f"{reverse('search')}?{urlencode(self.parameters())}"


class ListFeed(Feed):
    """The feed of a list with facets: whatever narrows the list narrows the feed."""

    kind = filterset_class = None
    page_name = ""

    def setup(self, request, *args, **kwargs):
        """Narrow what everyone may see as the address says."""
        super().setup(request, *args, **kwargs)
        self.kinds = [self.kind]
        request.user = AnonymousUser()
        self.filter = self.filterset_class(request.GET, outgoing_of(self.kind).open(), request=request)

    def records(self):
        """Return what the list holds; without any filter, what is gone from it too."""
        if not self.filter.narrowed:
            return Record.objects.out().filter(kind=self.kind)
        return Record.objects.public().filter(kind=self.kind, object_id__in=self.filter.qs.order_by().values("pk"))

    def parameters(self):
        """Return the filters of the address that the list knows."""
        known = set(self.filter.filters) - {"sort"}
        values = [(name, value) for name, found in self.request.GET.lists() if name in known for value in found]
        return [(name, value.replace("\x00", "")[:200]) for name, value in values if value][:30]

    def page_address(self):
        """Return the list, narrowed alike."""
        asked = urlencode(self.parameters())
        return reverse(self.page_name) + (f"?{asked}" if asked else "")
