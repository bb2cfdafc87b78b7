"""``manage.py load_demo``: the demonstration, from the data files."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from collaborative.portal.demo import loading, people
from collaborative.portal.demo.reading import Source


class Command(BaseCommand):
    """Loads the demonstration; running it again makes only what is missing."""

    help = "Loads the demonstration: three collaboratives, their projects, evidence and training, and invented people."

    def add_arguments(self, parser):
        """Offer to date the invented activity anew."""
        parser.add_argument("--refresh", action="store_true", help="date the invented activity from today")

    def handle(self, *args, refresh=False, **options):
        """Load, and say what there is to sign in with."""
        if settings.MODE == "production":
            raise CommandError("The demonstration has known accounts; it is never loaded in production.")
        loading.load()
        if refresh:
            days = loading.refresh()
            self.stdout.write(f"The invented activity moved by {days} days.")
        accounts = people.write_accounts(Source(None))
        path = settings.VAR_DIR / "demo-accounts.json"
        self.stdout.write(f"The demonstration is loaded; {len(accounts)} accounts stand in {path}.")
