"""Somebody takes their data along and leaves; what they lead keeps them until it is in other hands."""

import json
import zipfile

import pytest

from collaborative.accounts.models import User
from partners.models import ProgrammeRole
from projects.models import ProjectPerson
from projects.states import Stage
from tests import factories as make
from tests.factories import PASSWORD
from tests.journeys.conftest import DESK, PHONE, sign_in
from tests.smtp_sink import plain


@pytest.fixture
def person(transactional_db):
    """Make a member who worked on a project that is complete, and coordinates a programme alone."""
    run = make.programme(name="Northern Programme")
    force = make.partner(run)
    person = make.member(force, user=make.person(name="Asha Verne"), title="Analyst")
    make.coordinator(run, user=person)
    project = make.project(run, stage=Stage.COMPLETED, title="Lanes at night")
    ProjectPerson.objects.create(project=project, user=person, organisation=force, starts_on=make.yesterday())
    return person


def main(page):
    """Return the page's own part, without header and footer."""
    return page.get_by_role("main")


def prove(page):
    """Type the password once more."""
    main(page).get_by_label("Password").fill(PASSWORD)
    main(page).get_by_role("button", name="Go on").click()


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_somebody_takes_their_data_along_and_leaves(person, page_at, axe, smtp_sink, tmp_path, width, scripts):
    page = page_at(width, java_script_enabled=scripts, accept_downloads=True)
    sign_in(page, person)
    page.get_by_role("link", name="Your data, and leaving").click()
    main(page).get_by_role("heading", name="Your places in organisations").wait_for()
    if scripts:
        assert axe(page) == []

    main(page).get_by_role("link", name="Download my data").click()
    prove(page)
    if scripts:
        assert axe(page) == []
    with page.expect_download() as waiting:
        main(page).get_by_role("button", name="Download the file").click()
    bundle = zipfile.ZipFile(waiting.value.path())
    assert json.loads(bundle.read("data/memberships.json"))["rows"][0]["title"] == "Analyst"
    [told] = [each for each in smtp_sink.to(person.email) if "downloaded" in each["Subject"]]
    assert "was downloaded from your account" in plain(told)

    page.goto("/me/data/close/")
    main(page).get_by_role("link", name="Only coordinator of Northern Programme").wait_for()
    assert main(page).get_by_role("button", name="Close my account").count() == 0
    if scripts:
        assert axe(page) == []
    make.coordinator(ProgrammeRole.objects.get(user=person).programme)

    page.reload()
    assert main(page).get_by_label("Lanes at night").is_checked() is False
    main(page).get_by_label("Lanes at night").check()
    main(page).get_by_role("button", name="Close my account for good").click()
    main(page).get_by_role("heading", name="There is a problem").wait_for()
    assert page.title().startswith("Error:")
    assert main(page).get_by_label("Lanes at night").is_checked()
    if scripts:
        assert axe(page) == []
    main(page).get_by_label("Type your e-mail address").fill(person.email)
    main(page).get_by_role("button", name="Close my account for good").click()
    main(page).get_by_role("heading", name="Your account is closed").wait_for()
    if scripts:
        assert axe(page) == []

    [last] = [each for each in smtp_sink.to(person.email) if "is closed" in each["Subject"]]
    assert "we write to you no more" in plain(last)
    page.goto("/me/")
    assert "/accounts/login/" in page.url
    gone = User.objects.get(pk=person.pk)
    assert (gone.name, gone.is_active) == ("", False)
    assert ProjectPerson.objects.get().credit_name == "Asha Verne"
