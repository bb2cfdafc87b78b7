"""Make the search index equal to the tables."""

from django.core.management.base import BaseCommand, CommandError

from collaborative.search import services
from collaborative.search.registry import kinds_in_order


class Command(BaseCommand):
    """``rebuild_search [kind …] [--check]``: says what was missing, stale or orphaned, and mends it."""

    help = "Compare the search index with the tables, say how they differ, and mend it."

    def add_arguments(self, parser):
        parser.add_argument("kinds", nargs="*", metavar="kind", help="Kinds to compare; all when none is named.")
        parser.add_argument("--check", action="store_true", help="Change nothing; fail when they differ.")

    def handle(self, *args, **options):
        unknown = sorted(set(options["kinds"]) - set(kinds_in_order()))
        if unknown:
            raise CommandError(f"Nothing is found by the name {unknown[0]}. There is: {', '.join(kinds_in_order())}.")
        compare = services.drift if options["check"] else services.reindex
        differing = sum(self.tell(kind, compare(kind)) for kind in options["kinds"] or [None])
        if options["check"] and differing:
            raise CommandError("The index differs from the tables; run rebuild_search.")

    def tell(self, kind, found):
        """Print how the index differed; return by how many entries."""
        for word in ("missing", "stale", "orphaned"):
            rows = getattr(found, word)
            self.stdout.write(f"{kind or 'everything'}: {len(rows)} {word}")
            for each, pk in rows[:20]:
                self.stdout.write(f"  {each} {pk}")
        return len(found.differing)
