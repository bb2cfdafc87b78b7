"""The daily mail: who gets one, over which window, and what stands in it."""

from collections import namedtuple
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import User
from collaborative.core.jobs import nudge
from collaborative.core.text import plain
from collaborative.notifications import notices
from collaborative.notifications.inserting import insert_from
from collaborative.notifications.models import Digest, Follow, Letter, NewsTopic, Preference
from collaborative.notifications.states import RESENDABLE, Channel, Frequency, Group
from collaborative.notifications.things import visible

HOUR = time(7)
"""The reader's local hour up to which a day's news is collected."""

GRACE = timedelta(minutes=2)
"""What was written before the hour may still be in a transaction; nobody's lasts this long."""

REACH = timedelta(days=31)
"""Older news is not mailed any more."""

KEY = "news.digest"
Line = namedtuple("Line", "title url kind at summary label")
Part = namedtuple("Part", "title url things")


def write_digests(now=None):
    """Write the digest, and its letter, of everyone whose hour has come; return how many.

    A window is half open and ends at the local hour, whenever this runs: from the end of the last
    one that was sent until before today's hour. One for each person and local day, however often
    or how many at once this runs; none when there is nothing in it. One statement finds the people
    of a time zone.
    """
    now = now or timezone.now()
    zones = User.objects.filter(Exists(Follow.objects.filter(user=OuterRef("pk"))) | _has_daily_letters())
    names = zones.order_by().values_list("time_zone", flat=True).distinct()
    written = sum(_write_zone(name, now) for name in sorted(names))
    if written:
        nudge("notifications.deliver")
    return written


def hour_of(zone, now):
    """Return today's hour in ``zone`` as an instant, and the local day; None when it has not come."""
    day = now.astimezone(ZoneInfo(zone)).date()
    until = datetime.combine(day, HOUR, tzinfo=ZoneInfo(zone))
    return (until, day) if now >= until + GRACE else None


@transaction.atomic
def _write_zone(zone, now):
    passed = hour_of(zone, now)
    if passed is None:
        return 0
    until, day = passed
    people = _people(zone, until).exclude(Exists(Digest.objects.filter(user=OuterRef("pk"), day=day)))
    insert_from(Digest, people, user=F("pk"), day=day, window_from=F("since"), window_to=until)
    unwritten = Digest.objects.filter(day=day, window_to=until, user__time_zone=zone).exclude(
        Exists(Letter.objects.filter(kind_of="digest", object_id=OuterRef("pk")))
    )
    return insert_from(
        Letter,
        unwritten,
        key=KEY,
        event=Concat(Value("digest:"), Cast("pk", CharField()), output_field=CharField()),
        recipient=F("user_id"),
        channel=Channel.MAIL,
        kind_of="digest",
        object_id=F("pk"),
        created_at=now,
        due_at=now,
    )


def _people(zone, until):
    """Return those of a zone with something to tell, each with ``since``, the beginning of the window."""
    lost = Letter.objects.filter(kind_of="digest", object_id=OuterRef("pk"), state__in=RESENDABLE)
    last = Digest.objects.filter(~Exists(lost), user=OuterRef("pk")).order_by("-window_to").values("window_to")[:1]
    earliest = Value(until - REACH, output_field=DateTimeField())
    people = User.objects.filter(time_zone=zone, is_active=True, anonymised_at=None)
    people = people.annotate(since=Greatest(Coalesce(Subquery(last), earliest), earliest)).filter(since__lt=until)
    unwanted = Preference.objects.filter(user=OuterRef("pk"), group=Group.NEWS, frequency=Frequency.PORTAL)
    news = Follow.objects.filter(_has_news(until), user=OuterRef("pk"), automatic=False)
    return people.filter(_has_daily_letters(until) | (Exists(news) & ~Exists(unwanted)))


def _has_daily_letters(until=None):
    rows = Letter.objects.unread().filter(recipient=OuterRef("pk"), in_digest=True)
    if until is not None:
        rows = rows.filter(created_at__gte=OuterRef("since"), created_at__lt=until)
    return Exists(rows)


def _has_news(until):
    """Say, of a follow, whether its thing has news in the window of the person who follows."""
    return Exists(
        NewsTopic.objects.filter(
            _by_another(OuterRef("user_id")),
            kind_of=OuterRef("kind_of"),
            object_id=OuterRef("object_id"),
            news__at__gte=OuterRef("created_at"),
            news__at__lt=until,
        ).filter(news__at__gte=OuterRef(OuterRef("since")))
    )


def _by_another(person):
    return Q(news__actor=None) | ~Q(news__actor=person)


def contents(digest, user):
    """Return the parts of a digest as the person may see them now: what concerns them first, then by theme.

    Each thing stands once, newest first; themes before other topics. Empty when nothing is left.
    """
    own = _own(digest, user)
    return ([Part("", "", own)] if own else []) + news_between(user, digest.window_from, digest.window_to)


def _own(digest, user):
    window = {"created_at__gte": digest.window_from, "created_at__lt": digest.window_to}
    letters = Letter.objects.visible_to(user).unread().filter(in_digest=True, key__in=notices.notices(), **window)
    letters = list(letters)
    seen = visible({(each.kind_of, each.object_id) for each in letters}, user)
    found = ((each, seen.get((each.kind_of, each.object_id))) for each in letters)
    return [_letter_line(letter, thing) for letter, thing in found if thing is not None and _holds(letter, thing)]


def _holds(letter, thing):
    return notices.find(letter.key).holds(letter, thing)


def _letter_line(letter, thing):
    notice = notices.find(letter.key)
    return Line(notice.title_of(thing), thing.get_absolute_url(), "", letter.created_at, "", notice.label)


def news_between(user, since, until):
    """Return the news of what a person follows, in parts by topic; what they may not see is left out."""
    if Preference.objects.filter(user=user, group=Group.NEWS, frequency=Frequency.PORTAL).exists():
        return []
    return gathered(user, followed_news(user, since, until, automatic=False))


def followed_news(user, since, until, **follows):
    """Return the topics of news in a half-open window that the person follows, newest first."""
    mine = Follow.objects.filter(
        user=user,
        kind_of=OuterRef("kind_of"),
        object_id=OuterRef("object_id"),
        created_at__lte=OuterRef("news__at"),
        **follows,
    )
    rows = NewsTopic.objects.filter(Exists(mine), _by_another(user), news__at__gte=since, news__at__lt=until)
    return rows.select_related("news").order_by("-news__at", "-news__pk", "pk")


def gathered(user, topics):
    """Return parts by topic of rows of ``NewsTopic``, each thing once; one query for each kind."""
    topics = list(topics)
    pairs = {(t.kind_of, t.object_id) for t in topics} | {(t.news.kind_of, t.news.object_id) for t in topics}
    seen = visible(pairs, user)
    headings = sorted(
        {(t.kind_of, t.object_id) for t in topics if (t.kind_of, t.object_id) in seen},
        key=lambda pair: (pair[0] != "theme", pair[0], str(seen[pair]).casefold()),
    )
    parts, told = [], set()
    for heading in headings:
        lines = []
        for topic in topics:
            thing = (topic.news.kind_of, topic.news.object_id)
            if (topic.kind_of, topic.object_id) == heading and thing in seen and thing not in told:
                told.add(thing)
                lines.append(_news_line(seen[thing], topic.news))
        if lines:
            parts.append(Part(str(seen[heading]), seen[heading].get_absolute_url(), lines))
    return parts


def _news_line(thing, news):
    summary = plain(getattr(thing, "summary", ""), 160)
    return Line(str(thing), thing.get_absolute_url(), thing._meta.verbose_name, news.at, summary, "")


def _parts(letter, digest):
    """Return the contents of a digest for its letter, read once."""
    if not hasattr(digest, "parts_read"):
        digest.parts_read = contents(digest, letter.recipient)
    return digest.parts_read


def _worth_sending(letter, digest):
    """Say whether something is left to tell that no later digest has told."""
    later = Digest.objects.filter(user=digest.user_id, window_to__gt=digest.window_to)
    return not later.filter(window_from__lt=digest.window_to).exists() and bool(_parts(letter, digest))


def _values(letter, digest):
    parts = _parts(letter, digest)
    return {"parts": parts, "count": sum(len(part.things) for part in parts)}


notices.notice(
    KEY,
    kind="digest",
    label=_("Your daily mail"),
    group=Group.NEWS,
    template="notifications/letters/digest.txt",
    still_true=_worth_sending,
    context=_values,
    title=lambda digest: "",
)
