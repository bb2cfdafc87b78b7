"""Whom a programme may ask for reviews: appointed by its coordinators, told to nobody else."""

import pytest

from collaborative.notifications.models import Letter
from partners.models import ProgrammeRole
from partners.rights import rights_of
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_coordinator_appoints_reviewers_and_no_coordinators(client):
    run = make.programme()
    client.force_login(make.with_second_factor(make.coordinator(run)))
    asked = make.person()
    form = {"email": asked.email, "programme": run.pk, "starts_on": "2026-01-01", "ends_on": ""}
    refused = client.post("/admin/partners/programmerole/add/", form | {"role": "coordinator"})
    assert refused.context["adminform"].form.errors["role"]
    assert client.post("/admin/partners/programmerole/add/", form | {"role": "reviewer"}).status_code == 302
    (role,) = ProgrammeRole.objects.filter(user=asked)
    assert (role.role, role.programme) == ("reviewer", run)
    assert [letter.key for letter in Letter.objects.filter(recipient=asked, channel="mail")] == [
        "programme_role.reviews"
    ]


def test_an_office_of_reviewing_opens_nothing_and_is_not_told(client):
    run = make.programme()
    reviewer, other = make.reviewer(run), make.reviewer(make.programme())
    assert rights_of(reviewer) == rights_of(make.person())
    seen = ProgrammeRole.objects.visible_to(reviewer)
    assert set(seen.filter(role="reviewer").values_list("user", flat=True)) == {reviewer.pk}
    assert not ProgrammeRole.objects.visible_to(make.person()).filter(user__in=[reviewer, other]).exists()
    run_by = ProgrammeRole.objects.visible_to(make.coordinator(run))
    assert set(run_by.filter(role="reviewer").values_list("user", flat=True)) == {reviewer.pk}
