"""Every page of the admin opens for an administrator; no coordinator meets another programme's rows there."""

import re

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaborative.accounts.models import Appointment, User
from collaborative.links.models import Link
from collaborative.notifications.models import Letter
from collaborative.portal.models import ProblemReport
from collaborative.search.models import Synonyms
from collaborative.vocabulary.models import Term, Theme
from evidence.models import Check, FormatRequest, Review, Sheet, Version
from partners.models import (
    EmailDomain,
    Membership,
    MembershipRequest,
    Organisation,
    OrganisationImport,
    Programme,
    ProgrammeRole,
    SignOn,
)
from projects.models import Project, ProjectArea, Strand
from tests import factories as make
from tests.sign_on.ways import a_service as sign_on
from training.models import Booking, Event

pytestmark = pytest.mark.django_db
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:|<script(?![^>]*(\ssrc=|type=\"application/json\"))", re.IGNORECASE
)
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
SHARED = {Check, Synonyms, Term, Theme}
"""Words of all programmes: every coordinator may look them up."""
ADMINISTRATORS_ONLY = {User, Appointment, Letter, ProblemReport, SignOn}


def letter(programme):
    """Make a letter about a programme's project."""
    project = make.project(programme)
    return Letter.objects.create(
        key="project.awarded",
        event=f"letter {make.number()}",
        recipient=make.person(),
        channel="portal",
        kind_of=project.kind,
        object_id=project.pk,
    )


def appointment(programme):
    """Make an appointment."""
    return make.administrator().appointments.get()


def strand(programme):
    """Make a strand of a programme."""
    n = make.number()
    return Strand.objects.create(programme=programme, slug=f"strand-{n}", name=f"Strand {n}")


def link(programme):
    """Make a link in a draft, which nobody outside the programme sees."""
    draft = make.review(programme, state="drafting")
    made = Link.objects.create(url=f"https://gone.example/{draft.pk}", host="gone.example", state="dead")
    made.places.create(kind_of=draft.kind, object_id=draft.pk)
    return made


def organisation_import(programme):
    """Make an import of organisations that was carried out."""
    return OrganisationImport.objects.create(
        by=make.administrator(), programme=programme, file_name=f"list-{make.number()}.csv", done_at=timezone.now()
    )


MAKERS = {
    User: lambda programme: make.member(make.partner(programme)),
    Appointment: appointment,
    Letter: letter,
    ProblemReport: lambda programme: ProblemReport.objects.create(page="/evidence/", message="A broken link"),
    Term: lambda programme: make.term("organisation_kind", f"kind_{make.number()}"),
    Theme: lambda programme: make.theme(),
    Synonyms: lambda programme: Synonyms.objects.create(words=f"W{make.number()}\nanother word"),
    Organisation: make.partner,
    OrganisationImport: organisation_import,
    Programme: lambda programme: programme,
    EmailDomain: lambda programme: EmailDomain.objects.create(
        organisation=make.partner(programme), domain=f"force{make.number()}.example"
    ),
    MembershipRequest: lambda programme: MembershipRequest.objects.create(
        organisation=make.partner(programme), user=make.person(), message="May I?"
    ),
    Membership: lambda programme: Membership.objects.get(user=make.member(make.partner(programme))),
    ProgrammeRole: lambda programme: ProgrammeRole.objects.get(user=make.coordinator(programme)),
    SignOn: lambda programme: sign_on(organisation=make.partner(programme)),
    Strand: strand,
    ProjectArea: make.area,
    Project: make.project,
    Link: link,
    Check: lambda programme: Check.objects.create(words=f"Line {make.number()}"),
    Review: make.review,
    FormatRequest: lambda programme: make.format_request(make.review(programme)),
    Version: lambda programme: make.review(programme).versions.get(),
    Sheet: lambda programme: make.sheet(programme, state="submitted"),
    Event: make.event,
    Booking: lambda programme: Booking.objects.create(
        event=make.event(programme), user=make.person(), state="confirmed"
    ),
}
"""How to make a row of each registered model in a programme."""


def address(model, page, *args):
    """Return the address of a model's page."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def administrator(client):
    """Sign an administrator in."""
    user = make.with_second_factor(make.administrator())
    client.force_login(user)
    return user


@pytest.fixture
def programmes():
    """Make two programmes."""
    return make.programme(), make.programme()


@pytest.fixture
def coordinator(client, programmes):
    """Sign a coordinator of the first programme in."""
    user = make.with_second_factor(make.coordinator(programmes[0]))
    client.force_login(user)
    return user


def check(page):
    """Check a page of the admin: it opened, under our name, with nothing inline."""
    assert page.status_code == 200
    text = page.content.decode()
    assert "css/admin.css" in text
    assert INLINE.search(text) is None, INLINE.search(text)


def test_every_registered_model_has_a_maker_here():
    assert [model._meta.label for model in REGISTERED if model not in MAKERS] == []


def test_nothing_registered_is_deleted_or_run_by_django_s_own_permissions(rf, administrator):
    request = rf.get("/admin/")
    request.user = administrator
    for model in REGISTERED:
        assert not admin.site._registry[model].has_delete_permission(request), model._meta.label
        assert "delete_selected" not in admin.site._registry[model].get_actions(request), model._meta.label


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
class TestForAnAdministrator:
    def test_list_search_and_every_filter_open(self, client, administrator, programmes, model):
        MAKERS[model](programmes[0])
        page = client.get(address(model, "changelist"))
        check(page)
        assert page.context["cl"].result_count > 0
        if admin.site._registry[model].search_fields:
            check(client.get(address(model, "changelist"), {"q": "a b's \"c"}))
        for spec in page.context["cl"].filter_specs:
            for choice in list(spec.choices(page.context["cl"]))[1:3]:
                check(client.get(address(model, "changelist") + choice["query_string"]))

    def test_a_row_opens(self, client, administrator, programmes, model):
        page = client.get(address(model, "change", MAKERS[model](programmes[0]).pk))
        check(page)
        assert 'name="as_read"' in page.content.decode()

    def test_its_history_opens(self, client, administrator, programmes, model):
        check(client.get(address(model, "history", MAKERS[model](programmes[0]).pk)))

    def test_adding_opens_and_an_empty_form_comes_back_where_adding_is_allowed(self, client, administrator, model, rf):
        request = rf.get("/admin/")
        request.user = administrator
        page = client.get(address(model, "add"))
        if admin.site._registry[model].has_add_permission(request):
            check(page)
            empty = dict(re.findall(r'name="(\w+-(?:TOTAL|INITIAL)_FORMS)" value="(\d+)"', page.content.decode()))
            check(client.post(address(model, "add"), empty))
        else:
            assert page.status_code == 403

    def test_its_list_costs_the_same_however_long(self, client, administrator, programmes, model):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                client.get(address(model, "changelist"))
            return len(queries)

        make_row = MAKERS[model]
        make_row(programmes[0])
        make_row(make.programme())
        few = cost()
        for _ in range(8):
            make_row(make.programme())
        assert cost() == few


def test_the_index_and_each_app_s_page_open(client, administrator):
    check(client.get("/admin/"))
    for label in {model._meta.app_label for model in REGISTERED}:
        check(client.get(reverse("admin:app_list", args=[label])))


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
class TestForACoordinator:
    def test_lists_hold_their_own_programme_s_rows_only(self, client, coordinator, programmes, model):
        mine, other = (MAKERS[model](programme) for programme in programmes)
        page = client.get(address(model, "changelist"))
        if model in ADMINISTRATORS_ONLY:
            assert page.status_code == 403
            return
        check(page)
        rows = set(page.context["cl"].queryset)
        assert mine in rows
        assert (other in rows) == (model in SHARED)

    def test_rows_of_another_programme_do_not_open(self, client, coordinator, programmes, model):
        mine, other = (MAKERS[model](programme) for programme in programmes)
        if model in ADMINISTRATORS_ONLY:
            assert client.get(address(model, "change", mine.pk)).status_code in (302, 403, 404)
        else:
            check(client.get(address(model, "change", mine.pk)))
        if model in SHARED:
            return
        for page in ("change", "history", "delete"):
            answer = client.get(address(model, page, other.pk))
            assert answer.status_code in (302, 403, 404), page
            if answer.status_code == 302:
                assert answer.url in ("/admin/", address(model, "changelist")), page
        before = type(other).objects.filter(pk=other.pk).values().get()
        client.post(address(model, "change", other.pk), {})
        assert type(other).objects.filter(pk=other.pk).values().get() == before

    def test_choosing_offers_nothing_of_another_programme(self, client, coordinator, programmes, model):
        """The lookups behind search-as-you-type boxes follow the same rule as the lists."""
        mine, other = (MAKERS[model](programme) for programme in programmes)
        for asking in REGISTERED:
            for name in admin.site._registry[asking].autocomplete_fields:
                field = asking._meta.get_field(name)
                if field.related_model is not model or model in SHARED | {Organisation}:
                    continue
                where = {"app_label": asking._meta.app_label, "model_name": asking._meta.model_name}
                answer = client.get(reverse("admin:autocomplete"), where | {"field_name": name, "term": ""})
                found = {row["id"] for row in answer.json()["results"]} if answer.status_code == 200 else set()
                assert str(other.pk) not in found, (asking, name)

    def test_nothing_tells_where_a_row_of_another_programme_stands(self, client, coordinator, programmes, model):
        other = MAKERS[model](programmes[1])
        answer = client.get(f"/admin/r/{ContentType.objects.get_for_model(model).pk}/{other.pk}/")
        assert (answer.status_code, answer.headers.get("Location")) == (404, None)


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_a_member_meets_none_of_it(client, programmes, model):
    row = MAKERS[model](programmes[0])
    client.force_login(make.with_second_factor(make.member(make.partner(programmes[0]))))
    for page in (address(model, "changelist"), address(model, "change", row.pk), address(model, "add")):
        assert client.get(page).status_code == 403


def test_a_thing_s_page_is_one_link_away(client, coordinator, programmes):
    for thing in (make.project(programmes[0]), make.event(programmes[0]), programmes[0]):
        page = client.get(address(type(thing), "change", thing.pk)).content.decode()
        assert f'href="{thing.get_absolute_url()}"' in page
