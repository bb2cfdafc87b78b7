"""What letters can be: their channels, states, groups and how often they come."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """The way on which a letter reaches its recipient."""

    MAIL = "mail", _("Mail")
    PORTAL = "portal", _("Portal")


class LetterState(TextChoices):
    """What became of a letter; one for the portal has arrived as soon as it is written."""

    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    SUPPRESSED = "suppressed", _("Not sent, for a reason")
    BOUNCED = "bounced", _("Refused by the recipient’s mail server")


OPEN = (LetterState.QUEUED, LetterState.SENDING)
"""States in which there is still something to do."""

RESENDABLE = (LetterState.FAILED, LetterState.BOUNCED)
"""States from which an administrator may send a letter again."""


class Group(TextChoices):
    """The groups of letters that a person chooses about."""

    DECISIONS = "decisions", _("Decisions about what I proposed")
    REQUESTS = "requests", _("Requests that I can answer, and answers to mine")
    BOOKINGS = "bookings", _("My bookings")
    NEWS = "news", _("News of what I follow")


class Frequency(TextChoices):
    """How often mail of a group comes."""

    AT_ONCE = "at_once", _("Mail at once")
    DAILY = "daily", _("In one mail a day")
    PORTAL = "portal", _("No mail, only here in the portal")


DEFAULT_FREQUENCY = {
    Group.DECISIONS: Frequency.AT_ONCE,
    Group.REQUESTS: Frequency.AT_ONCE,
    Group.BOOKINGS: Frequency.AT_ONCE,
    Group.NEWS: Frequency.DAILY,
}
"""What holds for a person who chose nothing."""


class Suppression(TextChoices):
    """Why a letter was not sent."""

    NO_LONGER_VISIBLE = "no longer visible", _("The recipient may no longer see what it is about")
    NO_LONGER_TRUE = "no longer true", _("What it says no longer holds")
    LEFT = "left", _("The recipient has left or may not sign in")
