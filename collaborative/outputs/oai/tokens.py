"""Resumption tokens: they carry their request and where it stopped, are signed, and never expire."""

import datetime
from dataclasses import asdict, dataclass, field

from django.core import signing

from collaborative.outputs.oai.protocol import Wrong

SALT = "collaborative.outputs.oai"


@dataclass(frozen=True)
class Place:
    """Where a list stopped: the request, the last record's stamp (in seconds since 1970) and id, and what was told.

    ``told`` counts the records handed out, ``size`` what the list held when it began.
    """

    verb: str
    stamp: int
    pk: int
    told: int
    size: int
    arguments: dict = field(default_factory=dict)

    @property
    def moment(self):
        """The last record's stamp."""
        return datetime.datetime.fromtimestamp(self.stamp, datetime.UTC)


def token_of(place):
    """Return the token for a place."""
    return signing.dumps(asdict(place), salt=SALT, compress=True)


def place_of(token, verb):
    """Return the place that a token stands for; raises ``Wrong`` for one that we did not give to this verb."""
    try:
        place = Place(**signing.loads(token, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        place = None
    if place is None or place.verb != verb:
        raise Wrong("badResumptionToken", "This is no resumptionToken of this verb here.")
    return place
