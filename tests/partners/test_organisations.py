"""An organisation's record: identifiers that only one may have, addresses that stay, and nobody overwritten unseen."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.search.models import SearchEntry
from partners.models import FormerAddress, Organisation, ProgrammePartner
from partners.services.organisations import rename, save_organisation, who_had
from tests import factories
from tests.admin_forms import enter, fields_of
from tests.races import at_once

pytestmark = pytest.mark.django_db
TAKEN = "River University has this identifier already. An identifier belongs to one organisation."


def address_of(body):
    return f"/admin/partners/organisation/{body.pk}/change/"


def errors_of(answer):
    """Return the sentences of the page's own form, by field."""
    return {name: list(errors) for name, errors in answer.context["adminform"].form.errors.items()}


@pytest.fixture
def run():
    return factories.programme()


@pytest.fixture
def body(run):
    return factories.partner(run, factories.organisation(name="Harbour Police", slug="harbour-police"))


@pytest.fixture
def workshop(client, run):
    return enter(client, factories.coordinator(run))


def test_identifiers_are_kept_in_their_usual_form(workshop, body):
    data = fields_of(workshop, address_of(body)) | {
        "ror": "https://ror.org/01KJ2BM70",
        "ons_code": " e23000007",
        "police_uk_id": "Harbour",
        "country": "gb",
        "provenance": "The founding list",
    }
    assert workshop.post(address_of(body), data).status_code == 302
    body.refresh_from_db()
    kept = (body.ror, body.ons_code, body.police_uk_id, body.country, body.provenance)
    assert kept == ("01kj2bm70", "E23000007", "harbour", "GB", "The founding list")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("ror", "01kj2bm71", "This ROR identifier has a mistake in it: its last two digits do not fit the rest."),
        ("ror", "grid.1", "A ROR identifier has nine letters and digits and begins with 0, such as 01kj2bm70."),
        ("ons_code", "E2300", "An ONS code has one letter and eight digits, such as E23000007."),
        ("country", "XX", "There is no such country: write two letters, such as GB."),
        ("valid_to", "2001-01-01", "This is before the first day."),
        ("ror", "01kj2bm70", TAKEN),
        ("ons_code", "E23000001", TAKEN),
        ("police_uk_id", "river", TAKEN),
        ("slug", "river", "River University has or once had this address, which leads there. Choose another."),
        ("slug", "brook", "River University has or once had this address, which leads there. Choose another."),
    ],
)
def test_what_is_wrong_gets_a_sentence_beside_its_field_and_stays_typed(workshop, body, field, typed, sentence):
    river = factories.organisation(
        name="River University", slug="river", ror="01kj2bm70", ons_code="E23000001", police_uk_id="river"
    )
    FormerAddress.objects.create(organisation=river, slug="brook")
    data = fields_of(workshop, address_of(body)) | {"name": "Renamed", "valid_from": "2002-01-01", field: typed}
    answer = workshop.post(address_of(body), data)
    assert errors_of(answer) == {field: [sentence]}
    assert answer.context["adminform"].form[field].value() == typed
    body.refresh_from_db()
    assert body.name == "Harbour Police"


def test_an_address_that_is_given_up_leads_to_the_organisation_for_ever(workshop, body):
    for slug in ("port-police", "harbour-police", "dock-police"):
        data = fields_of(workshop, address_of(body)) | {"slug": slug}
        assert workshop.post(address_of(body), data).status_code == 302
    assert sorted(body.former_addresses.values_list("slug", flat=True)) == ["harbour-police", "port-police"]
    assert [who_had(slug) for slug in ("dock-police", "port-police", "pond-police")] == [body, body, None]


def test_renaming_is_recorded_and_refused_when_the_address_was_another_s(run, body):
    user = factories.coordinator(run)
    rename(body, "port-police", by=user)
    assert [(event.verb, event.actor) for event in Event.objects.about(body)] == [("organisation.moved", user)]
    other = factories.partner(run)
    with pytest.raises(Refused) as refused:
        rename(other, "harbour-police", by=user)
    assert str(refused.value) == "Harbour Police has or once had this address, which leads there. Choose another."
    other.refresh_from_db()
    assert other.slug != "harbour-police"


def test_a_new_organisation_does_not_get_an_address_that_another_had(body):
    rename(body, "port-police", by=None)
    new = Organisation(name="New", slug="harbour-police", kind_of=body.kind_of)
    with pytest.raises(Refused):
        save_organisation(new, by=None)
    assert not Organisation.objects.filter(name="New").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_address_at_once_one_is_refused():
    bodies = [factories.organisation(), factories.organisation()]

    def take(body):
        return rename(body, "harbour", by=None)

    answers = at_once(*(lambda body=body: take(body) for body in bodies))
    assert sorted(isinstance(answer, Exception) for answer in answers) == [False, True]
    assert Organisation.objects.filter(slug="harbour").count() == 1


class TestTwoCoordinatorsAtOnce:
    def opened(self, client, body):
        """Return what the browser would post, with the mark of what the page was drawn from."""
        page = client.get(address_of(body))
        return fields_of(client, address_of(body)) | {"as_read": page.context["adminform"].form.as_read}

    def test_the_second_reads_what_the_first_changed_and_decides(self, workshop, body):
        opened = self.opened(workshop, body)
        Organisation.objects.filter(pk=body.pk).update(region="Wales")
        answer = workshop.post(address_of(body), opened | {"name": "Dock Police"})
        assert errors_of(answer) == {
            "__all__": [
                "Somebody else changed this meanwhile. It now says: Region: Wales. "
                "What you typed stands below: save again to put it in place of theirs."
            ]
        }
        form = answer.context["adminform"].form
        assert (form["name"].value(), form["region"].value()) == ("Dock Police", "")
        assert not Event.objects.about(body).exists()
        again = workshop.post(address_of(body), opened | {"name": "Dock Police", "as_read": form.as_read})
        assert again.status_code == 302
        body.refresh_from_db()
        assert (body.name, body.region) == ("Dock Police", "")

    def test_the_mark_stands_on_the_page(self, workshop, body):
        assert 'name="as_read" value="name:' in workshop.get(address_of(body)).content.decode()

    def test_a_partnership_that_somebody_ended_meanwhile_is_not_brought_back_unseen(self, workshop, body):
        page = workshop.get(address_of(body)).content.decode()
        marks = dict(re.findall(r'name="(partnerships-0-as_read)" value="([^"]+)"', page))
        opened = fields_of(workshop, address_of(body)) | marks
        today = timezone.localdate()
        body.partnerships.update(ends_on=today)
        body.partnerships.model.objects.create(
            programme=factories.programme(), organisation=body, role=body.partnerships.get().role
        )
        answer = enter(workshop, factories.administrator()).post(address_of(body), opened | {"region": "Wales"})
        (rows,) = (
            each.formset for each in answer.context["inline_admin_formsets"] if each.formset.model is ProgrammePartner
        )
        (sentence,) = rows.errors[0]["__all__"]
        assert sentence.startswith(f"Somebody else changed this meanwhile. It now says: Until: {today}.")
        assert body.partnerships.order_by("pk")[0].ends_on == today

    def test_the_same_change_twice_is_no_conflict(self, workshop, body):
        opened = self.opened(workshop, body)
        Organisation.objects.filter(pk=body.pk).update(region="Wales")
        assert workshop.post(address_of(body), opened | {"region": "Wales"}).status_code == 302

    @pytest.mark.parametrize("mark", ["", ":", "name", "nothing:x", "a:b:c d", "[" * 5000])
    def test_a_mark_that_nobody_gave_breaks_nothing(self, workshop, body, mark):
        posted = fields_of(workshop, address_of(body)) | {"as_read": mark, "region": "Wales"}
        assert workshop.post(address_of(body), posted).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_one_organisation_at_once_the_second_reads_what_the_first_saved(client):
    run = factories.programme()
    body = factories.partner(run)
    enter(client, factories.coordinator(run))
    page = client.get(address_of(body))
    opened = fields_of(client, address_of(body)) | {"as_read": page.context["adminform"].form.as_read}
    others = [enter(Client(), factories.coordinator(run)) for _ in range(2)]
    for other in others:
        other.get(address_of(body))

    def save(other, name):
        return other.post(address_of(body), opened | {"name": name}).status_code

    names = ["Dock Police", "Port Police"]
    acts = [lambda each=each: save(*each) for each in zip(others, names, strict=True)]
    statuses = at_once(*acts)
    assert sorted(statuses) == [200, 302]
    body.refresh_from_db()
    assert body.name == names[statuses.index(302)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_one_identifier_at_once_one_is_refused_in_words():
    bodies = [factories.organisation(), factories.organisation()]
    for body in bodies:
        body.ror = "01kj2bm70"
    results = at_once(*[lambda body=body: save_organisation(body, by=None) for body in bodies])
    (refused,) = [str(result) for result in results if isinstance(result, Exception)]
    assert refused == "Another organisation was given this address or identifier at the same moment."
    assert Organisation.objects.filter(ror="01kj2bm70").count() == 1


def row_of(body, run, client, **values):
    """Post the organisation's page with its first partnership changed."""
    changed = {f"partnerships-0-{name}": value for name, value in values.items()}
    return client.post(address_of(body), fields_of(client, address_of(body)) | changed)


def test_a_partnership_that_begins_or_ends_in_the_admin_is_recorded_as_everywhere(workshop, run, body):
    part, today = body.partnerships.get(), timezone.localdate()
    associate = factories.term("programme_role", "associate")
    assert row_of(body, run, workshop, role=associate.pk).status_code == 302
    assert row_of(body, run, workshop, ends_on=today).status_code == 302
    part.refresh_from_db()
    assert (part.role, part.ends_on) == (associate, today)
    assert [event.verb for event in Event.objects.about(part)] == ["partnership.changed", "partnership.ended"]
    assert SearchEntry.objects.filter(kind="organisation", object_id=body.pk).exists()


def test_a_second_part_gets_a_sentence_beside_its_row(workshop, run, body):
    address = f"/admin/partners/programme/{run.pk}/change/"
    row = {"partners-1-organisation": body.pk, "partners-1-role": body.partnerships.get().role_id}
    row |= {"partners-1-starts_on": timezone.localdate(), "partners-1-id": "", "partners-TOTAL_FORMS": 2}
    answer = workshop.post(address, fields_of(workshop, address) | row)
    rows = next(
        each.formset for each in answer.context["inline_admin_formsets"] if each.formset.model is ProgrammePartner
    )
    assert rows.errors[1] == {"__all__": ["It takes part in this programme already."]}


def test_a_partner_of_the_past_is_added_only_with_the_days_of_its_past(workshop, run, body):
    gone = factories.organisation(valid_from="2000-01-01", valid_to="2020-01-01")
    address = f"/admin/partners/programme/{run.pk}/change/"
    row = {"partners-1-organisation": gone.pk, "partners-1-role": body.partnerships.get().role_id}
    row |= {"partners-1-starts_on": "2010-01-01", "partners-1-id": "", "partners-TOTAL_FORMS": 2}
    data = fields_of(workshop, address) | row
    assert workshop.post(address, data).status_code == 200
    assert workshop.post(address, data | {"partners-1-ends_on": "2020-01-01"}).status_code == 302
    part = gone.partnerships.get()
    assert [event.verb for event in Event.objects.about(part)] == ["partnership.started"]
