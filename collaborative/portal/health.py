"""Is the portal alive, and is it ready? Answered before anything else can fail.

``/readyz`` fails (503) without the database or with pending migrations, for then no page can be served.
Broker, beat, mail, PDFs and links are told as degraded with 200: pages still answer, and their work waits.
"""

import os
import socket
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from redis import Redis, RedisError

from collaborative.links.models import Link, Turn
from collaborative.notifications.models import Letter
from collaborative.notifications.states import OPEN, Channel
from evidence.models import Pdf

HEARTBEAT = "portal.heartbeat"
"""Where the worker keeps the time of the last job that beat sent it."""
SILENCE = timedelta(minutes=2)
"""How long beat and worker may be silent; they should be heard every thirty seconds."""
WAITING = timedelta(minutes=15)
"""How long a letter, or a PDF to be made, may wait before that part counts as degraded."""
PATIENCE = 1
"""Seconds that broker and mail server get to answer."""
OFF = "off"
"""What is told of a part that the operator did not turn on."""
UNSEEN = timedelta(days=1)
"""How long links whose time has come may go without anybody looking at any."""
KEPT_FOR = 5
"""Seconds for which an answer about them is kept, so that asking often costs them nothing."""
_kept = {"until": 0.0, "answer": {}}
_migrated = set()


class HealthMiddleware:
    """Answers ``/healthz`` and ``/readyz`` whatever the host name, without session or redirect."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/healthz":
            return uncached(HttpResponse("ok\n", content_type="text/plain"))
        if request.path == "/readyz":
            return uncached(readiness())
        return self.get_response(request)


def uncached(response):
    """Keep caches from answering in our place."""
    response["Cache-Control"] = "no-store"
    return response


def readiness():
    """Return the state of each part: 503 when no page can be served, else 200."""
    try:
        pending = migrations_pending()
    except (DatabaseError, OSError):
        return JsonResponse({"status": "unavailable", "database": "not answering"}, status=503)
    if pending:
        return JsonResponse({"status": "unavailable", "database": "ok", "migrations": "pending"}, status=503)
    others = degradable()
    status = "ready" if set(others.values()) <= {"ok", OFF} else "degraded"
    return JsonResponse({"status": status, "database": "ok", "migrations": "ok"} | others)


def migrations_pending():
    """Ask the database whether it has every migration of this code; once it has, only whether it answers."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    name = connection.settings_dict["NAME"]
    if name in _migrated:
        return False
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return True
    _migrated.add(name)
    return False


def degradable():
    """Return the state of broker, beat, mail, PDFs and links, asked at most once in ``KEPT_FOR`` seconds."""
    if time.monotonic() >= _kept["until"]:
        _kept["answer"] = {"broker": broker(), "beat": beat(), "mail": mail(), "pdf": pdf(), "links": links()}
        _kept["until"] = time.monotonic() + KEPT_FOR
    return _kept["answer"]


def forget():
    """Drop the kept answers, so that the next question is asked anew."""
    _kept["until"] = 0.0
    _migrated.clear()


def broker():
    """Say whether jobs can be handed over."""
    if not settings.REDIS_URL:
        return "ok" if os.access(settings.VAR_DIR / "broker", os.W_OK) else "not writable"
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=None
        ) as server:
            server.ping()
    except (RedisError, OSError):
        return "not answering"
    return "ok"


def beat():
    """Say whether beat and the worker were heard lately: beat sends a heartbeat, the worker notes it."""
    try:
        heard = cache.get(HEARTBEAT)
    except (RedisError, DatabaseError, OSError):
        return "not known"
    if heard is None:
        return "not heard"
    return "ok" if timezone.now() - datetime.fromisoformat(heard) < SILENCE else f"not heard since {heard}"


def mail():
    """Say whether the mail server answers and no letter has been waiting for long."""
    if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        try:
            socket.create_connection((settings.EMAIL_HOST, settings.EMAIL_PORT), timeout=PATIENCE).close()
        except OSError:
            return "not answering"
    stuck = Letter.objects.filter(
        channel=Channel.MAIL, state__in=OPEN, in_digest=False, created_at__lt=timezone.now() - WAITING
    )
    return "letters are waiting" if stuck.exists() else "ok"


def pdf():
    """Say whether PDFs are made: none has been waiting for long."""
    stuck = Pdf.objects.filter(state=Pdf.State.WAITING, asked_at__lt=timezone.now() - WAITING)
    return "PDFs are waiting" if stuck.exists() else "ok"


def links():
    """Say whether links elsewhere are looked at, where the operator wants that."""
    if not settings.LINK_CHECKS:
        return OFF
    long_ago = timezone.now() - UNSEEN
    lately = Turn.objects.filter(ended_at__gte=long_ago).exists()
    return "ok" if lately or not Link.objects.due(long_ago).exists() else "not looked at"


def note_heartbeat():
    """Note that beat and the worker are at work now."""
    cache.set(HEARTBEAT, timezone.now().isoformat(timespec="seconds"), timeout=None)
