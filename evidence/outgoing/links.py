"""The addresses elsewhere to which reviews and practice sheets lead; the same job looks at those of all texts."""

import re
from itertools import chain

from django.conf import settings
from django.db.models import F, Q

from collaborative.core.handling import Handling
from collaborative.core.identifiers import doi_address
from collaborative.core.jobs import nudge
from collaborative.links.registry import Found, links
from collaborative.search.following import follows_index
from evidence.models import (
    Example,
    Finding,
    Mode,
    Recommendation,
    Reference,
    ResearchPriority,
    Resource,
    Section,
    Sheet,
    Study,
    Version,
)
from evidence.states import WORKING_STATES

IN_TEXT = re.compile(r"(?:\]\(<?|\]: ?|<)(https?://(?:[^\s()<>]|\([^\s()<>]{0,200}\))+)")
"""An address in Markdown: in a link, as the target of one, or by itself between angle brackets."""
WORDED = ("plain_summary", "background", "provenance")
JOB = "evidence.gather_links"
SHEET_JOB = "evidence.gather_sheet_links"


def in_text(text):
    """Yield the addresses that a Markdown text leads to."""
    return (match.group(1) for match in IN_TEXT.finditer(text or ""))


@links("review")
def of_reviews(ids):
    """Return what the published texts of reviews name, and those in the making; what is no text for all is left out.

    To ask for an address tells its site that somebody has it.
    """
    rows = Version.objects.filter(review__in=ids, handling=Handling.PUBLIC)
    rows = rows.filter(Q(pk=F("review__current")) | Q(state__in=WORKING_STATES)).order_by("review_id", "-number")
    versions = {each.pk: each for each in rows.only("review_id", *WORDED)}
    found = chain(_published(versions), _written(versions))
    return [Found(versions[pk].review_id, url, beside) for pk, url, beside in found]


def _published(versions):
    """Yield what references and studies name, each beside its short citation."""
    for model in (Reference, Study):
        rows = model.objects.filter(version__in=list(versions)).order_by("pk")
        for row in rows.only("version_id", "short", "doi", "url", "frozen_url"):
            yield from ((row.version_id, url, row.short) for url in _of(row))


def _of(source):
    """Return the addresses of something published."""
    doi = doi_address(source.doi) if source.doi else ""
    return [each for each in (source.url, doi, source.frozen_url) if each]


def _written(versions):
    """Yield what the texts themselves lead to, beside the heading if they have one."""
    for version in versions.values():
        yield from ((version.pk, url, "") for name in WORDED for url in in_text(getattr(version, name)))
    for model, heading, text in (
        (Section, "heading", "body"),
        (Finding, "number", "text"),
        (Recommendation, "title", "text"),
        (ResearchPriority, "number", "text"),
    ):
        rows = model.objects.filter(version__in=list(versions), **{f"{text}__contains": "://"}).order_by("pk")
        for pk, beside, words in rows.values_list("version_id", heading, text):
            yield from ((pk, url, beside if isinstance(beside, str) else "") for url in in_text(words))


@links("sheet")
def of_sheets(ids):
    """Return what practice sheets name as resources and sources, and in their texts."""
    found = []
    for row in Resource.objects.filter(sheet__in=ids).order_by("pk"):
        found += [Found(row.sheet_id, url, str(row)) for url in chain(_of(row), in_text(row.citation))]
    for row in Example.objects.filter(sheet__in=ids).order_by("pk"):
        urls = chain([row.url] if row.url else [], in_text(row.text))
        found += [Found(row.sheet_id, url, row.source or row.place) for url in urls]
    for pk, text in Mode.objects.filter(sheet__in=ids).order_by("pk").values_list("sheet_id", "text"):
        found += [Found(pk, url) for url in in_text(text)]
    texts = ("why", "conditions", "not_worked", "cost", "provenance")
    for pk, *words in Sheet.objects.filter(pk__in=ids).order_by("pk").values_list("pk", *texts):
        found += [Found(pk, url) for text in words for url in in_text(text)]
    return found


@follows_index
def gather_soon(kind, entries):
    """Have the links of what was indexed gathered after commit; what no nudge reaches the daily job finds."""
    job = {"review": JOB, "sheet": SHEET_JOB}.get(kind)
    if job and settings.LINK_CHECKS:
        nudge(job, *sorted(entries))
