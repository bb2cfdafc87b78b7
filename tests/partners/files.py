"""Files of organisations for tests, in all the forms in which people send them."""

import io
import zipfile

from openpyxl import Workbook


def csv_of(*rows, between=",", encoding="utf-8"):
    """Return the bytes of a CSV file of rows of cells that need no quotation marks."""
    return "\r\n".join(between.join(row) for row in rows).encode(encoding)


def xlsx_of(*rows, title="Sheet1", more=()):
    """Return the bytes of a workbook; strings that begin with = are formulas."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for name in more:
        book.create_sheet(name, 0).append(["something else"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data, name, content):
    """Return a workbook with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()
