"""A real mail server in a thread, which keeps what it is sent and refuses when told to.

Use the fixture ``smtp_sink`` (in ``tests/conftest.py``): Django then sends to it over a real socket.
"""

import asyncio
import threading
from collections import Counter
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class SmtpSink:
    """What the server keeps: ``messages`` (parsed), ``envelopes`` (recipients), ``connections``.

    ``refuse(answer, times)`` makes it answer the next mails at DATA with ``answer``;
    ``refuse_recipient(address, answer)`` refuses an address at RCPT until told otherwise;
    ``seconds`` is how long it takes over each mail.
    """

    def __init__(self):
        self.messages, self.envelopes, self.connections = [], [], 0
        self.refused_recipients, self.refusals = {}, []
        self.lock = threading.Lock()
        self.controller = None
        self.seconds = 0

    # --- what the server asks -------------------------------------------------------------------
    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802
        """Count a conversation."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        """Take a recipient, or refuse it."""
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        """Keep a mail, or refuse it."""
        if self.seconds:
            await asyncio.sleep(self.seconds)
        with self.lock:
            if self.refusals:
                return self.refusals.pop(0)
            self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
            self.envelopes.append(list(envelope.rcpt_tos))
        return "250 kept"

    # --- what a test says and asks ----------------------------------------------------------------
    def start(self, port=0):
        """Listen on a free port of 127.0.0.1, or on ``port`` again."""
        self.controller = Controller(self, hostname="127.0.0.1", port=port or _free_port())
        self.controller.start()
        return self

    def stop(self):
        """Hang up and listen no more; what was kept stays."""
        if self.controller:
            self.controller.stop()
            self.controller = None

    @property
    def port(self):
        """The port on which it listens."""
        return self.controller.port

    def refuse(self, answer="451 try again later", times=1):
        """Answer the next ``times`` mails with ``answer``."""
        self.refusals += [answer] * times

    def refuse_recipient(self, address, answer="550 no such person"):
        """Refuse an address from now on."""
        self.refused_recipients[address] = answer

    def to(self, address):
        """Return the mails to one address, in the order of their arrival."""
        pairs = zip(self.messages, self.envelopes, strict=True)
        return [message for message, recipients in pairs if address in recipients]

    def subjects(self):
        """Return the subjects in the order of arrival."""
        return [message["Subject"] for message in self.messages]

    def repeats(self):
        """Return the Message-IDs that came more than once."""
        counted = Counter(message["Message-ID"] for message in self.messages)
        return sorted(name for name, number in counted.items() if number > 1)


def plain(message):
    """Return the plain part of a mail, its lines ended as in Python."""
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html(message):
    """Return the HTML part of a mail, its lines ended as in Python."""
    return message.get_body(("html",)).get_content().replace("\r\n", "\n")


def _free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
