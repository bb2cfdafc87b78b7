"""The OpenAPI document, and the interface asked as a client of the document would, by a tool written elsewhere."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from tests import factories as make
from tests.api.worlds import MAKERS, full_review

pytestmark = pytest.mark.django_db
load_all_checks()
CHECKED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "unsupported_method",
    ]
)


@pytest.fixture(autouse=True)
def _connection_stays():
    """Keep the test's own connection, as Django's client does, which is not the one that asks here."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def described():
    """Return the document as the running application gives it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())


def things():
    """Make one thing of each list; return slugs by list."""
    made = {name: make_one().slug for name, make_one in MAKERS.items()}
    return made | {"reviews": full_review().slug}


def asked(operation, mode, slugs, examples):
    """Ask an operation in many ways; what is well formed is asked of a thing that there is."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        if mode is GenerationMode.POSITIVE and "slug" in case.path_parameters:
            case.path_parameters["slug"] = slugs[operation.path.split("/")[3]]
        case.call_and_validate(checks=CHECKED)

    ask()


def ask_all(examples, below=""):
    """Ask every operation of the document, or those below an address, as it wants to be asked and otherwise."""
    slugs = things()
    for found in described().get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if below in operation.path else ():
            if mode is GenerationMode.POSITIVE or operation.query:
                asked(operation, mode, slugs, examples)


def test_the_document_is_openapi_3_1_and_tells_all():
    schema = described()
    schema.validate()
    whole = schema.raw_schema
    assert whole["openapi"].startswith("3.1")
    told = [each for model in whole["components"]["schemas"].values() for each in model["properties"].items()]
    assert [name for name, each in told if not each.get("description")] == []


def test_answers_are_as_the_document_says():
    """A thin run; the slow one asks everything."""
    ask_all(2, below="/practices/")


@pytest.mark.slow
def test_answers_are_as_the_document_says_however_asked():
    make.review(state="withdrawn")
    ask_all(20)
