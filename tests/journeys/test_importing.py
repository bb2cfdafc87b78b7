"""A coordinator brings in organisations from a file: looks at it, mends nothing by accident, and carries it out."""

import pytest

from partners.models import Organisation
from tests import factories as make
from tests.journeys.conftest import DESK, PHONE
from tests.partners.files import xlsx_of

HEAD = ("name", "kind", "region", "web_domain", "ror", "valid_from", "valid_to")
ROWS = (
    ("Harbour Police", "Police force", "Wales", "harbour.police.uk", "", "", ""),
    ("Newcastle University", "University", "North East", "", "01kj2bm71", "", ""),
    ("River University", "University", "North East", "river.ac.uk", "01kj2bm70", "", ""),
    ("Canal Police", "Circus", "", "", "", "2024-01-02", "2024-01-01"),
)


@pytest.fixture
def run(transactional_db):
    for scheme, code in (("organisation_kind", "university"), ("programme_role", "associate")):
        make.term(scheme, code)
    programme = make.programme(name="Northern Programme", short_name="NP")
    river = make.organisation("university", name="River University", web_domain="rivers.ac.uk")
    make.partner(programme, river)
    make.term("organisation_kind", "police_force")
    return programme


@pytest.mark.parametrize(("width", "script"), [(PHONE, True), (DESK, False)])
def test_a_file_is_looked_at_and_carried_out(run, page_at, signed_in, axe, width, script):
    page = signed_in(page_at(width, java_script_enabled=script), make.with_second_factor(make.coordinator(run)))
    page.goto("/admin/partners/organisation/")
    page.get_by_role("link", name="Bring in a file").click()
    page.get_by_label("File").set_input_files(
        {"name": "list.xlsx", "mimeType": "application/x", "buffer": xlsx_of(HEAD, *ROWS)}
    )
    page.get_by_role("button", name="Look at the file").click()
    assert page.get_by_role("heading", name="There is a problem").is_visible()
    page.get_by_label("Their role in it").select_option(label="Associate")
    page.get_by_label("File").set_input_files(
        {"name": "list.xlsx", "mimeType": "application/x", "buffer": xlsx_of(HEAD, *ROWS)}
    )
    page.get_by_role("button", name="Look at the file").click()
    assert page.get_by_role("heading", level=1).inner_text() == "What the file would do"
    assert "its last two digits do not fit the rest" in page.get_by_role("row", name="01kj2bm71").inner_text()
    if script:
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("Leave out the rows at fault and bring in the others").check()
    page.get_by_label("Fill what is empty there, and change nothing else").check()
    page.get_by_role("button", name="Carry it out").click()
    assert page.get_by_text("The file has been carried out.").is_visible()
    if script:
        assert axe(page) == []
    river = Organisation.objects.get(name="River University")
    assert (river.region, river.web_domain, river.ror) == ("North East", "rivers.ac.uk", "01kj2bm70")
    assert sorted(part.organisation.name for part in run.partners.select_related("organisation")) == [
        "Harbour Police",
        "River University",
    ]
