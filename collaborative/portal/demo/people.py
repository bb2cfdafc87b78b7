"""The invented accounts; those meant for signing in get a password made at installation."""

import json
import os
import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings

from collaborative.accounts.models import Appointment, User
from partners.models import Membership, Organisation, Programme, ProgrammeRole

WORDS = (
    "amber anchor apple autumn badger barley beacon birch bramble bridge brook candle canvas cedar clover copper "
    "coral cotton daisy dapple drift ember falcon fern fiddle flint forest garnet ginger glen harbour hazel heron "
    "honey ivory juniper kettle lantern larch lemon linen maple meadow mellow merlin moss nutmeg oak olive orchard "
    "otter pebble pepper pewter pine plum quarry quill raven reed river robin saffron sage sorrel sparrow spruce "
    "starling sterling stone tansy thistle timber topaz valley velvet violet walnut willow winter wren yarrow"
).split()


def passphrase():
    """Return five random words: long enough for every rule, short enough to type."""
    return "-".join(secrets.choice(WORDS) for _ in range(5))


def load(source):
    """Make the accounts that are missing, with their memberships and roles."""
    for row in source.rows("people"):
        _person(row, source)


def _person(row, source):
    user = User.objects.filter(email=row["email"]).first()
    if user:
        return
    fields = {"name": row["name"], "language": row.get("language", ""), "time_zone": row["time_zone"]}
    user = User.objects.create_user(row["email"], None, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for part in row.get("memberships", []):
        Membership.objects.create(
            user=user,
            organisation=Organisation.objects.get(slug=part["organisation"]),
            role=part["role"],
            title=part["title"],
            starts_on=source.day(part["since_days"]),
        )
    for office in row.get("programme_roles", []):
        programme = Programme.objects.get(slug=office["programme"])
        ProgrammeRole.objects.create(
            user=user, programme=programme, role=office["role"], starts_on=source.day(office["since_days"])
        )
    if row.get("administrator"):
        Appointment.objects.create(user=user, starts_on=source.day(-365))


def write_accounts(source):
    """Give the accounts to sign in with their passwords and second factors, and write them down.

    ``demo-accounts.json`` in ``VAR_DIR`` is readable by its owner alone. Accounts already written
    there are left as they are. Return the list of ``{role, email, password, totp_secret}``.
    """
    path = settings.VAR_DIR / "demo-accounts.json"
    kept = {each["email"]: each for each in json.loads(path.read_text())} if path.exists() else {}
    accounts = [kept.get(row["email"]) or _account(row) for row in source.rows("people") if row.get("account")]
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123
        json.dump(accounts, file, indent=2)
    path.chmod(0o600)
    return accounts


def _account(row):
    user = User.objects.get(email=row["email"])
    password = passphrase()
    user.set_password(password)
    user.save(update_fields=["password"])
    secret = ""
    leads = any(part["role"] == "lead" for part in row.get("memberships", []))
    if leads or any(row.get(name) for name in ("programme_roles", "administrator", "second_factor")):
        secret = generate_totp_secret()
        Authenticator.objects.filter(user=user).delete()
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)
    return {"role": row["account"], "email": user.email, "password": password, "totp_secret": secret}
