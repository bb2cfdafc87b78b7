"""The texts of a version that are written in Markdown, and what they may point at."""

from collaborative.core import text
from evidence.intake.markdown import Known, tables
from evidence.reading.anchors import BACKGROUND, numbered_words, page_words
from evidence.reading.content import STATEMENTS

OWN_TEXTS = ("plain_summary", "background", "provenance", "changes")
"""Those that stand on the version itself."""


def texts_of(content):
    """Return ``[(part, label, text), …]`` of all that is written in Markdown, in the order of the page.

    ``part`` is “text” for what stands on the version itself, “section-4” (with its id) for a section, else the
    name of its rows.
    """
    version = content.version
    found = [("text", label_of(version, name), getattr(version, name)) for name in OWN_TEXTS]
    found += [(f"section-{each.pk}", each.heading, each.body) for each in content["sections"]]
    for rows, kind in STATEMENTS.items():
        found += [(rows, numbered_words(kind, each.number), each.text) for each in content[rows]]
    return found


def label_of(version, name):
    """Return what a field of the version is called."""
    label = str(version._meta.get_field(name).verbose_name)
    return label[:1].upper() + label[1:]


def known_of(content, texts):
    """Return what the ``texts_of`` a version may point at."""
    anchors = [*page_words(), *_headings(content), *(each.anchor for each in content["sections"])]
    for rows, kind in STATEMENTS.items():
        anchors += [f"{kind}-{each.number}" for each in content[rows]]
    anchors += [f"table-{n}" for n in range(1, sum(tables(each) for _part, _label, each in texts) + 1)]
    references, studies, figures = (
        [each.key for each in content[part]] for part in ("references", "studies", "figure")
    )
    anchors += [*(f"study-{key}" for key in studies), *(f"figure-{key}" for key in figures)]
    return Known(frozenset(references), frozenset(figures), frozenset(anchors))


def _headings(content):
    """Yield the anchors of the headings within texts, as ``[#section-heading]`` names them."""
    version = content.version
    bodies = [(each.anchor, each.body) for each in content["sections"]]
    for prefix, body in (*bodies, ("summary", version.plain_summary), (BACKGROUND, version.background)):
        yield from (f"{prefix}-{text.slug(mark.name)}" for mark in text.marks(body) if mark.kind == "heading")
