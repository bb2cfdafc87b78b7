"""Makes ``breached.bloom`` anew from files of leaked passwords."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from collaborative.accounts.breached import FILTER, build

SHORTEST = 12
"""Shorter passwords are refused for their length, so they need no place in the filter."""


class Command(BaseCommand):
    """``make_breached_list FOLDER_OR_FILE…``: plain text, a password a line."""

    requires_system_checks = ()
    help = "Make the list of leaked passwords from text files with a password on each line."

    def add_arguments(self, parser):
        """Take the files or folders."""
        parser.add_argument("sources", nargs="+", type=Path)

    def handle(self, *args, sources, **options):
        """Write the filter; raises ``CommandError`` when there is nothing to put in it."""
        passwords = {line for source in sources for path in files(source) for line in lines(path)}
        if not passwords:
            raise CommandError("No password of 12 characters or more was found there.")
        FILTER.write_bytes(build(passwords))
        self.stdout.write(f"{len(passwords)} passwords in {FILTER.stat().st_size} bytes.")


def files(source):
    """Return the text files of a folder, or the file itself."""
    return sorted(source.rglob("*.txt")) if source.is_dir() else [source]


def lines(path):
    """Yield the passwords of one file that are long enough to matter."""
    with path.open(encoding="utf-8", errors="ignore") as file:
        for line in file:
            password = line.rstrip("\r\n")
            if len(password) >= SHORTEST:
                yield password
