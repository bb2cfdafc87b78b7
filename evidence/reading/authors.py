"""Who wrote a text, in words."""

from django.utils.translation import gettext as _

from evidence.models import Author


def byline(authors):
    """Return the authors in words: authors, then “with” others.

    A corporate author stands alone when it is named first, or when nobody else is.
    """
    named = {part: [a.name for a in authors if a.part == part] for part in Author.Part.values}
    if authors and authors[0].part == Author.Part.CORPORATE:
        return _joined(named["corporate"])
    first = _joined(named["author"]) or _joined(named["corporate"])
    if first and named["with"]:
        return _("%(authors)s with %(others)s") % {"authors": first, "others": _joined(named["with"])}
    return first or _joined(named["with"])


def _joined(names):
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
