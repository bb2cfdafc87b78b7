"""What the account itself holds of a person, and what keeps the last administrator from leaving."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.leaving import erase
from collaborative.accounts.models import Appointment, User
from collaborative.audit.services import record
from collaborative.core.personal import Matter, impersonal, locked_while_closing, obstacle, retention, table

WHILE = _("While you have an account")
DELETED = _("Deleted")
SIGN_IN = _("To let you in, and nobody else")
UNNAMED = _("Kept without your name")
UNCONFIRMED_DAYS = 30


def own(model, **fixed):
    """Return ``rows`` for a table whose column ``user`` says whose row it is."""
    return lambda user: model.objects.filter(user=user, **fixed)


def delete_own(model):
    """Return an ``erase`` that deletes a person's rows."""
    return lambda leaver: model.objects.filter(user=leaver.user).delete()


table(
    "account",
    order=10,
    covers=("accounts.User.email", "accounts.User.name"),
    label=_("Your account"),
    purpose=_("To let you in and to write to you"),
    kept=WHILE,
    leaving=_("Emptied: what stays is a number without name or address, so that what others did with you stays whole"),
    rows=lambda user: User.objects.filter(pk=user.pk),
    columns={
        "name": _("Name"),
        "email": _("E-mail address"),
        "language": _("Language"),
        "time_zone": _("Time zone"),
        "joined_at": _("Joined"),
        "last_login": _("Last signed in"),
    },
)

table(
    "addresses",
    order=11,
    covers=("account.EmailAddress.user", "account.EmailAddress.email"),
    label=_("Your e-mail addresses"),
    purpose=_("To let you in and to write to you"),
    kept=WHILE,
    leaving=DELETED,
    rows=own(EmailAddress),
    columns={"email": _("E-mail address"), "verified": _("Confirmed"), "primary": _("The one we write to")},
    erase=delete_own(EmailAddress),
)

table(
    "second-factors",
    order=12,
    covers=("mfa.Authenticator.user", "mfa.Authenticator.data"),
    label=_("Second factors: kinds, names and dates, never their secrets"),
    purpose=SIGN_IN,
    kept=WHILE,
    leaving=DELETED,
    rows=own(Authenticator),
    columns={
        "type": _("Kind"),
        "data__name": _("Name"),
        "created_at": _("Set up"),
        "last_used_at": _("Last used"),
    },
    erase=delete_own(Authenticator),
)

if apps.is_installed("allauth.usersessions"):
    UserSession = apps.get_model("usersessions", "UserSession")
    table(
        "sessions",
        order=13,
        covers=(
            "usersessions.UserSession.user",
            "usersessions.UserSession.ip",
            "usersessions.UserSession.user_agent",
            "usersessions.UserSession.data",
        ),
        label=_("Where you are signed in"),
        purpose=_("So that you can see it and end it"),
        kept=_("Until you sign out, at most two weeks after your last visit"),
        leaving=DELETED,
        rows=own(UserSession),
        columns={
            "created_at": _("Since"),
            "last_seen_at": _("Last seen"),
            "ip": _("Address on the network"),
            "user_agent": _("Browser"),
        },
        erase=delete_own(UserSession),
    )
    retention(
        "sessions",
        label=_("From where somebody was signed in, counted from their last visit"),
        days=settings.SESSION_COOKIE_AGE // 86400,
        rows=lambda before: UserSession.objects.filter(last_seen_at__lt=before),
        forget=lambda rows: rows.delete(),
    )


if apps.is_installed("allauth.socialaccount"):
    SocialAccount = apps.get_model("socialaccount", "SocialAccount")
    table(
        "sign-on",
        order=14,
        covers=(
            "socialaccount.SocialAccount.user",
            "socialaccount.SocialAccount.uid",
            "socialaccount.SocialAccount.extra_data",
        ),
        label=_("Sign-on through your organisation"),
        purpose=SIGN_IN,
        kept=WHILE,
        leaving=DELETED,
        rows=own(SocialAccount),
        columns={
            "provider": _("Service"),
            "uid": _("Your name there"),
            "extra_data": _("What it told us"),
            "date_joined": _("Since"),
            "last_login": _("Last used"),
        },
        erase=delete_own(SocialAccount),
    )
    impersonal("socialaccount.SocialApp.name", "a service for signing on")
    impersonal("socialaccount.SocialApp.settings", "how a service for signing on is reached")


def end_appointments(leaver):
    """End what has not ended."""
    for each in Appointment.objects.filter(user=leaver.user, ends_on=None):
        each.ends_on = max(timezone.localdate(), each.starts_on)
        each.save(update_fields=["ends_on"])
        record("appointment.ended", each, by=None)


table(
    "appointments",
    order=35,
    covers=("accounts.Appointment.user",),
    label=_("Your time as administrator"),
    purpose=_("To know what you may do"),
    kept=_("As long as the portal runs, so that decisions can be checked"),
    leaving=_("Ends; the dates are kept without your name"),
    rows=own(Appointment),
    columns={"role": _("Role"), "starts_on": _("From"), "ends_on": _("Until")},
    erase=end_appointments,
)


def unname_in_workshop(leaver):
    """Take the name out of what the workshop noted about the account."""
    about = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=about, object_id=str(leaver.user.pk)).update(object_repr="", change_message="")


table(
    "workshop",
    order=80,
    covers=("admin.LogEntry.user", "admin.LogEntry.change_message"),
    label=_("What you changed in the coordinators’ workshop"),
    purpose=_("So that coordinators see who changed what"),
    kept=_("As long as the thing that was changed"),
    leaving=UNNAMED,
    rows=own(LogEntry),
    columns={
        "action_time": _("When"),
        "content_type__model": _("Kind of thing"),
        "object_id": _("Its number"),
        "action_flag": _("1 added, 2 changed, 3 deleted"),
    },
    erase=unname_in_workshop,
)


locked_while_closing(50, lambda user: Appointment.objects.current())


@obstacle
def last_administrator(user):
    """The last administrator appoints another first."""
    current = Appointment.objects.current().filter(user__is_active=True)
    if not current.filter(user=user).exists() or current.exclude(user=user).exists():
        return []
    todo = gettext("Appoint another administrator first: choose a person in the list of people.")
    return [Matter(gettext("You are the only administrator of this portal."), todo, "/admin/accounts/user/")]


def never_confirmed(before):
    """Return accounts that were made before a day, whose address nobody confirmed and that never signed in."""
    known = EmailAddress.objects.filter(verified=True).values("user_id")
    begun = EmailAddress.objects.filter(verified=False).values("user_id")
    rows = User.objects.filter(joined_at__lt=before, last_login=None, anonymised_at=None, pk__in=begun)
    return rows.exclude(pk__in=known).exclude(pk__in=Appointment.objects.values("user_id"))


def forget_unconfirmed(rows):
    """Delete such accounts; one that something points at is emptied instead."""
    for user in rows.select_for_update():
        try:
            with transaction.atomic():
                user.delete()
        except ProtectedError:
            erase(user, choices={})


retention(
    "unconfirmed-accounts",
    label=_("Accounts whose e-mail address was never confirmed"),
    days=UNCONFIRMED_DAYS,
    rows=never_confirmed,
    forget=forget_unconfirmed,
)

for column in ("auth.Group.name", "auth.Permission.name"):
    impersonal(column, "Django’s own, which nothing here uses")
