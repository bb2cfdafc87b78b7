"""A folder of its own for each test, so that the list of erasures is that test's."""

import pytest


@pytest.fixture(autouse=True)
def _folder_of_its_own(settings, tmp_path):
    """Keep what the portal writes beside the database apart."""
    settings.VAR_DIR = tmp_path / "var"
