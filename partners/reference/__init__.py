"""The organisations that the portal knows from public sources, and how they come into the directory."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from partners.importing.files import table_of
from partners.models import OrganisationImport
from partners.services.importing import bring_in, settled_plan

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class ReferenceList:
    """A file of organisations, and what their records say of where they are from."""

    file: str
    title: str
    provenance: str


LISTS = (
    ReferenceList("forces.csv", "Police forces", "Reference list of police forces (identifiers: data.police.uk, ONS)"),
    ReferenceList("universities.csv", "Universities", "Reference list of universities (identifiers: ROR)"),
)


@transaction.atomic
def load(each, *, dry_run=False):
    """Add what the directory lacks of a list and fill what is empty of the rest; return the plan that was followed.

    What is there is matched by identifier, then by name, and never overwritten. With ``dry_run`` nothing is saved.
    """
    plan = settled_plan(table_of((FOLDER / each.file).read_bytes()), by=None)
    if not dry_run:
        bring_in(plan, known=OrganisationImport.Known.FILL, by=None, provenance=each.provenance)
    return plan
