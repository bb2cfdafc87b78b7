"""Practice sheets, for programs."""

from django.db.models import Prefetch
from pydantic import Field

from collaborative.outputs.api import (
    READER,
    Named,
    Out,
    Resource,
    Thing,
    Tombstone,
    Word,
    named,
    named_all,
    resource,
    word,
)
from collaborative.outputs.api.schemas import ways
from collaborative.outputs.api.types import Address, Markdown, Moment
from evidence.filters import SheetFilter
from evidence.models import Mode, Sheet, Tried

MOST_NOTES = 50


class SheetSummary(Thing):
    """A practice sheet, as a list shows it."""

    code: str = Field(examples=["P12"])
    """Its code, or nothing."""
    title: str = Field(examples=["Walk-in sessions for victims"])
    """Its title."""
    summary: Markdown
    """What is done, in short."""
    state: str = Field(examples=["published"])
    """“published”, or “retired” when it is no longer practised."""
    stage: Word | None
    """How far the practice has come."""
    programme: Named
    """The programme that it belongs to."""
    published_at: Moment
    """When it was published."""
    changed_at: Moment
    """When its text last changed."""


class ExampleOut(Out):
    """Where it is done."""

    place: str
    """The place, or nothing."""
    country: str = Field(examples=["GB"])
    """The country, in two letters as in ISO 3166, or nothing."""
    partners: str
    """With whom, or nothing."""
    text: Markdown
    """What was done."""
    source: str
    """Who says so, or nothing."""
    address: Address
    """Where they say so."""


class ModeOut(Out):
    """A way to put it into effect."""

    mode: Word | None
    """By one of the field's words."""
    text: Markdown
    """How."""


class ResourceOut(Out):
    """Something to read or use."""

    citation: Markdown
    """What it is."""
    doi: Address
    """Its DOI, as an address."""
    address: Address
    """Where it is."""
    frozen_address: Address
    """A frozen copy in a web archive."""
    note: str
    """What has to be known of it, or nothing."""


class TriedOut(Out):
    """What a partner who tried it tells."""

    organisation: Named
    """Who tried it."""
    place: str
    """Where."""
    result: str = Field(examples=["worked"])
    """“worked”, “partly”, “not” or “early”: too early to say."""
    text: str
    """What happened."""
    at: Moment
    """When it was written."""


class PracticeSheet(SheetSummary):
    """A practice sheet in full."""

    why: Markdown
    """Why it is done."""
    conditions: Markdown
    """What has to be in place."""
    not_worked: Markdown
    """What did not work."""
    cost: Markdown
    """What it costs."""
    contact: str
    """Whom to ask, or nothing."""
    provenance: Markdown
    """Where the sheet comes from."""
    retired_reason: str
    """Why it is no longer practised, or nothing."""
    organisation: Named | None
    """Who wrote it."""
    themes: list[Named]
    """What it is about."""
    tags: list[str]
    """Free words by which it is found."""
    recognised_by: list[Word]
    """Who has recognised it."""
    examples: list[ExampleOut]
    """Where it is done."""
    modes: list[ModeOut]
    """How it is put into effect."""
    resources: list[ResourceOut]
    """What to read or use."""
    tried: list[TriedOut]
    """What others tell who tried it, the newest first; fifty at most."""


@resource("sheet", "practices", one="practice", order=20)
class Practices(Resource):
    """The bank of practices: how something is done somewhere, told so that others can repeat it."""

    filters, summary, detail = SheetFilter, SheetSummary, PracticeSheet

    def for_list(self, rows):
        """Fetch what a row says."""
        return rows.for_lists()

    def for_detail(self, rows):
        """Fetch what the whole record says."""
        modes = Prefetch("modes", Mode.objects.select_related("term"))
        rows = rows.select_related("programme", "organisation", "stage")
        return rows.prefetch_related("themes", "tags", "recognised", "examples", modes, "resources")

    def gone(self, slug):
        """Return what is left of a sheet that was withdrawn."""
        gone = Sheet.objects.withdrawn().filter(slug=slug).select_related("programme").first()
        if gone is None:
            return None
        cited = f"{gone}. {gone.programme} ({gone.published_at.year})." if gone.published_at else ""
        return Tombstone(str(gone), gone.withdrawn_at, gone.withdrawn_reason, cited)

    def summarise(self, sheet):
        """Say what a list shows."""
        return SheetSummary(**self._told(sheet))

    def describe(self, sheet):
        """Say what its page says."""
        kept = ("why", "conditions", "not_worked", "cost", "contact", "provenance", "retired_reason")
        return PracticeSheet(
            **self._told(sheet),
            **{name: getattr(sheet, name) for name in kept},
            organisation=named(sheet.organisation),
            themes=named_all("theme", ((each.slug, each.name) for each in sheet.themes.all())),
            tags=[each.name for each in sheet.tags.all()],
            recognised_by=[word(term) for term in sheet.recognised.all()],
            examples=[_example(each) for each in sheet.examples.all()],
            modes=[ModeOut(mode=word(each.term), text=each.text) for each in sheet.modes.all()],
            resources=[_resource(each) for each in sheet.resources.all()],
            tried=[_tried(each) for each in _notes(sheet)],
        )

    def _told(self, sheet):
        kept = ("code", "title", "summary", "state", "published_at", "changed_at")
        return (
            ways(sheet)
            | {name: getattr(sheet, name) for name in kept}
            | {
                "stage": word(sheet.stage),
                "programme": named(sheet.programme),
            }
        )


def _notes(sheet):
    return Tried.objects.visible_to(READER).filter(sheet=sheet).select_related("organisation")[:MOST_NOTES]


def _example(row):
    told = {name: getattr(row, name) for name in ("place", "partners", "text", "source")}
    return ExampleOut(**told, country=str(row.country.code or ""), address=row.url or None)


def _resource(row):
    return ResourceOut(
        citation=row.citation,
        doi=f"https://doi.org/{row.doi}" if row.doi else None,
        address=row.url or None,
        frozen_address=row.frozen_url or None,
        note=row.note,
    )


def _tried(row):
    told = {name: getattr(row, name) for name in ("place", "result", "text", "at")}
    return TriedOut(organisation=named(row.organisation), **told)
