"""XLSX workbooks: read row by row within limits, whatever is in them, and written as a template."""

import io
import warnings
import zipfile
from datetime import date, datetime

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from partners.importing.columns import COLUMNS, REGIONS
from partners.importing.reading import MOST_COLUMNS, Lines, Unreadable, formula
from partners.importing.words import neutral

MOST_UNPACKED = 30_000_000
"""Bytes that all parts of a workbook may have together; the parts of a zip bomb have more."""

MOST_PARTS = 500
MOST_MARKS = 800_000
"""Marks of elements that all parts may have together: each is an object while it is read, and packs to nothing."""

MOST_ELSEWHERE = 50_000
"""Such marks that a part may have in which no rows and no texts of cells stand: formats are slower to read."""

ROWS = ("xl/worksheets/", "xl/sharedstrings.")
MOST_LINES = 20_000
SHEET = "Organisations"
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")


def xlsx_table(data):
    """Return the table of a workbook's sheet “Organisations”, or of its first; raises ``Unreadable``."""
    try:
        _refuse_bombs(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and other things that are not read
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            return _rows_of(book[SHEET] if SHEET in book.sheetnames else book.worksheets[0])
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise Unreadable(
            _("This is no workbook that can be read. Save it as XLSX or CSV and send it again.")
        ) from error


def _refuse_bombs(data):
    """Refuse what would unpack to too much, or declares entities that would."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Unreadable(_too_much())
        marks = 0
        for part in parts:
            xml = archive.read(part)
            if part.filename.endswith((".xml", ".rels")) and _declares(xml):
                raise Unreadable(_("This workbook declares things that no spreadsheet program writes."))
            here = xml.count(b"<")
            marks += here
            if marks > MOST_MARKS or (here > MOST_ELSEWHERE and not part.filename.lower().startswith(ROWS)):
                raise Unreadable(_too_much())


def _too_much():
    return _("This workbook unpacks to far more than a list of organisations needs.")


def _declares(xml):
    return any(word in xml.replace(b"\x00", b"") for word in DECLARATIONS)


def _rows_of(sheet):
    """Read the cells; those with formulas and errors are noted."""
    lines = Lines()
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if number > MOST_LINES:
            raise Unreadable(
                _("The sheet has more than %(number)s lines, empty ones too. Copy the rows into a new sheet.")
                % {"number": MOST_LINES}
            )
        cells = []
        for place, cell in enumerate(row):
            cells.append(text_of_cell(cell.value))
            if lines.places and place in lines.places and cell.data_type in ("f", "e"):
                name = f"{get_column_letter(place + 1)}{number}"
                sentence = formula(name) if cell.data_type == "f" else _wrong(name)
                lines.fault(number, lines.places[place], cells[-1], sentence)
        while cells and not cells[-1]:
            cells.pop()
        lines.add(number, cells)
    return lines.done()


def _wrong(name):
    return _("Cell %(cell)s has an error in place of a value.") % {"cell": name}


def text_of_cell(value):
    """Return what a cell says as text: days as 2024-03-31, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\x00", "\ufffd")


def template_xlsx(lists):
    """Return the bytes of an empty workbook: the columns, what each says, and what may stand in those with a list."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(list(COLUMNS))
    for place in range(1, len(COLUMNS) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 22
    sheet.freeze_panes = "A2"
    told = book.create_sheet(_("Explanation"))
    told.append([_("Column"), _("Needed"), _("What it says")])
    for column in COLUMNS.values():
        told.append([column.name, _("yes") if column.needed else _("no"), str(column.explanation)])
    for title, column, words in allowed(lists):
        chosen = book.create_sheet(title)
        chosen.append([column])
        for word in words:
            chosen.append([neutral(word)])
    told.column_dimensions["C"].width = 90
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def allowed(lists):
    """Return ``[(title, column, words), …]`` of the columns in which only listed words may stand."""
    return [
        (_("Kinds"), "kind", list(dict.fromkeys(str(term) for term in lists.kinds.values()))),
        (_("Regions"), "region", list(REGIONS)),
        (_("Roles"), "role", list(dict.fromkeys(str(term) for term in lists.roles.values()))),
    ]
