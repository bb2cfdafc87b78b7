"""The coordinators' workshop: one's own programme and no other, whatever is posted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.audit.models import Event
from collaborative.search.models import SearchEntry
from partners.models import Membership, Organisation, Programme, ProgrammePartner, ProgrammeRole
from tests import factories

pytestmark = pytest.mark.django_db

INLINES = {
    "organisation": ("aliases", "links", "partnerships"),
    "programme": ("partners", "programmetheme_set", "theme_leads"),
}
LISTS = ["organisation", "programme", "membership", "programmerole"]


@pytest.fixture
def run():
    return factories.programme()


@pytest.fixture
def body(run):
    return factories.partner(run)


@pytest.fixture
def enter(client):
    """Sign someone in who has a second factor; return their client."""

    def sign_in(user):
        client.force_login(factories.with_second_factor(user))
        return client

    return sign_in


def rows_of(client, address):
    """Return the rows of a list of the admin."""
    return list(client.get(address).context["cl"].queryset)


def fields_of(client, address):
    """Return what the form at an address would post if nothing were changed."""
    context = client.get(address).context
    data = {}
    for form in [context["adminform"].form, *forms_of(context)]:
        for bound in form:
            value = bound.value()
            data[bound.html_name] = "" if value is None else value
            if bound.field.show_hidden_initial:
                data[bound.html_initial_name] = data[bound.html_name]
    for each in context["inline_admin_formsets"]:
        for bound in each.formset.management_form:
            data[bound.html_name] = bound.value()
    return data


def forms_of(context):
    return [form for each in context["inline_admin_formsets"] for form in each.formset.forms]


def prefix_of(client, address, model):
    """Return the prefix and the number of rows of the table of a model."""
    for each in client.get(address).context["inline_admin_formsets"]:
        if each.formset.model is model:
            return each.formset.prefix, len(each.formset.forms)
    raise LookupError(model)


def errors_of(answer):
    """Return all sentences of a form that was not accepted."""
    context = answer.context
    found = [str(error) for errors in context["adminform"].form.errors.values() for error in errors]
    for form in forms_of(context):
        found += [str(error) for errors in form.errors.values() for error in errors]
    return found


def add_row(client, address, model, **values):
    """Post the form at an address with one more row in the table of a model."""
    data = fields_of(client, address)
    prefix, count = prefix_of(client, address, model)
    data[f"{prefix}-TOTAL_FORMS"] = count + 1
    data |= {f"{prefix}-{count}-{name}": value for name, value in values.items()}
    data |= {f"{prefix}-{count}-id": "", f"{prefix}-{count}-starts_on": timezone.localdate()}
    return client.post(address, data)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_shows_what_one_manages_and_the_page_of_anything_else_stays_shut(enter, run, body, name):
    other = factories.programme()
    elsewhere = factories.partner(other)
    factories.member(body), factories.member(elsewhere), factories.coordinator(other)
    client = enter(factories.coordinator(run))
    rows = rows_of(client, f"/admin/partners/{name}/")
    assert len(rows) == 1
    model = type(rows[0])
    for row in model.objects.all():
        status = client.get(f"/admin/partners/{name}/{row.pk}/change/").status_code
        assert (status == 200) == (row in rows), row
    assert model.objects.count() > 1


@pytest.mark.parametrize("name", LISTS)
def test_an_administrator_sees_all_and_nobody_deletes(enter, run, body, name):
    factories.coordinator(run, factories.member(body))
    client = enter(factories.administrator())
    (row,) = rows_of(client, f"/admin/partners/{name}/")
    assert client.get(f"/admin/partners/{name}/{row.pk}/change/").status_code == 200
    assert client.post(f"/admin/partners/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_however_long(enter, run, body, name, django_assert_num_queries):
    factories.member(body)
    client = enter(factories.administrator())
    factories.coordinator(run)
    rows_of(client, f"/admin/partners/{name}/")
    with CaptureQueriesContext(connection) as short:
        rows_of(client, f"/admin/partners/{name}/")
    for _ in range(29):
        more = factories.programme()
        factories.coordinator(more, factories.member(factories.partner(more)))
    with django_assert_num_queries(len(short)):
        rows_of(client, f"/admin/partners/{name}/")


def test_a_member_and_a_visitor_do_not_enter(client, enter, body):
    assert client.get("/admin/partners/organisation/").status_code == 302
    assert enter(factories.member(body, role="lead")).get("/admin/partners/organisation/").status_code == 403


def test_a_coordinator_changes_a_partner_and_it_is_recorded_and_found(enter, run, body):
    user = factories.coordinator(run)
    client = enter(user)
    address = f"/admin/partners/organisation/{body.pk}/change/"
    data = fields_of(client, address) | {"name": "Harbour Police"}
    assert client.post(address, data).status_code == 302
    body.refresh_from_db()
    assert body.name == "Harbour Police"
    assert list(Event.objects.about(body).values_list("verb", "actor")) == [("organisation.changed", user.pk)]
    assert SearchEntry.objects.get(kind="organisation", object_id=body.pk).title == "Harbour Police"


def test_saving_without_a_change_records_nothing(enter, run, body):
    client = enter(factories.coordinator(run))
    address = f"/admin/partners/organisation/{body.pk}/change/"
    assert client.post(address, fields_of(client, address)).status_code == 302
    assert not Event.objects.about(body).exists()


def test_a_coordinator_adds_an_organisation_only_with_a_part_in_their_programme(enter, run):
    client = enter(factories.coordinator(run))
    address = "/admin/partners/organisation/add/"
    data = fields_of(client, address) | {
        "name": "Harbour Police",
        "slug": "harbour-police",
        "kind_of": factories.term("organisation_kind", "police_force").pk,
    }
    refused = client.post(address, data | {"partnerships-0-programme": "", "partnerships-0-role": ""})
    assert refused.status_code == 200
    assert not Organisation.objects.exists()
    role = factories.term("programme_role", "associate").pk
    client.post(address, data | {"partnerships-0-programme": run.pk, "partnerships-0-role": role})
    part = ProgrammePartner.objects.get(organisation__slug="harbour-police")
    assert part.programme == run
    assert [event.verb for event in Event.objects.about(part)] == ["partnership.started"]


@pytest.mark.parametrize("through", ["organisation", "programme"])
def test_another_programme_cannot_be_chosen_however_it_is_posted(enter, run, body, through):
    other, role = factories.programme(), factories.term("programme_role", "associate").pk
    client = enter(factories.coordinator(run))
    if through == "organisation":
        address = f"/admin/partners/organisation/{body.pk}/change/"
        answer = add_row(client, address, ProgrammePartner, programme=other.pk, role=role)
        assert "Select a valid choice. That choice is not one of the available choices." in errors_of(answer)
    else:
        answer = client.post(f"/admin/partners/programme/{other.pk}/change/", {"name": "Taken over"})
        assert answer.status_code in (302, 403)
    assert not ProgrammePartner.objects.filter(programme=other).exists()
    assert not Programme.objects.filter(name="Taken over").exists()


def test_a_partner_of_another_programme_is_refused_with_the_reason(enter, run):
    shared = factories.partner(factories.programme())
    client = enter(factories.coordinator(run))
    role = factories.term("programme_role", "associate").pk
    address = f"/admin/partners/programme/{run.pk}/change/"
    answer = add_row(client, address, ProgrammePartner, organisation=shared.pk, role=role)
    assert errors_of(answer) == [
        "This organisation takes part in another programme already. Ask an administrator to add it to yours."
    ]
    assert not run.partners.filter(organisation=shared).exists()


def test_a_partnership_keeps_its_organisation_and_can_be_ended(enter, run, body):
    part, today = body.partnerships.get(), timezone.localdate()
    other = factories.organisation()
    client = enter(factories.coordinator(run))
    address = f"/admin/partners/programme/{run.pk}/change/"
    data = fields_of(client, address) | {"partners-0-organisation": other.pk, "partners-0-ends_on": today}
    assert client.post(address, data).status_code == 302
    part.refresh_from_db()
    assert (part.organisation, part.ends_on) == (body, today)
    assert [event.verb for event in Event.objects.about(part)] == ["partnership.ended"]


def test_an_ended_partnership_is_not_brought_back_while_another_programme_has_the_organisation(enter, run, body):
    """Whoever could, would let their own people into what the other programme shows its partners."""
    part, today = body.partnerships.get(), timezone.localdate()
    ProgrammePartner.objects.filter(pk=part.pk).update(starts_on="2020-01-01", ends_on="2021-01-01")
    factories.partner(factories.programme(), body)
    client = enter(factories.coordinator(run))
    address = f"/admin/partners/programme/{run.pk}/change/"
    for until in ("", "2090-01-01"):
        assert errors_of(client.post(address, fields_of(client, address) | {"partners-0-ends_on": until})) == [
            "This organisation takes part in another programme already. Ask an administrator to add it to yours."
        ]
    assert client.post(address, fields_of(client, address) | {"partners-0-ends_on": "2021-02-01"}).status_code == 302
    assert Organisation.objects.manageable_by(factories.coordinator(run)).filter(pk=body.pk).count() == 0
    ProgrammePartner.objects.exclude(pk=part.pk).update(starts_on="2020-01-01", ends_on=today)
    assert client.post(address, fields_of(client, address) | {"partners-0-ends_on": ""}).status_code == 302


def test_a_period_that_ends_before_it_begins_gets_a_sentence_beside_its_field(enter, run, body):
    client = enter(factories.coordinator(run))
    address = f"/admin/partners/programme/{run.pk}/change/"
    data = fields_of(client, address) | {"partners-0-ends_on": "2001-01-01"}
    assert errors_of(client.post(address, data)) == ["This is before the first day."]


def test_a_programme_page_costs_about_the_same_with_thirty_partners(enter, run, body, django_assert_max_num_queries):
    for _ in range(29):
        factories.partner(run)
    client = enter(factories.coordinator(run))
    with django_assert_max_num_queries(30):
        client.get(f"/admin/partners/programme/{run.pk}/change/")


def joining(body, **values):
    today = timezone.localdate()
    return {
        "email": "",
        "organisation": body.pk,
        "role": "member",
        "title": "",
        "starts_on": today,
        "ends_on": "",
    } | values


def test_a_coordinator_lets_someone_in_by_address(enter, run, body):
    person, user = factories.person(), factories.coordinator(run)
    client = enter(user)
    answer = client.post("/admin/partners/membership/add/", joining(body, email=person.email.upper()))
    assert answer.status_code == 302
    made = Membership.objects.get()
    assert (made.user, made.organisation) == (person, body)
    assert list(Event.objects.about(made).values_list("verb", "actor")) == [("membership.started", user.pk)]


def test_nobody_is_let_into_an_organisation_that_one_does_not_manage(enter, run, body):
    elsewhere = factories.partner(factories.programme())
    client = enter(factories.coordinator(run))
    answer = client.post("/admin/partners/membership/add/", joining(elsewhere, email=factories.person().email))
    assert errors_of(answer) == ["Select a valid choice. That choice is not one of the available choices."]
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("nobody@people.example", "Nobody has an account with this address. Ask them to make one first."),
        ("not an address", "Enter a valid email address."),
    ],
)
def test_an_address_without_an_account_gets_a_sentence(enter, run, body, email, sentence):
    client = enter(factories.coordinator(run))
    assert errors_of(client.post("/admin/partners/membership/add/", joining(body, email=email))) == [sentence]


def test_someone_who_is_in_already_gets_a_sentence(enter, run, body):
    person = factories.member(body)
    client = enter(factories.coordinator(run))
    answer = client.post("/admin/partners/membership/add/", joining(body, email=person.email))
    assert errors_of(answer) == ["This person is a member of this organisation already."]


def test_a_membership_keeps_its_person_and_organisation(enter, run, body):
    membership = factories.member(body).memberships.get()
    other, stranger = factories.partner(run), factories.person()
    client = enter(factories.coordinator(run))
    address = f"/admin/partners/membership/{membership.pk}/change/"
    data = fields_of(client, address) | {"organisation": other.pk, "user": stranger.pk, "role": "lead"}
    assert client.post(address, data).status_code == 302
    changed = Membership.objects.get(pk=membership.pk)
    assert (changed.user, changed.organisation, changed.role) == (membership.user, body, "lead")


def test_coordinators_see_who_coordinates_and_only_administrators_decide_it(enter, run):
    user = factories.coordinator(run)
    role, client = ProgrammeRole.objects.get(), enter(user)
    data = {"email": factories.person().email, "programme": run.pk, "role": "coordinator", "starts_on": "2026-01-01"}
    assert client.post("/admin/partners/programmerole/add/", data | {"ends_on": ""}).status_code == 200
    assert client.post(f"/admin/partners/programmerole/{role.pk}/change/", {"ends_on": "2090-01-01"}).status_code == 403
    assert run.roles.count() == 1
    client = enter(factories.administrator())
    assert client.post("/admin/partners/programmerole/add/", data | {"ends_on": ""}).status_code == 302
    assert run.roles.count() == 2


def test_choosing_a_new_partner_offers_the_directory_and_all_else_ones_own(enter, run, body):
    factories.organisation()
    client = enter(factories.coordinator(run))

    def offered(model):
        field = {"app_label": "partners", "model_name": model, "field_name": "organisation"}
        return len(client.get("/admin/autocomplete/", field).json()["results"])

    assert offered("programmepartner") == 2
    assert offered("membership") == 1
    assert offered("themelead") == 1


@pytest.mark.parametrize("typed", ["\x00", "x", "²", "{}", "9" * 30, "-1"])
def test_an_organisation_that_is_no_number_is_no_choice(enter, run, body, typed):
    client = enter(factories.coordinator(run))
    for page in ("membership", "emaildomain"):
        address = f"/admin/partners/{page}/add/"
        asked, sent = client.get(address, {"organisation": typed}), client.post(address, {"organisation": typed})
        assert (asked.status_code, sent.status_code) == (200, 200)
        assert len(sent.context["adminform"].form.errors["organisation"]) == 1
