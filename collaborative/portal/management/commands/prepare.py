"""``manage.py prepare``: everything between an installation and its first request."""

from hashlib import sha256
from io import StringIO

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from collaborative.accounts.models import User
from collaborative.outputs.models import Record
from collaborative.outputs.services import rebuild
from collaborative.portal.care import care_for_database


class Command(BaseCommand):
    """Migrates, makes the cache's table and fills the ledger; when asked, loads the demonstration and static files.

    Safe to repeat: what is already done is left as it is.
    """

    help = "Prepare the database and the static files for serving."

    def add_arguments(self, parser):
        """Name the two parts that not every installation wants."""
        parser.add_argument("--demo", action="store_true", help="Load the demonstration into an empty portal.")
        parser.add_argument("--static", action="store_true", help="Collect the static files when they have changed.")

    def handle(self, *args, demo, static, **options):
        """Do the parts in order."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable")
        begun = settings.VAR_DIR / "demo-begun"
        if demo and (begun.exists() or not User.objects.exists()):
            self.load_demo(begun)
        if not Record.objects.exists():  # an installation from before there was a ledger
            rebuild()
        if static:
            self.collect_static()

    def load_demo(self, begun):
        """Load the demonstration and let the database learn what it now holds.

        The file ``begun`` stands until it is whole, so that an interrupted start is made good by the next.
        """
        self.stdout.write("Loading the demonstration (this once)…")
        self.stdout.flush()
        begun.touch()
        call_command("load_demo", stdout=StringIO())
        care_for_database()
        begun.unlink()

    def collect_static(self):
        """Collect, hash and compress the static files unless nothing has changed since the last time."""
        stamp = settings.STATIC_ROOT / ".collected"
        mark = static_mark()
        if stamp.exists() and stamp.read_text() == mark:
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(mark)


def static_mark():
    """Return a digest of every static file's path, size and time of change."""
    digest = sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            about = (path, storage.size(path), storage.get_modified_time(path).timestamp())
            digest.update(repr(about).encode())
    return digest.hexdigest()
