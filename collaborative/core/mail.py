"""Mail without a mail server: each letter becomes a file that any mail program opens."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class FolderBackend(BaseEmailBackend):
    """Writes each message whole to ``EMAIL_FILE_PATH`` as ``<time>-<random>.eml``.

    For the embedded mode and demonstrations; never loses or overwrites a message.
    """

    def send_messages(self, messages):
        """Write every message; return how many."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:8]}.eml"
            partial = folder / f".{name}"
            partial.write_bytes(message.message().as_bytes())
            partial.rename(folder / name)
        return len(messages)
