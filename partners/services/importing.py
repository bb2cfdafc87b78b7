"""Bringing in organisations from a file: looked at first, then carried out as a whole or not at all."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from collaborative.audit.services import record, record_all
from collaborative.core.errors import Refused
from collaborative.search.services import index_each
from collaborative.vocabulary.models import Scheme, Term
from partners.importing.checking import KEPT, check
from partners.importing.reading import Table
from partners.models import FormerAddress, Organisation, OrganisationAlias, OrganisationImport, ProgrammePartner
from partners.services.dated import require

KEPT_FOR = timedelta(days=2)
"""How long a file waits to be carried out."""

WRITTEN = [*KEPT, "kind_of", "provenance"]
BATCH = 250


@dataclass(frozen=True)
class Outcome:
    """What became of a plan: how many were added, changed and made partners."""

    added: int
    changed: int
    joined: int


@transaction.atomic
def begin_import(table, *, by, file_name, programme=None, role=None):
    """Keep what was read of a file until it is carried out; return the ``OrganisationImport``.

    Coordinators bring partners into a programme of theirs; only administrators need none. Raises
    ``PermissionDenied``.
    """
    work = OrganisationImport(by=by, programme=programme, role=role, file_name=file_name[:200], note=table.note)
    require("organisation_imports.carry_out", by, work)
    work.table = table.as_json()
    work.save()
    return work


def carry_out(work, *, faulty, known, by):
    """Do what a file says, in one transaction; return the ``OrganisationImport`` with what became of it.

    ``faulty`` says what happens to rows at fault, ``known`` what to organisations that exist already. Everything
    is checked again. Raises ``Refused`` when it was done already, when it is all or nothing and a row is at
    fault, or when somebody changed the directory at the same moment.
    """
    try:
        return _carry_out(work, faulty, known, by)
    except IntegrityError:
        raise Refused(_("Somebody changed the directory at the same moment. Look at the rows again.")) from None


@transaction.atomic
def _carry_out(work, faulty, known, by):
    locked = OrganisationImport.objects.select_for_update().get(pk=work.pk)
    if not locked.open:
        raise Refused(_("This file was carried out already."))
    require("organisation_imports.carry_out", by, locked)
    plan = settled_plan(Table.from_json(locked.table), by=by, programme=locked.programme)
    _refuse_nothing(plan, faulty)
    provenance = _("Imported on %(day)s from %(file)s") % {"day": timezone.localdate(), "file": locked.file_name}
    outcome = bring_in(
        plan, known=known, by=by, provenance=provenance[:200], programme=locked.programme, role=locked.role
    )
    locked.faulty_rows, locked.known_rows, locked.table, locked.done_at = faulty, known, None, timezone.now()
    locked.added, locked.changed, locked.joined = outcome.added, outcome.changed, outcome.joined
    locked.left_out = len(plan.faulty)
    locked.save()
    record("organisation_import.done", locked, by=by)
    return locked


def _refuse_nothing(plan, faulty):
    if plan.faults and faulty != OrganisationImport.Faulty.LEAVE_OUT:
        raise Refused(_("Nothing was brought in, since rows are at fault. Mend the file, or leave those rows out."))
    if not (plan.new or plan.known):
        raise Refused(_("Nothing was brought in: every row is at fault."))


def settled_plan(table, *, by, programme=None):
    """Return the plan of a table that stays true until the transaction ends: of two imports one waits."""
    kinds = Term.objects.select_for_update(no_key=True).filter(scheme=Scheme.ORGANISATION_KIND)
    list(kinds.order_by("pk").values_list("pk"))
    return check(table, by=by, programme=programme, lock=True)


def bring_in(plan, *, known, by, provenance, programme=None, role=None):
    """Write a settled plan within the caller's transaction; return the ``Outcome``.

    Every organisation that is added or changed is recorded, found, and says where its record is from.
    """
    added = _add(plan.new, provenance)
    changed = _change(plan.known, known, provenance)
    parts = _join([row for row in (*plan.new, *plan.known) if row.joins], programme, role)
    record_all("organisation.added", added, by=by)
    record_all("organisation.changed", changed, by=by)
    record_all("partnership.started", parts, by=by)
    touched = {each.pk for each in (*added, *changed)} | {part.organisation_id for part in parts}
    index_each("organisation", touched)
    return Outcome(len(added), len(changed), len(parts))


def _add(rows, provenance):
    """Make the new organisations, each with an address that nobody has or had."""
    taken = {
        *Organisation.objects.values_list("slug", flat=True),
        *FormerAddress.objects.values_list("slug", flat=True),
    }
    for row in rows:
        values = {name: row.values[name] for name in KEPT if name in row.values}
        slug = _free(row.name, taken)
        row.found = Organisation(slug=slug, kind_of=row.values["kind"], provenance=provenance, **values)
    Organisation.objects.bulk_create([row.found for row in rows], batch_size=BATCH)
    _call((row.found, row.values.get("short_names", ())) for row in rows)
    return [row.found for row in rows]


def _free(name, taken):
    base = slugify(name)[:70].strip("-") or "organisation"
    number, slug = 2, base
    while slug in taken:
        number, slug = number + 1, f"{base}-{number}"
    taken.add(slug)
    return slug


def _change(rows, known, provenance):
    """Fill what is empty and, where so decided, replace what differs; return the organisations that changed."""
    if known == OrganisationImport.Known.SKIP:
        return []
    changed, names = [], []
    for row in rows:
        more = list(row.new_names)
        values = dict(row.empty)
        if known == OrganisationImport.Known.OVERWRITE:
            values |= {name: new for name, (_now, new) in row.differing.items()}
            if "name" in values and not row.only_respelt:
                more.append(row.found.name)
        if values or more:
            _put(row.found, values, provenance)
            changed.append(row.found)
            names.append((row.found, more))
    Organisation.objects.bulk_create(
        changed, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=WRITTEN
    )
    _call(names)
    return changed


def _put(organisation, values, provenance):
    for name, value in values.items():
        setattr(organisation, {"kind": "kind_of"}.get(name, name), value)
    organisation.provenance = organisation.provenance or provenance


def _call(names):
    """Keep what else organisations are called."""
    OrganisationAlias.objects.bulk_create(
        (OrganisationAlias(organisation=organisation, name=name) for organisation, more in names for name in more),
        batch_size=500,
        ignore_conflicts=True,
    )


def _join(rows, programme, role):
    """Make the organisations partners from today on."""
    parts = [
        ProgrammePartner(programme=programme, organisation=row.found, role=row.values.get("role") or role)
        for row in rows
    ]
    return ProgrammePartner.objects.bulk_create(parts, batch_size=500)


def purge_imports():
    """Delete the files that nobody carried out; return how many there were."""
    waiting = OrganisationImport.objects.waiting().filter(created_at__lt=timezone.now() - KEPT_FOR)
    return waiting.delete()[0]
