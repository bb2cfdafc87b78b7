"""Translations: reviews of their own that name the review they are translated from."""

from django.db import transaction
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from evidence.models import Review
from evidence.reading.languages import language_name, language_names


def faults_of_translation(original, language, review=None):
    """Return ``{field: sentence}`` of what stands against a translation into ``language``; empty when it may be one.

    ``review`` is the translation, None or unsaved while it is being made. For forms; ``link_translation`` asks too.
    """
    faults = {}
    if review is not None and review.pk and review.language != language and language not in language_names():
        faults["language"] = _("Choose a language of the list.")
    if original is None:
        return faults
    return faults | _of_language(original, language, review) | _of_original(original, review)


def _of_language(original, language, review):
    if language == original.language:
        return {"language": _("The original is in this language already. Choose the language of the translation.")}
    others = original.translations.filter(language=language)
    if review is not None and review.pk:
        others = others.exclude(pk=review.pk)
    there = others.first()
    if there:
        words = _("There is a translation into %(language)s already: %(title)s.")
        return {"language": words % {"language": language_name(language), "title": there.title}}
    return {}


def _of_original(original, review):
    if review is not None and review.pk == original.pk:
        return {"translation_of": _("A review is no translation of itself.")}
    if original.translation_of_id:
        words = _("This is a translation itself. Choose the original: %(title)s.")
        return {"translation_of": words % {"title": original.translation_of.title}}
    if review is not None and review.pk and review.translations.exists():
        return {"translation_of": _("Others are translations of this review, so it is an original itself.")}
    return {}


@transaction.atomic
def link_translation(review, original, *, by, language):
    """Say that a review is the translation of another into ``language`` (None: of no other); return it.

    Raises ``Refused`` with what stands against it, ``PermissionDenied`` for anyone but the coordinators of the
    review's programme. Both reviews are locked, so that no chain of translations comes about.
    """
    ids = {review.pk, original.pk if original else review.pk}
    rows = {row.pk: row for row in Review.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    locked, source = rows[review.pk], rows[original.pk] if original else None
    policies.require("evidence.manage", by, locked)
    faults = faults_of_translation(source, language, locked)
    if faults:
        raise Refused(" ".join(str(each) for each in faults.values()))
    locked.translation_of, locked.language = source, language
    locked.save(update_fields=["translation_of", "language"])
    record("review.translation_linked" if source else "review.translation_unlinked", locked, by=by)
    return locked
