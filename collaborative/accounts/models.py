"""The account of a person, and the appointment of administrators."""

from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import ends_after_start, holds_on
from collaborative.core.kinds import kind


def is_administrator(user):
    """Say whether the person holds the administrators' role today."""
    return user.is_authenticated and user.is_active and Appointment.objects.current().filter(user=user).exists()


def check_time_zone(name):
    """Raise ``ValidationError`` for a zone that the IANA list does not have, or only this machine (``localtime``)."""
    if name not in available_timezones() or ("/" not in name and name != "UTC"):
        raise ValidationError(_("Choose a time zone from the list."))


GONE = models.Q(is_active=False) | models.Q(anonymised_at__isnull=False)
"""Holds for people who cannot sign in any more: few, so that lists leave them out rather than keep all others."""


class UserQuerySet(models.QuerySet):
    """Reads of people."""

    def gone(self):
        """Return those who cannot sign in any more."""
        return self.filter(GONE)

    def visible_to(self, user):
        """Return oneself; others are seen through what they do, never as accounts."""
        return self.filter(pk=user.pk) if user.is_authenticated else self.none()

    def manageable_by(self, user):
        """Return everybody to administrators, and nobody to others."""
        return self if is_administrator(user) else self.none()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """Makes accounts; addresses are kept in lower case."""

    def create_user(self, email, password=None, **fields):
        """Create and return an account; raises ``ValueError`` without an address."""
        if not email:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        """Return the account of an address, whatever its capitals."""
        return self.get(email__iexact=email)


@kind("user")
class User(AbstractBaseUser):
    """A person with an account. Rights come from dated memberships and roles, never from here."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default=settings.READER_TIME_ZONE, validators=[check_time_zone]
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    is_staff = False
    is_superuser = False

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["name", "id"], name="accounts_by_name"),
            models.Index(fields=["id"], condition=GONE, name="accounts_gone"),
        ]
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_one_per_address")]

    def __str__(self):
        return self.name or gettext("A member")

    @property
    def short_name(self):
        """The name for the header."""
        return self.name or self.email.partition("@")[0]

    def get_absolute_url(self):
        """People have no page of their own yet; this is where they find themselves."""
        return "/me/"

    def _get_session_auth_hash(self, secret=None):
        """Return what each session of this person carries: it changes with the password and ``sessions_ended``.

        Django asks for it under this name with former signing keys too.
        """
        said = f"{self.password}:{self.sessions_ended}"
        return salted_hmac("accounts.session", said, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, perm, obj=None):
        """Django's own permissions give nothing here; policies decide."""
        return False

    def has_perms(self, perm_list, obj=None):
        """Django's own permissions give nothing here."""
        return False

    def has_module_perms(self, app_label):
        """Django's own permissions give nothing here."""
        return False


class Role(models.TextChoices):
    """Roles that hold in the whole portal."""

    ADMINISTRATOR = "administrator", _("Administrator")


class AppointmentQuerySet(models.QuerySet):
    """Reads of appointments."""

    def current(self, on=None):
        """Return those that hold on a day (today)."""
        return self.filter(holds_on(on))

    def visible_to(self, user):
        """Return one's own to each person, all of them to administrators."""
        if is_administrator(user):
            return self.all()
        return self.filter(user=user) if user.is_authenticated else self.none()

    def manageable_by(self, user):
        """Return all of them to administrators, who alone appoint each other."""
        return self.all() if is_administrator(user) else self.none()


@kind("appointment")
class Appointment(models.Model):
    """A role in the whole portal, from a day until (not including) another."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=30, choices=Role, default=Role.ADMINISTRATOR)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(ends_on=None), name="accounts_one_open_appointment"
            ),
            ends_after_start("accounts_appointment_ends_after_start"),
        ]

    def __str__(self):
        return f"{self.get_role_display()} {self.starts_on}"

    def get_absolute_url(self):
        """Appointments are looked after in the admin."""
        return f"/admin/accounts/appointment/{self.pk}/change/"
