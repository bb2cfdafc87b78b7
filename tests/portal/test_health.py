"""``/healthz`` and ``/readyz`` tell the truth about each part, and fail only when no page can be served."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from collaborative.links.models import Link, Turn
from collaborative.notifications.models import Letter
from collaborative.portal import health, tasks
from evidence.models import Pdf
from tests import factories
from tests.runner.servers import free_port

PARTS = ("database", "migrations", "broker", "beat", "mail", "pdf")
READY = {"status": "ready", "links": "off"} | dict.fromkeys(PARTS, "ok")


@pytest.fixture(autouse=True)
def _asked_anew():
    health.forget()
    yield
    health.forget()


@pytest.fixture
def unheard(db):
    """Nobody has noted a heartbeat."""
    cache.delete(health.HEARTBEAT)


@pytest.fixture
def heard(unheard):
    """A heartbeat has just been noted by the job itself."""
    tasks.heartbeat()


def answer(client):
    """Return the status code and the parts that ``/readyz`` tells."""
    response = client.get("/readyz")
    return response.status_code, response.json()


def test_healthz_answers_under_any_host_name_and_without_a_database(client, django_db_blocker):
    with django_db_blocker.block():
        response = client.get("/healthz", headers={"host": "10.1.2.3"})
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_is_ready_when_every_part_answers(client, heard):
    assert answer(client) == (200, READY)


def test_readyz_is_never_cached(client, heard):
    assert client.get("/readyz")["Cache-Control"] == "no-store"


def test_pending_migrations_make_the_portal_unavailable(client, heard):
    MigrationRecorder.Migration.objects.filter(app="audit").delete()
    assert answer(client) == (503, {"status": "unavailable", "database": "ok", "migrations": "pending"})


def test_a_database_that_does_not_answer_makes_the_portal_unavailable(client, heard):
    with connection.execute_wrapper(_away):
        assert answer(client) == (503, {"status": "unavailable", "database": "not answering"})


def _away(execute, sql, params, many, context):
    raise OperationalError("server closed the connection")


def test_a_silent_beat_is_degraded_and_still_ready_to_serve(client, unheard):
    assert answer(client) == (200, READY | {"status": "degraded", "beat": "not heard"})


def test_a_beat_that_was_heard_long_ago_is_degraded(client, unheard):
    long_ago = (timezone.now() - timedelta(minutes=3)).isoformat(timespec="seconds")
    cache.set(health.HEARTBEAT, long_ago)
    assert answer(client) == (200, READY | {"status": "degraded", "beat": f"not heard since {long_ago}"})


def test_a_broker_that_does_not_answer_is_degraded(client, heard, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert answer(client) == (200, READY | {"status": "degraded", "broker": "not answering"})


def test_a_mail_server_that_does_not_answer_is_degraded(client, heard, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert answer(client) == (200, READY | {"status": "degraded", "mail": "not answering"})


def test_letters_that_wait_for_long_make_mail_degraded(client, heard):
    letter(age=timedelta(minutes=14))
    assert answer(client) == (200, READY)
    letter(age=timedelta(minutes=16))
    health.forget()
    assert answer(client) == (200, READY | {"status": "degraded", "mail": "letters are waiting"})


def letter(*, age):
    """Make a letter that has been waiting for ``age``."""
    reader = factories.person()
    written = timezone.now() - age
    return Letter.objects.create(
        key="x",
        event=f"x:{reader.pk}",
        recipient=reader,
        channel="mail",
        kind_of="user",
        object_id=1,
        created_at=written,
    )


def test_a_pdf_that_waits_for_long_is_told(client, heard):
    row = Pdf.objects.create(version=factories.review().current)
    assert answer(client) == (200, READY)
    Pdf.objects.filter(pk=row.pk).update(asked_at=timezone.now() - timedelta(minutes=20))
    health.forget()
    assert answer(client) == (200, READY | {"status": "degraded", "pdf": "PDFs are waiting"})


def test_asking_often_costs_the_broker_and_the_mail_server_nothing(client, heard, django_assert_num_queries):
    answer(client)
    with django_assert_num_queries(1):
        answer(client)


def test_daily_care_removes_expired_sessions_and_keeps_the_others(client, db):
    from django.contrib.sessions.models import Session

    for key, hours in (("gone", -1), ("kept", 1)):
        Session.objects.create(session_key=key, session_data="x", expire_date=timezone.now() + timedelta(hours=hours))
    tasks.care_for_database()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["kept"]


def test_links_that_nobody_looks_at_are_told_where_they_are_wanted(client, heard, settings):
    settings.LINK_CHECKS = True
    assert answer(client) == (200, READY | {"links": "ok"})
    Link.objects.create(url="https://a.example/", host="a.example", due_at=timezone.now() - timedelta(days=2))
    health.forget()
    assert answer(client) == (200, READY | {"status": "degraded", "links": "not looked at"})
    Turn.objects.create(pk=1, ended_at=timezone.now())
    health.forget()
    assert answer(client) == (200, READY | {"links": "ok"})
