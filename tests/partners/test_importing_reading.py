"""Reading a file of organisations: every usual form is read, and of any other a sentence says what is wrong."""

import datetime
import time

import pytest

from partners.importing.checking import Fault
from partners.importing.columns import COLUMNS, Lists
from partners.importing.files import faults_csv, table_of, template_csv
from partners.importing.reading import MOST_BYTES, MOST_ROWS, Unreadable
from partners.importing.words import fold, neutral, plain
from partners.importing.workbooks import template_xlsx
from tests.partners.files import csv_of, with_part, xlsx_of

HEAD = ("name", "kind")
ROW = ("Prifysgol Môn", "university")


def refused(data):
    """Return the sentence with which a file is refused."""
    with pytest.raises(Unreadable) as reason:
        table_of(data)
    return str(reason.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_csv_file_is_read_in_every_usual_form(encoding, between):
    table = table_of(csv_of(HEAD, ROW, between=between, encoding=encoding))
    assert (table.columns, table.rows, table.note) == (["name", "kind"], [[2, *ROW]], "")


def test_a_first_line_that_tells_what_parts_the_cells_is_passed_over():
    assert table_of(b"sep=;\nname;kind\nHarbour;university\n").rows == [[3, "Harbour", "university"]]


def test_windows_1252_is_read_with_a_note():
    table = table_of(csv_of(HEAD, ROW, encoding="cp1252"))
    assert table.rows == [[2, *ROW]]
    assert table.note == "The file is not in UTF-8. It was read as Windows-1252: look at the letters with accents."


def test_a_workbook_is_read_from_its_named_sheet_or_its_first():
    for data in (xlsx_of(HEAD, ROW), xlsx_of(HEAD, ROW, title="Organisations", more=["Notes"])):
        assert table_of(data).rows == [[2, *ROW]]


def test_columns_are_known_without_regard_to_capitals_spaces_and_hyphens():
    table = table_of(csv_of((" Name ", "KIND", "Short-Names", "valid from", ""), (*ROW, "", "", "")))
    assert table.columns == ["name", "kind", "short_names", "valid_from"]


def test_lines_are_counted_as_in_the_file_with_empty_ones_and_comments():
    rows = table_of(b'name,kind\n\n# explained,\n"Two\nlines",university\nLast,university\n').rows
    assert rows == [[4, "Two\nlines", "university"], [6, "Last", "university"]]


def test_days_and_numbers_of_a_workbook_become_text():
    day = datetime.datetime(2024, 3, 31)
    table = table_of(xlsx_of((*HEAD, "valid_from", "description"), (*ROW, day, 7.0), (*ROW, day.date(), True)))
    assert [row[3:] for row in table.rows] == [["2024-03-31", "7"], ["2024-03-31", "True"]]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n \n", "The file is empty."),
        (b"name,kind\n", "There are columns but no rows below them."),
        (b"name\nHarbour", "The column “kind” is missing."),
        (b"name,kind,Name\nx,y,z", "The column “name” is there twice."),
        (
            b"name,kind,mail\nx,y,z",
            f"There is no column “mail”. The columns are: {', '.join(COLUMNS)}.",
        ),
        (b"name,kind\n\x00,y", "Line 2 has signs that no text has. Is this a CSV file?"),
        ("name,kind\nx,y".encode("utf-16-le"), "Line 1 has signs that no text has. Is this a CSV file?"),
        (b'name,kind\nfine,y\n"open,y\nz,y', "Line 3 cannot be read: a quotation mark may be missing there."),
        (
            "name,kind\nMôn,y\nM".encode() + b"\xf4n,y\n",
            "Line 3 has signs that cannot be read. Save the file as UTF-8 and send it again.",
        ),
        (
            b"name,kind\nM\xf4n,y\n\x81,y\n",
            "Line 3 has signs that cannot be read. Save the file as UTF-8 and send it again.",
        ),
        (
            b"\xff\xfe" + "name,kind\n".encode("utf-16-le") + b"\x00\xd8a\x00",
            "Line 2 has signs that cannot be read. Save the file as UTF-8 and send it again.",
        ),
        (b"name,kind," + b"x," * 60, "There are more than 40 columns."),
        (b"x" * (MOST_BYTES + 1), "The file is larger than 5 MB. Share the rows between files."),
        (b"\xd0\xcf\x11\xe0rest", "This workbook is in an old form or has a password. Save it as XLSX without one."),
        (b"PK\x03\x04rest", "This is no workbook that can be read. Save it as XLSX or CSV and send it again."),
    ],
    ids=range(16),
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data, sentence):
    assert refused(data) == sentence


def test_no_more_rows_are_taken_than_a_file_may_have():
    sentence = f"There are more than {MOST_ROWS} rows. Share them between files."
    begun = time.perf_counter()
    assert refused(b"name,kind\n" + b"x,y\n" * 100_000) == sentence
    assert time.perf_counter() - begun < 5
    assert refused(xlsx_of(HEAD, *[ROW] * (MOST_ROWS + 1))) == sentence
    assert len(table_of(b"name,kind\n" + b"x,y\n" * MOST_ROWS).rows) == MOST_ROWS


def test_a_zip_that_is_no_workbook_is_refused():
    empty = with_part(xlsx_of(HEAD, ROW), "[Content_Types].xml", "<Types/>")
    assert refused(empty) == "This is no workbook that can be read. Save it as XLSX or CSV and send it again."


def test_a_zip_bomb_is_refused_before_it_unpacks():
    bomb = with_part(xlsx_of(HEAD, ROW), "xl/worksheets/sheet1.xml", b"0" * 80_000_000)
    assert len(bomb) < 200_000
    begun = time.perf_counter()
    assert refused(bomb) == "This workbook unpacks to far more than a list of organisations needs."
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>" + b"<c/>" * 7_000_000 + b"</row></sheetData>"),
        ("xl/styles.xml", b"<styleSheet><cellXfs>" + b"<xf/>" * 900_000 + b"</cellXfs></styleSheet>"),
        ("xl/workbook.bin", b"<workbook>" + b"<definedName/>" * 60_000 + b"</workbook>"),
    ],
    ids=["cells", "formats", "names"],
)
def test_millions_of_empty_elements_are_refused_before_they_are_read(part, content):
    bomb = with_part(xlsx_of(HEAD, ROW), part, content)
    assert len(bomb) < 200_000
    begun = time.perf_counter()
    assert refused(bomb) == "This workbook unpacks to far more than a list of organisations needs."
    assert time.perf_counter() - begun < 2


def test_a_row_of_a_million_cells_has_one_fault():
    table = table_of(b"name,kind\nForce,police_force" + b",x" * 1_000_000)
    assert [fault[:3] for fault in table.faults] == [[2, "", "x"]]


def test_a_workbook_that_declares_entities_is_refused():
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    assert (
        refused(with_part(xlsx_of(HEAD, ROW), "xl/sharedStrings.xml", laughs))
        == "This workbook declares things that no spreadsheet program writes."
    )


def test_a_sheet_with_a_cell_far_below_is_refused_and_soon():
    far = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>kind</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData></worksheet>'
    )
    begun = time.perf_counter()
    assert refused(with_part(xlsx_of(HEAD, ROW), "xl/worksheets/sheet1.xml", far)) == (
        "The sheet has more than 20000 lines, empty ones too. Copy the rows into a new sheet."
    )
    assert time.perf_counter() - begun < 5


def test_a_formula_is_refused_naming_its_cell():
    table = table_of(xlsx_of(HEAD, ("=1+1", "university"), ROW))
    assert table.faults == [[2, "name", "=1+1", "Cell A2 has a formula. Put the value itself there."]]
    table = table_of(csv_of(HEAD, (' =HYPERLINK("x")', "university")).replace(b'"', b""))
    assert table.faults == [[2, "name", "=HYPERLINK(x)", "This is a formula. Put the value itself there."]]


def test_a_cell_beyond_the_columns_is_a_fault_of_its_row():
    table = table_of(b"name,kind\nx,y,,z\n")
    sentence = "This stands beyond the last column, or below a column without a name."
    assert table.faults == [[2, "", "z", sentence]]


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@SUM(A1)"])
def test_nothing_we_write_is_taken_for_a_formula_and_it_is_read_again_as_it_was(text):
    assert (neutral(text), plain(neutral(text))) == (f"'{text}", text)
    listed = faults_csv([Fault(2, "name", text, "A sentence.")])
    assert listed.splitlines() == ["line,column,in the file,what is wrong", f"2,name,'{text},A sentence."]


@pytest.mark.parametrize("text", ["\t=1", "\r=1"])
def test_a_formula_behind_a_sign_that_nobody_sees_is_neutralised_too(text):
    assert neutral(text) == f"'{text}"


def test_names_are_compared_without_accents_capitals_and_spaces():
    assert fold(" HEDDLU  Gogledd\u00a0Cymrû ") == fold("heddlu gogledd cymru")
    assert fold("St John’s") == fold("St John's")
    assert fold("Leeds") != fold("Leads")


@pytest.mark.django_db
def test_both_templates_are_read_as_files_without_rows_and_tell_the_allowed_kinds():
    lists = Lists.now()
    for data in (template_csv(lists).encode("utf-8-sig"), template_xlsx(lists)):
        assert refused(data) == "There are columns but no rows below them."
    told = template_csv(lists)
    for words in ("# Kinds: Police force; ", "# Regions: North East; ", "# Roles: Lead institution; "):
        assert words in told


@pytest.mark.django_db
def test_a_filled_template_is_read_with_its_explanations_left_in():
    told = template_csv(Lists.now()) + "Harbour Police,,,Police force\n"
    (row,) = table_of(told.encode()).rows
    assert row[1:5] == ["Harbour Police", "", "", "Police force"]
