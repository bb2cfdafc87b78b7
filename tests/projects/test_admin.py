"""What coordinators save in the admin is found as it now is."""

import pytest
from django.urls import reverse

from collaborative.search.queries import matching
from tests import factories
from tests.admin_forms import enter, fields_of

pytestmark = pytest.mark.django_db


def test_an_area_and_a_project_changed_in_the_admin_are_found_by_their_new_words(client):
    project = factories.project()
    area = factories.area(project.programme)
    enter(client, factories.coordinator(project.programme))
    for thing, field in ((area, "name"), (project, "title")):
        address = reverse(f"admin:{thing._meta.label_lower.replace('.', '_')}_change", args=[thing.pk])
        answer = client.post(address, fields_of(client, address) | {field: "Zeppelins at dusk"})
        assert answer.status_code == 302
        assert list(matching("zeppelins", thing.kind, None).values_list("object_id", flat=True)) == [thing.pk]
