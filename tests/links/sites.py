"""Small sites on this machine, each of which answers as its paths say and notes what it was asked."""

import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from collaborative.links.asking import Asker
from collaborative.links.fetching import Caller


class Site:
    """``answers`` are ``{path: (status, headers) or a function of the handler}``; all else is 404."""

    def __init__(self, answers):
        self.answers, self.asked, self.agents = answers, [], set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.port = self.server.server_port

    def at(self, path, host="site.example"):
        """Return the address of a path."""
        return f"http://{host}:{self.port}{path}"

    def _handler(site):  # noqa: N805 - the inner class has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                site.asked.append((self.command, self.path))
                site.agents.add(self.headers["User-Agent"])
                found = site.answers.get(self.path, (404, {}))
                with suppress(OSError):
                    if callable(found):
                        return found(self)
                    self.send_response(found[0])
                    for name, value in found[1].items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(b"" if self.command == "HEAD" else (found[2] if len(found) > 2 else b"x"))
                return None

            do_GET = do_HEAD = answer  # noqa: N815 - the library calls them so

            def log_message(self, *args):
                """Say nothing."""

        return Handler


@contextmanager
def running(answers):
    """Run a site."""
    site = Site(answers)
    thread = threading.Thread(target=site.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join()
        site.server.server_close()


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now, self.slept = 1000.0, []

    def __call__(self):
        """Return the time."""
        return self.now

    def sleep(self, seconds):
        """Note it, and let the time pass at once."""
        self.slept.append(round(seconds, 3))
        self.now += seconds


def asker(names=None, time=None):
    """Return an asker for whom every name leads to this machine, but for ``names``: lists of what each is looked up as.

    What was looked up is in its ``looked_up``.
    """
    looked_up, time = [], time or Time()

    def resolve(host, port):
        looked_up.append(host)
        found = (names or {}).get(host, ["127.0.0.1"])
        if isinstance(found, Exception):
            raise found
        return found.pop(0) if found and isinstance(found[0], list) else found

    made = Asker(Caller(resolve=resolve, clock=time, sleep=time.sleep))
    made.looked_up = looked_up
    return made


def hop(onward, status=302):
    """Return an answer that leads on."""
    return (status, {"Location": onward})


def endless(handler):
    """Answer with more than anybody reads."""
    handler.send_response(200)
    handler.end_headers()
    for _piece in range(2000):
        handler.wfile.write(b"x" * 10_000)


def dripping(handler):
    """Answer with a head that never ends, each piece soon enough."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        handler.wfile.write(f"X-{number}: x\r\n".encode())
        time.sleep(0.1)


def garbage(handler):
    """Answer with what is no answer."""
    handler.wfile.write(b"\x00\xff\x00 what?\r\n\r\n")
