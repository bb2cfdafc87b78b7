"""What ``bin/serve`` makes of its options; ``tests/processes/test_serve.py`` runs the command itself."""

import errno
import socket

import pytest

from collaborative.portal import serve


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch):
    for name in ("SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


def options(*arguments):
    """Return the options of a command line."""
    return serve.options_from(list(arguments))


def test_by_itself_it_listens_on_this_machine_alone_on_port_8000():
    chosen = options()
    assert (chosen.port, chosen.host, chosen.no_demo) == (8000, "localhost", False)
    assert serve.addresses_of(chosen)[0] == "127.0.0.1"
    assert set(serve.addresses_of(chosen)) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("portal.example", False),
    ],
)
def test_only_loopback_addresses_are_this_machine(host, loopback):
    assert serve.is_loopback(host) is loopback


@pytest.mark.parametrize("port", ["0", "-1", "65536"])
def test_a_number_that_is_no_port_is_refused(port):
    with pytest.raises(serve.Stopped, match=f"^{port} is no port; a port is a number from 1 to 65535.$"):
        serve.addresses_of(options("--port", port))


def test_the_address_of_the_site_follows_the_port(tmp_path):
    environment = serve.environment_of(options("--port", "9001"), tmp_path)
    assert environment["SITE_URL"] == "http://localhost:9001"
    assert environment["ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1]"
    assert environment["PORTAL_MODE"] == "embedded"


def test_for_other_machines_the_site_has_this_machines_name(tmp_path):
    environment = serve.environment_of(options("--host", "0.0.0.0"), tmp_path)
    assert environment["SITE_URL"] == f"http://{socket.gethostname()}:8000"
    assert socket.gethostname() in environment["ALLOWED_HOSTS"].split(",")


def test_what_the_operator_says_goes_before_what_is_made_up(tmp_path, monkeypatch):
    monkeypatch.setenv("SITE_URL", "http://portal.example")
    assert serve.environment_of(options(), tmp_path)["SITE_URL"] == "http://portal.example"


def test_the_key_is_made_once_long_and_for_its_owner_alone(tmp_path):
    key = serve.secret_in(tmp_path)
    assert len(key) >= 50
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert serve.secret_in(tmp_path) == key


def test_an_address_that_is_not_this_machines_is_one_sentence():
    with pytest.raises(serve.Stopped, match="^This machine cannot listen on the address 192.0.2.1: "):
        serve.check_port(["192.0.2.1"], 8000)


def test_a_port_for_which_rights_are_missing_is_one_sentence():
    sentence = serve.port_sentence(PermissionError(errno.EACCES, "no"), "127.0.0.1", 80)
    assert sentence == "This account may not listen on port 80; choose one above 1023: bin/serve --port 8000"


def test_a_full_disk_is_one_sentence():
    assert serve.sentence_for(OSError(errno.ENOSPC, "no")) == f"The disk that holds {serve.ROOT} is full."


def test_the_three_processes_are_the_web_server_the_worker_and_beat():
    parts = serve.commands(["127.0.0.1", "::1"], 8000)
    assert list(parts) == ["web", "worker", "beat"]
    assert parts["web"][-4:] == ["--bind", "127.0.0.1:8000", "--bind", "[::1]:8000"]
