"""The pages below /me/data/: what they say, what they ask first, what they send, and what they cost."""

import io
import json
import zipfile

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.accounts.archive import SHOWN, archive
from collaborative.accounts.models import User
from collaborative.audit.models import Event
from collaborative.notifications.models import Letter
from projects.models import Decision, ProjectPerson
from projects.states import Stage
from tests import factories as make
from tests.accounts.ways import prove, sign_in
from tests.leaving.everywhere import everywhere

pytestmark = pytest.mark.django_db
HELD, DOWNLOAD, CLOSE = "/me/data/", "/me/data/download/", "/me/data/close/"


@pytest.fixture
def person(client):
    """Sign somebody in by the form, as they would."""
    user = make.person(name="Asha Verne", email="asha@people.example")
    sign_in(client, user.email)
    return user


@pytest.fixture
def proven(client, person):
    """Let them prove who they are."""
    prove(client, HELD)
    return person


def letters(user, number):
    """Write a person many letters."""
    now = timezone.now()
    Letter.objects.bulk_create(
        Letter(
            key="project.awarded",
            event=f"event {n}",
            recipient=user,
            channel="portal",
            state="sent",
            sent_at=now,
            kind_of="project",
            object_id=n,
        )
        for n in range(number)
    )


class TestWhatIsHeld:
    def test_each_table_says_how_much_why_and_how_long(self, client, person):
        letters(person, 3)
        page = client.get(HELD)
        numbers = {row["table"].name: row["number"] for row in page.context["held"]}
        assert numbers == {"account": 1, "addresses": 1, "letters": 3, "sessions": 1}
        assert "3 entries" in page.content.decode()

    def test_costs_the_same_however_much_there_is(self, client):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(HELD).status_code == 200
            return len(queries)

        person = everywhere()
        client.force_login(person)
        few = cost()
        letters(person, 30)
        assert cost() == few <= 20


class TestDownload:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_asks_who_it_is_first(self, client, person, method):
        answer = getattr(client, method)(DOWNLOAD)
        asks = reverse("account_reauthenticate", query={"next": DOWNLOAD})
        assert (answer.status_code, answer.url) == (302, asks)
        assert not Event.objects.filter(verb="account.data_downloaded").exists()

    def test_is_a_file_noted_and_told_by_mail(self, client, proven):
        assert client.get(DOWNLOAD).status_code == 200
        mail.outbox.clear()
        answer = client.post(DOWNLOAD)
        assert answer["Content-Type"] == "application/zip"
        assert answer["Content-Disposition"] == f'attachment; filename="my-data-{timezone.localdate()}.zip"'
        assert answer["Cache-Control"] == "private, no-store"
        bundle = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        assert bundle.testzip() is None
        assert json.loads(bundle.read("data/account.json"))["rows"][0]["name"] == "Asha Verne"
        assert Event.objects.filter(verb="account.data_downloaded", object_id=proven.pk, actor=proven).count() == 1
        [letter] = mail.outbox
        assert letter.to == [proven.email]
        assert letter.subject.endswith(" was downloaded")

    def test_looking_at_the_button_writes_nothing(self, client, proven):
        client.get(DOWNLOAD)
        assert not Event.objects.filter(verb="account.data_downloaded").exists()

    def test_is_limited(self, client, proven):
        answers = [client.post(DOWNLOAD) for _ in range(6)]
        for answer in answers:
            answer.close()
        assert [answer.status_code for answer in answers] == [200] * 5 + [409]
        assert "Please try again in an hour" in answers[-1].content.decode()

    def test_ten_thousand_letters_cost_as_many_queries_as_ten(self, person):
        def cost():
            with CaptureQueriesContext(connection) as queries, archive(person) as made:
                bundle = zipfile.ZipFile(io.BytesIO(made.read()))
            return len(queries), len(json.loads(bundle.read("data/letters.json"))["rows"]), bundle

        letters(person, 10)
        few, number, _bundle = cost()
        assert number == 10
        Letter.objects.all().delete()
        letters(person, 10_000)
        many, number, bundle = cost()
        assert (number, many) == (10_000, few)
        page = bundle.read("index.html").decode()
        assert f"{10_000 - SHOWN} more rows are in the JSON file." in page
        assert len(page) < 400_000

    def test_the_page_in_it_needs_nothing_from_outside(self, person):
        with archive(person) as made:
            bundle = zipfile.ZipFile(io.BytesIO(made.read()))
        page, look = bundle.read("index.html").decode(), bundle.read("index.css").decode()
        assert page.lstrip().startswith("<!doctype html>")
        assert page.count("<link") == page.count('<link rel="stylesheet" href="index.css">') == 1
        for outside in ("<script", "<img", "src=", "style="):
            assert outside not in page, outside
        for outside in ("url(", "@import", "http"):
            assert outside not in look, outside

    def test_what_was_typed_is_shown_as_typed(self, client):
        person = make.person(name="<b>Asha</b>")
        with archive(person) as made:
            page = zipfile.ZipFile(io.BytesIO(made.read())).read("index.html").decode()
        assert "<b>Asha" not in page
        assert "&lt;b&gt;Asha" in page


class TestClosing:
    def test_the_page_says_what_becomes_of_each_table(self, client, person):
        page = client.get(CLOSE)
        assert {table.name for table in page.context["held"]} == {"account", "addresses", "sessions"}
        assert page.context["matters"] == []

    def test_nothing_is_ticked_unless_they_tick_it(self, client, person):
        project = make.project(stage=Stage.COMPLETED, title="Lanes at night")
        ProjectPerson.objects.create(
            project=project, user=person, organisation=make.organisation(), starts_on=make.yesterday()
        )
        text = client.get(CLOSE).content.decode()
        assert "Lanes at night" in text
        assert "checked" not in text

    def test_many_credits_are_one_choice(self, client, person):
        project = make.project(stage=Stage.COMPLETED)
        Decision.objects.bulk_create(
            Decision(project=project, outcome=Stage.AWARDED, reason="Good.", by=person) for _ in range(31)
        )
        form = client.get(CLOSE).context["form"]
        assert form.fields["decisions"].choices == [("all", "All of them: 31")]

    def test_asks_who_it_is_and_goes_on_by_itself(self, client, person):
        answer = client.post(CLOSE, {"typed": "Asha@People.example "})
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_reauthenticate"))
        assert User.objects.get(pk=person.pk).anonymised_at is None
        answer = prove(client, CLOSE)
        assert (answer.status_code, answer.url) == (302, "/me/data/closed/")
        assert User.objects.get(pk=person.pk).anonymised_at is not None
        assert client.get("/me/").status_code == 302
        assert client.get("/me/data/closed/").status_code == 200

    def test_a_wrong_password_closes_nothing(self, client, person):
        client.post(CLOSE, {"typed": person.email})
        prove(client, CLOSE, password="a wrong one")
        assert User.objects.get(pk=person.pk).anonymised_at is None

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", "Type your e-mail address to close the account."),
            ("asha@people", "This is not the e-mail address of your account."),
            ("\x00", "Null characters are not allowed."),
        ],
    )
    def test_without_the_address_nothing_happens(self, client, proven, typed, sentence):
        answer = client.post(CLOSE, {"typed": typed})
        assert answer.status_code == 422
        assert answer.context["form"].errors == {"typed": [sentence]}
        assert User.objects.get(pk=proven.pk).anonymised_at is None

    def test_another_s_credit_cannot_be_chosen(self, client, proven):
        other = ProjectPerson.objects.create(
            project=make.project(stage=Stage.COMPLETED),
            user=make.person(),
            organisation=make.organisation(),
            starts_on=make.yesterday(),
        )
        mine = ProjectPerson.objects.create(
            project=make.project(stage=Stage.COMPLETED),
            user=proven,
            organisation=make.organisation(),
            starts_on=make.yesterday(),
        )
        answer = client.post(CLOSE, {"typed": proven.email, "project-parts": [other.pk]})
        assert answer.status_code == 422
        client.post(CLOSE, {"typed": proven.email, "project-parts": [mine.pk]})
        assert dict(ProjectPerson.objects.values_list("pk", "credit_name")) == {other.pk: "", mine.pk: "Asha Verne"}

    def test_whoever_leads_something_is_shown_what_and_has_no_form(self, client, person):
        run = make.programme(name="Northern Programme")
        make.coordinator(run, user=person)
        text = client.get(CLOSE).content.decode()
        assert "Only coordinator of Northern Programme" in text
        assert f'href="{run.get_absolute_url()}"' in text
        assert 'name="typed"' not in text

    def test_whoever_was_given_something_meanwhile_is_refused_with_the_list(self, client, proven):
        run = make.programme(name="Northern Programme")
        make.coordinator(run, user=proven)
        answer = client.post(CLOSE, {"typed": proven.email})
        assert answer.status_code == 422
        assert "Only coordinator of Northern Programme" in answer.content.decode()
        assert User.objects.get(pk=proven.pk).anonymised_at is None

    def test_getting_closes_nothing(self, client, proven):
        client.get(CLOSE, {"typed": proven.email})
        assert User.objects.get(pk=proven.pk).anonymised_at is None

    def test_costs_the_same_however_much_there_is(self, client):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(CLOSE).status_code == 200
            return len(queries)

        person = everywhere()
        client.force_login(person)
        few = cost()
        for _ in range(20):
            project = make.project(stage=Stage.COMPLETED)
            begun = {"organisation": make.organisation(), "starts_on": make.yesterday()}
            ProjectPerson.objects.create(project=project, user=person, **begun)
            Decision.objects.create(project=project, outcome=Stage.AWARDED, reason="Good.", by=person)
        assert cost() == few <= 20


class TestAnAdministrator:
    @pytest.fixture
    def acts_of(self, client):
        """Sign an administrator in; return the address of the page of acts for a person."""
        client.force_login(make.with_second_factor(make.administrator()))
        return lambda person: reverse("admin:accounts_user_act", args=[person.pk])

    def test_closes_an_account_whose_owner_asked(self, client, acts_of):
        person = make.person()
        assert "asked in writing" in client.get(acts_of(person)).content.decode()
        assert client.post(acts_of(person), {"act": "close"}).status_code == 302
        assert User.objects.get(pk=person.pk).anonymised_at is not None
        assert client.get(acts_of(person)).status_code == 200
        assert client.post(acts_of(person), {"act": "close"}).status_code == 422

    def test_may_keep_the_name_where_the_person_wished(self, client, acts_of):
        person = make.person(name="Asha Verne")
        begun = {"organisation": make.organisation(), "starts_on": make.yesterday()}
        part = ProjectPerson.objects.create(project=make.project(stage=Stage.COMPLETED), user=person, **begun)
        client.post(acts_of(person), {"act": "close_keeping_credits"})
        part.refresh_from_db()
        assert part.credit_name == "Asha Verne"

    def test_takes_a_kept_name_away_later(self, client, acts_of):
        person = make.person(name="Asha Verne")
        begun = {"organisation": make.organisation(), "starts_on": make.yesterday()}
        part = ProjectPerson.objects.create(project=make.project(stage=Stage.COMPLETED), user=person, **begun)
        client.post(acts_of(person), {"act": "close_keeping_credits"})
        assert client.post(acts_of(person), {"act": "forget_credits"}).status_code == 302
        part.refresh_from_db()
        assert part.credit_name == ""
        assert client.post(acts_of(person), {"act": "forget_credits"}).status_code == 422

    def test_is_told_what_has_to_be_handed_on(self, client, acts_of):
        person = make.coordinator(make.programme(name="Northern Programme"))
        assert "Only coordinator of Northern Programme" in client.get(acts_of(person)).content.decode()
        answer = client.post(acts_of(person), {"act": "close"})
        assert answer.status_code == 422
        assert User.objects.get(pk=person.pk).anonymised_at is None
