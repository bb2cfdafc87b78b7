"""Make the ledger of what goes out equal to the tables."""

from django.core.management.base import BaseCommand, CommandError

from collaborative.outputs import services
from collaborative.outputs.registry import kinds_out


class Command(BaseCommand):
    """``rebuild_outputs [kind …] [--check]``: says what did not stand in the ledger as it is, and mends it."""

    help = "Compare the ledger of what goes out with the tables, say how they differ, and mend it."

    def add_arguments(self, parser):
        parser.add_argument("kinds", nargs="*", metavar="kind", help="Kinds to compare; all when none is named.")
        parser.add_argument("--check", action="store_true", help="Change nothing; fail when they differ.")

    def handle(self, *args, **options):
        unknown = sorted(set(options["kinds"]) - set(kinds_out()))
        if unknown:
            raise CommandError(f"Nothing goes out by the name {unknown[0]}. There is: {', '.join(kinds_out())}.")
        compare = services.drift if options["check"] else services.rebuild
        found = [each for kind in options["kinds"] or [None] for each in compare(kind)]
        self.stdout.write(f"{len(found)} differing")
        for kind, pk in found[:20]:
            self.stdout.write(f"  {kind} {pk}")
        if options["check"] and found:
            raise CommandError("The ledger differs from the tables; run rebuild_outputs.")
