"""Readable addresses, unique in their table and never a reserved word."""

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _


def free_slug(model, title, reserved=()):
    """Return a slug for ``title`` that no row of ``model`` has and that is no reserved word."""
    base = slugify(title)[:70].strip("-") or "untitled"
    taken = set(model._base_manager.filter(slug__startswith=base).values_list("slug", flat=True)) | set(reserved)
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def refuse_reserved(slug, reserved):
    """Return ``slug``; raises ``ValidationError`` for a word, in any case, that stands for another page there."""
    if slug.lower() in reserved:
        raise ValidationError(_("This word stands for another page. Choose another address."))
    return slug
