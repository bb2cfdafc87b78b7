"""What goes in and out as a file: whatever was sent, the template, and the list of what is wrong."""

import csv
import io

from django.utils.translation import gettext as _

from partners.importing.columns import COLUMNS
from partners.importing.reading import COMMENT, MOST_BYTES, OLD_OFFICE, ZIP, Unreadable, csv_table
from partners.importing.words import neutral
from partners.importing.workbooks import allowed, xlsx_table


def table_of(data):
    """Return the table of a file, told by its contents and not by its name; raises ``Unreadable``."""
    if not data:
        raise Unreadable(_("The file is empty."))
    if len(data) > MOST_BYTES:
        raise Unreadable(too_large())
    if data.startswith(OLD_OFFICE):
        raise Unreadable(_("This workbook is in an old form or has a password. Save it as XLSX without one."))
    return xlsx_table(data) if data.startswith(ZIP) else csv_table(data)


def too_large():
    """Return the sentence for a file that is too large."""
    return _("The file is larger than %(number)s MB. Share the rows between files.") % {
        "number": MOST_BYTES // 1_000_000
    }


def template_csv(lists):
    """Return an empty CSV file: the columns, and lines that explain them and are not read."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    rows.writerow([f"{COMMENT} {_('Lines that begin with # are not read. You may leave them.')}"])
    for column in COLUMNS.values():
        needed = f" ({_('needed')})" if column.needed else ""
        rows.writerow([f"{COMMENT} {column.name}{needed}: {column.explanation}"])
    for title, _column, words in allowed(lists):
        rows.writerow([f"{COMMENT} {title}: {'; '.join(words)}"])
    return out.getvalue()


def faults_csv(faults):
    """Return the list of what is wrong, each cell safe to open in a spreadsheet."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([_("line"), _("column"), _("in the file"), _("what is wrong")])
    for fault in faults:
        rows.writerow([neutral(each) for each in (fault.line, fault.column, fault.given, fault.sentence)])
    return out.getvalue()
