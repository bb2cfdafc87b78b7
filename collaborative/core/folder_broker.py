"""Kombu's broker in a folder, for the embedded mode, with messages that appear whole or not at all."""

import time
import uuid
from pathlib import Path

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """A channel whose reader never meets half a message.

    Kombu's own opens the file under its last name and writes afterwards; a worker that polls in between takes an
    empty file away, cannot read it, and ends.
    """

    def _put(self, queue, payload, **kwargs):
        """Write the message beside its name, then give it that name; raises ``OSError`` and leaves nothing behind."""
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        part = Path(self.data_folder_out, f"{name}.part")
        try:
            part.write_bytes(str_to_bytes(dumps(payload)))
            part.replace(part.with_suffix(""))
        except OSError:
            part.unlink(missing_ok=True)
            raise


class Transport(filesystem.Transport):
    """Kombu's transport over files, with our channel."""

    Channel = Channel
