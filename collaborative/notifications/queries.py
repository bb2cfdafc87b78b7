"""What a person's own pages show: notifications with their things, follows, news."""

from collections import namedtuple
from datetime import timedelta

from django.utils import timezone

from collaborative.core import kinds
from collaborative.notifications import notices
from collaborative.notifications.digests import REACH, followed_news, gathered
from collaborative.notifications.models import Follow, Preference
from collaborative.notifications.policies import FOLLOWABLE
from collaborative.notifications.states import DEFAULT_FREQUENCY
from collaborative.notifications.things import visible

Notification = namedtuple("Notification", "letter day label title url")
Followed = namedtuple("Followed", "kind pk label title url automatic")


def shown(letters, user):
    """Return notifications ready to show; without title and address where the person may not see the thing."""
    letters = list(letters)
    seen = visible({(each.kind_of, each.object_id) for each in letters}, user)
    known = notices.notices()
    return [_shown(each, known.get(each.key), seen.get((each.kind_of, each.object_id))) for each in letters]


def _shown(letter, notice, thing):
    day = timezone.localdate(letter.created_at)
    if notice is None or thing is None:
        return Notification(letter, day, notice.label if notice else "", "", "")
    return Notification(letter, day, notice.label, notice.title_of(thing), thing.get_absolute_url())


def follows_of(user):
    """Return what a person follows and can still see, by kind and name."""
    rows = list(Follow.objects.filter(user=user, kind_of__in=FOLLOWABLE))
    seen = visible({(row.kind_of, row.object_id) for row in rows}, user)
    found = [(row, seen[row.kind_of, row.object_id]) for row in rows if (row.kind_of, row.object_id) in seen]
    listed = [_followed(row, thing) for row, thing in found]
    return sorted(listed, key=lambda each: (FOLLOWABLE.index(each.kind), each.title.casefold()))


def _followed(row, thing):
    label = kinds.model_of(row.kind_of)._meta.verbose_name
    return Followed(row.kind_of, row.object_id, label, str(thing), thing.get_absolute_url(), row.automatic)


def follows(user, thing):
    """Say whether a person follows a thing by their own choice."""
    if not user.is_authenticated:
        return False
    return Follow.objects.filter(user=user, kind_of=thing.kind, object_id=thing.pk, automatic=False).exists()


def news_for(user, limit=8):
    """Return the newest things in what a person follows, newest first."""
    now = timezone.now()
    topics = followed_news(user, now - REACH, now + timedelta(seconds=1))[: 20 * limit]
    lines = [line for part in gathered(user, topics) for line in part.things]
    return sorted(lines, key=lambda line: line.at, reverse=True)[:limit]


def chosen_by(user):
    """Return what holds for a person now: language, time zone, and how often mail of each group comes."""
    chosen = dict(Preference.objects.filter(user=user).values_list("group", "frequency"))
    return {"language": user.language, "time_zone": user.time_zone, **DEFAULT_FREQUENCY, **chosen}
