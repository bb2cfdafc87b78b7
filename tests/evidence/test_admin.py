"""A coordinator brings a review from nothing to its tombstone, in the admin and in their own programme alone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.notifications.models import Letter
from collaborative.search.queries import matching
from evidence import services
from evidence.models import Review, Section, Version
from tests import factories
from tests.admin_forms import enter, fields_of
from tests.evidence.texts import PLAIN, approved, ticked, whole
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
    text = fields_of(client, change(version)) | {"title": "Trust in towns", "summary": "Known.", "plain_summary": PLAIN}
    text |= row("authors", 0, position=1, part="author", name="Ada Harper", affiliation="Lowick University")
    text |= row("sections", 0, position=1, anchor="staying", heading="Staying", body="Longer [@low-2021].")
    text |= row("references", 0, key="low-2021", short="Low 2021")
    assert client.post(change(version), text).status_code == 302
    section = Section.objects.get(version=version)
    text = fields_of(client, change(version)) | row("findings", 0, number=1, text="Staying helps.", section=section.pk)
    assert client.post(change(version), text).status_code == 302
    assert version.findings.get().section == section
    for step in ("begin", "send"):
        assert client.post(act(version), {"act": step})["Location"] == change(version)
    assert client.post(act(version), {"act": "approve_without", "reason": ""}).status_code == 422
    client.post(act(version), {"act": "approve_without", "reason": "Nobody could be found."})
    ticked(version)
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
    version, other = (whole(factories.review(run, state="drafting").versions.get()) for _each in range(2))
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


def test_a_taken_address_is_told_beside_its_field(client, run, coordinator):
    taken = factories.review()
    kind = factories.term("review_kind", "systematic_review")
    data = fields_of(client, ADD) | {"title": "Trust", "slug": taken.slug, "programme": run.pk, "kind_of": kind.pk}
    form = client.post(ADD, data).context["adminform"].form
    assert form.errors == {"slug": ["Another review has this address. Choose another one."]}


def test_a_coordinator_gives_and_ends_parts_and_whoever_gets_one_is_told(client, run, coordinator):
    review, person = factories.review(run, state="drafting"), factories.person()
    today = timezone.localdate().isoformat()
    new = row("people", 0, email="nobody@people.example", part="editor", starts_on=today)
    refused = client.post(change(review), fields_of(client, change(review)) | new)
    assert "Nobody has an account with this address." in refused.content.decode()
    new["people-0-email"] = person.email.upper()
    assert client.post(change(review), fields_of(client, change(review)) | new).status_code == 302
    part = review.people.get()
    assert (part.user, part.part, part.ends_on) == (person, "editor", None)
    assert Letter.objects.filter(key="review.part_given", recipient=person, channel="mail").count() == 1
    again = row("people", 1, email=person.email, part="editor", starts_on=today)
    page = client.post(change(review), fields_of(client, change(review)) | again).content.decode()
    assert "This person has this part already." in page
    ending = fields_of(client, change(review)) | {"people-0-ends": "on"}
    assert client.post(change(review), ending).status_code == 302
    assert not review.people.current().exists()


def test_what_stands_against_a_translation_is_said_beside_its_field(client, run, coordinator):
    original, other = factories.review(run), factories.review(run)
    welsh = factories.review(run, title="Yr adolygiad", language="cy", translation_of=original)
    data = fields_of(client, change(other))
    said = {
        (original.pk, "en"): {"language": "The original is in this language already"},
        (original.pk, "cy"): {"language": "There is a translation into Welsh already: Yr adolygiad."},
        (original.pk, "tlh"): {"language": "Choose a language of the list."},
        (welsh.pk, "fr"): {"translation_of": f"Choose the original: {original.title}."},
        (other.pk, "fr"): {"translation_of": "A review is no translation of itself."},
    }
    for (translation_of, language), faults in said.items():
        answer = client.post(change(other), data | {"translation_of": translation_of, "language": language})
        errors = answer.context["adminform"].form.errors
        assert {name: words in " ".join(errors[name]) for name, words in faults.items()} == dict.fromkeys(faults, True)
        assert set(errors) == set(faults)
    assert client.post(change(other), data | {"translation_of": original.pk, "language": "fr"}).status_code == 302
    other.refresh_from_db()
    assert (other.translation_of, other.language) == (original, "fr")


def test_a_review_that_nobody_reads_yet_leads_to_its_desk_and_the_desk_to_naming_its_people(client, run, coordinator):
    review = factories.review(run, state="drafting")
    assert f'href="{review.get_desk_url()}"' in client.get(change(review)).content.decode()
    assert f'href="{change(review)}#people-group"' in client.get(review.get_desk_url()).content.decode()
    client.force_login(factories.author(review))
    assert "/admin/" not in client.get(review.get_desk_url()).content.decode()
