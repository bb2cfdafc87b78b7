"""What is held of a person as one ZIP file: a page to read, one JSON file for each table, and their own files."""

import json
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaborative.core import personal

IN_MEMORY = 4 * 1024 * 1024
"""Bytes up to which the file is made in memory; a bigger one goes to a file that has no name and vanishes."""

SHOWN = 500
"""Rows of a table that the page shows; its JSON file holds all of them."""

COPIED = 64 * 1024


@dataclass
class Sheet:
    """One table as the page shows it."""

    table: personal.Table
    file: str
    rows: list
    number: int = 0
    enclosed: list = None

    @property
    def more(self):
        """How many rows the page leaves to the JSON file."""
        return self.number - len(self.rows)


def archive(user):
    """Return the ZIP file, open at its beginning; one query for each table, however much there is."""
    made = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        sheets = [_write(bundle, table, user) for table in personal.tables()]
        page = {
            "sheets": [sheet for sheet in sheets if sheet.number],
            "empty": [sheet.table.label for sheet in sheets if not sheet.number],
            "person": user,
            "made_at": timezone.now(),
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        }
        bundle.writestr("index.html", render_to_string("me/data_archive.html", page))
        bundle.write(finders.find("css/archive.css"), "index.css")
    made.seek(0)
    return made


def _write(bundle, table, user):
    sheet = Sheet(table, f"data/{table.name}.json", [], enclosed=[])
    about = {"what": table.label, "why": table.purpose, "how_long": table.kept, "when_you_leave": table.leaving}
    with bundle.open(_dated(sheet.file), "w") as out:
        out.write(_json(about)[:-1].encode() + b', "rows": [')
        for row in personal.export(table, user):
            out.write((b",\n" if sheet.number else b"\n") + _json(row).encode())
            sheet.number += 1
            if sheet.number <= SHOWN:
                sheet.rows.append([_shown(value) for value in row.values()])
        out.write(b"\n]}\n")
    if table.files and sheet.number:
        _enclose(bundle, sheet, user)
    return sheet


def _enclose(bundle, sheet, user):
    for name, kept in personal.files(sheet.table, user):
        path = f"files/{name}"
        with kept, bundle.open(_dated(path), "w") as out:
            while piece := kept.read(COPIED):
                out.write(piece)
        sheet.enclosed.append(path)


def _json(value):
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _shown(value):
    """Return a value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    return date_format(value, "j F Y") if isinstance(value, date) else str(value)


def _dated(path):
    """Return a file of the bundle, dated now and packed; without a date of its own it would be from 1980."""
    entry = zipfile.ZipInfo(path, timezone.localtime().timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
