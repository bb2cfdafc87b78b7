"""Telling people: letters about what concerns them, news of what they follow, and what they chose."""

from django.db import transaction
from django.db.models import BooleanField, Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.accounts.models import User
from collaborative.accounts.services import change_details
from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.jobs import nudge
from collaborative.notifications import notices
from collaborative.notifications.inserting import insert_from
from collaborative.notifications.models import Follow, Letter, News, NewsTopic, Preference
from collaborative.notifications.states import (
    DEFAULT_FREQUENCY,
    OPEN,
    RESENDABLE,
    Channel,
    Frequency,
    LetterState,
    Suppression,
)


@transaction.atomic
def tell(key, thing, *, to, event, by=None, organisation_id=None, data=None):
    """Write the letter ``key`` about ``thing`` to each of ``to``, on mail and in the portal.

    ``to`` are ids of people (an iterable or a queryset of ids); the actor ``by`` and people who
    have left get nothing. ``event`` names this happening: nobody is told the same event twice.
    ``data`` holds ids that the letter's words need. Called inside the transaction of the act
    itself; the number of statements does not depend on how many people are told.

    Raises ``LookupError`` for a letter that nobody registered, and ``ValueError`` for a thing of
    another kind than the letter's.
    """
    notice = notices.find(key)
    if thing.kind != notice.kind:
        raise ValueError(f"{key} is about a {notice.kind}, not a {thing.kind}")
    people = _recipients(notice, to, by)
    common = {
        "key": key,
        "event": event,
        "recipient": F("pk"),
        "kind_of": thing.kind,
        "object_id": thing.pk,
        "actor": by.pk if by else None,
        "organisation_id": organisation_id,
        "data": data or {},
    }
    now = timezone.now()
    daily = Case(When(frequency=Frequency.DAILY, then=Value(True)), default=Value(False), output_field=BooleanField())
    arrived = {"state": LetterState.SENT, "sent_at": now, "created_at": now, "due_at": now}
    insert_from(Letter, people, channel=Channel.PORTAL, in_digest=daily, **arrived, **common)
    by_mail = people.filter(frequency=Frequency.AT_ONCE)
    if insert_from(Letter, by_mail, channel=Channel.MAIL, created_at=now, due_at=now, **common):
        nudge("notifications.deliver")


def _recipients(notice, to, by):
    """Return the people to tell, each with the ``frequency`` that holds for this letter."""
    ids = to if hasattr(to, "query") else {pk for pk in to if pk is not None}
    people = User.objects.filter(pk__in=ids, is_active=True, anonymised_at=None)
    if by is not None:
        people = people.exclude(pk=by.pk)
    if notice.required or not notice.by_mail:
        fixed = Frequency.AT_ONCE if notice.by_mail else Frequency.PORTAL
        return people.annotate(frequency=Value(fixed.value))
    chosen = Preference.objects.filter(user=OuterRef("pk"), group=notice.group).values("frequency")[:1]
    default = Value(DEFAULT_FREQUENCY[notice.group].value)
    return people.annotate(frequency=Coalesce(Subquery(chosen), default))


@transaction.atomic
def tell_address(key, thing, *, address, event, by=None, organisation_id=None, data=None):
    """Write the letter ``key`` about ``thing`` to a mail address, which may have no account.

    Where somebody has confirmed the address as that of their account, they get the usual letter, by mail
    and in the portal; else one goes to the bare address, by mail only, in the portal's language. Either
    way the work is the same and nothing is returned, so that no caller can tell. ``event`` names this
    happening: nobody is told the same event twice.

    Raises ``LookupError`` for a letter that nobody registered, and ``ValueError`` for a thing of another
    kind or a letter that may not go to a bare address.
    """
    notice = notices.find(key)
    if thing.kind != notice.kind or notice.for_address is None:
        raise ValueError(f"{key} does not go to an address about a {thing.kind}")
    address, now = address.strip().lower(), timezone.now()
    owners = User.objects.filter(email=address, emailaddress__email=address, emailaddress__verified=True)
    owner = owners.values_list("pk", flat=True).first()
    common = {
        "key": key,
        "event": event,
        "kind_of": thing.kind,
        "object_id": thing.pk,
        "organisation_id": organisation_id,
        "data": data or {},
        "created_at": now,
        "due_at": now,
    }
    arrived = {"channel": Channel.PORTAL, "recipient": F("pk"), "state": LetterState.SENT, "sent_at": now}
    insert_from(Letter, User.objects.filter(pk=owner or 0), actor=by.pk if by else None, **arrived, **common)
    mail = Letter(channel=Channel.MAIL, recipient_id=owner, address="" if owner else address, actor=by, **common)
    Letter.objects.bulk_create([mail], ignore_conflicts=True)
    nudge("notifications.deliver")


def letters_about(thing, key):
    """Return the mail of one kind about a thing, to whomever, newest first."""
    rows = Letter.objects.filter(kind_of=thing.kind, object_id=thing.pk, key=key, channel=Channel.MAIL)
    return rows.order_by("-created_at", "-pk")


@transaction.atomic
def forget_addresses(letters):
    """Take the bare addresses out of some letters; what still waited is not sent. Return how many.

    A letter that is in a worker's hands just now keeps its address until the next time.
    """
    addressed = letters.exclude(address="")
    waiting = addressed.filter(state=LetterState.QUEUED)
    reason = Suppression.NO_LONGER_TRUE
    return waiting.update(address="", state=LetterState.SUPPRESSED, reason=reason) + addressed.exclude(
        state__in=OPEN
    ).update(address="")


@transaction.atomic
def announce(thing, *, event, topics, by=None):
    """Tell whoever follows one of ``topics`` that ``thing`` is new, in their daily mail and on their page.

    ``topics`` are pairs such as ``("theme", 3)``. ``event`` names this happening: announced twice,
    it is told once. What a follower may not see when the mail goes out is left out.
    """
    news, new = News.objects.get_or_create(
        event=event, defaults={"kind_of": thing.kind, "object_id": thing.pk, "actor": by}
    )
    if new:
        pairs = sorted({(kind, pk) for kind, pk in topics if pk is not None})
        NewsTopic.objects.bulk_create(NewsTopic(news=news, kind_of=kind, object_id=pk) for kind, pk in pairs)


def topics_of(thing):
    """Return the topics of a thing with a programme and themes, for ``announce``; one query."""
    return [("programme", thing.programme_id), *(("theme", pk) for pk in thing.themes.values_list("pk", flat=True))]


def follow(user, kind, pk, *, automatic=False):
    """Let ``user`` follow a thing; pressing again changes nothing.

    ``automatic`` marks a follow that came with taking part: it shows in the portal and brings no
    mail until the person follows by their own choice.
    """
    made, new = Follow.objects.get_or_create(user=user, kind_of=kind, object_id=pk, defaults={"automatic": automatic})
    if not new and made.automatic and not automatic:
        Follow.objects.filter(pk=made.pk).update(automatic=False, created_at=timezone.now())


def unfollow(user, kind, pk):
    """End a follow; quietly nothing when there was none."""
    Follow.objects.filter(user=user, kind_of=kind, object_id=pk).delete()


def mark_read(user, letter):
    """Mark one of the person's notifications as read."""
    Letter.objects.visible_to(user).unread().filter(pk=letter.pk).update(read_at=timezone.now())


def mark_all_read(user, *, up_to=None):
    """Mark the person's notifications as read; with ``up_to`` (an id) none that came after it."""
    rows = Letter.objects.visible_to(user).unread()
    (rows if up_to is None else rows.filter(pk__lte=up_to)).update(read_at=timezone.now())


def unread_count(user):
    """Return how many notifications the person has not read; one query."""
    return Letter.objects.visible_to(user).unread().count()


@transaction.atomic
def choose(user, *, language, time_zone, frequencies):
    """Keep what a person chose: language (empty: none), time zone, and how often mail of each group comes."""
    change_details(user, language=language, time_zone=time_zone)
    chosen = dict(Preference.objects.filter(user=user).values_list("group", "frequency"))
    for group, frequency in frequencies.items():
        if chosen.get(group, DEFAULT_FREQUENCY[group]) != frequency:
            Preference.objects.update_or_create(
                user=user, group=group, defaults={"frequency": frequency, "changed_at": timezone.now()}
            )


@transaction.atomic
def requeue(letter, *, by):
    """Let a letter that failed or bounced be sent again, with all its attempts before it.

    Raises ``PermissionDenied`` for anyone but an administrator, and ``Refused`` for a letter that
    did not fail.
    """
    policies.require("notifications.administer", by, letter)
    again = {"state": LetterState.QUEUED, "attempts": 0, "reason": "", "due_at": timezone.now()}
    failed = Letter.objects.filter(pk=letter.pk, state__in=RESENDABLE).exclude(recipient=None, address="")
    if not failed.update(**again):
        raise Refused(_("Only a letter that failed or bounced can be sent again."))
    record("letter.requeued", letter, by=by, from_state=letter.state, to_state=LetterState.QUEUED)
    nudge("notifications.deliver")
