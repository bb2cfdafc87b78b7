"""What the portal holds of a person to tell them things, and how long letters are kept."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collaborative.core.personal import impersonal, retention, table
from collaborative.notifications.models import Digest, Follow, Letter, News, Preference
from collaborative.notifications.states import OPEN, Channel, LetterState, Suppression

WHILE = _("While you have an account")
DELETED = _("Deleted")
ONCE = _("To tell you once, and to try again if mail fails")
TWO_YEARS = 730


def delete_own(model):
    """Return an ``erase`` that deletes a person's rows."""
    return lambda leaver: model.objects.filter(user=leaver.user).delete()


def stop_letters(leaver):
    """Send nothing of what waits, and take the addresses out of letters to somebody without an account."""
    waiting = Letter.objects.filter(channel=Channel.MAIL, state__in=OPEN)
    left = {"state": LetterState.SUPPRESSED, "reason": Suppression.LEFT, "claimed_until": None}
    waiting.filter(recipient=leaver.user).update(**left)
    to_address = Letter.objects.filter(address__in=leaver.addresses)
    to_address.filter(state__in=OPEN).update(address="", **left)
    to_address.update(address="")


def confirmed(user):
    """Return the confirmed addresses of a person, as a subquery."""
    return user.emailaddress_set.filter(verified=True).values("email")


table(
    "letters",
    order=60,
    covers=("notifications.Letter.recipient", "notifications.Letter.address"),
    label=_("Letters and notifications to you: which, about what and when; never their words"),
    purpose=ONCE,
    kept=_("Two years"),
    leaving=_("Nothing more is sent; what is listed stays as numbers, two years at most"),
    rows=lambda user: Letter.objects.filter(Q(recipient=user) | Q(address__in=confirmed(user))),
    columns={
        "created_at": _("Written"),
        "key": _("Letter"),
        "channel": _("Way"),
        "state": _("What became of it"),
        "sent_at": _("Sent"),
        "read_at": _("Read"),
        "kind_of": _("About"),
        "object_id": _("Its number"),
        "address": _("Sent to, before you had an account"),
    },
    erase=stop_letters,
)

table(
    "letters-you-caused",
    order=70,
    covers=("notifications.Letter.actor", "notifications.News.actor"),
    label=_("Letters to others about what you did"),
    purpose=_("To name you to those who are told"),
    kept=_("Two years"),
    leaving=_("Kept without your name, two years at most"),
    rows=lambda user: Letter.objects.filter(actor=user),
    columns={"created_at": _("Written"), "key": _("Letter"), "kind_of": _("About"), "object_id": _("Its number")},
)

table(
    "follows",
    order=61,
    covers=("notifications.Follow.user",),
    label=_("What you follow"),
    purpose=_("To tell you what is new there"),
    kept=WHILE,
    leaving=DELETED,
    rows=lambda user: Follow.objects.filter(user=user),
    columns={
        "created_at": _("Since"),
        "kind_of": _("Kind of thing"),
        "object_id": _("Its number"),
        "automatic": _("Came with taking part"),
    },
    erase=delete_own(Follow),
)

table(
    "preferences",
    order=62,
    covers=("notifications.Preference.user",),
    label=_("How often you want mail"),
    purpose=_("To write to you as you wish"),
    kept=WHILE,
    leaving=DELETED,
    rows=lambda user: Preference.objects.filter(user=user),
    columns={"group": _("Letters"), "frequency": _("How often"), "changed_at": _("Chosen")},
    erase=delete_own(Preference),
)

table(
    "daily-mails",
    order=63,
    covers=("notifications.Digest.user",),
    label=_("Daily mails to you: on which days; never their words"),
    purpose=ONCE,
    kept=_("Two years"),
    leaving=DELETED,
    rows=lambda user: Digest.objects.filter(user=user),
    columns={"day": _("Day"), "window_from": _("From"), "window_to": _("Until")},
    erase=delete_own(Digest),
)

retention(
    "letters",
    label=_("Which letters and notifications were sent to whom"),
    days=TWO_YEARS,
    rows=lambda before: Letter.objects.filter(created_at__lt=before).exclude(state__in=OPEN),
    forget=lambda rows: rows.delete(),
)

retention(
    "news",
    label=_("News for those who follow a theme or programme"),
    days=TWO_YEARS,
    rows=lambda before: News.objects.filter(at__lt=before),
    forget=lambda rows: rows.delete(),
)

retention(
    "daily-mails",
    label=_("Which daily mails were sent to whom"),
    days=TWO_YEARS,
    rows=lambda before: Digest.objects.filter(window_to__lt=before),
    forget=lambda rows: rows.delete(),
)

impersonal("notifications.Letter.data", "ids that the letter’s words need; tests/house/test_letters.py looks")
