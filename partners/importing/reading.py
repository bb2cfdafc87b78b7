"""A file as it comes, CSV or XLSX, turned into rows of text; what cannot be read is said in a sentence."""

import codecs
import csv
import io
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from partners.importing.columns import COLUMNS, NEEDED
from partners.importing.words import plain

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 40
COMMENT = "#"
"""A line of a CSV file that begins so explains something and is not read."""

TOLD = "sep="
"""With this some spreadsheets tell in the first line what parts the cells; we see it by ourselves."""

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Unreadable(Exception):
    """The file as a whole cannot be taken; ``str(error)`` is a sentence for the person who sent it."""


@dataclass
class Table:
    """What was read: known columns, rows of text by line, and what single cells already have wrong.

    ``faults`` are ``[line, column, what was given, sentence]``.
    """

    columns: list
    rows: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    note: str = ""

    def as_json(self):
        """Return it as it is kept between looking at it and carrying it out."""
        return {"columns": self.columns, "rows": self.rows, "faults": self.faults}

    @classmethod
    def from_json(cls, kept):
        """Return what ``as_json`` kept."""
        return cls(kept["columns"], kept["rows"], kept["faults"])


class Lines:
    """Builds a table from rows of cells: the first names the columns. Raises ``Unreadable``."""

    def __init__(self):
        self.places = None
        self.table = Table([])

    def add(self, line, cells):
        """Take one row of text."""
        cells = [plain(cell) for cell in cells]
        if not any(cells):
            return
        if self.places is None:
            self.places = head(cells)
            self.table.columns = list(self.places.values())
            return
        if len(self.table.rows) == MOST_ROWS:
            raise Unreadable(
                _("There are more than %(number)s rows. Share them between files.") % {"number": MOST_ROWS}
            )
        astray = next((cell for place, cell in enumerate(cells) if cell and place not in self.places), "")
        if astray:  # one sentence for the row: a line may have millions of cells
            self.fault(line, "", astray, _("This stands beyond the last column, or below a column without a name."))
        self.table.rows.append([line, *(cells[place] if place < len(cells) else "" for place in self.places)])

    def fault(self, line, column, given, sentence):
        """Note what is wrong with a cell."""
        self.table.faults.append([line, column, given[:200], sentence])

    def done(self):
        """Return the table; raises ``Unreadable`` when there is nothing in it."""
        if self.places is None:
            raise Unreadable(_("The file is empty."))
        if not self.table.rows:
            raise Unreadable(_("There are columns but no rows below them."))
        return self.table


def head(cells):
    """Return ``{place: column}``; raises ``Unreadable`` for a missing, doubled or unknown one."""
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(_("There are more than %(number)s columns.") % {"number": MOST_COLUMNS})
    places = {place: column_name(cell) for place, cell in enumerate(cells) if cell}
    names = list(places.values())
    for place, name in places.items():
        if name not in COLUMNS:
            words = {"column": cells[place][:60], "columns": ", ".join(COLUMNS)}
            raise Unreadable(_("There is no column “%(column)s”. The columns are: %(columns)s.") % words)
        if names.count(name) > 1:
            raise Unreadable(_("The column “%(column)s” is there twice.") % {"column": name})
    for name in NEEDED:
        if name not in names:
            raise Unreadable(_("The column “%(column)s” is missing.") % {"column": name})
    return places


def column_name(cell):
    """Return the name of a column as typed, without regard to capitals, spaces and hyphens."""
    return "_".join(cell.casefold().replace("-", " ").replace("_", " ").split())


def text_of(data):
    """Return ``(text, note)`` of the bytes of a CSV file; raises ``Unreadable`` naming the line that is broken."""
    for mark, encoding in MARKED:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ""
            except UnicodeDecodeError as broken:
                raise Unreadable(_broken(data, broken.start, encoding)) from None
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as broken:
        if _has_utf_8(data):
            raise Unreadable(_broken(data, broken.start, "utf-8")) from None
    try:
        note = _("The file is not in UTF-8. It was read as Windows-1252: look at the letters with accents.")
        return data.decode("cp1252"), note
    except UnicodeDecodeError as broken:
        raise Unreadable(_broken(data, broken.start, "cp1252")) from None


def _has_utf_8(data):
    """Say whether some line has letters that are plainly UTF-8: then another line's are broken, not Windows-1252."""
    for line in data.split(b"\n"):
        try:
            if line.decode("utf-8") and not line.isascii():
                return True
        except UnicodeDecodeError:
            continue
    return False


def _broken(data, at, encoding):
    width = 2 if encoding == "utf-16" else 1
    return _("Line %(line)s has signs that cannot be read. Save the file as UTF-8 and send it again.") % {
        "line": data[: at // width * width].count(b"\n") + 1
    }


def csv_table(data):
    """Return the table of a CSV file with commas, semicolons or tabs; raises ``Unreadable``."""
    text, note = text_of(data)
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise Unreadable(_("Line %(line)s has signs that no text has. Is this a CSV file?") % {"line": line})
    lines, begins = Lines(), 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
    try:
        for cells in reader:
            if not cells or not cells[0].lstrip().startswith((COMMENT, TOLD)):
                _formulas(lines, begins, cells)
                lines.add(begins, cells)
            begins = reader.line_num + 1
    except csv.Error:
        raise Unreadable(
            _("Line %(line)s cannot be read: a quotation mark may be missing there.") % {"line": begins}
        ) from None
    lines.table.note = note
    return lines.done()


def _formulas(lines, line, cells):
    """Note the cells that a spreadsheet would compute."""
    for place, cell in enumerate(cells):
        if cell.strip().startswith("=") and lines.places and place in lines.places:
            lines.fault(line, lines.places[place], cell.strip(), formula(""))


def formula(cell):
    """Return the sentence for a formula, in a named cell of a workbook or not."""
    if cell:
        return _("Cell %(cell)s has a formula. Put the value itself there.") % {"cell": cell}
    return _("This is a formula. Put the value itself there.")


def delimiter(text):
    """Return what parts the cells: whichever of comma, semicolon and tab gives the most known columns."""
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith((COMMENT, TOLD)))
    first = next(lines, "")
    known = {
        each: sum(column_name(plain(cell.strip(' "'))) in COLUMNS for cell in first.split(each)) for each in ",;\t"
    }
    return max(known, key=known.get)
