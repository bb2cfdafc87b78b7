"""Verbs of practice sheets."""

from evidence.services.practices.checking import checklist, lacking
from evidence.services.practices.deciding import give_back, publish, retire, revive, withdraw
from evidence.services.practices.keeping import Changed, marks, snapshot
from evidence.services.practices.trying import change_note, delete_note, hide_note, show_note, tell_of_try
from evidence.services.practices.writing import begin, discard, revise, submit, take_back

__all__ = [
    "Changed",
    "begin",
    "change_note",
    "checklist",
    "delete_note",
    "discard",
    "give_back",
    "hide_note",
    "lacking",
    "marks",
    "publish",
    "retire",
    "revise",
    "revive",
    "show_note",
    "snapshot",
    "submit",
    "take_back",
    "tell_of_try",
    "withdraw",
]
