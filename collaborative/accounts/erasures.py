"""The list of closed accounts outside the database: after a restore it says whom to forget again.

One line of JSON for each: the account's number, the moment it was made (so that a number given anew is not taken for
the old one), when it was closed, and which credits keep a name. No names, no addresses.
"""

import fcntl
import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from collaborative.accounts.models import User
from collaborative.core import personal


def path():
    """Return where the list is kept: beside the uploads, and backed up apart from the database."""
    return Path(settings.VAR_DIR) / "erasures.jsonl"


def entry_of(user):
    """Return the line of a closed account, with the credits that carry its name."""
    kept = {each.name: sorted(each.held(user).values_list("pk", flat=True)) for each in personal.credits()}
    return {
        "account": user.pk,
        "joined_at": user.joined_at.isoformat(),
        "closed_at": user.anonymised_at.isoformat(),
        "credits": {name: ids for name, ids in kept.items() if ids},
    }


def append(entry):
    """Add a line and wait until the disk has it; two at once follow each other."""
    path().parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(entry, cls=DjangoJSONEncoder) + "\n"
    with path().open("ab+") as ledger:
        fcntl.flock(ledger, fcntl.LOCK_EX)
        ledger.write(_parting(ledger) + line.encode())
        ledger.flush()
        os.fsync(ledger.fileno())


def _parting(ledger):
    """Return what begins a new line: the last one may have been cut short, and would take this one with it."""
    if not ledger.seek(0, os.SEEK_END):
        return b""
    ledger.seek(-1, os.SEEK_END)
    return b"" if ledger.read() == b"\n" else b"\n"


def entries():
    """Return the lines by account, the newest of each; whatever is no such line is passed over."""
    if not path().exists():
        return {}
    found = {}
    for line in path().read_text(encoding="utf-8", errors="replace").split("\n"):
        try:
            entry = json.loads(line)
            whose = _account_of(entry), _moment_of(entry)
            found[whose] = entry | {"credits": _credits_of(entry)}
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return found


def _account_of(entry):
    """Return the number of an account; raises ``ValueError`` for what is none."""
    if type(entry["account"]) is not int or not 0 < entry["account"] < 2**63:
        raise ValueError("no number of an account")
    return entry["account"]


def _moment_of(entry):
    """Return when the account was made; raises ``ValueError`` for a moment without a zone."""
    moment = datetime.fromisoformat(entry["joined_at"])
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment


def _credits_of(entry):
    """Return the credits that keep a name; one that cannot be read keeps none."""
    kept = entry.get("credits")
    rows = kept.items() if isinstance(kept, dict) else ()
    return {name: ids for name, ids in rows if isinstance(ids, list) and all(type(pk) is int for pk in ids)}


def complete():
    """Add closed accounts that the list lacks, as when the machine stopped between the two; return how many."""
    known = entries()
    lacking = [
        user
        for user in User.objects.exclude(anonymised_at=None).order_by("pk").iterator()
        if (user.pk, user.joined_at) not in known
    ]
    for user in lacking:
        append(entry_of(user))
    return len(lacking)
