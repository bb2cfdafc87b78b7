"""The registry of letters: each app says here which letters it sends, and when one no longer holds.

An app's own ``notices.py`` is imported at start; it calls ``notice(...)`` for each of its letters.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from collaborative.notifications.states import Group

_notices = {}


@dataclass(frozen=True)
class Notice:
    """One registered letter; see ``notice`` for what each part means."""

    key: str
    kind: str
    label: str
    group: str
    template: str
    required: bool = False
    still_true: Callable | None = None
    context: Callable | None = None
    title: Callable | None = None
    related: tuple = ()
    for_address: Callable | None = None
    by_mail: bool = True

    def why(self, letter):
        """Say why this letter came, in words for its foot."""
        if letter.recipient_id is None:
            return ADDRESSED_BECAUSE
        return REQUIRED_BECAUSE if self.required else BECAUSE[self.group]

    def title_of(self, thing):
        """Return what the thing is called, in a letter and in the portal's list."""
        if self.title:
            return str(self.title(thing))
        return str(getattr(thing, self.related[0]) if self.related else thing)

    def holds(self, letter, thing):
        """Say whether what the letter tells is still so."""
        return self.still_true is None or bool(self.still_true(letter, thing))

    def values(self, letter, thing):
        """Return what the letter's template gets beside the usual."""
        return self.context(letter, thing) if self.context else {}


REQUIRED_BECAUSE = _("it is about something you asked for or take part in. Letters of this kind always come by mail.")
ADDRESSED_BECAUSE = _("somebody who uses it gave us your address. We forget the address when this is settled.")
BECAUSE = {
    Group.DECISIONS: _("it is about something you proposed or lead."),
    Group.REQUESTS: _("it is about a request that you made or can answer."),
    Group.BOOKINGS: _("it is about a place you booked."),
    Group.NEWS: _("you follow what it is about."),
}


def notice(
    key,
    *,
    kind,
    label,
    group,
    template=None,
    required=False,
    still_true=None,
    context=None,
    title=None,
    related=(),
    for_address=None,
    by_mail=True,
):
    """Register the letter ``key`` (such as ``project.awarded``) about a thing of ``kind``.

    ``label`` is a short sentence for the portal's list (“Your proposal was awarded”). ``group`` is
    what the recipient chooses about: decisions, requests, bookings or news; a ``required`` letter
    is mailed whatever they chose. ``template`` extends ``notifications/letter.txt``.
    ``still_true(letter, thing)`` is asked at sending. ``context(letter, thing)`` returns more values
    for the template; ``facts`` among them, pairs of label and value, are shown as a date and a
    place are. ``related`` names foreign keys of the thing that its title or address needs, so that
    lists stay cheap. ``title(thing)`` is what the letter is about; else the first of ``related``,
    else the thing itself.
    ``for_address(rows, address)`` lets the letter go to an address without an account too
    (``services.tell_address``): it narrows rows of the kind to those of which the owner of that
    address may be told. With ``by_mail=False`` it stands in the portal only, whatever they chose.

    Raises ``ValueError`` for a key registered twice or a group that does not exist.
    """
    if key in _notices:
        raise ValueError(f"two letters are called {key}")
    app, _dot, name = key.partition(".")
    path = template or f"{app}/letters/{name}.txt"
    _notices[key] = Notice(
        key, kind, label, Group(group), path, required, still_true, context, title, tuple(related), for_address, by_mail
    )
    return _notices[key]


def find(key):
    """Return the registered letter; raises ``LookupError`` when nobody registered it."""
    return _notices[key]


def notices():
    """Return every registered letter by its key."""
    return dict(sorted(_notices.items()))


def related_of(kind):
    """Return the foreign keys that letters about this kind read with the thing."""
    return sorted({name for each in _notices.values() if each.kind == kind for name in each.related})
