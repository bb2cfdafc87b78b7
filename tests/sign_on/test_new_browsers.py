"""Whoever signs in through their organisation is told of a new browser, too."""

import pytest
from django.test import Client
from django.urls import reverse

from collaborative.accounts import known_browsers
from tests.accounts.test_new_browsers import told
from tests.sign_on.ways import through_openid

pytestmark = pytest.mark.django_db


def test_the_first_time_is_not_told_another_browser_is_and_then_it_is_known(openid, mailoutbox):
    known, other = Client(), Client()
    through_openid(known, "asha@force.example")
    assert known_browsers.COOKIE in known.cookies
    assert told(mailoutbox) == 0
    through_openid(other, "asha@force.example")
    assert told(mailoutbox) == 1
    for client in (known, other):
        client.post(reverse("account_logout"))
        assert through_openid(client, "asha@force.example").url == "/me/"
    assert told(mailoutbox) == 1
