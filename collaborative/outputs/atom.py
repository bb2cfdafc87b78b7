"""Atom as feed readers want it (RFC 4287), with pages (RFC 5005) and what is gone (RFC 6721)."""

from datetime import UTC
from xml.etree import ElementTree

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import gettext as _

from collaborative.outputs.oai.xml import add, clean, document

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
MEDIA_TYPE = "application/atom+xml"


def tag_of(kind, pk):
    """Return what a thing is called in every feed for ever, wherever its page moves (RFC 4151)."""
    return f"tag:{settings.SITE_HOST},2026:{kind}/{pk}"


def whole(path):
    """Return the whole address of a path of this portal."""
    return f"{settings.SITE_URL}{path}"


def written(moment):
    """Return a moment as RFC 3339 wants it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def feed(*, title, address, links, page, updated):
    """Return the top of a feed: ``address`` is what it is known by, ``links`` say where its pages are."""
    spaces = {"xmlns": ATOM, "xmlns:at": TOMBSTONES, "xml:lang": settings.LANGUAGE_CODE}
    top = ElementTree.Element("feed", spaces)
    add(top, "id", whole(address))
    add(top, "title", title)
    add(top, "updated", written(updated))
    for rel, path in links.items():
        add(top, "link", rel=rel, type=MEDIA_TYPE, href=whole(path))
    add(top, "link", rel="alternate", type="text/html", href=whole(page))
    add(add(top, "author"), "name", settings.SITE_NAME)
    add(top, "icon", whole(static("img/favicon.svg")))
    return top


def add_entry(top, record, description, address):
    """Add a thing as it describes itself."""
    entry = add(top, "entry")
    if description.language:
        entry.set("xml:lang", clean(description.language))
    add(entry, "id", tag_of(record.kind, record.object_id))
    add(entry, "title", description.title)
    add(entry, "updated", written(record.stamp))
    if description.date:
        add(entry, "published", f"{description.date:%Y-%m-%d}T00:00:00Z")
    add(entry, "link", rel="alternate", type="text/html", href=whole(address))
    for name in description.creators or [description.publisher or settings.SITE_NAME]:
        add(add(entry, "author"), "name", _said(name))
    for subject in description.subjects:
        add(entry, "category", term=subject)
    if description.rights:
        add(entry, "rights", description.rights)
    add(entry, "summary", description.summary or description.title)


def _said(name):
    """Return a name as it is spoken."""
    family, given = getattr(name, "family", str(name)), getattr(name, "given", "")
    return f"{given} {family}".strip() or _("Unknown")


def add_tombstone(top, record):
    """Say that something is gone, since when, and no more of it."""
    add(top, "at:deleted-entry", ref=tag_of(record.kind, record.object_id), when=written(record.stamp))


def told(top):
    """Return the whole document."""
    return document(top)
