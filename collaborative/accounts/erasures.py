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
    with path().open("a", encoding="utf-8") as ledger:
        fcntl.flock(ledger, fcntl.LOCK_EX)
        ledger.write(line)
        ledger.flush()
        os.fsync(ledger.fileno())


def entries():
    """Return the lines by account, the newest of each; a line cut short by a full disk is passed over."""
    if not path().exists():
        return {}
    found = {}
    for line in path().read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            found[entry["account"], datetime.fromisoformat(entry["joined_at"])] = entry
        except (ValueError, KeyError):
            continue
    return found


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
