"""Figures and attachments of a version, and the stored files behind them, which several versions may share."""

import re
from datetime import timedelta
from functools import partial
from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from evidence.models import File, Pdf
from evidence.reading.content import content_of
from evidence.reading.known import texts_of
from evidence.services.file_words import ask_for_words
from evidence.services.locking import locked as locked_version
from evidence.services.writing import Conflict, digest

FOLDER = "evidence"
MOST_FILES = 200
"""Files of one version."""

RESERVED_KEYS = ("add", "new", "change", "remove")
"""Words that stand, or may come to stand, for pages."""

NUMBERED = re.compile(r"(?:finding|priority|recommendation|table|section)-\d+")
"""Keys by which a text refers to something else."""

DESCRIBED = ("title", "alt", "credit", "position")
LOST_AFTER = timedelta(days=1)
"""How long a stored file may be without a row: somebody may be saving it."""


def add_figure(version, checked, *, by, title, alt, key="", credit="", position=None):
    """Keep a figure that ``intake.files.figure`` has checked; return its row.

    Without a ``key`` one is made from the title. Raises ``Refused`` without a description for who cannot see
    it, for a key that is taken or reserved, and with too many files; ``PermissionDenied`` when the text may
    not be changed now, or not by this person.
    """
    words = {"title": title, "alt": alt, "credit": credit, "position": position}
    return _add(version, File.Use.FIGURE, checked, key, words, by)


def add_attachment(version, checked, *, by, title, key="", credit="", position=None):
    """Keep an attachment that ``intake.files.attachment`` has checked; as ``add_figure``."""
    words = {"title": title, "credit": credit, "position": position}
    return _add(version, File.Use.ATTACHMENT, checked, key, words, by)


def _add(version, use, checked, key, words, by):
    policies.require("evidence.edit", by, version)
    stored = default_storage.save(f"{FOLDER}/{uuid4().hex}.{checked.ending}", checked.content)
    try:
        with transaction.atomic():
            row = _row(version, use, checked, key, words, by)
            row.stored = row.stored or stored
            if row.pk is None:
                row.save()
                record("version.file_added", row.version, by=by)
                if use == File.Use.ATTACHMENT:
                    ask_for_words(row.sha256)
    except BaseException:
        default_storage.delete(stored)
        raise
    if row.stored != stored:
        default_storage.delete(stored)
    return row


def _row(version, use, checked, key, words, by):
    """Return the new row, not saved yet; the old one when this very file was sent twice."""
    locked = _writable(version, by)
    _refuse_unnamed(use, words)
    key = key or slugify(words["title"])[:60].strip("-") or use
    there = locked.files.filter(key=key).first()
    if there and (there.use, there.sha256, there.title) == (use, checked.sha256, words["title"]):
        return there
    refuse_key(locked, key, there)
    if locked.files.count() >= MOST_FILES:
        raise Refused(_("A version holds %(number)s files at most. Take one away first.") % {"number": MOST_FILES})
    if words["position"] is None:
        words["position"] = (locked.files.filter(use=use).aggregate(last=Max("position"))["last"] or 0) + 1
    said = {"name": checked.name, "media_type": checked.media_type, "sha256": checked.sha256}
    size = {"size": checked.content.size, "width": checked.width, "height": checked.height}
    return File(version=locked, use=use, key=key, **said, **size, **words)


def refuse_key(version, key, there=None):
    """Raise ``Refused`` for a key that the version has already or that means something else in a text."""
    refuse_meaning(key)
    if there or version.files.filter(key=key).exists():
        raise Refused(_("Another file of this text has the key “%(key)s”. Choose another.") % {"key": key})


def refuse_meaning(key):
    """Raise ``Refused`` for a key that stands for something else."""
    if key in RESERVED_KEYS or NUMBERED.fullmatch(key):
        raise Refused(_("The key “%(key)s” means something else here. Choose another.") % {"key": key})


def said_of(row):
    """Return what is said of a file, by field."""
    return {name: getattr(row, name) for name in DESCRIBED}


@transaction.atomic
def change_file(row, *, by, seen, **said):
    """Change what is said of a file (``title alt credit position``); return the row. The file itself stays.

    ``seen`` is the digest of what was said when the form was filled; ``Conflict`` is raised when that has changed.
    Raises as ``add_figure``; ``Refused`` too when somebody has taken it away meanwhile.
    """
    version = _writable(row.version, by)
    kept = version.files.filter(pk=row.pk).first()
    if kept is None:
        raise Refused(_("Somebody has taken this file away meanwhile."))
    now = said_of(kept)
    if seen != digest(now):
        raise Conflict(now, digest(now))
    _refuse_unnamed(kept.use, said)
    changed = [name for name in DESCRIBED if name in said and said[name] is not None]
    for name in changed:
        setattr(kept, name, said[name])
    kept.save(update_fields=changed)
    record("version.file_changed", version, by=by)
    return kept


@transaction.atomic
def remove_file(row, *, by):
    """Take a file from a version; what is stored goes with its last row. Twice is as once.

    Raises ``PermissionDenied`` when the text may not be changed now, or not by this person.
    """
    version = _writable(row.version, by)
    stored = list(version.files.filter(pk=row.pk).values_list("stored", flat=True))
    if not stored:
        return
    version.files.filter(pk=row.pk).delete()
    record("version.file_removed", version, by=by)
    forget_stored(*stored)


def _writable(version, by):
    """Return the version, locked, once the policy has said that its text may change."""
    _review, fresh = locked_version(version)
    policies.require("evidence.edit", by, fresh)
    return fresh


def _refuse_unnamed(use, words):
    if not words["title"].strip():
        raise Refused(_("Give it a title: readers see that before they open it."))
    if use == File.Use.FIGURE and not words["alt"].strip():
        raise Refused(_("Describe the figure for those who cannot see it."))


def forget_stored(*names):
    """After commit, delete the stored files that no row uses any more."""
    transaction.on_commit(partial(_delete_unused, names), robust=True)


def _delete_unused(names):
    used = set(File.objects.filter(stored__in=names).values_list("stored", flat=True))
    used |= set(Pdf.objects.filter(stored__in=names).values_list("stored", flat=True))
    for name in set(names) - used - {""}:
        default_storage.delete(name)


def sweep_files(now=None):
    """Delete the stored files to which no row points, a day after they came, as after a crash; return their names."""
    before = (now or timezone.now()) - LOST_AFTER
    if not default_storage.exists(FOLDER):
        return []
    used = set(File.objects.values_list("stored", flat=True)) | set(Pdf.objects.values_list("stored", flat=True))
    stored = (f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1])
    lost = [name for name in stored if name not in used and default_storage.get_modified_time(name) < before]
    for name in lost:
        default_storage.delete(name)
    return lost


def placed_in(row):
    """Return the names of the texts of its version that place or name a file."""
    marks = (f"]({row.key})", f"[#{row.key}]", f"[#figure-{row.key}]")
    texts = texts_of(content_of(row.version))
    return [label for _part, label, text in texts if any(mark in text for mark in marks)]
