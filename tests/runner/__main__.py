"""``python -m tests.runner [--slow | --bench] [what pytest takes]``; see ``bin/test``."""

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tests.runner.browser import chromium
from tests.runner.checks import ROOT, run_checks
from tests.runner.servers import NoServers, private_servers

IN_CI = os.environ.get("CI") == "true"
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEBUG", "HTTPS", "DEMO", "VAR_DIR", "STATIC_ROOT", "SITE_URL")
"""Variables of a developer's own portal that must not reach the tests."""
NO_TESTS = 5
NOTHING = {"passed": 0, "failed": 0, "skipped": 0}


def main(arguments):
    """Run what was asked for; return the exit code."""
    os.chdir(ROOT)
    for name in NOT_OURS:
        os.environ.pop(name, None)
    os.environ["PORTAL_MODE"] = "test"
    if "--bench" in arguments:
        return bench([each for each in arguments if each != "--bench"])
    slow = "--slow" in arguments
    return test([each for each in arguments if each != "--slow"], slow=slow)


def test(arguments, *, slow):
    """Check and test; print what it ran on, and one line of counts at the very end."""
    started, totals = time.monotonic(), dict(NOTHING)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores", flush=True)
    if not arguments and not slow:
        print("Checks", flush=True)
        totals["passed"], totals["failed"] = run_checks()
    selection = [*marks(slow, totals), *arguments]
    for counts in on_both_engines(selection, totals, side_by_side=not slow):
        add(totals, counts)
    if not totals["passed"] + totals["failed"]:
        print("No test ran.")
        totals["failed"] = 1
    print(f"\nTook {time.monotonic() - started:.0f} s")
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**totals), flush=True)
    return 1 if totals["failed"] else 0


def marks(slow, totals):
    """Return pytest's selection by mark; says it when there is no browser."""
    wanted = ["slow" if slow else "not slow"]
    found = chromium()
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout.strip()
        print(f"Browser: {version or found}", flush=True)
    else:
        wanted.append("not browser")
        missing("No Chromium on this machine, so the browser tests are left out; install one to run them.", totals)
    return ["-m", " and ".join(wanted)]


def missing(sentence, totals):
    """Say what could not be had; in CI that is a failure."""
    print(sentence, flush=True)
    if IN_CI:
        totals["failed"] += 1


def on_both_engines(selection, totals, *, side_by_side):
    """Yield the counts of the run on SQLite, then of that on PostgreSQL and Redis.

    ``side_by_side`` runs them at once, one core each; what the second says is printed after the first.
    """
    first = Run(f"SQLite {sqlite3.sqlite_version}, files as broker", {})
    try:
        with private_servers() as (postgres, redis, source):
            name = f"{postgres.version} and {redis.version} ({source})"
            second = Run(name, {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url})
            if side_by_side:
                os.environ["PORTAL_ENGINES"] = "both"
            with second.started(selection, quiet=True) if side_by_side else nullcontext():
                with first.started(selection):
                    yield first.counts()
                if side_by_side:
                    yield second.counts()
            if not side_by_side:
                with second.started(selection):
                    yield second.counts()
    except NoServers as error:
        missing(f"Not run on PostgreSQL and Redis: {error}.", totals)
        with first.started(selection):
            yield first.counts()


class Run:
    """One run of pytest on one engine."""

    def __init__(self, engine, environment):
        self.engine, self.environment = engine, environment

    @contextmanager
    def started(self, arguments, *, quiet=False):
        """Start pytest in a temporary folder of its own; ``quiet`` keeps what it says for later."""
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)  # accounts without rights work in it too
            self.tally, self.said = Path(folder) / "tally.json", Path(folder) / "said.txt" if quiet else None
            variables = os.environ | self.environment | {"PORTAL_TALLY": str(self.tally), "TMPDIR": folder}
            command = [sys.executable, "-m", "pytest", "-p", "tests.runner.tally", *arguments]
            if not quiet:
                print(f"\nTests on {self.engine}", flush=True)
            with self.said.open("w") if quiet else nullcontext() as said:
                self.process = subprocess.Popen(command, env=variables, stdout=said, stderr=said)
                try:
                    yield self
                finally:
                    self.process.terminate()
                    self.process.wait()

    def counts(self):
        """Wait for the end; return the counts, with a failure more when it ended badly without one."""
        code = self.process.wait()
        if self.said:
            print(f"\nTests on {self.engine}\n{self.said.read_text()}", flush=True)
        counts = json.loads(self.tally.read_text()) if self.tally.exists() else dict(NOTHING)
        if code not in (0, NO_TESTS) and not counts["failed"]:
            counts["failed"] = 1
        return counts


def add(totals, counts):
    """Add one run's counts to the totals."""
    for name, number in counts.items():
        totals[name] += number


def bench(arguments):
    """Run the benchmarks on PostgreSQL and Redis; return pytest's exit code."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-s",
        "-o",
        "python_files=bench_*.py",
        *(arguments or ["tests/benchmarks"]),
    ]
    try:
        with private_servers() as (postgres, redis, source):
            print(f"Measured on {postgres.version} and {redis.version} ({source}), {os.cpu_count()} cores", flush=True)
            servers = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
            return subprocess.run(command, env=os.environ | servers).returncode
    except NoServers as error:
        print(f"Not measured: {error}.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
