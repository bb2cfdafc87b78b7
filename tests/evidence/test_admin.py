"""A coordinator brings a review from nothing to its tombstone, in the admin and in their own programme alone."""

import pytest
from django.urls import reverse

from collaborative.audit.models import Event
from collaborative.search.queries import matching
from evidence import services
from evidence.models import Review, Section, Version
from tests import factories
from tests.admin_forms import enter, fields_of
from tests.evidence.texts import approved
from tests.races import at_once

pytestmark = pytest.mark.django_db

ADD = "/admin/evidence/review/add/"


def change(thing):
    return f"/admin/evidence/{thing._meta.model_name}/{thing.pk}/change/"


def act(thing):
    return f"/admin/evidence/{thing._meta.model_name}/{thing.pk}/act/"


def row(table, place, **values):
    """Return one new row of a table within the page."""
    return {f"{table}-{place}-{key}": value for key, value in values.items()} | {f"{table}-TOTAL_FORMS": place + 1}


@pytest.fixture
def run():
    return factories.programme()


@pytest.fixture
def coordinator(client, run):
    by = factories.coordinator(run)
    enter(client, by)
    return by


def test_from_nothing_to_the_tombstone(client, run, coordinator):
    kind = factories.term("review_kind", "systematic_review")
    data = fields_of(client, ADD) | {"title": "Trust", "slug": "map", "programme": run.pk, "kind_of": kind.pk}
    refused = client.post(ADD, data).context["adminform"].form
    assert refused.errors == {"slug": ["This word stands for another page. Choose another address."]}
    assert refused["title"].value() == "Trust"
    assert client.post(ADD, data | {"slug": "trust"}).status_code == 302
    review = Review.objects.get(slug="trust")
    answer = client.post(act(review), {"act": "write"})
    version = review.versions.get()
    assert answer["Location"] == change(version)
    text = fields_of(client, change(version)) | {"title": "Trust in towns", "summary": "Known.", "plain_summary": "So."}
    text |= row("authors", 0, position=1, part="author", name="Ada Harper", affiliation="Lowick University")
    text |= row("sections", 0, position=1, anchor="staying", heading="Staying", body="Longer [@low-2021].")
    text |= row("references", 0, key="low-2021", short="Low 2021")
    assert client.post(change(version), text).status_code == 302
    section = Section.objects.get(version=version)
    text = fields_of(client, change(version)) | row("findings", 0, number=1, text="Staying helps.", section=section.pk)
    assert client.post(change(version), text).status_code == 302
    assert version.findings.get().section == section
    for step in ("begin", "send", "approve"):
        assert client.post(act(version), {"act": step})["Location"] == change(version)
    assert client.get(review.get_absolute_url()).status_code == 404
    assert "Staying helps." in client.get(reverse("evidence:preview", args=["trust"])).content.decode()
    client.post(act(version), {"act": "publish"})
    assert "Staying helps." in client.get(review.get_absolute_url()).content.decode()
    answer = client.post(act(version), {"act": "withdraw", "reason": ""})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    client.post(act(version), {"act": "withdraw", "reason": "Two studies were one."})
    assert "Two studies were one." in client.get(review.get_absolute_url()).content.decode()
    verbs = Event.objects.about(version).order_by("pk").values_list("verb", flat=True)
    assert [verb.partition(".")[2] for verb in verbs] == [
        "commissioned", "changed", "changed", "begun", "sent_to_review", "approved", "published", "withdrawn",
    ]  # fmt: skip


def test_a_published_text_is_looked_at_and_never_changed(client, run, coordinator):
    version = services.publish(approved(run), by=coordinator)
    page = client.get(change(version))
    assert page.status_code == 200
    assert 'name="title"' not in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    before = Version.objects.filter(pk=version.pk).values().get()
    assert client.post(change(version), {"title": "Changed"}).status_code == 403
    assert Version.objects.filter(pk=version.pk).values().get() == before


def test_what_is_missing_is_said_before_and_when_publishing_is_tried(client, run, coordinator):
    version = factories.review(run, state="approved").versions.get()
    assert "Name at least one author." in client.get(act(version)).content.decode()
    answer = client.post(act(version), {"act": "publish"})
    assert answer.status_code == 422
    assert "Name at least one author." in answer.context["form"].non_field_errors()[0]


def test_the_page_of_acts_names_those_who_will_be_told(client, run, coordinator):
    other = factories.coordinator(run, user=factories.person(name="Cy Low"))
    page = client.get(act(approved(run))).content.decode()
    assert "Who will be told" in page
    assert "Cy Low" in page
    assert page.count(coordinator.name) <= page.count(f"{coordinator.name}</")
    assert other.is_active


def test_another_programmes_reviews_do_not_exist(client, run, coordinator):
    review = factories.review(state="approved")
    version = review.versions.get()
    for thing in (review, version):
        assert client.get(act(thing)).status_code == 404
        assert client.post(act(thing), {"act": "publish"}).status_code == 404
        assert client.get(change(thing)).status_code == 302
    kind = factories.term("review_kind", "systematic_review")
    data = {"title": "T", "slug": "t", "programme": review.programme_id, "kind_of": kind.pk}
    assert "programme" in client.post(ADD, fields_of(client, ADD) | data).context["adminform"].form.errors
    other = factories.project(review.programme)
    data |= {"programme": run.pk, "project": other.pk}
    assert "project" in client.post(ADD, fields_of(client, ADD) | data).context["adminform"].form.errors


def test_a_finding_rests_on_a_section_of_its_own_text(client, run, coordinator):
    version, other = approved(run), approved(run)
    stranger = other.sections.get()
    data = fields_of(client, change(version)) | {"findings-0-section": stranger.pk}
    answer = client.post(change(version), data)
    assert answer.status_code == 200
    assert version.findings.get().section == version.sections.get()


def test_saving_a_review_makes_it_findable_as_it_now_is(client, run, coordinator):
    review = services.publish(approved(run), by=coordinator).review
    theme = factories.theme(name="Horseback patrols")
    data = fields_of(client, change(review)) | row("theme_links", 0, theme=theme.pk) | {"series": "Blue series"}
    assert client.post(change(review), data).status_code == 302
    for words in ("horseback", "blue"):
        assert list(matching(words, "review", None).values_list("object_id", flat=True)) == [review.pk]


def test_what_waits_leads_to_the_list_of_just_that(client, run, coordinator):
    waiting = [factories.review(run, state=state).versions.get() for state in ("peer_review", "approved", "approved")]
    factories.review(state="approved")
    for address in (reverse("admin:index"), reverse("me")):
        page = client.get(address).content.decode()
        assert "1 text is in peer review" in page
        assert "2 texts can be published" in page
        assert 'href="/admin/evidence/version/?state__exact=approved"' in page
    rows = client.get("/admin/evidence/version/?state__exact=approved").context["cl"].queryset
    assert set(rows) == set(waiting[1:])
    client.force_login(factories.person())
    assert "can be published" not in client.get(reverse("me")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_text_saved_while_it_is_published_keeps_its_state(client):
    programme = factories.programme()
    by = factories.coordinator(programme)
    enter(client, by)
    version = approved(programme)
    data = fields_of(client, change(version)) | {"title": "Typed at the last moment"}
    at_once(lambda: client.post(change(version), data), lambda: services.publish(version, by=by))
    version.refresh_from_db()
    review = Review.objects.get(pk=version.review_id)
    assert (version.state, review.current_id) == ("published", version.pk)
    assert version.published_at is not None
    assert review.title == version.title
