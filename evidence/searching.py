"""What can be found of reviews, and by whom; the same rule as their ``visible_to``."""

from collaborative.core.handling import Handling
from collaborative.core.text import without_citations
from collaborative.search.registry import ALWAYS, Entry, searchable


def with_text(rows):
    """Fetch what ``review`` reads of each row."""
    return rows.select_related("current", "kind_of").prefetch_related(
        "themes", "current__authors", "current__sections", "current__findings", "current__priorities"
    )


@searchable("review", rows=with_text, order=10)
def review(review):
    """A review with the whole text of its published version; without one it is not found."""
    version = review.current
    if version is None:
        return None
    return Entry(
        title=review.title,
        aliases=_names(review, version),
        summary=review.summary,
        body=_text(version),
        public_from=ALWAYS if version.handling == Handling.PUBLIC else None,
        programme_id=review.programme_id,
        members=True,
        date=review.published_at and review.published_at.date(),
    )


def _names(review, version):
    """Return the words by which people look for a review beside its own text."""
    names = [review.kind_of.label, review.series, *(theme.name for theme in review.themes.all())]
    names += [author.name for author in version.authors.all()]
    return " · ".join(name for name in names if name)


def _text(version):
    """Return findings first, then the text as it is read, then what is left to find out; no citations."""
    texts = [finding.text for finding in version.findings.all()]
    texts += [version.plain_summary, version.background]
    for section in version.sections.all():
        texts += [section.heading, section.body]
    texts += [priority.text for priority in version.priorities.all()]
    return without_citations("\n\n".join(text for text in texts if text))
