"""Asking to be let into an organisation, and the answer; the pages on which both happen."""

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from partners import services
from partners.models import Membership, MembershipRequest
from partners.rights import rights_of
from tests import factories
from tests.races import at_once

TODAY = timezone.localdate
WORDS = {"message": "I work in the research team.", "title": "Analyst"}


@pytest.fixture
def run():
    return factories.programme()


@pytest.fixture
def force(run):
    return factories.partner(run)


@pytest.fixture
def lead(force):
    return factories.with_second_factor(factories.member(force, role="lead"))


def told(key):
    return set(Letter.objects.filter(key=key, channel="portal").values_list("recipient", flat=True))


def asked(organisation, user=None, **more):
    return services.ask_to_join(organisation, by=user or factories.person(), **WORDS | more)


@pytest.mark.django_db
class TestAsking:
    def test_the_leads_are_told_and_it_is_recorded(self, force, lead):
        user = factories.person()
        request = asked(force, user)
        assert (request.state, request.message, request.title, request.domain) == ("pending", *WORDS.values(), None)
        assert told("membership_request.made") == {lead.pk}
        assert list(Event.objects.about(request).values_list("verb", "actor")) == [("membership_request.made", user.pk)]

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ({"message": "  "}, "Write a message to those who decide."),
            ({"title": ""}, "Say what your job is."),
            ({"message": "x" * 2001}, "This text may have at most 2000 characters."),
            ({"title": "x" * 121}, "This text may have at most 120 characters."),
        ],
    )
    def test_it_needs_a_message_and_a_job_title_of_some_length(self, force, words, sentence):
        with pytest.raises(Refused) as refused:
            asked(force, **words)
        assert str(refused.value) == sentence

    def test_nobody_asks_twice_nor_where_they_are_in_nor_where_nobody_takes_part(self, force):
        user = factories.person()
        asked(force, user)
        with pytest.raises(Refused, match="You have asked already"):
            asked(force, user)
        with pytest.raises(PermissionDenied, match="a member of this organisation already"):
            asked(force, factories.member(force))
        with pytest.raises(PermissionDenied, match="takes part in no programme"):
            asked(factories.organisation())

    def test_nobody_asks_all_the_world_in_a_day(self, run):
        user = factories.person()
        for _n in range(5):
            asked(factories.partner(run), user)
        with pytest.raises(Refused, match="Wait until tomorrow"):
            asked(factories.partner(run), user)


@pytest.mark.django_db
class TestAnswering:
    @pytest.mark.parametrize("role", ["member", "lead"])
    def test_whoever_is_accepted_is_in_and_told_once(self, force, lead, role):
        request = asked(force)
        answered = services.answer_request(request, by=lead, accept=True, words="Welcome.", role=role, title="Analyst")
        membership = request.user.memberships.get()
        assert (membership.role, membership.title, membership.admitted_by) == (role, "Analyst", None)
        assert (answered.state, answered.answer, answered.answered_by) == ("accepted", "Welcome.", lead)
        assert Letter.objects.filter(recipient=request.user, channel="mail").values_list("key").get() == (
            "membership_request.accepted",
        )
        assert Event.objects.get(verb="membership_request.accepted").organisation_id == force.pk

    def test_whoever_is_declined_stays_out_and_may_ask_again(self, force, lead):
        request = asked(force)
        services.answer_request(request, by=lead, accept=False, words="Ask with your work address.")
        assert not rights_of(request.user).organisations
        assert told("membership_request.declined") == {request.user.pk}
        assert asked(force, request.user).state == "pending"

    def test_an_answer_needs_words(self, force, lead):
        with pytest.raises(Refused, match="Write a message"):
            services.answer_request(asked(force), by=lead, accept=True, words=" ")

    def test_only_leads_and_coordinators_with_a_second_factor_answer_and_nobody_their_own(self, run, force, lead):
        request = asked(force)
        others = [
            factories.member(force),
            factories.member(force, role="lead"),
            factories.with_second_factor(factories.member(factories.partner(run), role="lead")),
            factories.with_second_factor(factories.coordinator(factories.programme())),
            factories.with_second_factor(factories.coordinator(run, request.user)),
        ]
        for user in others:
            with pytest.raises(PermissionDenied):
                services.answer_request(request, by=user, accept=True, words="Yes.")
        coordinator = factories.with_second_factor(factories.coordinator(run))
        assert services.answer_request(request, by=coordinator, accept=True, words="Yes.").state == "accepted"

    def test_a_request_goes_when_the_person_comes_in_another_way(self, run, force):
        request, by = asked(force), factories.coordinator(run)
        services.add_member(force, request.user, by=by)
        request.refresh_from_db()
        assert (request.state, request.answered_by) == ("accepted", by)

    def test_nobody_is_let_into_what_takes_part_no_more(self, force, lead):
        request = asked(force)
        force.partnerships.update(ends_on=TODAY())
        with pytest.raises(Refused, match="Decline, and say so"):
            services.answer_request(request, by=lead, accept=True, words="Yes.")
        assert MembershipRequest.objects.get().state == "pending"

    def test_taking_back_tells_those_who_would_have_answered(self, force, lead):
        request = asked(force)
        with pytest.raises(PermissionDenied):
            services.take_back_request(request, by=lead)
        services.take_back_request(request, by=request.user)
        assert told("membership_request.withdrawn") == {lead.pk}
        with pytest.raises(Refused, match="already “Taken back”"):
            services.answer_request(request, by=lead, accept=True, words="Yes.")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_of_two_leads_who_answer_at_once_the_second_is_told(self):
        force = factories.partner(factories.programme())
        leads = [factories.with_second_factor(factories.member(force, role="lead")) for _ in range(2)]
        request = asked(force)
        results = at_once(
            lambda: services.answer_request(request, by=leads[0], accept=True, words="Yes."),
            lambda: services.answer_request(request, by=leads[1], accept=False, words="No."),
        )
        assert sorted(type(each).__name__ for each in results) == ["MembershipRequest", "Refused"]
        state = MembershipRequest.objects.get().state
        assert Membership.objects.filter(user=request.user).exists() == (state == "accepted")

    def test_somebody_who_asks_twice_at_once_asks_once(self):
        force, user = factories.partner(factories.programme()), factories.person()
        results = at_once(*[lambda: asked(force, user)] * 2)
        assert sorted(type(each).__name__ for each in results) == ["MembershipRequest", "Refused"]


@pytest.mark.django_db
class TestPages:
    def test_asking_leads_to_the_request_and_there_again(self, client, force, lead):
        user = factories.person()
        client.force_login(user)
        address = f"/partners/{force.slug}/join/"
        assert client.get(address).status_code == 200
        answer = client.post(address, WORDS)
        request = MembershipRequest.objects.get()
        assert (answer.status_code, answer.url) == (302, f"/partners/{force.slug}/requests/{request.pk}/")
        assert client.get(address).url == answer.url
        page = client.get(answer.url).content.decode()
        assert "Nobody has answered yet" in page
        assert client.post(answer.url + "take-back/").status_code == 302
        assert "Taken back" in client.get("/me/organisations/").content.decode()

    @pytest.mark.parametrize(
        ("sent", "sentence"),
        [
            ({"title": "", "message": "Hello"}, "Say what your job is."),
            ({"title": "Analyst", "message": ""}, "Write a message to those who decide."),
            ({"title": "x" * 121, "message": "Hello"}, "Use 120 characters or fewer (it has 121)."),
            ({"title": "Ana\x00lyst", "message": "Hello"}, "Null characters are not allowed."),
        ],
    )
    def test_bad_input_gets_a_sentence_and_what_was_typed_is_kept(self, client, force, sent, sentence):
        client.force_login(factories.person())
        answer = client.post(f"/partners/{force.slug}/join/", sent)
        assert answer.status_code == 422
        assert [str(each) for each in sum(answer.context["form"].errors.values(), [])] == [sentence]
        assert not MembershipRequest.objects.exists()

    def test_broken_encoding_is_no_error_page(self, client, force):
        client.force_login(factories.person())
        answer = client.post(
            f"/partners/{force.slug}/join/",
            b"title=%ff%fe&message=%c3%28",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 302

    def test_a_lead_answers_after_showing_that_it_is_them(self, client, force, lead):
        request = asked(force)
        address = request.get_absolute_url()
        client.force_login(lead)
        session = client.session
        del session[AUTHENTICATION_METHODS_SESSION_KEY]
        session.save()
        assert client.get(address).url.startswith("/accounts/2fa/reauthenticate/")
        assert client.post(address, {"answer": "member", "words": "Hello"}).url.startswith("/accounts/2fa/")
        client.force_login(lead)
        page = client.get(address).content.decode()
        assert request.user.email in page
        assert client.post(address, {"answer": "", "words": ""}).status_code == 422
        answer = client.post(address, {"answer": "lead", "title": "Analyst", "words": "Welcome."})
        assert (answer.status_code, answer.url) == (302, f"/partners/{force.slug}/people/")
        assert rights_of(request.user).leads == {force.pk}
        late = client.post(address, {"answer": "decline", "words": "No."})
        assert late.status_code == 422
        assert list(late.context["form"].non_field_errors()) == ["This cannot be done now: it is already “Accepted”."]

    def test_whoever_was_declined_is_shown_the_way_to_ask_again_and_where_the_page_stands(self, client, force, lead):
        request = asked(force)
        client.force_login(request.user)
        again = f"/partners/{force.slug}/join/"
        assert again not in client.get(request.get_absolute_url()).content.decode()
        services.answer_request(request, by=lead, accept=False, words="Write to us first.")
        page = client.get(request.get_absolute_url())
        assert f'href="{again}"' in page.content.decode()
        assert [crumb["url"] for crumb in page.context["crumbs"]] == ["/partners/", force.get_absolute_url()]

    def test_others_do_not_meet_it(self, client, force, lead):
        request = asked(force)
        for user in (factories.person(), factories.member(force)):
            client.force_login(user)
            assert client.get(request.get_absolute_url()).status_code == 404

    def test_the_organisation_s_page_shows_each_what_they_can_do(self, client, force, lead):
        address = force.get_absolute_url()
        assert "Sign in and ask to be let in" in client.get(address).content.decode()
        user = factories.person()
        client.force_login(user)
        assert "Ask to be let in" in client.get(address).content.decode()
        asked(force, user)
        assert "See your request" in client.get(address).content.decode()
        assert "You asked to be let into" in client.get("/me/").content.decode()
        client.force_login(factories.member(force))
        assert "Do you work here?" not in client.get(address).content.decode()
        client.force_login(lead)
        assert "1 person waits to be let in." in client.get(address).content.decode()
        assert f"{user} asks to be let in" in client.get("/me/").content.decode()
