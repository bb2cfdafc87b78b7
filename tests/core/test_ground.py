"""Policies, kinds, panels, dates, texts and nudges: what every app stands on."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from collaborative.core import jobs, kinds, panels, policies
from collaborative.core.dated import holds_on
from collaborative.core.slugs import free_slug
from collaborative.core.text import markdown, plain
from partners.models import Membership
from projects.models import RESERVED_SLUGS, Project
from tests import factories as make


def test_a_policy_that_nobody_wrote_is_a_mistake_and_not_a_no():
    with pytest.raises(LookupError):
        policies.ask("projects.unheard_of", None)


def test_a_refusal_carries_its_reason():
    with pytest.raises(PermissionDenied, match="Because"):
        policies.policy("tests.never")(lambda user, thing: policies.refusal("Because."))
        policies.require("tests.never", None)


def test_two_policies_of_one_name_are_a_mistake():
    with pytest.raises(ValueError, match="two policies"):
        policies.policy("public")(lambda user, thing: policies.ALLOWED)


def test_a_kind_that_nobody_registered_is_a_mistake():
    with pytest.raises(LookupError):
        kinds.model_of("unicorn")


@pytest.mark.django_db
def test_what_may_not_be_seen_is_not_found():
    draft = make.project(stage="draft")
    assert kinds.find("project", draft.pk, make.person()) is None
    assert kinds.find("project", draft.pk) == draft


def test_panels_stand_in_their_order_and_leave_out_what_has_nothing_to_say():
    place = "a test"
    panels.panel(place, order=2)(lambda thing, request: ("second", {}))
    panels.panel(place, order=1)(lambda thing, request: ("first", {}))
    panels.panel(place, order=3)(lambda thing, request: None)
    assert [name for name, _context in panels.panels_for(place, None, None)] == ["first", "second"]


@pytest.mark.django_db
def test_a_period_holds_from_its_first_day_until_before_its_last():
    today = timezone.localdate()
    membership = Membership.objects.create(
        user=make.person(), organisation=make.organisation(), starts_on=today, ends_on=today + timedelta(days=2)
    )
    held = [
        Membership.objects.filter(holds_on(today + timedelta(days=day)), pk=membership.pk).exists()
        for day in (-1, 0, 1, 2)
    ]
    assert held == [False, True, True, False]


@pytest.mark.django_db
def test_an_address_is_never_taken_nor_reserved():
    make.project(slug="areas-2")
    assert free_slug(Project, "Areas", RESERVED_SLUGS) == "areas-3"
    assert free_slug(Project, "???") == "untitled"


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "<a href='data:text/html,x'>y</a>",
        "[x](<javascript:alert(1)>)",
    ],
)
def test_a_long_text_never_becomes_script(bad):
    html = str(markdown(bad)).lower()
    assert ("<script" in html, 'href="javascript' in html, "<img" in html, 'href="data' in html) == (False,) * 4


def test_headings_of_a_text_stand_below_the_pages_own():
    assert "<h3" in markdown("# First", heading_level=3)


def test_plain_words_are_cut_at_a_word():
    assert plain("**Bold** & <b>plain</b> words that go on", 20) == "Bold & <b>plain</b>…"


@pytest.mark.django_db(transaction=True)
def test_a_nudge_that_cannot_be_sent_never_fails_what_was_saved(caplog):
    with transaction.atomic():
        theme = make.theme()
        jobs.nudge("notifications.deliver", object())  # no broker takes this
    assert type(theme).objects.filter(pk=theme.pk).exists()
    assert "a nudge did not reach the broker" in caplog.text
