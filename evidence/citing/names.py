"""Authors as citations name them: family name and given names apart, where these are known."""

from collaborative.outputs.registry import Name

BODY = "corporate"
"""The part of a body among authors."""
PERSON = "author"


def author_name(author):
    """Return an author as family and given name; a body, or a name of which we do not know the parts, whole."""
    name, family = author.name.strip(), author.family.strip()
    if author.part == BODY or not family:
        return Name(name, orcid=author.orcid)
    given = name.removesuffix(family) if name.endswith(family) else name.removeprefix(family)
    given = given.strip(" ,")
    return Name(name, orcid=author.orcid) if not given or given == name else Name(family, given, author.orcid)


def leading(authors):
    """Return those whose work it is, in order: a body alone when it is named first or when nobody else is."""
    authors = list(authors)
    if authors and authors[0].part == BODY:
        return [each for each in authors if each.part == BODY]
    return [each for each in authors if each.part != BODY]


def others(authors):
    """Return those who are named besides."""
    first = leading(authors)
    return [each for each in authors if each not in first]
