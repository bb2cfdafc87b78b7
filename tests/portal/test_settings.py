"""The settings that operators are told about are the settings there are, and production refuses bad ones."""

import os
import re
import subprocess
import sys

import pytest

from collaborative.environment import BASE_DIR, EMBEDDED_DEFAULTS, REQUIRED, VARIABLES
from tests.runner.checks import PRODUCTION

PAGE = BASE_DIR / "docs" / "reference" / "settings.md"


def shown(default):
    """Return a default as the page writes it."""
    if default is REQUIRED:
        return "**required**"
    return {True: "on", False: "off", "": "empty"}.get(default, f"`{default}`")


def with_one_command(variable):
    """Return the default under ``bin/serve`` as the page writes it."""
    made = {"PORTAL_MODE": "`embedded`", "SECRET_KEY": "made once", "DATABASE_URL": "SQLite in `VAR_DIR`"}
    made |= {
        "EMAIL_URL": "files in `VAR_DIR`",
        "SITE_URL": "`http://localhost:PORT`",
        "DEMO": "on with the demonstration",
    }
    return made.get(variable.name) or shown(EMBEDDED_DEFAULTS.get(variable.name, variable.default))


def rows():
    """Return the page's table of settings, as lists of cells."""
    lines = PAGE.read_text().split("## Settings\n", 1)[1].split("\n## ", 1)[0].splitlines()
    table = [line.strip("| ").split(" | ") for line in lines if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in table]


def start(**changes):
    """Load the settings in a process of their own; return its exit code and last line."""
    environment = {key: value for key, value in os.environ.items() if key not in VARIABLES} | PRODUCTION | changes
    environment = {key: value for key, value in environment.items() if value is not None}
    command = [sys.executable, "-W", "ignore", "-c", "import collaborative.settings"]
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True)
    return done.returncode, (done.stderr.strip().splitlines() or [""])[-1].split(": ", 1)[-1]


def test_the_reference_lists_every_variable_with_its_defaults_and_purpose():
    expected = [[f"`{v.name}`", shown(v.default), with_one_command(v), v.purpose] for v in VARIABLES.values()]
    assert rows() == expected


def test_nothing_but_the_environment_module_and_the_settings_reads_the_environment():
    allowed = {"collaborative/environment.py", "collaborative/settings.py", "collaborative/portal/serve.py"}
    apps = ("collaborative", "partners", "projects", "evidence", "training")
    readers = {
        path.relative_to(BASE_DIR).as_posix()
        for app in apps
        for path in (BASE_DIR / app).rglob("*.py")
        if re.search(r"os\.environ\b(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|os\.getenv", path.read_text())
    }
    assert readers == allowed


def test_production_starts_when_it_is_given_what_it_needs():
    assert start() == (0, "")


@pytest.mark.parametrize("name", [v.name for v in VARIABLES.values() if v.default is REQUIRED])
def test_production_refuses_to_start_without_a_required_variable_and_names_it(name):
    code, line = start(**{name: None})
    assert (code, line) == (1, f"{name} is not set. {VARIABLES[name].purpose}")


@pytest.mark.parametrize("secret", ["short", "django-insecure-" + "x" * 60, "changeme" * 10])
def test_production_refuses_a_default_or_short_secret_and_names_it(secret):
    code, line = start(SECRET_KEY=secret)
    assert (code, line.split()[0]) == (1, "SECRET_KEY")


def test_production_refuses_debug_and_names_it():
    code, line = start(DEBUG="true")
    assert (code, line.split()[0]) == (1, "DEBUG")


def test_a_mode_that_does_not_exist_is_refused_by_name():
    code, line = start(PORTAL_MODE="developer")
    assert (code, line.split()[0]) == (1, "PORTAL_MODE")
