"""Looks for words in everything that the portal keeps: every column of every table, and every file."""

from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

DATABASES = (".sqlite3", ".sqlite3-wal", ".sqlite3-shm")
"""The tables are read through the database: its files keep what was deleted until its space is used again."""


def tables():
    """Return the names of every table, those behind the full-text index too."""
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def found_in_tables(words):
    """Return ``{(table, word's name)}`` of every table in which one of ``words`` stands, in small letters too."""
    found = set()
    for table in tables():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                text = " ".join(map(_text, row)).casefold()
                found |= {(table, name) for name, word in words.items() if word.casefold() in text}
    return found


def _text(value):
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def found_in_sessions(words):
    """Return the names of words that stand in a browser's session, which is stored in code."""
    kept = " ".join(str(session.get_decoded()) for session in Session.objects.all())
    return {name for name, word in words.items() if word.casefold() in kept.casefold()}


def found_in_files(words):
    """Return ``{(file, word's name)}`` of every file below the folders of the portal."""
    found = set()
    for folder in {Path(settings.MEDIA_ROOT), Path(settings.VAR_DIR)}:
        for path in folder.rglob("*"):
            if path.is_file() and not path.name.endswith(DATABASES):
                text = path.read_bytes().decode("utf-8", "replace").casefold()
                found |= {(path.name, name) for name, word in words.items() if word.casefold() in text}
    return found


def pictures():
    """Return the names of the pictures that are kept."""
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())
