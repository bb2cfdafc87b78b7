"""Where a person is signed in: the list, its end, and when each was last seen.

django-allauth's ``UserSession`` keeps a row for each sign-in. When it was last seen is noted at most once in a
quarter of an hour by each server process, after the page is made; a failure there is logged and nothing else.
"""

import logging
import time
from collections import OrderedDict

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from collaborative.accounts.models import User

log = logging.getLogger(__name__)

EVERY = 15 * 60
"""Seconds between two notes of one session."""
KEPT = 10_000
"""How many sessions a process remembers to have noted."""


def open_sessions(user):
    """Return the sessions in which the person is signed in now, the last seen first."""
    listed = list(UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk"))
    keys = [each.session_key for each in listed]
    kept = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    good = {each.session_key for each in kept if _holds(each, user)}
    return [each for each in listed if each.session_key in good]


def _holds(session, user):
    """Say whether a stored session still opens the account: a new password, or their end, shuts it."""
    return constant_time_compare(session.get_decoded().get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


@transaction.atomic
def end_all(user):
    """End every session of a person at once, in the list or not; return nothing."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    listed = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=list(listed.values_list("session_key", flat=True))).delete()
    listed.delete()


@transaction.atomic
def end_one(user, pk, *, but):
    """End one listed session of a person, unless its key is ``but``; return whether there was one."""
    listed = UserSession.objects.filter(user=user, pk=pk).exclude(session_key=but)
    keys = list(listed.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    listed.delete()
    return bool(keys)


def end_others(request):
    """End every session of the reader but this one, which goes on under a new key."""
    here = UserSession.objects.filter(user=request.user, session_key=request.session.session_key).first()
    with transaction.atomic():
        end_all(request.user)
        request.user.refresh_from_db(fields=["sessions_ended"])
        update_session_auth_hash(request, request.user)
        if here:
            here.pk, here.session_key = None, request.session.session_key
            here.save()


def forget_here(request):
    """Take this browser's session off the list: its reader is signing out."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()


def forget_ended():
    """Take off the list whatever has expired or ended; runs daily, after expired sessions are deleted."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


class LastSeenMiddleware:
    """Notes that a session was used, once in a while, after the page is made."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.noted = OrderedDict()

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code < 500 and request.session.session_key and request.user.is_authenticated:
            self.note(request)
        return response

    def note(self, request):
        """Write down that the session was seen, unless that was done a short while ago."""
        key, now = request.session.session_key, time.time()
        records = get_authentication_records(request, request.user)
        last = max([self.noted.get(key, 0), *(each["at"] for each in records)])
        if now - last < EVERY:
            return
        self.noted[key] = now
        self.noted.move_to_end(key)
        if len(self.noted) > KEPT:
            self.noted.popitem(last=False)
        try:
            with transaction.atomic():
                seen = {"last_seen_at": timezone.now(), "ip": get_adapter().get_client_ip(request)}
                UserSession.objects.filter(session_key=key, user=request.user).update(**seen)
        except (DatabaseError, PermissionDenied):
            log.warning("a session that was used could not be noted", extra={"user": request.user.pk})
