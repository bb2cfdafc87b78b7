"""What every test stands on: a real database of the chosen engine, and its triggers."""

import pytest
from django.db import connection
from django.test import TransactionTestCase

from collaborative.core.triggers import lifted

_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_triggers(self):
    """Flush the tables after a transactional test; the append-only triggers are lifted for just that."""
    with lifted(connection):
        _teardown(self)


TransactionTestCase._fixture_teardown = _teardown_without_triggers


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    """Give each test its own folder for mail and uploads."""
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    settings.MEDIA_ROOT = str(tmp_path / "uploads")
