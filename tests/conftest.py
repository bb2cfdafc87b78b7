"""What every test stands on: a real database of the chosen engine, and its triggers."""

import gc
import os
import shutil
from fnmatch import fnmatch
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections
from django.test import Client, TransactionTestCase

from collaborative.audit import triggers as audit
from collaborative.core.triggers import lifted
from tests import undefined

_teardown = TransactionTestCase._fixture_teardown
KEPT_TABLES = {"django_content_type", "auth_permission"}
"""Tables that Django fills by itself after emptying all."""

ASKING = {"db", "transactional_db", "_loaded_demonstration"}
"""Fixtures of tests that ask the database."""

WITH_SERVERS = {"processes", "runner", "journeys"}
"""Folders whose tests start processes of their own on whatever engine there is."""

ON_POSTGRESQL = ("house/test_routes.py", "house/test_query_budget.py", "house/test_admin.py")
ON_SQLITE = (
    *("accounts/*", "journeys/*", "portal/*", "sign_on/*", "*/test_admin.py", "*/test_*pages.py", "*/test_*forms.py"),
    *("house/test_letters.py", "house/test_personal.py", "evidence/test_document_*.py", "evidence/test_writing.py"),
    *("evidence/test_files.py", "evidence/test_reading.py", "partners/test_organisations.py", "training/test_pages.py"),
)
"""What looks at pages and words rather than at what a database answers: bin/test runs it on one engine, the first
match saying which. Alone, and in bin/test --slow, it runs wherever it is asked to."""

SIDE_BY_SIDE = os.environ.get("PORTAL_ENGINES") == "both"


@pytest.fixture(scope="session", autouse=True)
def _no_undefined_variables():
    """Fail on a template's variable that no one gave it."""
    undefined.forbid()


def pytest_unconfigure():
    """Remove the folder that this run kept its files in."""
    if settings.TESTING:
        shutil.rmtree(settings.VAR_DIR, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leave out what only means something on the other engine, and put what reads the demonstration last.

    What asks no database says the same on both engines, so it runs on SQLite alone. The demonstration is
    loaded once, and tests that empty their database would take it with them; pytest moves tests of the
    browser together, wherever else they stood.
    """
    left_out = [each for each in items if _only_elsewhere(each)]
    config.hook.pytest_deselected(items=left_out)
    away = set(left_out)
    kept = [each for each in items if each not in away]
    items[:] = sorted(kept, key=lambda each: "demonstration" in each.fixturenames)


def _only_elsewhere(test):
    """Say whether a test belongs to the run on the other engine."""
    if SIDE_BY_SIDE and _one_engine(test) not in (None, connection.vendor):
        return True
    if connection.vendor == "sqlite":
        return bool(test.get_closest_marker("postgres"))
    asks = test.get_closest_marker("django_db") or ASKING & set(test.fixturenames)
    return bool(test.get_closest_marker("sqlite")) or not (asks or WITH_SERVERS & set(test.path.parts))


def _one_engine(test):
    """Return the engine on which alone a test of bin/test runs, or None for both."""
    name = "/".join(test.path.parts[-2:])
    if any(fnmatch(name, pattern) for pattern in ON_POSTGRESQL):
        return "postgresql"
    return "sqlite" if any(fnmatch(name, pattern) for pattern in ON_SQLITE) else None


def pytest_collection_finish():
    """Let the collector of garbage pass over what lasts as long as the run."""
    gc.collect()
    gc.freeze()


def _teardown_without_triggers(self):
    """Empty the tables after a transactional test; the append-only triggers are lifted for just that.

    Those of SQLite's search index stay: they empty its full-text table with it.
    """
    if connection.vendor == "postgresql":
        _empty_every_table()
        return
    with lifted(connection, audit.TABLE):
        _teardown(self)


def _empty_every_table():
    """Delete all rows; truncating a hundred tables, most of them empty, takes PostgreSQL ten times as long."""
    tables = set(connection.introspection.django_table_names(only_existing=True)) - KEPT_TABLES
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # without foreign keys and triggers
        cursor.execute(";".join(f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(tables)))
        cursor.execute("SET session_replication_role = DEFAULT")


TransactionTestCase._fixture_teardown = _teardown_without_triggers

_force_login = Client.force_login


def _sign_in_as_by_the_form(self, user, backend=None):
    """Sign in without the form, and leave in the session what the form would: the password and any second factor."""
    from tests.signing_in import leave_records

    _force_login(self, user, backend)
    leave_records(self.session, user)


Client.force_login = _sign_in_as_by_the_form


@pytest.fixture(autouse=True)
def _files_of_its_own(request, settings, tmp_path):
    """Give each test its own folder for mail and uploads; the demonstration's files stay where they were loaded."""
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    if "demonstration" not in request.fixturenames:
        settings.MEDIA_ROOT = str(tmp_path / "uploads")


@pytest.fixture(autouse=True)
def _cache_of_its_own():
    """Let no test find what another one left in the cache: Redis, unlike the database, rolls nothing back."""
    prefix = f"test-{uuid4().hex}"
    settings.CACHES["default"]["KEY_PREFIX"] = prefix
    caches["default"].key_prefix = prefix


@pytest.fixture
def smtp_sink(settings):
    """Run a real mail server for one test, and let Django send to it; see ``tests/smtp_sink.py``."""
    from tests.smtp_sink import SmtpSink

    sink = SmtpSink().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 5
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def _loaded_demonstration(django_db_setup, django_db_blocker):
    from django.test.utils import setup_databases, teardown_databases

    from tests.demonstration import load

    made = []
    with django_db_blocker.unblock():
        if connection.settings_dict["NAME"] != connection.settings_dict["TEST"]["NAME"]:
            # pytest-django makes the database only for tests that are marked, and none of those was chosen.
            made = setup_databases(verbosity=0, interactive=False)
        people = load()
    yield people
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def demonstration(_loaded_demonstration, django_db_blocker):
    """Lend the demonstration, loaded once for all who ask, to the tests of a module; give its people by part.

    The tests only read, and take no other fixture with a database: then they run after all those whose
    database is emptied, and this one stays whole.
    """
    from django.test import override_settings

    with django_db_blocker.unblock(), override_settings(DEMO=True):
        yield _loaded_demonstration
        connections.close_all()  # beside the browser's event loop Django opens one of its own, which would stay
