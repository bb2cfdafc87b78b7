"""What is asked of the texts that people send when they ask to be let in, or decide about it."""

from django.utils.translation import gettext as _

from collaborative.core.errors import Refused

LONGEST_MESSAGE = 2000
LONGEST_TITLE = 120
LONGEST_REASON = 3000


def text_of(text, longest, empty=""):
    """Return a text, trimmed; raises ``Refused`` when it is too long, or with ``empty`` where one is asked for."""
    text = text.strip()
    if empty and not text:
        raise Refused(empty)
    if len(text) > longest:
        raise Refused(_("This text may have at most %(longest)d characters.") % {"longest": longest})
    return text
