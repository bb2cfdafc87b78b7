"""What a text lacks is said with the way to where it is mended."""

import pytest
from django.utils.html import escape

from evidence.models import Check
from evidence.states import VersionState
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_a_text_lacks_leads_to_where_it_is_mended(client):
    review = factories.review(state=VersionState.DRAFTING)
    version = review.versions.get()
    section = version.sections.create(position=1, anchor="one", heading="One", body="Nobody said so [@nobody-2020].")
    Check.objects.create(words="Read aloud")
    client.force_login(factories.editor(review))
    desk = client.get(review.get_desk_url())
    found = {str(lack).split(" ")[0]: url for lack, url in desk.context["lacks"]}
    write = f"{review.get_desk_url()}write/"
    assert found == {
        "Write": f"{write}text/",
        "Name": f"{write}authors/",
        "In": f"{write}sections/{section.pk}/",
        "Go": "#checklist",
    }
    page = desk.content.decode()
    for lack, url in desk.context["lacks"]:
        assert f'<a href="{url}">{escape(lack)}</a>' in page
        assert client.get(url if url.startswith("/") else review.get_desk_url() + url).status_code == 200
