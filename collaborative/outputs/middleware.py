"""Old addresses lead on for ever."""

from django.http import Http404, HttpResponsePermanentRedirect

from collaborative.outputs.models import OldAddress
from collaborative.outputs.registry import kinds_out, outgoing_of


class OldAddressMiddleware:
    """Answers 301 where a page is asked for below an address that its thing once had.

    Only when nothing is there now, and only for whoever may see the thing or its tombstone: to everybody else the
    address goes on being nothing. It never leads to itself, and never in a circle, for it leads to where the thing
    is now.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Return the way to the same page below the thing's address of today, or None."""
        match = request.resolver_match
        if not isinstance(exception, Http404) or request.method not in ("GET", "HEAD") or match is None:
            return None
        slug = match.kwargs.get("slug")
        for kind in kinds_out() if slug else ():
            outgoing = outgoing_of(kind)
            if outgoing.namespace in match.namespaces and outgoing.addresses_kept:
                return _lead_on(request, outgoing, slug)
        return None


def _lead_on(request, outgoing, slug):
    page = outgoing.page_of(slug).rstrip("/")
    below = request.path.removeprefix(page)
    if below == request.path or below[:1] not in ("/", "."):
        return None
    old = OldAddress.objects.filter(kind=outgoing.kind, slug=slug).first()
    now = old and _slug_now(outgoing, old.object_id, request.user)
    if not now or now == slug:
        return None
    address = outgoing.page_of(now).rstrip("/") + below
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


def _slug_now(outgoing, pk, user):
    """Return the address of a thing that the reader may see, or of whose end they may know; else None."""
    places = [outgoing.seen(user), *([outgoing.buried(user)] if outgoing.buried else [])]
    for rows in places:
        slug = rows.order_by().filter(pk=pk).values_list("slug", flat=True).first()
        if slug:
            return slug
    return None
