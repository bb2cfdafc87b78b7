"""What stands beside a text in the library: in one query, and only what the reader may see."""

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property

from evidence.models import Reference, Review
from evidence.reading.languages import own_names

MOST = 300
"""Reviews that are read; of those that cite a text, so many are named."""


class Related:
    """The reviews around one version: which cite it, its translations, its sources and successor in the library."""

    def __init__(self, version, user):
        review = version.review
        original = review.translation_of_id or review.pk
        sources = Reference.objects.filter(version=version, review__isnull=False)
        naming = Reference.objects.filter(review=review)
        beside = Q(pk__in=sources.values("review_id")) | Q(pk__in=[version.superseded_by_id or review.pk, review.pk])
        family = Q(translation_of=original) | Q(pk=original)
        citing = Q(current__in=naming.values("version_id"))
        rows = Review.objects.visible_to(user).filter(beside | family | citing).select_related("current")
        cites = Exists(naming.filter(version=OuterRef("current_id")))
        self._seen = list(rows.annotate(cites=cites).order_by("-published_at", "-pk")[:MOST])
        self._by_id = {each.pk: each for each in self._seen}
        self._review, self._original = review, original

    @property
    def here(self):
        """The addresses of the reviews around it, by their ids."""
        return {pk: each.get_absolute_url() for pk, each in self._by_id.items()}

    @property
    def citing(self):
        """The reviews that cite it in their current text."""
        return [each for each in self._seen if each.cites and each.pk != self._review.pk]

    @cached_property
    def translations(self):
        """The same text in other languages; the original among them."""
        family = [each for each in self._seen if self._original in (each.pk, each.translation_of_id)]
        others = [each for each in family if each.pk != self._review.pk]
        names = own_names({each.language for each in others})
        for each in others:
            each.own_language = names[each.language]
        return others

    def seen(self, pk):
        """Return one of them, or None when the reader may not see it."""
        return self._by_id.get(pk)
