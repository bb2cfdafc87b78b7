"""How texts are cited: one description of a work, and what is made of it for people and for machines."""

from evidence.citing.cited import Cited
from evidence.citing.formats import FORMATS, formatted
from evidence.citing.names import author_name
from evidence.citing.work import work_of_sheet, work_of_version

__all__ = ["FORMATS", "Cited", "author_name", "formatted", "work_of_sheet", "work_of_version"]
