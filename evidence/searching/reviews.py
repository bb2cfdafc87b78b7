"""What can be found of reviews, and by whom; the same rule as their ``visible_to``."""

from django.conf.locale import LANG_INFO
from django.db.models import OuterRef, Prefetch, Subquery

from collaborative.core.handling import Handling
from collaborative.core.text import without_citations
from collaborative.search.registry import ALWAYS, Entry, searchable
from evidence.models import File, FileWords


def with_text(rows):
    """Fetch what ``review`` reads of each row."""
    return rows.select_related("current", "kind_of").prefetch_related(
        Prefetch("current__files", queryset=attached(), to_attr="attached"),
        "themes",
        "current__authors",
        "current__sections",
        "current__findings",
        "current__priorities",
        "current__recommendations",
        "current__studies",
    )


def with_current(rows):
    """Fetch what ``mark`` reads of each row."""
    return rows.select_related("current")


def mark(review):
    """Say of a found review that it is out of date."""
    return review.current.mark


@searchable("review", rows=with_text, order=10, found=with_current, mark=mark)
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
        more=_attached(version),
        public_from=(version.public_from or ALWAYS) if version.handling == Handling.PUBLIC else None,
        programme_id=review.programme_id,
        members=True,
        date=review.published_at and review.published_at.date(),
    )


def attached():
    """Return the attachments whose words have been read, with these; each version's readers may open its own."""
    words = FileWords.objects.filter(sha256=OuterRef("sha256"), state=FileWords.State.READ).values("text")[:1]
    rows = File.objects.filter(use=File.Use.ATTACHMENT).annotate(words=Subquery(words))
    return rows.exclude(words=None).order_by("position", "pk")


def _attached(version):
    """Return the words of a version's attachments, as they were fetched or as they now are."""
    rows = version.attached if hasattr(version, "attached") else attached().filter(version=version)
    return "\n\n".join(row.words for row in rows)


def _names(review, version):
    """Return the words by which people look for a review beside its own text."""
    names = [review.kind_of.label, review.series, *(theme.name for theme in review.themes.all())]
    names += [author.name for author in version.authors.all()]
    names += [_language(review.language)]
    return " · ".join(name for name in names if name)


def _language(code):
    """Return the language's own name and its English one, as far as they are known."""
    known = LANG_INFO.get(code) or LANG_INFO.get(code.split("-")[0]) or {}
    return " ".join(dict.fromkeys(known.get(key, "") for key in ("name_local", "name")))


def _text(version):
    """Return findings and recommendations first, then the text as it is read, then what is left; no citations."""
    texts = [finding.text for finding in version.findings.all()]
    texts += [f"{row.title}\n\n{row.text}".strip() for row in version.recommendations.all()]
    texts += [version.plain_summary, version.background]
    for section in version.sections.all():
        texts += [section.heading, section.body]
    texts += [priority.text for priority in version.priorities.all()]
    texts += [study.title or study.short for study in version.studies.all()]
    return without_citations("\n\n".join(text for text in texts if text))
