"""What reviews say of themselves; the same words go to harvests, feeds and social cards."""

from collaborative.core.text import plain
from collaborative.outputs.registry import Description, Name, outgoing
from evidence.models import withdrawn_reviews

SET = "theme:{}"


def with_description(rows):
    """Fetch what ``review`` reads of each row."""
    return rows.select_related("current", "kind_of", "programme").prefetch_related(
        "themes", "places", "terms", "current__authors"
    )


@outgoing("review", namespace="evidence", rows=with_description, harvested=True, order=10, buried=withdrawn_reviews)
def review(review):
    """A review in its published version."""
    version = review.current
    themes = list(review.themes.all())
    return Description(
        title=review.title,
        summary=plain(review.summary),
        creators=tuple(author_name(each) for each in version.authors.all()),
        publisher=review.programme.name,
        date=review.published_at and review.published_at.date(),
        type=review.kind_of.label,
        subjects=tuple(dict.fromkeys([*(each.name for each in themes), *(term.label for term in review.terms.all())])),
        coverage=tuple(str(place) for place in review.places.all()),
        language=review.language,
        rights=version.licence,
        identifiers=(f"https://doi.org/{review.doi}",) if review.doi else (),
        sets=tuple((SET.format(each.slug), each.name) for each in themes),
    )


def author_name(author):
    """Return an author as family and given name; a body, or a name of which we do not know the parts, whole."""
    given = author.name.removesuffix(author.family).strip() if author.family else ""
    if not author.family or given == author.name:
        return Name(author.name, orcid=author.orcid)
    return Name(author.family, given, author.orcid)
