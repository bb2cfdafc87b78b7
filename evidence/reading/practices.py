"""A practice sheet as it is read: its parts in order, and what others say of it."""

from functools import cached_property

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.core.text import Page
from evidence.models import Review, Sheet, Tried

SEE_ALSO = 4
NOTES = 50
"""Notes shown on the sheet, the newest."""


class SheetReading:
    """Everything that a sheet's page shows to one reader, each read once."""

    def __init__(self, sheet, user):
        self.sheet, self.user = sheet, user
        self._page = Page()

    @cached_property
    def why(self):
        """Why it is done."""
        return self._html("why", self.sheet.why)

    @cached_property
    def conditions(self):
        """What has to be in place."""
        return self._html("conditions", self.sheet.conditions)

    @cached_property
    def not_worked(self):
        """What did not work."""
        return self._html("not-worked", self.sheet.not_worked)

    @cached_property
    def cost(self):
        """What it costs."""
        return self._html("cost", self.sheet.cost)

    @cached_property
    def provenance(self):
        """Where the sheet comes from."""
        return self._html("provenance", self.sheet.provenance)

    def _html(self, name, text):
        return self._page.markdown(text, heading_level=3, prefix=name) if text else ""

    @cached_property
    def themes(self):
        """Its themes."""
        return list(self.sheet.themes.all())

    @cached_property
    def tags(self):
        """Its tags."""
        return list(self.sheet.tags.all())

    @cached_property
    def recognised(self):
        """Who has recognised it."""
        return list(self.sheet.recognised.all())

    @cached_property
    def examples(self):
        """Where it is done, each with its text as HTML."""
        rows = list(self.sheet.examples.all())
        for row in rows:
            row.html = self._html(f"example-{row.position}", row.text)
        return rows

    @cached_property
    def modes(self):
        """How it is put into effect, each with its text as HTML."""
        rows = list(self.sheet.modes.all())
        for row in rows:
            row.html = self._html(f"mode-{row.position}", row.text)
        return rows

    @cached_property
    def resources(self):
        """What to read or use, each with its citation as HTML."""
        rows = list(self.sheet.resources.all())
        for row in rows:
            row.html = self._html(f"resource-{row.position}", row.citation)
        return rows

    @cached_property
    def notes(self):
        """The newest notes that this reader sees."""
        rows = Tried.objects.visible_to(self.user).filter(sheet=self.sheet)
        return list(rows.select_related("organisation")[:NOTES])

    @cached_property
    def results(self):
        """How it went elsewhere, counted by result, in words; what is hidden does not count."""
        rows = Tried.objects.filter(sheet=self.sheet, hidden_at=None).order_by()
        counted = dict(rows.values_list("result").annotate(n=Count("organisation", distinct=True)))
        return [in_words(result, counted[result]) for result in Tried.Result if result in counted]

    @cached_property
    def reviews(self):
        """Reviews on the same themes that this reader may see."""
        rows = Review.objects.visible_to(self.user).filter(themes__in=self.themes).distinct()
        return list(rows.for_lists()[:SEE_ALSO]) if self.themes else []

    @cached_property
    def others(self):
        """Other published sheets on the same themes."""
        rows = Sheet.objects.published().filter(themes__in=self.themes).exclude(pk=self.sheet.pk).distinct()
        return list(rows.for_lists()[:SEE_ALSO]) if self.themes else []

    @property
    def contents(self):
        """The headings that stand on the page, for the contents list."""
        wanted = (
            ("why", _("Why"), self.sheet.why),
            ("conditions", _("Conditions"), self.sheet.conditions),
            ("examples", _("Examples"), self.examples),
            ("modes", _("Modes of implementation"), self.modes),
            ("cost", _("Cost"), True),
            ("not-worked", _("What did not work"), True),
            ("resources", _("Resources"), self.resources),
            ("tried", _("Who tried it"), True),
            ("about-this-sheet", _("About this sheet"), True),
        )
        return [{"id": anchor, "title": title} for anchor, title, there in wanted if there]


def in_words(result, n):
    """Return how many say so of a result, in words."""
    words = {
        Tried.Result.WORKED: ngettext("It worked for %(n)s partner", "It worked for %(n)s partners", n),
        Tried.Result.PARTLY: ngettext("It worked in part for %(n)s partner", "It worked in part for %(n)s partners", n),
        Tried.Result.NOT: ngettext("It did not work for %(n)s partner", "It did not work for %(n)s partners", n),
        Tried.Result.EARLY: ngettext("Too early to say for %(n)s partner", "Too early to say for %(n)s partners", n),
    }
    return words[result] % {"n": n}
