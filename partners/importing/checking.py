"""Checking every row of a table: what it says, whom it is about, and what would become of it."""

import re
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from partners.importing.columns import COLUMNS, Lists
from partners.importing.known import IDENTIFIERS, Directory, WrongRow
from partners.importing.reach import Reach
from partners.importing.words import fold

KEPT = tuple(name for name in COLUMNS if name not in ("short_names", "kind", "role"))
"""Columns that are fields of an organisation under the same name."""

UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell, or with a row as a whole."""

    line: int
    column: str
    given: str
    sentence: str


@dataclass
class Row:
    """One row: what it gives, the organisation it is about, and what would change there."""

    line: int
    values: dict
    found: object = None
    why: str = ""
    joins: bool = False
    empty: dict = field(default_factory=dict)
    differing: dict = field(default_factory=dict)
    new_names: list = field(default_factory=list)

    @property
    def name(self):
        """The name as it is in the file."""
        return self.values["name"]

    @property
    def region(self):
        """The region in the file, if any."""
        return self.values.get("region", "")

    @property
    def gone(self):
        """True for an organisation of the past."""
        last = self.says("valid_to")
        return last is not None and last <= timezone.localdate()

    @property
    def only_respelt(self):
        """True when the name differs from the one there in no more than capitals and accents."""
        return fold(self.name) == fold(self.found.name)

    def says(self, name, else_=None):
        """Return a value as the file gives it, else as it is there already."""
        return self.values.get(name) or getattr(self.found, name, None) or else_


@dataclass
class Plan:
    """What a table would do: rows that are new, rows about organisations known already, and faults."""

    new: list = field(default_factory=list)
    known: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    reach: object = None

    @property
    def faulty(self):
        """The lines of the rows at fault."""
        return {fault.line for fault in self.faults}

    @property
    def joining(self):
        """How many organisations would become partners."""
        return sum(row.joins for row in (*self.new, *self.known))


def check(table, *, by, programme=None, lock=False):
    """Return the ``Plan`` of a table for a person, or with ``by=None`` for the portal itself.

    With ``lock`` nobody else changes an organisation before the transaction ends.
    """
    return _Check(table, by, programme, lock).plan()


class _Check:
    def __init__(self, table, by, programme, lock):
        self.table, self.programme = table, programme
        self.lists, self.directory = Lists.now(), Directory(lock=lock)
        self.reach = Reach(by, programme)
        self.faults = [Fault(*each) for each in table.faults]
        self.wrong = {(fault.line, fault.column) for fault in self.faults}
        self.seen = {}

    def plan(self):
        """Read every row."""
        plan = Plan(faults=self.faults, reach=self.reach)
        good = [row for cells in self.table.rows if (row := self._row(cells))]
        faulty = plan.faulty
        for row in good:
            if row.line not in faulty:
                (plan.known if row.found else plan.new).append(row)
        self.faults.sort(key=lambda fault: fault.line)
        return plan

    def _fault(self, line, column, given, sentence):
        """Note a fault; a cell that is wrong already needs no second sentence."""
        if (line, column) not in self.wrong:
            self.wrong.add((line, column))
            self.faults.append(Fault(line, column, str(given)[:200], str(sentence)))

    def _row(self, cells):
        """Return what a row says; None, with the faults noted, when it has no name."""
        line, *texts = cells
        values = {}
        for name, text in zip(self.table.columns, texts, strict=True):
            self._cell(line, name, text, values)
        if "name" not in values:
            self._fault(line, "name", "", _("Every organisation needs a name."))
            return None
        row = Row(line, values)
        try:
            row.found, row.why, renamed = self.directory.match(values)
        except WrongRow as wrong:
            self._fault(line, wrong.args[0], values.get(wrong.args[0], ""), wrong.args[1])
            return None
        self._whole(row)
        self._once(row)
        if row.found:
            self._compare(row, renamed)
        self._rights(row)
        return row

    def _cell(self, line, name, text, values):
        column = COLUMNS[name]
        if not text or (line, name) in self.wrong:
            return
        if len(text) > column.limit:
            sentence = _("At most %(limit)s characters; this has %(number)s.")
            self._fault(line, name, text, sentence % {"limit": column.limit, "number": len(text)})
            return
        if UNSEEN.search(text):
            self._fault(line, name, UNSEEN.sub("\ufffd", text), _("This has signs that no text has."))
            return
        try:
            values[name] = column.read(text, self.lists)
        except ValueError as wrong:
            self._fault(line, name, text, wrong)

    def _whole(self, row):
        """Check what only the cells together tell."""
        if row.found is None and "kind" not in row.values:
            self._fault(row.line, "kind", "", _("A new organisation needs a kind."))
        if "region" in row.values and row.says("country", "GB") == "GB":
            self._region(row)
        first, last = row.says("valid_from"), row.says("valid_to")
        if first and last and last < first:
            column = "valid_to" if "valid_to" in row.values else "valid_from"
            self._fault(row.line, column, row.values[column], _("It would end before it begins."))

    def _region(self, row):
        given = row.values["region"]
        region = self.lists.regions.get(fold(given))
        if region is None:
            words = "; ".join(self.lists.regions.values())
            self._fault(
                row.line, "region", given, _("There is no such region. There are: %(words)s.") % {"words": words}
            )
        else:
            row.values["region"] = region

    def _once(self, row):
        """Refuse a second row about one organisation."""
        marks = [(name, row.values[name]) for name in IDENTIFIERS if name in row.values]
        marks += [("name", fold(row.name)), *([("", row.found.pk)] if row.found else [])]
        for mark in marks:
            first = self.seen.setdefault(mark, row.line)
            if first != row.line:
                column = mark[0] or "name"
                sentence = _("Line %(line)s is about the same organisation.") % {"line": first}
                self._fault(row.line, column, row.values[column], sentence)
                return

    def _compare(self, row, renamed):
        """Note what is empty there and what differs."""
        given = {name: row.values[name] for name in KEPT if name in row.values}
        if not renamed:
            given.pop("name")
        for name, value in given.items():
            now = getattr(row.found, name)
            if now in ("", None):
                row.empty[name] = value
            elif now != value:
                row.differing[name] = (now, value)
        if "kind" in row.values and row.values["kind"].pk != row.found.kind_of_id:
            row.differing["kind"] = (row.found.kind_of_id, row.values["kind"])
        names = {
            fold(each) for each in (row.found.name, row.found.name_cy, *self.directory.aliases.get(row.found.pk, ()))
        }
        row.new_names = [name for name in row.values.get("short_names", ()) if fold(name) not in names]

    def _rights(self, row):
        """Ask whether the person may do all this."""
        if self.programme is not None:
            row.joins = row.found is None or row.found.pk not in self.reach.partners
        if row.joins and row.gone:
            self._fault(row.line, "valid_to", "", _("An organisation of the past cannot become a partner."))
        elif row.found is not None:
            reason = self.reach.refusal(row.found, joins=row.joins, changes=row.empty or row.differing or row.new_names)
            if reason:
                self._fault(row.line, "name", row.name, reason)
