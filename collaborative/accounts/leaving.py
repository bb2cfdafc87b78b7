"""Closing an account: refused while something has to be handed on, else the person is taken out in one transaction."""

import json
import logging

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from collaborative.accounts import erasures
from collaborative.accounts.models import User
from collaborative.audit.services import record
from collaborative.core import personal, policies
from collaborative.core.errors import Refused
from collaborative.core.personal import Leaver

log = logging.getLogger(__name__)

CHUNK = 500
"""Browser sessions that are looked at in one go."""


def close(user, *, by, choices=None):
    """Close an account for good: what is held of the person goes or loses its name, as each table promises.

    ``choices`` are the credits that keep the name, ``{credit's name: ids or personal.ALL}``; by default none.
    A last letter goes to the old address after commit, and a line to the list of erasures.

    Raises ``Refused`` while the person has something to hand on or when the account is closed already,
    ``PermissionDenied`` for another's account unless an administrator does it.
    """
    if by.pk != user.pk:
        policies.require("accounts.manage", by, user)
    with transaction.atomic():
        personal.lock_what_decides(user)
        person = User.objects.select_for_update().get(pk=user.pk)
        if person.anonymised_at:
            raise Refused(_("This account is closed already."))
        found = personal.matters(person)
        if found:
            raise Refused(" ".join([_("This account cannot be closed yet."), *(each.words for each in found)]))
        address, language = person.email, person.language
        erase(person, choices=choices or {}, by=by)
        entry = erasures.entry_of(person)
        transaction.on_commit(lambda: erasures.append(entry), robust=True)
        transaction.on_commit(lambda: say_goodbye(address, language), robust=True)
    return person


@transaction.atomic
def erase(person, *, choices, by=None, at=None):
    """Take a person out of every table, whatever they still hold; ``person`` is locked.

    For ``close``, for what is done again after a restore, and for accounts that nobody ever confirmed.
    """
    at = at or timezone.now()
    confirmed = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    addresses = tuple(sorted({each.lower() for each in confirmed}))
    leaver = Leaver(person, person.name, addresses, choices, at)
    had = (person.email, *addresses)
    _empty(person, at)
    for credit in personal.credits():
        if choices.get(credit.name):
            credit.keep(leaver, choices[credit.name])
    for table in personal.tables_to_erase():
        if table.erase is not None:
            table.erase(leaver)
    end_browser_sessions(person, had)
    record("account.closed", person, by=by)


def forget_credits(user, *, by):
    """Take away the names that somebody who left had wished to keep, as they may ask at any time.

    Raises ``PermissionDenied`` for anyone but an administrator, ``Refused`` when no name is kept.
    """
    policies.require("accounts.manage", by, user)
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=user.pk)
        if not sum(credit.held(person).update(credit_name="") for credit in personal.credits()):
            raise Refused(_("No name is kept for this account."))
        record("account.credits_forgotten", person, by=by)
        entry = erasures.entry_of(person)
        transaction.on_commit(lambda: erasures.append(entry), robust=True)


def _empty(person, at):
    """Leave of the account's row a number: first of all, so that nobody is told anything any more."""
    person.name = person.language = ""
    person.email = f"closed-{person.pk}@closed.invalid"
    person.time_zone = settings.READER_TIME_ZONE
    person.password = make_password(None)
    person.is_active = False
    person.last_login = None
    person.anonymised_at = at
    person.sessions_ended += 1
    person.save()


def end_browser_sessions(person, addresses):
    """Delete the sessions that are this person's, or in which an address of theirs is kept on the way in."""
    marks = [json.dumps(each) for each in addresses]
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=CHUNK):
        kept = session.get_decoded()
        words = json.dumps(kept)
        if kept.get("_auth_user_id") == str(person.pk) or any(mark in words for mark in marks):
            session.delete()


def say_goodbye(address, language):
    """Write to the old address that the account is closed; a failing mail server is logged."""
    with translation.override(language or settings.LANGUAGE_CODE):
        context = {
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "operator_contact": settings.OPERATOR_CONTACT,
            "timestamp": timezone.now(),
        }
        try:
            get_adapter().render_mail("account/email/account_closed", address, context).send()
        except OSError as error:  # a mail server's answer repeats the address, so only its kind is logged
            log.warning("the closing of an account was not told", extra={"error": type(error).__name__})


def replay():
    """Close again every account of the list that a restore has brought back; return their numbers.

    What such a person led according to the restored tables ends with them: whoever looks after the
    organisation or programme finds it without a lead.
    """
    done = []
    for (pk, joined_at), entry in erasures.entries().items():
        with transaction.atomic():
            person = User.objects.select_for_update().filter(pk=pk, joined_at=joined_at, anonymised_at=None).first()
            if person is not None:
                erase(person, choices=entry.get("credits", {}))
                done.append(pk)
    return done
