"""The pages of inviting and of answering, and that they give nobody a hint."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.accounts.models import User
from collaborative.notifications import sending
from collaborative.notifications.models import Letter
from partners.models import Invitation, Membership
from partners.services import invitations
from tests import factories as make
from tests.accounts.hashers import CountingHasher
from tests.accounts.ways import code_in, join, sign_in, signed_in, words
from tests.partners.test_invitations import NEW, age, at_home, lead_of

pytestmark = pytest.mark.django_db


def invite(email=NEW, **more):
    """Return an invitation by a lead."""
    organisation, lead = at_home()
    return invitations.invite(organisation, by=lead, email=email, **more)


def page_of(invitation, part=""):
    """Return the address to which the letter leads, or of an act there."""
    return f"/invitations/{invitation.token}/{part}"


def shown(response):
    """Return a page without what differs from address to address."""
    text = re.sub(r'datetime="[^"]+"', "", words(response))
    return re.sub(r"/invitations/[^\"&?]*|%2Finvitations%2F[^\"&]*", "LINK", text)


class TestThePageOfAnInvitation:
    def test_it_says_who_invites_whom_to_what(self, client):
        made = invite(message="Come & see <b>us</b>.", role="lead")
        page = client.get(page_of(made))
        text = page.content.decode()
        assert page.status_code == 200
        for said in (
            str(made.invited_by),
            made.organisation.name,
            NEW,
            "Come &amp; see &lt;b&gt;us&lt;/b&gt;.",
            "lead",
        ):
            assert said in text
        assert 'name="robots" content="noindex"' in text
        assert "no-store" in page["Cache-Control"]

    @pytest.mark.parametrize("who", ["nobody", "the invited", "somebody else", "the inviter"])
    def test_looking_at_it_changes_nothing(self, who):
        person = make.person()
        made = invite(person.email)
        client = Client()
        people = {"the invited": person, "somebody else": make.person(), "the inviter": made.invited_by}
        if who in people:
            client.force_login(people[who])
        for part in ("", "accept/", "decline/", "start/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page_of(made, part)).status_code == (405 if part else 200)
            assert [
                q["sql"] for q in queries if not q["sql"].lstrip("(").startswith(("SELECT", "SAVEPOINT", "RELEASE"))
            ] == []
        assert Invitation.objects.get().state == "pending"

    def test_every_link_that_leads_to_nothing_gets_the_same_page(self, client):
        used, person = invite(), make.person()
        accepted = invitations.invite(used.organisation, by=used.invited_by, email=person.email)
        invitations.accept(accepted, by=person)
        withdrawn, old, declined = (
            invitations.invite(used.organisation, by=used.invited_by, email=f"{n}@force.example") for n in range(3)
        )
        invitations.withdraw(withdrawn, by=used.invited_by)
        invitations.decline(declined)
        age(old, days=22)
        tokens = [each.token for each in (accepted, withdrawn, old, declined)]
        tokens += ["wrong", used.token[:-1], used.token + "x", "MTI.x", "%00"]
        answers = [client.get(f"/invitations/{token}/") for token in tokens]
        assert [answer.status_code for answer in answers] == [404] * len(tokens)
        assert len({shown(answer) for answer in answers}) == 1
        for part in ("accept/", "decline/", "start/"):
            answers = [client.post(f"/invitations/{token}/{part}") for token in tokens]
            assert [answer.status_code for answer in answers] == [404] * len(tokens)
            assert len({shown(answer) for answer in answers}) == 1

    def test_known_and_unknown_addresses_get_the_same_page_and_the_same_way_on(self):
        make.person(email="known@people.example")
        organisation, lead = at_home()
        seen = []
        for email in ("known@people.example", "unknown@people.example"):
            made = invitations.invite(organisation, by=lead, email=email)
            client = Client()
            with CaptureQueriesContext(connection) as queries:
                page = shown(client.get(page_of(made)))
            cost = len(queries)
            ways = [client.post(page_of(made, "start/"), {"way": way}) for way in ("sign_in", "join")]
            after = [shown(client.get(way.url)) for way in ways]
            seen.append((page, cost, [way.status_code for way in ways], after))
        assert seen[0] == seen[1]

    def test_whoever_is_signed_in_with_another_address_is_told_what_to_do(self, client):
        made, other = invite(), make.person()
        client.force_login(other)
        text = client.get(page_of(made)).content.decode()
        assert f"You are signed in with {other.email}, and the invitation was sent to {NEW}." in text
        assert page_of(made, "accept/") not in text
        assert client.post(page_of(made, "accept/")).status_code == 403
        assert not Membership.objects.filter(user=other).exists()

    def test_the_invited_accepts_and_lands_on_what_it_is_about(self, client):
        organisation, lead = at_home()
        project, person = make.project(), make.person()
        made = invitations.invite(organisation, by=lead, email=person.email, about=project)
        client.force_login(person)
        answer = client.post(page_of(made, "accept/"), follow=True)
        assert answer.redirect_chain == [(project.get_absolute_url(), 302)]
        assert f"Welcome: you take part for {organisation.name} now." in answer.content.decode()
        again = client.get(page_of(made)).content.decode()
        assert "You have accepted this invitation" in again
        assert f'href="{project.get_absolute_url()}"' in again
        assert client.post(page_of(made, "accept/")).url == project.get_absolute_url()

    def test_a_no_needs_no_account_and_ends_it(self, client):
        made = invite()
        assert client.post(page_of(made, "decline/")).url == "/"
        assert Invitation.objects.get().state == "declined"
        assert client.get(page_of(made)).status_code == 404

    def test_accepting_without_signing_in_leads_back_to_the_page(self, client):
        made = invite()
        assert client.post(page_of(made, "accept/")).url == page_of(made)
        assert Invitation.objects.get().state == "pending"

    def test_a_posted_answer_needs_our_own_page(self):
        made = invite()
        assert Client(enforce_csrf_checks=True).post(page_of(made, "decline/")).status_code == 403


class TestJoining:
    @pytest.fixture(autouse=True, params=[True, False], ids=["open", "closed"])
    def _joining(self, settings, request):
        settings.SIGNUP_OPEN = request.param

    def test_one_joins_with_the_invited_address_and_comes_back(self, client, mailoutbox):
        made = invite()
        where = client.post(page_of(made, "start/"), {"way": "join"}).url
        page = client.get(where)
        assert f'value="{NEW}"' in page.content.decode()
        values = {"name": "Asha Verne", "email": NEW, "password1": make.PASSWORD, "next": page_of(made)}
        client.post(reverse("account_signup"), values)
        answer = client.post(reverse("account_email_verification_sent"), {"code": code_in(mailoutbox[-1])})
        assert answer.url == page_of(made)
        assert client.post(answer.url + "accept/").url == made.organisation.get_absolute_url()
        assert Membership.objects.get(user__email=NEW).organisation == made.organisation

    def test_one_signs_in_with_the_address_filled_in_and_comes_back(self, client):
        person = make.person()
        made = invite(person.email)
        where = client.post(page_of(made, "start/"), {"way": "sign_in"}).url
        assert f'value="{person.email}"' in client.get(where).content.decode()
        assert sign_in(client, person.email, next=page_of(made)).url == page_of(made)

    def test_nothing_tells_whether_the_invited_address_has_an_account(self, settings):
        settings.PASSWORD_HASHERS = ["tests.accounts.hashers.CountingHasher"]
        make.person(email="known@people.example")
        organisation, lead = at_home()
        seen = []
        for email in ("known@people.example", "unknown@people.example"):
            made = invitations.invite(organisation, by=lead, email=email)
            client, letters, hashes = Client(), len(mail.outbox), CountingHasher.asked
            client.post(page_of(made, "start/"), {"way": "join"})
            answer = join(client, email)
            after = shown(client.get(answer.url))
            work = (CountingHasher.asked - hashes, len(mail.outbox) - letters)
            seen.append((answer.status_code, answer.url, after, work, sorted(client.cookies)))
        assert seen[0] == seen[1]


class TestClosed:
    @pytest.fixture(autouse=True)
    def _closed(self, settings):
        settings.SIGNUP_OPEN = False

    def refused(self, client):
        """Say whether joining is refused with its own page, and nobody was made."""
        page = client.get(reverse("account_signup"))
        answer = join(client, NEW)
        templates = {template.name for each in (page, answer) for template in each.templates}
        return "account/signup_closed.html" in templates and not User.objects.filter(email=NEW).exists()

    def test_nobody_joins_without_an_invitation(self, client):
        assert self.refused(client)

    def test_looking_at_an_invitation_opens_nothing_yet(self, client):
        client.get(page_of(invite()))
        assert self.refused(client)

    @pytest.mark.parametrize("end", ["withdrawn", "expired", "too old", "forged"])
    def test_an_invitation_that_holds_no_longer_opens_nothing(self, client, end):
        made = invite()
        client.post(page_of(made, "start/"), {"way": "join"})
        if end == "too old":
            age(made, days=22)
        elif end == "forged":
            session = client.session
            session["invitation"] = "forged"
            session.save()
        else:
            Invitation.objects.update(state=end)
        assert self.refused(client)

    @pytest.mark.parametrize("email", ["another@people.example", "known@people.example"])
    def test_only_the_invited_address_will_do(self, client, email):
        make.person(email="known@people.example")
        made, before = invite(), User.objects.count()
        client.post(page_of(made, "start/"), {"way": "join"})
        answer = join(client, email)
        assert answer.context["form"].errors["email"] == [
            "Joining is closed at present. Use the address to which your invitation was sent."
        ]
        assert (User.objects.count(), mail.outbox) == (before, [])

    def test_people_with_an_account_sign_in_as_ever(self, client):
        person = make.person()
        sign_in(client, person.email)
        assert signed_in(client)


class TestTheForm:
    def form(self, client, organisation, **values):
        """Send the form."""
        sent = {"addresses": NEW, "role": "member", "title": "", "message": ""} | values
        return client.post(f"/partners/{organisation.slug}/invite/", sent)

    def at_work(self, client):
        """Sign a lead in; return the organisation and the lead."""
        organisation, lead = at_home()
        client.force_login(lead)
        return organisation, lead

    def test_several_are_invited_with_names_and_one_message(self, client):
        organisation, lead = self.at_work(client)
        lines = '\n\nAsha Verne <Asha.Verne@Force.Example>\r\n  bo@force.example,  \n"Dee, Cy" <cy@force.example>\n'
        answer = self.form(client, organisation, addresses=lines, message="Come.", title="Analyst", role="lead")
        assert answer.url == f"/partners/{organisation.slug}/invitations/"
        kept = Invitation.objects.order_by("pk").values_list("email", "name", "message", "title", "role", "invited_by")
        same = ("Come.", "Analyst", "lead", lead.pk)
        assert list(kept) == [
            (NEW, "Asha Verne", *same),
            ("bo@force.example", "", *same),
            ("cy@force.example", "Dee, Cy", *same),
        ]
        assert "3 invitations are on their way." in client.get(answer.url).content.decode()

    def test_every_line_at_fault_is_named_and_nothing_is_sent(self, client):
        organisation, lead = self.at_work(client)
        lines = f"ok@force.example\n\nnonsense\nOK@force.example\nAnn <ann@>\n{'x' * 151} <long@force.example>"
        answer = self.form(client, organisation, addresses=lines)
        assert answer.status_code == 422
        assert answer.context["form"].errors["addresses"] == [
            "Line 3: “nonsense” is not an e-mail address.",
            "Line 4: ok@force.example stands on line 1 already.",
            "Line 5: “Ann <ann@>” is not an e-mail address.",
            "Line 6: The name is longer than 150 characters.",
        ]
        assert "nonsense" in answer.content.decode()
        assert Invitation.objects.count() == 0

    def test_what_only_the_service_knows_stands_beside_the_line_too(self, client):
        organisation, lead = self.at_work(client)
        member = make.member(organisation)
        answer = self.form(client, organisation, addresses=f"ok@force.example\n{member.email}\n{lead.email}")
        assert answer.context["form"].errors["addresses"] == [
            f"Line 2: {member.email} belongs to a member of this organisation already.",
            "Line 3: You cannot invite yourself.",
        ]
        assert (Invitation.objects.count(), Letter.objects.count()) == (0, 0)

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"addresses": " \n "}, "addresses"),
            ({"role": "owner"}, "role"),
            ({"message": "x" * 2001}, "message"),
            ({"title": "x" * 121}, "title"),
            ({"addresses": "\x00"}, "addresses"),
            ({"addresses": "x" * 20_001}, "addresses"),
            ({"addresses": "\n".join(f"a{n}@force.example" for n in range(31))}, "addresses"),
        ],
    )
    def test_bad_input_gets_a_sentence_beside_its_field(self, client, values, field):
        organisation, _lead = self.at_work(client)
        answer = self.form(client, organisation, **values)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert Invitation.objects.count() == 0

    def test_a_link_from_a_thing_invites_to_it_if_one_may_see_it(self, client):
        organisation, _lead = self.at_work(client)
        project, draft = make.project(title="Night shifts"), make.project(stage="draft", title="Hidden")
        where = f"/partners/{organisation.slug}/invite/"
        assert "Night shifts" in client.get(f"{where}?kind=project&id={project.pk}").content.decode()
        assert "Hidden" not in client.get(f"{where}?kind=project&id={draft.pk}").content.decode()
        for query in ("kind=user&id=1", "kind=project&id=x", "kind=project&id=" + "9" * 30, "kind=&id="):
            assert client.get(f"{where}?{query}").status_code == 200
        sent = {"addresses": NEW, "role": "member"}
        answer = client.post(f"{where}?kind=project&id={project.pk}", sent)
        assert answer.url == project.get_absolute_url()
        assert Invitation.objects.get().about_id == project.pk

    def test_leads_find_the_way_on_the_pages_of_projects_and_events(self, client):
        organisation, lead = self.at_work(client)
        for thing in (make.project(), make.event()):
            where = f"/partners/{organisation.slug}/invite/?kind={thing.kind}&amp;id={thing.pk}"
            assert where in client.get(thing.get_absolute_url()).content.decode()
            assert where not in Client().get(thing.get_absolute_url()).content.decode()

    def test_a_second_factor_that_was_not_used_here_is_asked_for(self):
        organisation, lead = at_home()
        client = Client()
        client.force_login(lead)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 1}]
        session.save()
        answer = client.get(f"/partners/{organisation.slug}/invite/")
        assert answer.url.startswith(reverse("mfa_reauthenticate"))


class TestTheList:
    def test_it_shows_what_became_of_each_and_pages(self, client, django_assert_max_num_queries):
        organisation, lead = at_home()
        client.force_login(lead)
        rows = [
            Invitation(
                organisation=organisation,
                email=f"{n}@force.example",
                invited_by=lead,
                state="declined",
                expires_at=timezone.now() + timedelta(days=2),
                answered_at=timezone.now(),
            )
            for n in range(25)
        ]
        Invitation.objects.bulk_create(rows)
        with django_assert_max_num_queries(20):
            page = client.get(f"/partners/{organisation.slug}/invitations/")
        assert len(page.context["page_obj"].object_list) == 20
        assert client.get(f"/partners/{organisation.slug}/invitations/?page=2").status_code == 200

    def test_it_says_when_a_mail_server_refused_the_address(self, client, smtp_sink):
        made, person = invite(), make.person()
        invitations.invite(made.organisation, by=made.invited_by, email=person.email)
        for email in (NEW, person.email):
            smtp_sink.refuse_recipient(email)
        client.force_login(made.invited_by)
        where, said = f"/partners/{made.organisation.slug}/invitations/", "refused the letter"
        assert client.get(where).content.decode().count(said) == 0
        sending.deliver()
        assert client.get(where).content.decode().count(said) == 2

    def test_withdraw_and_send_again(self, client):
        made = invite()
        client.force_login(made.invited_by)
        where = f"/partners/{made.organisation.slug}/invitations/"
        assert client.post(f"{where}{made.pk}/again/").status_code == 409
        age(made, hours=2)
        assert client.post(f"{where}{made.pk}/again/").url == where
        assert client.post(f"{where}{made.pk}/withdraw/").url == where
        assert Invitation.objects.get().state == "withdrawn"
        assert client.post(f"{where}{made.pk}/withdraw/").status_code == 409

    def test_nobody_else_touches_it(self, client):
        person = make.person()
        made = invite(person.email)
        elsewhere = at_home()[0]
        for someone, organisation in (
            (person, made.organisation),
            (make.member(made.organisation), made.organisation),
            (lead_of(elsewhere), elsewhere),
        ):
            client.force_login(someone)
            for act in ("again", "withdraw"):
                assert client.post(f"/partners/{organisation.slug}/invitations/{made.pk}/{act}/").status_code == 404
        assert Client().post(f"/partners/{made.organisation.slug}/invitations/{made.pk}/withdraw/").status_code == 404
        assert Invitation.objects.get().state == "pending"

    def test_ones_own_page_shows_what_waits_for_ones_answer(self, client):
        person = make.person()
        made = invite(person.email)
        client.force_login(person)
        assert page_of(made) in client.get("/me/").content.decode()
        invitations.decline(made, by=person)
        assert page_of(made) not in client.get("/me/").content.decode()

    def test_the_page_of_the_people_shows_who_has_not_answered(self, client):
        made = invite()
        client.force_login(made.invited_by)
        where = f"/partners/{made.organisation.slug}/people/"
        assert NEW in client.get(where).content.decode()
        invitations.decline(made)
        assert NEW not in client.get(where).content.decode()

    def test_an_unconfirmed_account_sees_nothing_of_an_invitation(self):
        person = make.person()
        EmailAddress.objects.filter(user=person).update(verified=False)
        invite(person.email)
        assert list(Invitation.objects.visible_to(person)) == []
