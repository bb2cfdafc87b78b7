"""Languages by their codes, in the reader's words."""

from django.utils.translation import get_language_info, gettext

from collaborative.vocabulary.models import Scheme, Term


def language_names():
    """Return ``{code: name}`` of the languages that the vocabulary knows today, in the reader's language."""
    return {each.code: str(each) for each in Term.objects.current().filter(scheme=Scheme.LANGUAGE).order_by("position")}


def language_name(code):
    """Return what a language is called: by the vocabulary, even one no longer offered; else the code itself."""
    known = Term.objects.filter(scheme=Scheme.LANGUAGE, code=code).first()
    if known:
        return str(known)
    try:
        return gettext(get_language_info(code)["name"])
    except KeyError:
        return code


def own_name(code):
    """Return what its speakers call a language (“Cymraeg”), for links that lead to a text in it."""
    return own_names([code])[code]


def own_names(codes):
    """Return ``{code: what its speakers call it}``; those that Django does not know, from the vocabulary in one query.

    A code that nobody knows stands for itself.
    """
    found = {code: _local_name(code) for code in codes}
    strange = [code for code, name in found.items() if name is None]
    terms = Term.objects.filter(scheme=Scheme.LANGUAGE, code__in=strange) if strange else []
    return {code: name or code for code, name in (found | {each.code: str(each) for each in terms}).items()}


def _local_name(code):
    try:
        return get_language_info(code)["name_local"]
    except KeyError:
        return None
