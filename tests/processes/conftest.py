"""A PostgreSQL for this folder's tests, a prepared database to copy, and a portal for each test."""

from itertools import count

import psycopg2
import pytest

from tests.processes.harness import Portal, Redis
from tests.runner.servers import binaries, running_postgres, temporary_folder
from tests.smtp_sink import SmtpSink

_numbers = count(1)


def pytest_collection_modifyitems(items):
    """Mark everything here as slow; one engine is enough, for the processes bring their own."""
    for each in items:
        if each.path.parent.name == "processes":
            each.add_marker(pytest.mark.slow)
            each.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL of our own."""
    with temporary_folder("pg") as folder, running_postgres(binaries()[0], folder) as server:
        yield server


def create_database(server, name, template="template1"):
    """Make a database and return its URL."""
    host = server.url.rsplit("host=", 1)[1]
    connection = psycopg2.connect(dbname="postgres", user="postgres", host=host)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    finally:
        connection.close()
    return server.url.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def prepared(postgres, tmp_path_factory):
    """The name of a database on which the migrate service of ``docker-compose.yml`` has run."""
    url = create_database(postgres, "prepared")
    with Portal(tmp_path_factory.mktemp("prepared"), database_url=url, redis_url="redis://127.0.0.1:1/0") as portal:
        portal.manage(*portal.command("migrate")[2:])
        portal.manage("collectstatic", "--no-input", "--verbosity", "0")
    return "prepared", portal.folder / "var" / "static"


@pytest.fixture
def redis():
    """A running Redis of our own."""
    with temporary_folder("redis") as folder:
        server = Redis(binaries()[1], folder)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def make_portal(postgres, prepared, redis, tmp_path):
    """Return ``make_portal(**environment)``: a prepared portal whose processes are not started yet."""
    made = []

    def make(**environment):
        template, static = prepared
        url = create_database(postgres, f"portal_{next(_numbers)}", template)
        folder = tmp_path / f"portal{len(made)}"
        made.append(Portal(folder, database_url=url, redis_url=redis.url, **{"STATIC_ROOT": str(static)} | environment))
        return made[-1]

    yield make
    for portal in made:
        portal.__exit__()


@pytest.fixture
def mail_sink():
    """A real mail server that keeps what it is sent; see ``tests/smtp_sink.py``."""
    sink = SmtpSink().start()
    yield sink
    sink.stop()


@pytest.fixture
def mail_server(mail_sink):
    """The ``EMAIL_URL`` of that server."""
    return f"smtp://127.0.0.1:{mail_sink.port}"
