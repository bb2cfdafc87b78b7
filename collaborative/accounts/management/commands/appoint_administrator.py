"""Appoints the first administrator of an installation."""

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from collaborative.accounts.models import User
from collaborative.accounts.services import appoint
from collaborative.core.errors import Refused


class Command(BaseCommand):
    """``appoint_administrator ADDRESS``; makes the account when there is none."""

    help = "Make somebody an administrator, by e-mail address."

    def add_arguments(self, parser):
        """Take the address."""
        parser.add_argument("email")

    def handle(self, *args, email, **options):
        """Appoint; raises ``CommandError`` with the reason when it is refused."""
        validate_email(email)
        user = User.objects.filter(email__iexact=email).first()
        made = user is None
        user = user or User.objects.create_user(email)
        try:
            appoint(user, by=None)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{user.email} is an administrator from today.")
        if made:
            self.stdout.write("The account is new: choose its password with “Forgotten your password?” at sign-in.")
