"""Production refuses to start, and its log names what is wrong; see also ``tests/portal/test_settings.py``."""

import pytest

from collaborative.environment import REQUIRED, VARIABLES

SERVICES = ("web", "worker", "beat")


def refusal(portal, service):
    """Start a service that must not start; return its exit code and the sentence in its log."""
    portal.start(service)
    process = portal.processes.pop(service)
    code = process.wait(30)
    lines = portal.log(service).read_text().splitlines()
    sentences = [line.split(": ", 1)[1] for line in lines if line.startswith("django.core.exceptions.Improperly")]
    return code, sentences[-1]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("name", [v.name for v in VARIABLES.values() if v.default is REQUIRED])
def test_no_process_starts_without_a_required_variable(make_portal, service, name):
    portal = make_portal()
    del portal.environment[name]
    code, sentence = refusal(portal, service)
    assert (code != 0, sentence) == (True, f"{name} is not set. {VARIABLES[name].purpose}")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("name", "value"), [("SECRET_KEY", "changeme" * 8), ("DEBUG", "true")])
def test_no_process_starts_with_a_default_secret_or_with_debug_on(make_portal, service, name, value):
    code, sentence = refusal(make_portal(**{name: value}), service)
    assert (code != 0, sentence.split()[0]) == (True, name)
