"""``manage.py load_reference``: police forces and universities from public sources, into the directory."""

from django.core.management.base import BaseCommand
from django.db import transaction

from partners import reference


class Command(BaseCommand):
    """Adds the organisations that are missing and fills empty fields; what is there is never overwritten.

    Running it again does nothing more.
    """

    help = "Load police forces and universities from public sources; partners/reference/README.md says which."

    def add_arguments(self, parser):
        """Offer to look first."""
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and do nothing.")

    @transaction.atomic
    def handle(self, *args, dry_run=False, **options):
        """Load each list, and say of each organisation what was done."""
        for each in reference.LISTS:
            plan = reference.load(each, dry_run=dry_run)
            filled = [row for row in plan.known if row.empty or row.new_names]
            left = len(plan.known) - len(filled)
            self.stdout.write(
                f"{each.title}: {len(plan.new)} added, {len(filled)} filled, {left} left as they were, "
                f"{len(plan.faulty)} left out."
            )
            for row in plan.new:
                self.stdout.write(f"  added {row.name}")
            for row in filled:
                what = ", ".join([*row.empty, *(["other names"] if row.new_names else [])])
                self.stdout.write(f"  filled {row.found.name}: {what}")
            for fault in plan.faults:
                self.stdout.write(f"  left out, line {fault.line}, {fault.column} {fault.given}: {fault.sentence}")
        if dry_run:
            self.stdout.write("Nothing was saved: this was a dry run.")
