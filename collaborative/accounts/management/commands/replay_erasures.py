"""Closes again, after a restore, the accounts that were closed since the backup was made."""

from django.core.management.base import BaseCommand

from collaborative.accounts.leaving import replay


class Command(BaseCommand):
    """``replay_erasures``; running it twice changes nothing more."""

    help = "After a restore: close again every account on the list of erasures (VAR_DIR/erasures.jsonl)."

    def handle(self, *args, **options):
        """Do it, and say whom by number."""
        done = replay()
        if done:
            self.stdout.write(f"Closed again: {len(done)} ({', '.join(map(str, done))}).")
        else:
            self.stdout.write("Nothing to do: no account on the list of erasures is open.")
