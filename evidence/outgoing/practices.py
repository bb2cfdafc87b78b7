"""What practice sheets say of themselves."""

from collaborative.core.text import plain
from collaborative.outputs.registry import Description, Name, outgoing
from evidence.models import Sheet
from evidence.outgoing.reviews import SET


def with_description(rows):
    """Fetch what ``sheet`` reads of each row."""
    return rows.select_related("programme", "organisation").prefetch_related("themes", "tags", "examples")


def buried(user):
    """Return what everyone could once read and is withdrawn."""
    return Sheet.objects.withdrawn()


@outgoing("sheet", namespace="practices", rows=with_description, harvested=True, order=15, buried=buried)
def sheet(sheet):
    """A practice sheet, by the organisation that wrote it."""
    themes = list(sheet.themes.all())
    countries = dict.fromkeys(str(each.country.name) for each in sheet.examples.all() if each.country)
    return Description(
        title=str(sheet),
        summary=plain(sheet.summary),
        creators=(Name(sheet.organisation.name),) if sheet.organisation else (),
        publisher=sheet.programme.name,
        date=sheet.published_at and sheet.published_at.date(),
        type="Practice sheet",
        subjects=tuple(dict.fromkeys([*(each.name for each in themes), *(str(tag) for tag in sheet.tags.all())])),
        coverage=tuple(countries),
        language="en",
        sets=tuple((SET.format(each.slug), each.name) for each in themes),
    )
