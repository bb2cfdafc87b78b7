"""The pages of leaving, handing on and merging: what they show, what they refuse, and what is kept that was typed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import Handover, Membership, Organisation, Succession, ThemeLead
from partners.services import ending, handing_on
from projects.models import JoinRequest, ProjectPerson
from projects.states import Stage
from tests import factories as make
from tests.partners.test_admin import errors_of, fields_of, prefix_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def run():
    return make.programme()


@pytest.fixture
def force(run):
    return make.partner(run)


@pytest.fixture
def lead(force):
    return make.with_second_factor(make.member(force, role="lead", user=make.person(name="Lena Lead")))


@pytest.fixture
def project(run, force):
    user = make.member(force, user=make.person(name="Gwen Gone"))
    return make.project(run, leads=[(user, force, ProjectPerson.Part.POLICE_LEAD)])


@pytest.fixture
def handover(lead, project):
    ending.end_membership(project.people.get().user.memberships.get(), by=lead)
    return Handover.objects.get()


def text_of(answer):
    return " ".join(answer.content.decode().split())


class TestChoosing:
    def test_a_lead_sees_it_on_their_own_page_and_asks_a_colleague_by_name(
        self, client, force, lead, project, handover
    ):
        colleague = make.member(force, user=make.person(name="Colin Colleague"), title="Analyst")
        client.force_login(lead)
        assert handover.get_absolute_url() in text_of(client.get("/me/"))
        page = text_of(client.get(handover.get_absolute_url()))
        assert "Colin Colleague, Analyst" in page
        assert project.title in page
        assert "Responsible until then</dt><dd>Lena Lead" in page
        answer = client.post(handover.get_absolute_url(), {"person": colleague.pk}, follow=True)
        assert "Colin Colleague is asked" in text_of(answer)
        assert Handover.objects.get().asked == colleague

    def test_who_was_proposed_stands_first(self, client, force, lead, handover):
        make.member(force, user=make.person(name="Aaron Able"))
        Handover.objects.update(proposed=make.member(force, user=make.person(name="Zoe Zealous")))
        client.force_login(lead)
        page = text_of(client.get(handover.get_absolute_url()))
        assert "Gwen Gone proposes Zoe Zealous." in page
        assert page.index("Zoe Zealous</label>") < page.index("Aaron Able</label>")

    def test_of_many_twenty_are_offered_and_others_are_found_by_name(self, client, force, lead, handover):
        for n in range(25):
            make.member(force, user=make.person(name=f"Officer {n:02}"))
        client.force_login(lead)
        page = client.get(handover.get_absolute_url())
        assert text_of(page).count('type="radio"') == 20
        assert "There are more." in text_of(page)
        assert 'value="officer 24"' in text_of(client.get(handover.get_absolute_url(), {"q": "officer 24"}))
        assert text_of(client.get(handover.get_absolute_url(), {"q": "officer 24"})).count('type="radio"') == 1
        assert "Nobody who could" in text_of(client.get(handover.get_absolute_url(), {"q": "no\x00body"}))

    @pytest.mark.parametrize("person", ["", "nonsense", "9" * 30, "stranger"])
    def test_who_cannot_take_it_over_is_refused_beside_the_field(self, client, force, lead, handover, person):
        make.member(force)
        client.force_login(lead)
        sent = make.person().pk if person == "stranger" else person
        answer = client.post(handover.get_absolute_url(), {"person": sent})
        assert answer.status_code == 422
        assert answer.context["form"].errors["person"]
        assert Handover.objects.get().state == "open"

    def test_without_a_second_factor_one_is_led_to_setting_one_up(self, client, force, handover):
        client.force_login(make.member(force, role="lead"))
        answer = client.get(handover.get_absolute_url())
        assert (answer.status_code, "second-factor" in answer.url or "second_factor" in answer.url) == (302, True)

    def test_a_colleague_who_is_not_asked_does_not_find_it(self, client, force, handover):
        client.force_login(make.member(force))
        assert client.get(handover.get_absolute_url()).status_code == 404

    def test_the_question_can_be_taken_back(self, client, force, lead, handover):
        handing_on.ask(handover, make.member(force), by=lead)
        client.force_login(lead)
        assert "There is no answer yet." in text_of(client.get(handover.get_absolute_url()))
        client.post(f"{handover.get_absolute_url()}release/")
        assert Handover.objects.get().state == "open"

    def test_what_nobody_else_leads_cannot_be_let_go(self, client, lead, handover):
        client.force_login(lead)
        answer = client.post(f"{handover.get_absolute_url()}close/")
        assert (answer.status_code, "Nobody else leads this project" in text_of(answer)) == (409, True)


class TestAnswering:
    @pytest.fixture
    def colleague(self, force, lead, handover):
        person = make.member(force, user=make.person(name="Colin Colleague"))
        handing_on.ask(handover, person, by=lead)
        return person

    def test_looking_changes_nothing_and_accepting_does(self, client, colleague, project, handover):
        client.force_login(colleague)
        assert "Will you take over" in text_of(client.get("/me/"))
        assert "Will you take this over?" in text_of(client.get(handover.get_absolute_url()))
        assert Handover.objects.get().state == "asked"
        answer = client.post(handover.get_absolute_url(), {"answer": "accept"}, follow=True)
        assert "It is yours now." in text_of(answer)
        assert project.people.current().get().user == colleague

    def test_a_no_with_a_message(self, client, lead, colleague, handover):
        client.force_login(colleague)
        client.post(handover.get_absolute_url(), {"answer": "decline", "words": "<b>Ask Zoe.</b>"})
        client.force_login(lead)
        page = text_of(client.get(handover.get_absolute_url()))
        assert "Colin Colleague said no" in page
        assert "&lt;b&gt;Ask Zoe.&lt;/b&gt;" in page

    def test_a_message_that_is_too_long_is_kept_and_said_beside_the_field(self, client, colleague, handover):
        client.force_login(colleague)
        answer = client.post(handover.get_absolute_url(), {"answer": "decline", "words": "x" * 2001})
        assert (answer.status_code, "x" * 2001 in answer.content.decode()) == (422, True)
        assert Handover.objects.get().state == "asked"

    def test_an_answer_that_is_neither_is_refused(self, client, colleague, handover):
        client.force_login(colleague)
        assert client.post(handover.get_absolute_url(), {"answer": "perhaps"}).status_code == 422

    def test_an_open_tab_of_somebody_who_left_meanwhile_does_nothing(self, client, lead, colleague, project, handover):
        client.force_login(colleague)
        other = make.with_second_factor(make.member(handover.organisation, role="lead"))
        ending.end_membership(colleague.memberships.get(), by=other)
        answer = client.post(handover.get_absolute_url(), {"answer": "accept"})
        assert (answer.status_code, project.people.current().get().user.name) == (404, "Gwen Gone")
        colleague.refresh_from_db()
        client.force_login(colleague)
        assert client.post(handover.get_absolute_url(), {"answer": "accept"}).status_code == 409
        assert project.people.current().get().user.name == "Gwen Gone"

    def test_the_projects_people_read_that_it_is_being_handed_on(self, client, force, project, handover):
        client.force_login(make.member(force))
        assert f"Being handed on: {force.name} finds somebody" in text_of(client.get(project.get_absolute_url()))


class TestLeaving:
    def url(self, user):
        return f"/me/organisations/{user.memberships.get().pk}/leave/"

    def test_one_is_shown_what_one_holds_and_may_name_a_colleague(self, client, force, lead, project):
        user = project.people.get().user
        colleague = make.member(force, user=make.person(name="Colin Colleague"))
        client.force_login(user)
        page = client.get(self.url(user))
        assert project.title in text_of(page)
        (field,) = page.context["form"].fields
        client.post(self.url(user), {field: "colin colleague"})
        assert Handover.objects.get().proposed == colleague
        assert not Membership.objects.current().filter(user=user).exists()

    def test_this_session_goes_on_and_others_end(self, client, force):
        from django.test import Client

        user, other = make.member(force), Client()
        client.force_login(user)
        other.force_login(user)
        answer = client.post(self.url(user), follow=True)
        assert f"You have left {force.name}." in text_of(answer)
        assert client.get("/me/").status_code == 200
        assert other.get("/me/").status_code == 302

    def test_a_name_that_nobody_has_is_said_beside_the_field_and_nothing_ends(self, client, project):
        user = project.people.get().user
        client.force_login(user)
        (field,) = client.get(self.url(user)).context["form"].fields
        for typed in ("Nobody", "nobody@people.example"):
            answer = client.post(self.url(user), {field: typed})
            assert answer.status_code == 422
            assert answer.context["form"].errors[field] == [
                "No colleague who could take this over has this name or address."
            ]
        assert not user.memberships.get().ended

    def test_of_two_of_one_name_the_address_tells(self, client, force, project):
        user = project.people.get().user
        twins = [make.member(force, user=make.person(name="Alex Same")) for _ in range(2)]
        client.force_login(user)
        (field,) = client.get(self.url(user)).context["form"].fields
        answer = client.post(self.url(user), {field: "Alex Same"})
        assert "Several colleagues" in answer.context["form"].errors[field][0]
        client.post(self.url(user), {field: twins[1].email.upper()})
        assert Handover.objects.get().proposed == twins[1]


def test_each_act_in_an_open_tab_of_a_former_member_is_refused(client, run, force, lead, project):
    """Of somebody who signs in again too: their rights are gone."""
    user = project.people.get().user
    asker = make.member(force)
    request = JoinRequest.objects.create(project=project, user=asker, organisation=force, message="May I?")
    draft = make.project(run, stage=Stage.PROPOSED, leads=[(user, force, ProjectPerson.Part.POLICE_LEAD)])
    client.force_login(user)
    ending.end_membership(user.memberships.get(), by=lead)
    acts = [
        (f"{project.get_absolute_url()}run/", {"move": "pause"}),
        (f"{project.get_absolute_url()}stop/", {"reason": "No."}),
        (request.get_absolute_url(), {"accept": "yes", "words": "Yes."}),
        (f"{draft.get_absolute_url()}withdraw/", {}),
        (f"{project.get_absolute_url()}join/", {"message": "May I?"}),
        ("/projects/propose/", {"title": "Mine"}),
        (f"/partners/{force.slug}/invite/", {"addresses": "new@people.example"}),
    ]
    signed_out = [client.post(url, data).status_code for url, data in acts]
    assert set(signed_out) <= {302, 404}
    user.refresh_from_db()
    client.force_login(user)
    assert {client.post(url, data).status_code for url, data in acts} <= {403, 404}
    project.refresh_from_db(), draft.refresh_from_db(), request.refresh_from_db()
    assert (project.stage, draft.stage, request.state) == (Stage.ACTIVE, Stage.PROPOSED, "pending")


class TestMergingInTheAdmin:
    @pytest.fixture
    def coordinator(self, client, run):
        user = make.with_second_factor(make.coordinator(run))
        client.force_login(user)
        return user

    def sent(self, successor, day, **more):
        parts = {"on_day": day.day, "on_month": day.month, "on_year": day.year}
        return {"successor": successor.pk, "carry_people": "yes", "reason": "One force."} | parts | more

    def url(self, organisation):
        return f"/admin/partners/organisation/{organisation.pk}/succeed/"

    def test_what_it_concerns_is_shown_first_and_done_when_confirmed(self, client, coordinator, run, force):
        south = make.partner(run)
        make.member(force, role="lead")
        assert self.url(force) in text_of(client.get(f"/admin/partners/organisation/{force.pk}/change/"))
        looked = client.post(self.url(force), self.sent(south, TODAY()))
        assert "Nothing is done yet" in text_of(looked)
        assert {"key": "Members", "value": 1} in looked.context["counts"]
        assert not Succession.objects.exists()
        boxes = dict(re.findall(r'<input[^>]*name="on_(\w+)"[^>]*value="(\d*)"', text_of(looked)))
        assert boxes == {"day": str(TODAY().day), "month": str(TODAY().month), "year": str(TODAY().year)}
        done = client.post(self.url(force), self.sent(south, TODAY(), confirm="yes"))
        assert done.status_code == 302
        assert Organisation.objects.get(pk=force.pk).successor == south

    def test_a_day_to_come_is_planned_and_can_be_called_off(self, client, coordinator, run, force):
        south = make.partner(run)
        client.post(self.url(force), self.sent(south, TODAY() + timedelta(days=9), confirm="yes"))
        assert "Until then nothing changes." in text_of(client.get(self.url(force)))
        client.post(f"{self.url(force)}call-off/")
        assert Succession.objects.get().called_off_at is not None

    def test_what_cannot_be_stands_on_the_form_and_what_was_typed_stays(self, client, coordinator, run, force):
        south = make.partner(run)
        client.post(self.url(south), self.sent(force, TODAY() + timedelta(days=2), confirm="yes"))
        answer = client.post(self.url(force), self.sent(south, TODAY() + timedelta(days=3), confirm="yes"))
        assert answer.status_code == 422
        assert "That is a circle" in answer.context["form"].non_field_errors()[0]
        assert "One force." in text_of(answer)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [({"on_day": 31, "on_month": 2}, "on"), ({"reason": " "}, "reason"), ({"carry_people": ""}, "carry_people"),
         ({"successor": "9" * 30}, "successor")],
    )  # fmt: skip
    def test_bad_input_is_said_beside_its_field(self, client, coordinator, run, force, wrong, field):
        answer = client.post(self.url(force), self.sent(make.partner(run), TODAY()) | wrong)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    def test_another_programmes_organisation_is_not_found_and_a_shared_one_not_merged(self, client, coordinator, force):
        other = make.programme()
        assert client.get(self.url(make.partner(other))).status_code == 404
        make.partner(other, force)
        assert client.get(self.url(force)).status_code == 403


def test_no_circle_of_successors_is_written_by_hand(client, run, force):
    client.force_login(make.with_second_factor(make.administrator()))
    last = make.partner(run)
    Organisation.objects.filter(pk=force.pk).update(successor=make.organisation(successor=last))
    url = f"/admin/partners/organisation/{last.pk}/change/"
    answer = client.post(url, fields_of(client, url) | {"successor": force.pk})
    assert errors_of(answer) == ["That is a circle: it became part of this organisation itself."]


class TestTheLeadOfAThemeInTheAdmin:
    def posted(self, client, run, force, address):
        url = f"/admin/partners/programme/{run.pk}/change/"
        data = fields_of(client, url)
        prefix, _count = prefix_of(client, url, ThemeLead)
        return client.post(url, data | {f"{prefix}-0-person": address})

    @pytest.fixture
    def theme_lead(self, client, run, force):
        client.force_login(make.with_second_factor(make.coordinator(run)))
        same = {"programme": run, "theme": make.theme(), "side": "operational", "organisation": force}
        return ThemeLead.objects.create(**same, title="Head of crime", starts_on=make.yesterday())

    def test_is_named_by_address_among_the_organisations_staff(self, client, run, force, theme_lead):
        user = make.member(force)
        assert self.posted(client, run, force, user.email.upper()).status_code == 302
        theme_lead.refresh_from_db()
        assert theme_lead.user == user

    def test_and_nobody_else(self, client, run, force, theme_lead):
        answer = self.posted(client, run, force, make.person().email)
        assert errors_of(answer) == ["Nobody of this organisation’s staff has this address."]

    def test_and_taken_off_by_leaving_it_empty(self, client, run, force, theme_lead):
        ThemeLead.objects.update(user=make.member(force))
        assert self.posted(client, run, force, "").status_code == 302
        theme_lead.refresh_from_db()
        assert theme_lead.user is None
