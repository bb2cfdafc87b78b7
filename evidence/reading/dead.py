"""Which addresses of what is published no longer answer: read with the rows, without a query of its own."""

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat

from collaborative.links.models import Link


def with_dead(rows):
    """Return rows that know since which look their ``url`` and their DOI are dead, as ``dead_at`` and ``doi_dead_at``.

    A DOI with signs that an address writes otherwise is not found here; those who make the text hear of it.
    """
    dead = Link.objects.filter(state=Link.State.DEAD)
    doi = Concat(Value("https://doi.org/"), OuterRef("doi"))
    return rows.annotate(
        dead_at=Subquery(dead.filter(url=OuterRef("url")).values("checked_at")[:1]),
        doi_dead_at=Subquery(dead.filter(url=doi).values("checked_at")[:1]),
    )
