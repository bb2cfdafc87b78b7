"""``docker-compose.yml`` keeps to the Compose specification and says what the settings say.

No Docker is needed; ``tests/processes`` runs the same commands and health checks as plain processes.
"""

import re
import subprocess
import sys

from collaborative.environment import BASE_DIR, REQUIRED, VARIABLES
from tests.processes.harness import compose

OURS = ("migrate", "web", "worker", "beat")
IMAGE_OR_TEST = {"VAR_DIR", "STATIC_ROOT", "PORTAL_MODE", "DEBUG", "DEMO"}
"""Set by the image, or refused or meaningless in production."""
MUST_BE_GIVEN = {"SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL", "POSTGRES_PASSWORD"}


def test_the_file_keeps_to_the_compose_specification():
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "docker-compose.yml",
    ]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "ok -- validation done")


def test_the_four_processes_get_every_setting_that_an_operator_may_give():
    for name in OURS:
        assert set(compose()["services"][name]["environment"]) == set(VARIABLES) - IMAGE_OR_TEST


def test_every_required_setting_is_given_or_asked_for_by_name():
    environment = compose()["services"]["web"]["environment"]
    unasked = [
        name
        for name, variable in VARIABLES.items()
        if variable.default is REQUIRED and f"${{{name}:?" not in environment[name]
    ]
    assert unasked == ["DATABASE_URL"]
    assert "${POSTGRES_PASSWORD:?" in environment["DATABASE_URL"]


def test_what_is_asked_for_is_what_the_instructions_tell_to_write():
    asked = set(re.findall(r"\$\{(\w+):\?", (BASE_DIR / "docker-compose.yml").read_text()))
    assert asked == MUST_BE_GIVEN
    page = (BASE_DIR / "docs" / "how-to" / "run-for-real.md").read_text()
    example = page.split("```ini\n", 1)[1].split("```", 1)[0]
    assert set(re.findall(r"^ *(\w+)=", example, re.MULTILINE)) == MUST_BE_GIVEN


def test_defaults_in_the_file_are_those_of_the_settings():
    given = re.findall(r"\s(\w+): \$\{(\w+):-(\w*)\}", (BASE_DIR / "docker-compose.yml").read_text())
    assert given
    for name, variable, default in given:
        assert name == variable
        expected = {
            "HTTPS": "true",
            "TRUST_PROXY": "true",
            "SIGNUP_OPEN": "true",
            "LOG_LEVEL": "INFO",
            "API_REQUESTS_A_MINUTE": "300",
        }.get(name, "")
        assert default == expected


def test_every_lasting_service_has_a_health_check_and_comes_back_after_a_crash():
    services = compose()["services"]
    assert set(services) == {*OURS, "db", "redis"}
    for name in set(services) - {"migrate"}:
        assert services[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
        assert services[name]["restart"] == "unless-stopped"


def test_nothing_serves_before_the_database_is_prepared():
    for name in ("web", "worker", "beat"):
        conditions = {other: each["condition"] for other, each in compose()["services"][name]["depends_on"].items()}
        assert conditions == {
            "migrate": "service_completed_successfully",
            "db": "service_healthy",
            "redis": "service_healthy",
        }


def test_the_image_runs_the_same_server_as_compose_and_not_as_root():
    lines = (BASE_DIR / "Dockerfile").read_text().splitlines()
    command = next(line for line in lines if line.startswith("CMD ["))
    assert re.findall(r'"([^"]+)"', command) == [str(word) for word in compose()["services"]["web"]["command"]]
    assert [line for line in lines if line.startswith("USER ")] == ["USER portal"]


def test_only_what_the_portal_runs_on_goes_into_the_image():
    kept = {line[1:] for line in (BASE_DIR / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert kept == {
        "manage.py", "requirements.txt", "LICENSE", "collaborative", "evidence", "partners", "projects", "training",
        "static", "templates",
    }  # fmt: skip
