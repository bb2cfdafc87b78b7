"""The pages of a list, by the database."""

from django.core.paginator import EmptyPage, Paginator
from django.db.models import Case, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

MOST_PAGES = 1_000_000
"""No list has more pages; a number beyond them is answered without a look at the database."""


class LatePaginator(Paginator):
    """Counts once, and reads only ids on its way to a deep page: whole rows are fetched for the page alone.

    ``counted()`` says how many there are, where that is known cheaper than by counting the rows; ``shown`` is the
    queryset from which the rows of a page are fetched, where it asks less than the one that is paged through. Pages
    beyond the middle are reached from the end.
    """

    def __init__(self, *args, counted=None, shown=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.counted, self.shown = counted, shown

    @cached_property
    def count(self):
        """How many there are on all pages."""
        return self.counted() if self.counted else self.object_list.count()

    def validate_number(self, number):
        """Return the number of a page that exists; raises ``InvalidPage``."""
        if isinstance(number, int) and number > MOST_PAGES:
            raise EmptyPage(_("This list has fewer pages."))
        return super().validate_number(number)

    def page(self, number):
        """Return one page; the first as the list has it, others by the ids of their rows."""
        number = self.validate_number(number)
        if number == 1:
            return super().page(number)
        ids = self._ids((number - 1) * self.per_page, min(number * self.per_page, self.count))
        shown = self.object_list if self.shown is None else self.shown
        return self._get_page(_in_order(shown, ids), number, self)

    def _ids(self, first, last):
        ids = self.object_list.values_list("pk", flat=True)
        if first < self.count // 2:
            return list(ids[first:last])
        return list(ids.reverse()[self.count - last : self.count - first])[::-1]


def _in_order(rows, ids):
    """Return the rows with these few ids, in their order."""
    places = Case(*(When(pk=pk, then=place) for place, pk in enumerate(ids)))
    return rows.filter(pk__in=ids).order_by(places)
