"""Guarded views: where one comes back to, and what a refusal looks like."""

import pytest
from django.urls import reverse

from tests import factories as make

pytestmark = pytest.mark.django_db


def test_signing_in_from_an_act_leads_back_to_the_page_of_its_thing(client):
    event = make.event()
    answer = client.post(reverse("training:book", args=[event.slug]))
    assert answer.url == f"{reverse('account_login')}?next={event.get_absolute_url()}"


def test_signing_in_from_a_page_leads_back_to_it_with_its_parameters(client):
    answer = client.get(reverse("projects:propose") + "?programme=3")
    assert answer.url == f"{reverse('account_login')}?next=/projects/propose/%3Fprogramme%3D3"


def test_a_refusal_in_the_present_state_of_things_is_a_409_with_its_sentence(client):
    event = make.event()
    client.force_login(make.person())
    answer = client.post(reverse("training:cancel", args=[event.slug]))
    assert (answer.status_code, "You have no booking for this event." in answer.text) == (409, True)


def test_a_refusal_by_policy_is_a_403_with_its_reason(client):
    client.force_login(make.person())
    answer = client.get(reverse("projects:propose"))
    assert (answer.status_code, "This is for staff of partner organisations." in answer.text) == (403, True)


def test_what_is_made_for_somebody_signed_in_is_in_no_cache(client):
    pages = [reverse(name) for name in ("home", "projects:list", "notifications:notifications")]
    assert "Cache-Control" not in client.get(pages[0]).headers
    client.force_login(make.person())
    assert {client.get(page).headers["Cache-Control"] for page in pages} == {"private, no-store"}
    assert "no-store" in client.get(reverse("projects:propose")).headers["Cache-Control"]
