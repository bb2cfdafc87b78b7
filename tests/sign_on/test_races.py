"""Two browsers of one person arrive at the same moment for the first time."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client

from collaborative.accounts.models import User
from tests.races import at_once
from tests.sign_on.assertions import SamlProvider, ask, post, saml_service


@pytest.mark.django_db(transaction=True)
def test_one_account_is_made_and_the_other_browser_is_told_to_begin_again():
    provider = SamlProvider()
    saml_service(provider)
    browsers = [Client(), Client()]
    answers = [provider.answer(ask(browser)) for browser in browsers]
    connection.close()
    ends = at_once(*(lambda pair=pair: post(*pair).status_code for pair in zip(browsers, answers, strict=True)))
    assert set(ends) <= {302, 409}
    assert 302 in ends
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 1)
