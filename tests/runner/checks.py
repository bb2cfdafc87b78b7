"""The checks before the tests, each a command that must end with 0."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "throw-away-4f0b1c5e7a9d2c6b8e1f3a5d7c9b0e2f4a6c8d0b2e4f6a8c",
    "ALLOWED_HOSTS": "portal.example",
    "SITE_URL": "https://portal.example",
    "DATABASE_URL": "postgres://portal:throw-away@localhost/portal",
}
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CHECKS = (
    ("lint", [sys.executable, "-m", "ruff", "check", "."], {}),
    ("format", [sys.executable, "-m", "ruff", "format", "--check", "."], {}),
    ("import contracts", [sys.executable, "-c", LINT_IMPORTS], {}),
    ("templates", [sys.executable, "-m", "tests.runner.templates"], {}),
    ("missing migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"], {}),
    ("check --deploy", [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
)


def run_checks():
    """Run every check, print each outcome, and the output of those that failed; return (passed, failed)."""
    failed = 0
    for name, command, environment in CHECKS:
        done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True)
        print(f"  {'passed' if done.returncode == 0 else 'FAILED'}  {name}", flush=True)
        if done.returncode:
            failed += 1
            print(done.stdout + done.stderr, flush=True)
    return len(CHECKS) - failed, failed
