"""What ``bin/serve`` starts once the packages are there: web server, worker and beat under one parent.

This is the small installation: SQLite, a broker of files, mail into a folder, everything in ``var/``.
"""

import argparse
import errno
import fcntl
import json
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path

from honcho import manager
from honcho.printer import Printer

from collaborative.core.machine import NO_PANGO, has_pango

ROOT = Path(__file__).resolve().parent.parent.parent
ROOM_NEEDED = 100 * 1024**2
"""Free bytes below which the portal does not start."""
manager.KILL_WAIT = 30
"""Seconds that a running job gets to finish when the portal stops."""


class Stopped(Exception):
    """Something that only the person at the keyboard can put right; its text says what."""


def main(arguments=None):
    """Serve until told to stop; return the exit code."""
    try:
        return serve(options_from(arguments))
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(sentence_for(error), file=sys.stderr)
        return 1


def options_from(arguments):
    """Return the command line's options."""
    parser = argparse.ArgumentParser(prog="bin/serve", description="Serve the portal on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (8000)")
    parser.add_argument("--host", default="localhost", help="the address to listen on (localhost)")
    parser.add_argument("--no-demo", action="store_true", help="start with an empty portal")
    return parser.parse_args(arguments)


def serve(options):
    """Check, prepare and run; return 0 after an orderly stop, 1 when a part failed."""
    addresses = addresses_of(options)
    check_port(addresses, options.port)
    var = make_var()
    accounts = var / "demo-accounts.json"
    with (var / "serve.lock").open("w") as lock:
        only_one(lock, var)
        os.environ.update(environment_of(options, var))
        beyond = not is_loopback(options.host)
        if beyond and accounts.exists():
            raise Stopped(
                f"{var} holds the demonstration, whose accounts are not for other machines; "
                "name another folder (VAR_DIR=…) or remove this one."
            )
        prepare(demo=not (beyond or options.no_demo))
        os.environ["DEMO"] = str(accounts.exists())
        return run(addresses, options.port, greeting(options, var, accounts))


# --- before anything is started ----------------------------------------------------------------


def is_loopback(host):
    """Say whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def addresses_of(options):
    """Return the addresses to listen on; ``localhost`` means both of its addresses where there are two."""
    if not 0 < options.port < 65536:
        raise Stopped(f"{options.port} is no port; a port is a number from 1 to 65535.")
    if options.host != "localhost":
        return [options.host.strip("[]")]
    return ["127.0.0.1", "::1"] if has_ipv6() else ["127.0.0.1"]


def has_ipv6():
    """Say whether this machine has the address ``::1``."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def check_port(addresses, port):
    """Raise ``Stopped`` with a sentence when one of the addresses cannot be listened on."""
    for address in addresses:
        try:
            family, kind, _, _, target = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
            with closing(socket.socket(family, kind)) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(target)
        except OSError as error:
            raise Stopped(port_sentence(error, address, port)) from error


def port_sentence(error, address, port):
    """Return one sentence for a refused address."""
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program; choose another one: bin/serve --port {port + 1}"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"This account may not listen on port {port}; choose one above 1023: bin/serve --port 8000"
    return f"This machine cannot listen on the address {address}: {error.strerror or error}"


def make_var():
    """Return the folder for everything that is kept, made when it is missing; for its owner alone."""
    var = ROOT / (os.environ.get("VAR_DIR") or "var")
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("uploads", "mail", "broker", "broker-control"):
        (var / name).mkdir(exist_ok=True)
    free = shutil.disk_usage(var).free
    if free < ROOM_NEEDED:
        raise Stopped(f"The disk that holds {var} has {free // 1024**2} MB left; the portal needs 100 MB to start.")
    return var


def only_one(lock, var):
    """Hold ``var`` for this process; raise ``Stopped`` when another portal runs from it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Stopped(f"A portal already runs from {var}; stop that one first.") from error


def environment_of(options, var):
    """Return the settings of the embedded mode; what the operator's environment says wins over them."""
    hosts = ["localhost", "127.0.0.1", "[::1]"]
    name = "localhost"
    if not is_loopback(options.host):
        anywhere = options.host in ("0.0.0.0", "::", "[::]")  # noqa: S104 - compared, not listened on
        name = socket.gethostname() if anywhere else options.host
        hosts += [name, socket.getfqdn()] if anywhere else [name]
    defaults = {
        "SITE_URL": f"http://{name}:{options.port}",
        "ALLOWED_HOSTS": ",".join(dict.fromkeys(hosts)),
        "SECRET_KEY": secret_in(var),
    }
    given = {key: value for key in defaults if (value := os.environ.get(key))}
    return defaults | given | {"PORTAL_MODE": "embedded", "VAR_DIR": str(var), "PYTHONUNBUFFERED": "1"}


def secret_in(var):
    """Return the signing key of this installation, made at the first start and readable by its owner alone."""
    path = var / "secret-key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()


def prepare(*, demo):
    """Bring the database and the static files up to date; raise ``Stopped`` with the last word of a failure."""
    print("Preparing the database and the static files…", flush=True)
    command = [sys.executable, "manage.py", "prepare", "--static", *(["--demo"] if demo else [])]
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no reason was given"]
        if any("No space left" in line or "disk is full" in line for line in lines):
            raise Stopped(f"The disk that holds {os.environ['VAR_DIR']} is full.")
        print(done.stderr, file=sys.stderr)
        raise Stopped(f"The portal could not be prepared: {lines[-1]}")


def sentence_for(error):
    """Return one sentence for what the file system refused."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk that holds {ROOT} is full."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"{error.filename or ROOT} cannot be written to by this account; give a folder that can: VAR_DIR=…"
    return f"The portal could not start: {error}"


# --- while it runs -------------------------------------------------------------------------------


def commands(addresses, port):
    """Return the three commands by name."""
    hosts = [f"[{address}]" if ":" in address else address for address in addresses]
    root_is_fine = "ignore:You're running the worker with superuser"
    celery = [sys.executable, "-W", root_is_fine, "-m", "celery", "--quiet", "-A", "collaborative"]
    web = [sys.executable, "-m", "gunicorn", "collaborative.wsgi", "--worker-class", "gthread", "--workers", "2"]
    web += ["--threads", "4", "--no-control-socket", "--log-level", "warning"]
    worker = [*celery, "worker", "--pool", "threads", "--concurrency", "4", "--loglevel", "WARNING"]
    return {
        "web": [*web, *(part for host in hosts for part in ("--bind", f"{host}:{port}"))],
        "worker": [*worker, "--without-gossip", "--without-mingle", "--without-heartbeat"],
        "beat": [*celery, "beat", "--pidfile", "", "--loglevel", "WARNING"],
    }


class Voice(Printer):
    """Prints what the three say; speaks itself once when all have started."""

    def __init__(self, parts, when_started):
        super().__init__(sys.stdout)
        self.waiting_for, self.when_started, self.first_stop = set(parts), when_started, None

    def write(self, message):
        """Print a line of a part; only remember what the parent says about them."""
        if message.name != manager.SYSTEM_PRINTER_NAME:
            super().write(message)
            return
        name, _, event = message.data.strip().partition(" ")
        if event.startswith("stopped"):
            self.first_stop = self.first_stop or name
        if event.startswith("started"):
            self.waiting_for.discard(name)
            if not self.waiting_for:
                threading.Thread(target=self.when_started, daemon=True).start()


def run(addresses, port, words):
    """Run the three until one ends or a signal comes; leave no process behind."""
    parts = commands(addresses, port)
    voice = Voice(parts, lambda: speak_when_answering(addresses[0], port, words))
    parent = manager.Manager(printer=voice)
    for name, command in parts.items():
        parent.add_process(name, f"exec {shlex.join(command)}", cwd=str(ROOT))
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    parent.loop()
    if parent.returncode in (130, 143):
        print("The portal has stopped.", flush=True)
        return 0
    print(f"The {voice.first_stop} process ended by itself, so the others were stopped too.", file=sys.stderr)
    return 1


def speak_when_answering(address, port, words):
    """Print ``words`` as soon as the web server answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - asked, not listened on
    url = f"http://[{host}]:{port}/healthz" if ":" in host else f"http://{host}:{port}/healthz"
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                print(words, flush=True)
                return
        except OSError:
            time.sleep(0.2)


def greeting(options, var, accounts):
    """Return what the person at the keyboard needs to know."""
    lines = ["", f"The portal is at {os.environ['SITE_URL']}", ""]
    if accounts.exists():
        lines += [f"Accounts of the demonstration, also in {accounts}:", *account_lines(accounts), ""]
    if not is_loopback(options.host):
        lines += ["Without HTTPS, show it on a network you trust; README.md says how to run it for real.", ""]
    if not os.environ.get("EMAIL_URL"):
        lines.append(f"Mail is not sent but written to {var / 'mail'}")
    if not has_pango():
        lines.append(NO_PANGO)
    return "\n".join([*lines, "Ctrl-C stops it.", ""])


def account_lines(accounts):
    """Return a line for each account: role, address, password and, where it has one, its second factor's secret."""
    rows = [list(map(str, each.values())) for each in json.loads(accounts.read_text())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


if __name__ == "__main__":
    sys.exit(main())
