"""SQLite's full-text table follows the index by triggers, whoever writes to it."""

from collaborative.core.triggers import declare

TABLE = "search_searchentry"
TEXT = "search_text"
COLUMNS = ("title", "aliases", "summary", "body")
WEIGHTS = (8, 5, 3, 1)
"""How much a word counts in each column."""

_names = ", ".join(COLUMNS)
_old = ", ".join(f"old.{column}" for column in COLUMNS)
_new = ", ".join(f"new.{column}" for column in COLUMNS)
_forget = f"INSERT INTO {TEXT}({TEXT}, rowid, {_names}) VALUES ('delete', old.id, {_old});"  # noqa: S608 - constants
_learn = f"INSERT INTO {TEXT}(rowid, {_names}) VALUES (new.id, {_new});"  # noqa: S608 - constants

for name, when, statements in (
    ("search_text_insert", f"INSERT ON {TABLE}", _learn),
    ("search_text_delete", f"DELETE ON {TABLE}", _forget),
    ("search_text_update", f"UPDATE OF {_names} ON {TABLE}", _forget + _learn),
):
    declare("sqlite", TABLE, name, f"CREATE TRIGGER {name} AFTER {when} BEGIN {statements} END")
