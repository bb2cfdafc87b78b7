"""Days and seconds as the protocol writes them, in UTC, and what a harvester is told of since when.

A change is told as of ``OAI_SETTLING`` after its stamp, and not before. A stamp is taken while its transaction still
runs; were it told at once, a harvest between the two would miss the change, and the next would begin after it.
"""

import datetime
import re

from django.conf import settings
from django.utils import timezone

from collaborative.outputs.oai.protocol import Wrong

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SECOND = re.compile(DAY.pattern + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
LAST_OF_DAY = datetime.timedelta(days=1) - datetime.timedelta(seconds=1)
FIRST, LAST = (datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (1000, 9000))
"""Beyond these nothing is stamped, and a day more or less cannot be counted."""


def written(moment):
    """Return a moment as the protocol writes it, to the second."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def told_from(stamp):
    """Return the datestamp of what is stamped so."""
    return stamp + settings.OAI_SETTLING


def settled(now=None):
    """Return the last stamp that is told now."""
    return (now or timezone.now()) - settings.OAI_SETTLING


def window(arguments):
    """Return the first and the last stamp that ``from`` and ``until`` ask for, None for no bound; raises ``Wrong``."""
    texts = [arguments[name] for name in ("from", "until") if name in arguments]
    moments = [_read(text) for text in texts]
    if len({len(text) for text in texts}) > 1:
        raise Wrong("badArgument", "from and until must both be days, or both seconds.")
    if moments and moments[0] > moments[-1]:
        raise Wrong("badArgument", "from is later than until.")
    since = _stamp(_read(arguments["from"])) if "from" in arguments else None
    until = _stamp(_read(arguments["until"]) + _rest(arguments["until"])) if "until" in arguments else None
    return since, until


def _read(text):
    """Return the beginning of a day or second, within what can be counted."""
    if not (DAY.fullmatch(text) or SECOND.fullmatch(text)):
        raise Wrong("badArgument", "A date is a day, YYYY-MM-DD, or a second, YYYY-MM-DDThh:mm:ssZ.")
    try:
        moment = datetime.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=datetime.UTC)
    except ValueError:
        raise Wrong("badArgument", "There is no such day or time.") from None
    return min(max(moment, FIRST), LAST)


def _rest(text):
    return LAST_OF_DAY if DAY.fullmatch(text) else datetime.timedelta()


def _stamp(moment):
    return moment - settings.OAI_SETTLING
