"""A sign-in from a strange browser: told by a letter that is really sent, seen in the list, ended, and shut out."""

import pytest
from django.urls import reverse

from tests import factories as make
from tests.journeys.conftest import DESK, PHONE, sign_in
from tests.smtp_sink import plain

pytestmark = pytest.mark.django_db(transaction=True)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_stranger_with_the_password_is_noticed_and_signed_out(page_at, axe, smtp_sink, width):
    user = make.person()
    mine, strange = page_at(width), page_at(DESK, user_agent=FIREFOX)
    sign_in(mine, user)
    mine.wait_for_url("**/me/")
    assert smtp_sink.to(user.email) == []

    sign_in(strange, user)
    strange.wait_for_url("**/me/")
    [letter] = smtp_sink.to(user.email)
    assert letter["Subject"] == "A new sign-in to your account at Policing Research Collaborative"
    assert "Firefox on Windows" in plain(letter)
    assert reverse("account_sessions") in plain(letter)

    mine.goto("/accounts/")
    assert axe(mine) == []
    mine.get_by_role("link", name="See where").click()
    assert mine.get_by_role("heading", level=2, name="Firefox on Windows").is_visible()
    assert axe(mine) == []
    mine.get_by_role("button", name="Sign out there").click()
    mine.get_by_text("You are signed out there.").wait_for()
    assert mine.get_by_role("button", name="Sign out there").count() == 0
    strange.goto("/me/")
    assert strange.url.endswith("/accounts/login/?next=/me/")

    sign_in(strange, user)
    strange.wait_for_url("**/me/")
    mine.reload()
    mine.get_by_role("button", name="Sign out everywhere else").click()
    mine.get_by_text("You are signed out everywhere but here.").wait_for()
    strange.goto("/me/")
    assert strange.url.endswith("/accounts/login/?next=/me/")
    assert len(smtp_sink.to(user.email)) == 1
