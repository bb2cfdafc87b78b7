"""What a reader must know before reading on: newer versions, an archived text, an embargo."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from collaborative.core.handling import Handling
from evidence.states import VersionState

ARCHIVED = {
    "en": (
        "Archived",
        "This text is no longer kept up to date. It stays here so that it can be read and cited; "
        "check anything you rely on against newer evidence.",
    ),
    "cy": (
        "Wedi’i archifo",
        "Nid yw’r testun hwn yn cael ei ddiweddaru mwyach. Mae’n aros yma er mwyn gallu ei ddarllen a’i ddyfynnu; "
        "gwiriwch unrhyw beth yr ydych yn dibynnu arno yn erbyn tystiolaeth fwy diweddar.",
    ),
    "fr": (
        "Archivé",
        "Ce texte n’est plus mis à jour. Il reste ici pour être lu et cité ; "
        "vérifiez auprès de travaux plus récents ce sur quoi vous vous appuyez.",
    ),
}
"""In the reader's language: title and text."""


@dataclass(frozen=True)
class Notice:
    """One notice, with the language of its words when that is not the page's, and the reason someone gave."""

    text: str
    title: str = ""
    tone: str = ""
    url: str = ""
    label: str = ""
    lang: str = ""
    reason: str = ""
    at: datetime | None = None


def notices(version, related, now=None):
    """Return the notices that stand above a text, the weightiest first."""
    found = (_newer(version, related), _superseded(version, related), _archived(version), _embargo(version, now))
    return [each for each in (*found, _for_partners(version), _update_due(version)) if each]


def _newer(version, related):
    newest = version.review.current
    if newest is None or version.working or newest.number <= version.number or not related.seen(version.review_id):
        return None
    numbers = {"number": version.number, "newest": newest.number}
    return Notice(
        _("You are reading version %(number)s. It stays at this address and does not change.") % numbers,
        title=_("There is a newer version"),
        tone="warning",
        url=version.review.get_absolute_url(),
        label=_("Read version %(newest)s, the newest") % numbers,
    )


def _superseded(version, related):
    if version.state != VersionState.SUPERSEDED:
        return None
    by = related.seen(version.superseded_by_id)
    return Notice(
        _("Another review has taken its place. This one can still be read and cited."),
        title=_("Superseded"),
        tone="warning",
        url=by.get_absolute_url() if by else "",
        label=_("Read “%(title)s”") % {"title": by.title} if by else "",
    )


def _archived(version):
    if version.state != VersionState.ARCHIVED:
        return None
    reader = (get_language() or "en")[:2]
    lang = reader if reader in ARCHIVED else "en"
    title, text = ARCHIVED[lang]
    return Notice(text, title=title, tone="warning", lang=lang, reason=version.archived_reason, at=version.archived_at)


def _embargo(version, now):
    if version.working or not version.embargoed(now):
        return None
    until = date_format(localtime(version.public_from), "DATETIME_FORMAT")
    return Notice(
        _("Everyone can read it from %(until)s. Until then please share it with nobody else.") % {"until": until},
        title=_("For partners of the programme only, until a set time"),
        tone="warning",
    )


def _for_partners(version):
    if version.handling == Handling.PUBLIC or version.working:
        return None
    return Notice(
        _("Only partners of the programme can read it. Its handling is %(handling)s.")
        % {"handling": version.get_handling_display()},
        title=_("Not for the public"),
    )


def _update_due(version):
    if version.state != VersionState.UPDATE_DUE:
        return None
    text = _("Newer evidence may say more than this text.")
    if version.update_due_on:
        by = date_format(version.update_due_on, "DATE_FORMAT")
        text = _("Newer evidence may say more than this text. It is to be updated by %(by)s.") % {"by": by}
    return Notice(text, title=_("An update is due"))
