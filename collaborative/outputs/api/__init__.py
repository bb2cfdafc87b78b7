"""The read-only interface at ``/api/v1/``: what everyone may read, for programs.

A feature declares what it offers in its own ``api`` module and nothing else::

    @resource("project", "projects", order=30)
    class Projects(Resource):
        \"\"\"The public register of projects.\"\"\"

        filters, summary, detail = ProjectFilters, ProjectSummary, ProjectDetail

        def for_list(self, rows):
            return rows.select_related("programme")

        def summarise(self, project):
            return ProjectSummary(...)

Everything starts from ``visible_to`` of nobody signed in, whoever asks: answers may be cached.
"""

from collaborative.outputs.api.addresses import absolute, address_of
from collaborative.outputs.api.filters import NamedFilters
from collaborative.outputs.api.problems import Tombstone
from collaborative.outputs.api.registry import READER, Resource, resource
from collaborative.outputs.api.schemas import Named, Out, Thing, Word, named, named_all, word

__all__ = [
    "READER",
    "NamedFilters",
    "Named",
    "Out",
    "Resource",
    "Thing",
    "Tombstone",
    "Word",
    "absolute",
    "address_of",
    "named",
    "named_all",
    "resource",
    "word",
]
