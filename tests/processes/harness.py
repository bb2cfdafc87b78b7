"""The portal as an operator runs it: production settings, real processes, a PostgreSQL and a Redis of its own.

The processes are started with the very commands of ``docker-compose.yml``, so what is seen here is what runs
there. ``Portal`` starts, stops and kills them; ``wait_for`` waits for what must come true.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from ruamel.yaml import YAML

from collaborative.environment import BASE_DIR, VARIABLES
from tests.runner.servers import free_port, running_redis

KEY = "a-key-of-the-process-tests-4f0b1c5e7a9d2c6b8e1f3a5d7c9b0e2f"


def compose():
    """Return ``docker-compose.yml`` as plain values."""
    return YAML(typ="safe").load((BASE_DIR / "docker-compose.yml").read_text())


def wait_for(condition, what, seconds=30):
    """Wait until ``condition()`` is true and return its value; fails the test with ``what`` after ``seconds``."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"after {seconds} s still not: {what}"
        time.sleep(0.1)


class Redis:
    """A Redis that can go away and come back on the same port, empty as after a crash."""

    def __init__(self, program, folder):
        self.program, self.folder, self.port = program, folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.stack = ExitStack()

    def start(self):
        """Listen."""
        self.stack.enter_context(running_redis(self.program, self.folder, self.port))

    def stop(self):
        """Go away, with everything it held."""
        self.stack.close()


class Portal:
    """One installation: a folder, a database, a broker, and its processes by name.

    ``environment`` adds to the settings or changes them. Use it as a context: leaving it stops every process.
    """

    def __init__(self, folder, *, database_url, redis_url, **environment):
        self.folder, self.port, self.processes = Path(folder), free_port(), {}
        self.address = f"http://127.0.0.1:{self.port}"
        (self.folder / "var").mkdir(parents=True, exist_ok=True)
        clean = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        own = {
            "SECRET_KEY": KEY,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": self.address,
            "HTTPS": "false",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{free_port()}",
            "VAR_DIR": str(self.folder / "var"),
            "DJANGO_SETTINGS_MODULE": "collaborative.settings",
        }
        self.environment = clean | own | environment

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for name in list(self.processes):
            self.stop(name)

    # --- commands that end ---------------------------------------------------------------------

    def manage(self, *arguments):
        """Run a management command and return what it printed; fails with its errors."""
        return self._run(sys.executable, "manage.py", *arguments)

    def python(self, code):
        """Run Python code inside Django and return what it printed, read as JSON."""
        lines = f"import django, json; django.setup()\n{code}"
        return json.loads(self._run(sys.executable, "-c", lines).strip().splitlines()[-1])

    def _run(self, *command):
        done = subprocess.run(command, cwd=BASE_DIR, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    # --- processes -----------------------------------------------------------------------------

    def command(self, service):
        """Return the command of a service of ``docker-compose.yml``, for this machine."""
        words = compose()["services"][service]["command"]
        return [{"python": sys.executable, "0.0.0.0:8000": f"127.0.0.1:{self.port}"}.get(word, word) for word in words]

    def start(self, *services):
        """Start services by their names; each writes to ``<name>.log`` in the folder."""
        for name in services:
            with self.log(name).open("a") as log:
                self.processes[name] = subprocess.Popen(
                    self.command(name),
                    cwd=BASE_DIR,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def stop(self, name, seconds=40):
        """Ask a process to stop, as an operator's machine does; returns its exit code."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(seconds)
        finally:
            self._kill_group(process)

    def kill(self, name):
        """Kill a process and its children at once, as a power cut does."""
        process = self.processes.pop(name)
        self._kill_group(process)
        process.wait()

    @staticmethod
    def _kill_group(process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def log(self, name):
        """Return the path of a process's log."""
        return self.folder / f"{name}.log"

    # --- asking ----------------------------------------------------------------------------------

    def get(self, path, **headers):
        """Return the status and the text of a page, redirects not followed; status 0 when nobody answers."""
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def ready(self):
        """Return what ``/readyz`` tells, or None when nobody answers."""
        status, text = self.get("/readyz")
        return json.loads(text) if status else None

    def health_check(self, service):
        """Run the health check of a service of ``docker-compose.yml`` for this machine; return its exit code."""
        kind, *words = compose()["services"][service]["healthcheck"]["test"]
        swaps = {"$$": "$", "$HOSTNAME": socket.gethostname(), "127.0.0.1:8000": f"127.0.0.1:{self.port}"}
        swaps |= {"/srv/var": self.environment["VAR_DIR"], "python -m": f"{sys.executable} -m"}
        for old, new in swaps.items():
            words = [word.replace(old, new) for word in words]
        command = [sys.executable if word == "python" else word for word in words]
        shell = ["sh", "-c", command[0]] if kind == "CMD-SHELL" else command
        return subprocess.run(shell, cwd=BASE_DIR, env=self.environment, capture_output=True).returncode

    def wait_until_up(self):
        """Wait for the web server."""
        wait_for(lambda: self.get("/healthz")[0] == 200, f"web answers; see {self.log('web')}")


class Visitor:
    """A browser without a picture: keeps cookies, posts forms with their token, follows no redirect."""

    def __init__(self, portal):
        self.address, self.cookies = portal.address, CookieJar()
        self.opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.cookies))
        self.token = ""

    def get(self, path):
        """Open a page and remember its form token; return its status."""
        status, text = self._open(path, None)
        self.token = text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        return status

    def post(self, path, **fields):
        """Send a form; return the status of the answer."""
        return self._open(path, urlencode({"csrfmiddlewaretoken": self.token} | fields).encode())[0]

    def _open(self, path, body):
        try:
            with self.opener.open(self.address + path, body, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    """Returns a redirect instead of following it."""

    def redirect_request(self, *args):
        """Follow nothing."""
        return
