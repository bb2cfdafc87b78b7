"""Letters of the tests' own, about projects, so that nothing here depends on a feature's letters."""

import pytest

from collaborative.notifications import notices

TEMPLATE = "notifications/letter.txt"


@pytest.fixture
def registered():
    """Register letters for one test: ``registered("test.told", kind="project", …)``."""
    before = dict(notices._notices)

    def register(key="test.told", **parts):
        values = {"kind": "project", "label": "Something happened", "group": "decisions", "template": TEMPLATE}
        return notices.notice(key, **values | parts)

    yield register
    notices._notices.clear()
    notices._notices.update(before)


@pytest.fixture
def told(registered):
    """The plain letter ``test.told`` about a project."""
    return registered()
