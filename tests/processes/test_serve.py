"""``bin/serve`` on a machine with nothing but Python: a clean copy, an account without rights, one command."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from collaborative.environment import BASE_DIR, VARIABLES
from tests.processes.harness import wait_for
from tests.runner.servers import account, free_port, temporary_folder

INSTALLING = 300
"""Seconds that a first start may take on a slow line."""
SECONDS = 30
"""Seconds that a later start may take."""


class Copy:
    """A clean copy of the project, owned by an account without rights, and what ``bin/serve`` does in it."""

    def __init__(self, folder):
        self.folder, self.who, self.port = folder / "portal", account(), free_port()
        self.home = folder / "home"
        self.home.mkdir()
        for name in tracked():
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(BASE_DIR / name, target)
        if self.who:
            subprocess.run(["chown", "-R", f"{self.who['user']}:{self.who['group']}", folder], check=True)

    def environment(self, changes):
        """Return a login's environment, with this machine's way to the package index."""
        clean = {name: value for name, value in os.environ.items() if name not in VARIABLES and name != "CI"}
        return clean | {"HOME": str(self.home), "PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHON": python()} | changes

    def start(self, *arguments, **changes):
        """Start ``bin/serve`` from another working directory; return the process."""
        command = [self.folder / "bin" / "serve", "--port", str(self.port), *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL, "text": True}
        return subprocess.Popen(
            command, cwd="/", env=self.environment(changes), start_new_session=True, **pipes, **self.who
        )

    def says(self, *arguments, **changes):
        """Run ``bin/serve`` to its own end; return its exit code and its last line."""
        process = self.start(*arguments, **changes)
        output = process.communicate(timeout=INSTALLING)[0]
        return process.returncode, output.strip().splitlines()[-1]

    @contextmanager
    def running(self, *arguments, seconds=SECONDS, **changes):
        """Run ``bin/serve``; yield it once it has said where the portal is, with what it said; Ctrl-C at the end."""
        process = self.start(*arguments, **changes)
        said = []
        try:
            for line in process.stdout:
                said.append(line.rstrip())
                if line.startswith("Ctrl-C"):
                    break
            assert said[-1:] == ["Ctrl-C stops it."], "\n".join(said)
            yield process, said
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            said += process.communicate(timeout=40)[0].splitlines()

    def left_behind(self):
        """Return the command lines of processes that still belong to this copy."""
        listed = subprocess.run(["ps", "-axwwo", "pid=,args="], capture_output=True, text=True, check=True).stdout
        return [line for line in listed.splitlines() if str(self.folder) in line]

    def get(self, path):
        """Return a page's text."""
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=20) as answer:
            return answer.read().decode()


def tracked():
    """Return the names of the files that a fresh clone has."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.split("\0") if name and (BASE_DIR / name).exists()]


def python():
    """Return a Python that the account without rights can start too."""
    system = [Path(f"/usr/bin/python3{minor}") for minor in ("", ".14", ".13", ".12", ".11")]
    suits = "import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))"
    for each in (*system, Path(sys.executable)):
        if (
            each.exists()
            and subprocess.run([each, "-c", suits], cwd="/", capture_output=True, **account()).returncode == 0
        ):
            return str(each)
    pytest.fail("no Python here that an account without rights can start")


@pytest.fixture(scope="module")
def copy():
    """One copy for the tests of this file; the first of them installs it."""
    with temporary_folder("copy") as folder:
        folder.chmod(0o755)
        yield Copy(folder)


@pytest.fixture(scope="module")
def installed(copy):
    """The copy after its first start, and what that start said and left."""
    with copy.running(seconds=INSTALLING) as (_process, said):
        copy.first_page = copy.get("/")
        copy.ready = json.loads(copy.get("/readyz"))
        wait_for(lambda: (copy.folder / "var" / "mail").exists(), "the folder for mail is there")
    copy.first_words = said
    copy.after_first = copy.left_behind()
    return copy


def mode(path):
    """Return a file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


def test_one_command_installs_and_serves_the_demonstration(installed):
    assert installed.first_page.count("<h1") == 1
    assert (installed.ready["status"] in ("ready", "degraded"), installed.ready["migrations"]) == (True, "ok")
    assert f"The portal is at http://localhost:{installed.port}" in installed.first_words
    assert f"Mail is not sent but written to {installed.folder}/var/mail" in installed.first_words


def test_accounts_and_key_are_for_their_owner_alone(installed):
    var = installed.folder / "var"
    assert (mode(var), mode(var / "demo-accounts.json"), mode(var / "secret-key")) == (0o700, 0o600, 0o600)
    owner = installed.who.get("user", os.geteuid())
    assert {path.stat().st_uid for path in var.iterdir()} == {owner}


def test_every_account_of_the_demonstration_is_printed(installed):
    accounts = json.loads((installed.folder / "var" / "demo-accounts.json").read_text())
    for each in accounts:
        line = next(line for line in installed.first_words if each["email"] in line)
        assert line.split()[-1] == (each["totp_secret"] or each["password"])


def test_ctrl_c_leaves_no_process(installed):
    assert installed.after_first == []


def test_a_second_start_keeps_what_there_is_and_installs_nothing(installed):
    var = installed.folder / "var"
    before = {name: (var / name).read_bytes() for name in ("demo-accounts.json", "secret-key")}
    with installed.running() as (_process, said):
        installed.get("/evidence/")
        assert [line for line in said if line.startswith(("Installing", "Loading"))] == []
    assert {name: (var / name).read_bytes() for name in before} == before


def test_ctrl_c_is_an_orderly_end_and_so_is_a_stop_by_the_machine(installed):
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with installed.running() as (process, said):
            process.send_signal(how)
            assert process.wait(40) == 0
        assert said[-1] == "The portal has stopped."
        assert installed.left_behind() == []


@pytest.mark.parametrize(
    ("name", "part"), [("web", "-m gunicorn"), ("worker", "collaborative worker"), ("beat", "collaborative beat")]
)
def test_when_one_of_the_three_dies_the_others_stop_with_a_sentence(installed, name, part):
    with installed.running() as (process, said):
        line = next(line for line in installed.left_behind() if part in line)
        os.kill(int(line.split()[0]), signal.SIGKILL)
        assert process.wait(60) == 1
    assert said[-1] == f"The {name} process ended by itself, so the others were stopped too."
    wait_for(lambda: installed.left_behind() == [], "every process has gone")


def test_a_taken_port_is_one_sentence(installed):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        sentence = f"Port {port} is taken by another program; choose another one: bin/serve --port {port + 1}"
        assert installed.says("--port", str(port)) == (1, sentence)


def test_two_portals_never_share_a_folder(installed):
    with installed.running():
        sentence = f"A portal already runs from {installed.folder}/var; stop that one first."
        assert installed.says("--port", str(free_port())) == (1, sentence)


def test_the_demonstration_is_not_shown_to_other_machines(installed):
    code, sentence = installed.says("--host", "0.0.0.0")
    assert (code, sentence.startswith(f"{installed.folder}/var holds the demonstration")) == (1, True)


def test_an_empty_portal_can_be_had(installed):
    with installed.running("--no-demo", VAR_DIR=str(installed.home / "empty")):
        assert not (installed.home / "empty" / "demo-accounts.json").exists()
        assert 'name="robots" content="noindex' not in installed.get("/")


def test_a_folder_that_cannot_be_written_to_is_one_sentence(installed):
    sealed = installed.home / "sealed"
    sealed.mkdir()
    sealed.chmod(0o555)
    sentence = f"{sealed}/var cannot be written to by this account; give a folder that can: VAR_DIR=…"
    if installed.who:
        os.chown(sealed, installed.who["user"], installed.who["group"])
    assert installed.says(VAR_DIR=str(sealed / "var")) == (1, sentence)
