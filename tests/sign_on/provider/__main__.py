"""Run the tests' identity provider: ``python -m tests.sign_on.provider '{"port": …, "callback": …, "people": [[…]]}'``.

It prints a line once it listens. People are ``[address, whether it is verified]``; all have the same password.
"""

import json
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application


class Server(ThreadingMixIn, WSGIServer):
    """Answers several at a time."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, *args):
        """Say nothing."""


def fill(told):
    """Make the people and the one client."""
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User

    for email, verified in told["people"]:
        local = email.partition("@")[0]
        first = "L" * 150 if local == "long" else local.capitalize()
        user = User.objects.create_user(local, email, told["password"], first_name=first, last_name="Verne")
        if verified is not None:
            EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    client = Client(
        id=told["client"],
        name="Portal",
        scopes="openid\nprofile\nemail",
        redirect_uris=told["callback"],
        skip_consent=True,
    )
    client.set_secret(told["secret"])
    client.save()


def main(told):
    """Serve until stopped."""
    django.setup()
    call_command("migrate", verbosity=0)
    fill(told)
    application = get_wsgi_application()
    with make_server("127.0.0.1", told["port"], application, Server, Quiet) as server:
        print(f"listening at http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201
        server.serve_forever()


main(json.loads(sys.argv[1]))
