"""The people of an organisation as its leads see them, for whom one acts, and both in the coordinators' workshop."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.audit.services import record
from collaborative.core.errors import Refused
from collaborative.notifications.models import Letter
from partners import services
from partners.models import EmailDomain, Membership, MembershipRequest, ProgrammeRole
from partners.rights import rights_of
from tests import factories
from tests.admin_forms import enter, fields_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def run():
    return factories.programme()


@pytest.fixture
def force(run):
    return factories.partner(run)


@pytest.fixture
def lead(client, force):
    user = factories.with_second_factor(factories.member(force, role="lead"))
    client.force_login(user)
    return user


def words(page):
    return " ".join(page.content.decode().split())


class TestThePage:
    def test_it_says_how_each_came(self, client, force, lead):
        domain = services.confirm_domain(force, "force.example", by=None)
        services.admit(factories.person(email="a@force.example", name="Ada"))
        request = services.ask_to_join(force, by=factories.person(name="Bea"), message="May I?", title="Analyst")
        services.answer_request(request, by=lead, accept=True, words="Yes.", title="Analyst")
        page = client.get(f"/partners/{force.slug}/people/")
        rows = {str(row.user): (row.admitted_by, row.asked, row.invited) for row in page.context["memberships"]}
        assert rows == {"Ada": (domain, False, False), "Bea": (None, True, False), str(lead): (None, False, False)}
        assert "Let in by an address at force.example" in words(page)
        assert list(page.context["domains"]) == [domain]

    def test_it_is_searched_and_paginated(self, client, force, lead):
        for n in range(25):
            factories.member(force, user=factories.person(name=f"Person called {n}"), title="Analyst")
        address = f"/partners/{force.slug}/people/"
        assert [len(client.get(address + query).context["memberships"]) for query in ("", "?page=2")] == [20, 6]
        assert len(client.get(address + "?q=called 24").context["memberships"]) == 1
        assert len(client.get(address + "?role=lead").context["memberships"]) == 1

    def test_former_members_are_one_choice_away(self, client, force, lead):
        factories.member(force, ends_on=TODAY())
        address = f"/partners/{force.slug}/people/"
        assert len(client.get(address).context["memberships"]) == 1
        assert len(client.get(address + "?when=past").context["memberships"]) == 1

    def test_only_leads_and_coordinators_open_it(self, client, run, force):
        others = [factories.member(force), factories.member(factories.partner(run), role="lead"), factories.person()]
        for user in others:
            client.force_login(factories.with_second_factor(user))
            assert client.get(f"/partners/{force.slug}/people/").status_code == 403
        client.force_login(factories.with_second_factor(factories.coordinator(run)))
        assert client.get(f"/partners/{force.slug}/people/").status_code == 200
        client.force_login(factories.member(force, role="lead"))
        assert client.get(f"/partners/{force.slug}/people/").status_code == 302

    def test_a_lead_makes_another_lead_who_is_told(self, client, force, lead):
        user = factories.member(force)
        address = f"/partners/{force.slug}/people/{user.memberships.get().pk}/"
        assert client.get(address).status_code == 200
        assert client.post(address, {"role": "lead", "title": "Head of research"}).status_code == 302
        assert rights_of(user).leads == {force.pk}
        assert Letter.objects.filter(recipient=user, key="membership.changed", channel="mail").count() == 1
        event = Event.objects.get(verb="membership.changed")
        assert (event.actor, event.organisation_id, event.to_state) == (lead, force.pk, "lead")
        assert client.post(address, {"role": "king", "title": ""}).status_code == 422

    def test_a_lead_ends_a_membership(self, client, force, lead):
        user = factories.member(force)
        address = f"/partners/{force.slug}/people/{user.memberships.get().pk}/end/"
        assert client.get(address).status_code == 200
        bad = client.post(address, {"ends_on": "2001-01-01", "reason": "Left."})
        assert bad.context["form"].errors["ends_on"] == ["This is before the first day of the membership."]
        assert client.post(address, {"ends_on": "soon"}).status_code == 422
        assert client.post(address, {"ends_on": TODAY().isoformat(), "reason": "Left."}).status_code == 302
        assert not rights_of(user).member
        assert client.get(address).status_code == 404

    def test_the_membership_of_another_organisation_is_not_found_here(self, client, run, force, lead):
        other = factories.member(factories.partner(run)).memberships.get()
        assert client.get(f"/partners/{force.slug}/people/{other.pk}/").status_code == 404
        assert client.post(f"/partners/{force.slug}/people/{other.pk}/end/").status_code == 404
        with pytest.raises(PermissionDenied):
            services.change_membership(other, by=lead, role="lead")

    def test_what_has_ended_is_not_changed(self, force):
        ended = factories.member(force, ends_on=TODAY()).memberships.get()
        with pytest.raises(Refused, match="Let the person in anew"):
            services.change_membership(ended, by=None, role="lead")


class TestActing:
    def test_one_acts_for_what_one_chose_last_else_for_the_likeliest(self, run, force):
        user = factories.member(force, starts_on=TODAY() - timedelta(days=900))
        university = factories.partner(run)
        factories.member(university, user=user, role="lead")
        factories.member(factories.organisation(), user=user, role="lead", starts_on=TODAY())
        assert rights_of(user).acting_for == university.pk
        services.act_for(user.memberships.get(organisation=force), by=user)
        assert rights_of(user).acting_for == force.pk
        user.memberships.filter(organisation=force).update(ends_on=TODAY())
        assert rights_of(user).acting_for == university.pk
        assert rights_of(factories.person()).acting_for is None

    def test_what_one_does_is_recorded_with_it(self, run, force):
        user = factories.member(force)
        assert record("project.noticed", factories.project(run), by=user).organisation_id == force.pk
        assert record("project.noticed", factories.project(run), by=factories.person()).organisation_id is None
        assert record("project.noticed", factories.project(run), by=user, organisation_id=7).organisation_id == 7

    def test_one_chooses_on_one_s_own_page(self, client, run, force):
        user, university = factories.member(force), factories.partner(run)
        factories.member(university, user=user)
        client.force_login(user)
        page = client.get("/me/organisations/")
        assert {str(each.organisation) for each in page.context["lasting"]} == {force.name, university.name}
        mine = user.memberships.get(organisation=university)
        assert client.post(f"/me/organisations/{mine.pk}/act/").status_code == 302
        assert rights_of(user).acting_for == university.pk
        assert university.name in words(client.get("/me/"))
        other = factories.member(force).memberships.get()
        assert client.post(f"/me/organisations/{other.pk}/act/").status_code == 404

    def test_nobody_acts_for_where_they_are_no_longer_or_not_yet(self, force):
        for dates in ({"ends_on": TODAY()}, {"starts_on": TODAY() + timedelta(days=2)}):
            membership = factories.member(force, **dates).memberships.get()
            with pytest.raises(Refused, match="not a member of this organisation today"):
                services.act_for(membership, by=membership.user)


class TestDomainsInTheWorkshop:
    def add(self, client, force, **values):
        address = "/admin/partners/emaildomain/add/"
        return client.post(address, {"organisation": force.pk, "domain": "", "admits": ""} | values)

    def test_a_coordinator_confirms_sets_and_takes_off(self, client, run, force):
        user = factories.coordinator(run)
        enter(client, user)
        assert self.add(client, force, domain="@Force.Example").status_code == 302
        domain = EmailDomain.objects.get()
        assert (domain.domain, domain.admits, domain.confirmed_by) == ("force.example", "at_once", user)
        assert [each.verb for each in Event.objects.about(domain)] == ["email_domain.confirmed"]
        address = f"/admin/partners/emaildomain/{domain.pk}/"
        assert client.post(address + "change/", fields_of(client, address + "change/") | {"admits": "ask"})
        domain.refresh_from_db()
        assert domain.admits == "ask"
        member = factories.person(email="a@force.example")
        Membership.objects.create(user=member, organisation=force, admitted_by=domain)
        page = words(client.get(address + "act/"))
        assert "People who are in by it alone</dt><dd><p>1</p>" in page
        assert str(member) in page
        assert client.post(address + "act/", {"act": "remove", "reason": ""}).status_code == 422
        assert client.post(address + "act/", {"act": "remove", "reason": "It was sold."}).status_code == 302
        assert not rights_of(member).member
        assert MembershipRequest.objects.pending().get().user == member
        assert "It was sold." in words(client.get(address + "change/"))
        assert client.post(address + "change/", {"admits": "at_once"}).status_code == 403

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"domain": "gmail.com"}, "Anybody can have an address at gmail.com, so it shows nothing about"),
            ({"domain": "police.uk"}, "Many organisations have addresses below police.uk."),
            ({"domain": "a@b.example"}, "Write a mail domain: what stands after the @, such as gmp.police.uk."),
            ({"domain": "taken.example"}, "This domain belongs to another organisation already: "),
            ({"domain": "gmp.cjsm.net", "admits": "at_once"}, "Many organisations share gmp.cjsm.net."),
            ({"domain": "x.example", "admits": "ask", "subdomains_at_once": "on"}, "Addresses below the domain can"),
            ({"domain": "x" * 300 + ".example"}, "Ensure this value has at most 253 characters"),
            ({"domain": "x\x00.example"}, "Null characters are not allowed."),
        ],
    )
    def test_what_cannot_be_gets_one_sentence_beside_its_field(self, client, run, force, values, sentence):
        services.confirm_domain(factories.partner(run), "taken.example", by=None)
        enter(client, factories.coordinator(run))
        answer = self.add(client, force, **values)
        assert answer.status_code == 200
        ((_field, errors),) = answer.context["adminform"].form.errors.items()
        assert [str(error).startswith(sentence) for error in errors] == [True]
        assert EmailDomain.objects.count() == 1

    def test_another_programme_s_partner_gets_none_from_here(self, client, run):
        elsewhere = factories.partner(factories.programme())
        enter(client, factories.coordinator(run))
        self.add(client, elsewhere, domain="elsewhere.example")
        assert not EmailDomain.objects.exists()


class TestMembershipsInTheWorkshop:
    def change(self, client, membership, **values):
        address = f"/admin/partners/membership/{membership.pk}/change/"
        return client.post(address, fields_of(client, address) | values)

    def test_letting_in_tells_the_person_and_settles_their_request(self, client, run, force):
        person = factories.person()
        request = services.ask_to_join(force, by=person, message="May I?", title="Analyst")
        enter(client, factories.coordinator(run))
        sent = {"email": person.email, "organisation": force.pk, "role": "member", "title": "Analyst"}
        answer = client.post("/admin/partners/membership/add/", sent | {"starts_on": TODAY(), "ends_on": ""})
        assert answer.status_code == 302
        request.refresh_from_db()
        assert request.state == "accepted"
        assert Letter.objects.filter(recipient=person, key="membership.started", channel="mail").exists()

    def test_a_role_an_end_and_an_end_taken_back_are_recorded_as_everywhere(self, client, run, force):
        membership = factories.member(force).memberships.get()
        enter(client, factories.coordinator(run))
        later = TODAY() + timedelta(days=30)
        assert self.change(client, membership, role="lead").status_code == 302
        assert self.change(client, membership, ends_on=later).status_code == 302
        assert self.change(client, membership, ends_on="").status_code == 302
        assert self.change(client, membership, ends_on=TODAY()).status_code == 302
        verbs = [each.verb for each in Event.objects.about(membership)]
        assert verbs == ["membership.changed", "membership.ended", "membership.changed", "membership.ended"]
        assert not rights_of(membership.user).member

    def test_days_the_wrong_way_round_get_a_sentence(self, client, run, force):
        membership = factories.member(force).memberships.get()
        enter(client, factories.coordinator(run))
        answer = self.change(client, membership, ends_on="2001-01-01")
        assert answer.context["adminform"].form.errors == {"ends_on": ["This is before the first day."]}

    def test_an_office_is_given_and_ended_by_the_services(self, client, run):
        person = factories.person()
        enter(client, factories.administrator())
        sent = {"email": person.email, "programme": run.pk, "role": "coordinator", "starts_on": TODAY(), "ends_on": ""}
        assert client.post("/admin/partners/programmerole/add/", sent).status_code == 302
        role = ProgrammeRole.objects.get(user=person)
        assert Letter.objects.filter(recipient=person, key="programme_role.started", channel="mail").count() == 1
        again = client.post("/admin/partners/programmerole/add/", sent)
        assert again.context["adminform"].form.non_field_errors() == ["This person has this role already."]
        address = f"/admin/partners/programmerole/{role.pk}/change/"
        assert client.post(address, fields_of(client, address) | {"ends_on": TODAY()}).status_code == 302
        assert [each.verb for each in Event.objects.about(role)] == ["programme_role.started", "programme_role.ended"]
        assert not rights_of(person).coordinator_of


class TestWhatIsPreselected:
    @pytest.fixture
    def university(self, run):
        return factories.partner(run)

    @pytest.fixture
    def user(self, client, force, university):
        user = factories.member(force)
        factories.member(university, user=user)
        client.force_login(user)
        return user

    @pytest.mark.parametrize("chosen", ["force", "university"])
    def test_booking_proposing_and_joining_begin_with_whom_one_acts_for(self, client, run, user, chosen, request):
        body = request.getfixturevalue(chosen)
        services.act_for(user.memberships.get(organisation=body), by=user)
        page = words(client.get(factories.event(run).get_absolute_url()))
        assert f'<option value="{body.pk}" selected>{body}</option>' in page
        standing = body.partnerships.get().pk
        project = factories.project(run)
        for address in ("/projects/propose/", f"/projects/{project.slug}/join/"):
            assert client.get(address).context["form"]["standing"].value() == standing
