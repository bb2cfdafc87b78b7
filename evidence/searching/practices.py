"""What can be found of practice sheets: those that everyone reads, and no others."""

from collaborative.search.registry import ALWAYS, Entry, searchable
from evidence.states import PUBLIC_SHEETS


def with_words(rows):
    """Fetch what ``sheet`` reads of each row."""
    return rows.select_related("stage", "organisation").prefetch_related(
        "tags", "themes", "recognised", "examples", "modes__term", "resources"
    )


def mark(sheet):
    """Say of a found sheet that it is no longer practised."""
    return sheet.mark


@searchable("sheet", rows=with_words, order=15, mark=mark)
def sheet(sheet):
    """A practice sheet with all that is written on it, once it is published."""
    if sheet.state not in PUBLIC_SHEETS:
        return None
    return Entry(
        title=str(sheet),
        aliases=" · ".join(_names(sheet)),
        summary=sheet.summary,
        body="\n\n".join(text for text in _texts(sheet) if text),
        public_from=ALWAYS,
        programme_id=sheet.programme_id,
        date=sheet.published_at.date(),
    )


def _names(sheet):
    """Return the words by which people look for a sheet beside its own text."""
    words = [*sheet.tags.all(), *sheet.themes.all(), *sheet.recognised.all()]
    words += [each for each in (sheet.stage, sheet.organisation) if each]
    return dict.fromkeys(str(word) for word in words)


def _texts(sheet):
    yield from (sheet.why, sheet.conditions)
    for example in sheet.examples.all():
        yield from (example.place, example.country.name, example.text, example.partners, example.source)
    for mode in sheet.modes.all():
        yield from (str(mode.term or ""), mode.text)
    yield from (sheet.not_worked, sheet.cost)
    for resource in sheet.resources.all():
        yield resource.citation
