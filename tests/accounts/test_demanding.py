"""Views of what only some may do demand the second factor, in the same way everywhere; and policies refuse without."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.generic import View

from collaborative.accounts.second_factor import with_second_factor
from collaborative.core import policies
from collaborative.core.views import Guarded, act
from partners.models import MembershipRequest, Organisation
from tests import factories as make
from tests.factories import coordinator, member, partner, person, programme

pytestmark = pytest.mark.django_db
THERE = "/partners/here/invite/?who=a"


@with_second_factor
class LeadsPage(Guarded, View):
    """A page that only leads open."""

    policy = "partners.let_in"

    def guarded_thing(self):
        """Ask about the one organisation."""
        return Organisation.objects.get()

    def get(self, request):
        """Answer."""
        return HttpResponse("in")


@act("partners.let_in", model=Organisation)
@with_second_factor
def leads_act(request, organisation):
    """Do what only leads do."""
    return organisation, "Done."


def asked(client, method="get", path=THERE):
    """Return a request in a client's session."""
    request = getattr(RequestFactory(), method)(path)
    request.session = client.session
    request.user = client.user
    request._messages = Kept()
    return request


class Kept(list):
    """Keep what is said."""

    def add(self, level, text, extra_tags=""):
        """Keep a sentence."""
        self.append(str(text))


def sign_in(client, user):
    """Sign somebody in; return the client."""
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def force():
    """Make the one organisation."""
    return partner(programme())


@pytest.mark.parametrize("role", ["lead", "coordinator"])
class TestWhoeverMay:
    def who(self, role, force):
        """Return a person of a part."""
        if role == "lead":
            return member(force, role="lead")
        return coordinator(force.partnerships.get().programme)

    def test_without_a_second_factor_is_led_to_one_and_back(self, client, force, role):
        client = sign_in(client, self.who(role, force))
        assert LeadsPage.as_view()(asked(client)).url == (
            "/accounts/second-factor/?next=/partners/here/invite/%3Fwho%3Da"
        )
        answer = leads_act(asked(client, "post"), slug=force.slug)
        assert answer.url == f"/accounts/second-factor/?next={force.get_absolute_url()}"

    def test_who_has_not_used_it_in_this_session_is_asked_for_it(self, client, force, role):
        client = sign_in(client, self.who(role, force))
        make.with_second_factor(client.user)
        assert LeadsPage.as_view()(asked(client)).url == (
            "/accounts/2fa/reauthenticate/?next=/partners/here/invite/%3Fwho%3Da"
        )
        request = asked(client, "post")
        answer = leads_act(request, slug=force.slug)
        assert answer.url == f"/accounts/2fa/reauthenticate/?next={force.get_absolute_url()}"
        assert request._messages == ["Nothing is done yet: show that it is you, then do it once more."]

    def test_who_has_used_it_goes_on(self, client, force, role):
        client = sign_in(client, make.with_second_factor(self.who(role, force)))
        assert LeadsPage.as_view()(asked(client)).content == b"in"
        request = asked(client, "post")
        assert leads_act(request, slug=force.slug).url == force.get_absolute_url()
        assert request._messages == ["Done."]

    def test_policies_refuse_without_one_and_say_what_to_do(self, force, role):
        user = self.who(role, force)
        request = MembershipRequest.objects.create(user=person(), organisation=force)
        for name, thing in (("partners.let_in", force), ("memberships.answer", request)):
            with pytest.raises(PermissionDenied, match="Set up a second factor first: an authenticator app or a pass"):
                policies.require(name, user, thing)
            assert policies.offers(name, user, thing)
        make.with_second_factor(user)
        policies.require("partners.let_in", user, force)
        policies.require("memberships.answer", user, request)


def test_others_are_told_that_it_is_not_theirs_whatever_they_have_set_up(client, force):
    for user in (member(force), make.with_second_factor(member(force))):
        with pytest.raises(PermissionDenied, match="Only a lead of this organisation"):
            LeadsPage.as_view()(asked(sign_in(client, user)))
        assert not policies.offers("partners.let_in", user, force)
