"""The data files, and days counted from the day on which they were first loaded."""

import tomllib
from datetime import datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

DATA = Path(__file__).parent / "data"


class Source:
    """What the files say, and when: ``anchor`` is the day from which their days are counted."""

    def __init__(self, anchor):
        self.anchor = anchor

    def rows(self, table):
        """Return the rows called ``table`` of every file, in the files' order."""
        return [row for content in self._files for row in content.get(table, [])]

    @cached_property
    def _files(self):
        return [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.toml"))]

    def day(self, in_days):
        """Return a date, or None when the file gives none."""
        return None if in_days is None else self.anchor + timedelta(days=in_days)

    def moment(self, in_days, at="10:00"):
        """Return a moment on that day at a London time, or None."""
        if in_days is None:
            return None
        return datetime.combine(self.day(in_days), time.fromisoformat(at), ZoneInfo(settings.READER_TIME_ZONE))
