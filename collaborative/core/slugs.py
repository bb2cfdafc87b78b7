"""Readable addresses, unique in their table and never a reserved word."""

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

_known = []


def knows_old_addresses(function):
    """Register ``(kind, start) -> {address: id}`` of the addresses beginning so that things of a kind have or had."""
    _known.append(function)
    return function


def old_addresses(model, start):
    """Return ``{address: id of the thing that has or had it}`` for addresses of a kind that begin with ``start``."""
    found = {}
    for function in _known if hasattr(model, "kind") else ():
        found |= function(model.kind, start)
    return found


def refuse_old(model, slug, pk=None):
    """Raise ``ValidationError`` for an address that led, and still leads, to another thing of the kind than ``pk``."""
    if old_addresses(model, slug).get(slug, pk) != pk:
        raise ValidationError(_("This address belonged to something else, and old links lead there. Choose another."))


def free_slug(model, title, reserved=()):
    """Return a slug for ``title`` that no row of ``model`` has or had and that is no reserved word."""
    base = slugify(title)[:70].strip("-") or "untitled"
    taken = set(model._base_manager.filter(slug__startswith=base).values_list("slug", flat=True)) | set(reserved)
    taken |= set(old_addresses(model, base))
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def refuse_reserved(slug, reserved):
    """Return ``slug``; raises ``ValidationError`` for a word, in any case, that stands for another page there."""
    if slug.lower() in reserved:
        raise ValidationError(_("This word stands for another page. Choose another address."))
    return slug
