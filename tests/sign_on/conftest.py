"""An identity provider of its own, and a service that leads to it."""

import pytest

from partners.models import SignOn
from tests.sign_on.ways import Provider, service


@pytest.fixture(scope="session")
def provider(tmp_path_factory):
    """Run django-allauth's own OpenID Connect provider beside the portal."""
    callback = "http://testserver/accounts/oidc/force-oidc/login/callback/"
    with Provider(tmp_path_factory.mktemp("provider"), callback) as running:
        yield running


@pytest.fixture
def openid(db, provider):
    """Make a service that leads to the running provider."""
    return service(SignOn.Protocol.OPENID_CONNECT, issuer=provider.address)
