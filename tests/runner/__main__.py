"""``python -m tests.runner [--slow | --bench] [what pytest takes]``; see ``bin/test``."""

import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.runner.browser import chromium
from tests.runner.checks import ROOT, run_checks
from tests.runner.servers import NoServers, private_servers

IN_CI = os.environ.get("CI") == "true"
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEBUG", "HTTPS", "DEMO", "VAR_DIR", "STATIC_ROOT", "SITE_URL")
"""Variables of a developer's own portal that must not reach the tests."""
NO_TESTS = 5


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
    started, totals = time.monotonic(), {"passed": 0, "failed": 0, "skipped": 0}
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores", flush=True)
    if not arguments and not slow:
        print("Checks", flush=True)
        totals["passed"], totals["failed"] = run_checks()
    selection = [*marks(slow, totals), *arguments]
    add(totals, pytest(selection, f"SQLite {sqlite3.sqlite_version}, files as broker", {}))
    try:
        with private_servers() as (postgres, redis, source):
            name = f"{postgres.version} and {redis.version} ({source})"
            servers = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
            add(totals, pytest(selection, name, servers))
    except NoServers as error:
        missing(f"Not run on PostgreSQL and Redis: {error}.", totals)
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


def pytest(arguments, engine, environment):
    """Run pytest once; return its counts, with a failure more when it ended badly without one."""
    print(f"\nTests on {engine}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # accounts without rights work in it too
        tally = Path(folder) / "tally.json"
        variables = os.environ | environment | {"PORTAL_TALLY": str(tally), "TMPDIR": folder}
        command = [sys.executable, "-m", "pytest", "-p", "tests.runner.tally", *arguments]
        code = subprocess.run(command, env=variables).returncode
        counts = json.loads(tally.read_text()) if tally.exists() else {"passed": 0, "failed": 0, "skipped": 0}
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
