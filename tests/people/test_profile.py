"""What people say of themselves is kept as they typed it, or not at all; and nobody sees it until they say so."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collaborative.accounts.services import change_details, stop_sign_in
from collaborative.audit.models import Event
from collaborative.core.errors import Refused
from collaborative.search.models import SearchEntry
from partners import services
from partners.models import Expertise, Profile
from tests import factories as make

pytestmark = pytest.mark.django_db
URL = "/me/profile/"
ORCID = "0000-0002-1825-0097"
AMONG = "Choose among those that are shown."
OTHER_ORCID = "0000-0001-5109-3700"


@pytest.fixture
def ann(client):
    """Sign somebody in who belongs to a partner."""
    body = make.partner(make.programme(), make.organisation(name="Kent Police"))
    person = make.member(body, user=make.person(name="Ann Example"), title="Analyst")
    client.force_login(person)
    return person


def send(client, **values):
    """Send the form."""
    return client.post(URL, {"audience": "everyone"} | values)


def problems(page):
    """Return ``{field: what stands beside it}``."""
    assert page.status_code == 422
    return {name: list(lines) for name, lines in page.context["form"].errors.items()}


def kept():
    """Return the only profile."""
    return Profile.objects.get()


def test_one_signs_in_first(client):
    answer = client.get(URL)
    assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={URL}")


def test_who_may_see_it_is_the_first_question_and_nobody_is_the_answer_that_stands(client, ann):
    page = client.get(URL)
    form = page.context["form"]
    assert (next(iter(form.fields)), form["audience"].value()) == ("audience", "nobody")
    assert not Profile.objects.exists()


def test_everything_that_is_said_is_kept_and_shown(client, ann):
    theme, method = make.theme(name="Domestic abuse"), make.term("method", "interviews")
    language, offer = make.term("language", "cy"), make.term("offer", "advice")
    page = client.post(
        URL,
        {
            "audience": "everyone",
            "shows_email": "on",
            "expertise": "Network analysis, county lines\nRural crime",
            "another": "Drones",
            "themes": [theme.pk],
            "methods": [method.pk],
            "languages": [language.pk],
            "offers": [offer.pk],
            "about": "I like **maps**.\r\nAnd tables.",
            "orcid": f"https://orcid.org/{ORCID}",
        },
        follow=True,
    )
    profile = kept()
    assert page.redirect_chain == [("/people/ann-example/", 302)]
    assert (profile.audience, profile.shows_email, profile.orcid) == ("everyone", True, ORCID)
    assert profile.about == "I like **maps**.\nAnd tables."
    words = {each.name for each in profile.expertise.all()}
    assert words == {"Network analysis", "county lines", "Rural crime", "Drones"}
    chosen = [list(getattr(profile, name).all()) for name in ("themes", "methods", "languages", "offers")]
    assert chosen == [[theme], [method], [language], [offer]]
    shown = page.content.decode()
    for words in ("Ann Example", "Analyst", "Kent Police", "Drones", "<strong>maps</strong>", ORCID, ann.email):
        assert words in shown


def test_the_form_shows_what_is_kept(client, ann):
    send(client, audience="staff", expertise="One\nTwo", about="Of me", orcid=ORCID)
    form = client.get(URL).context["form"]
    values = [form[name].value() for name in ("audience", "expertise", "about", "orcid")]
    assert values == ["staff", "One\nTwo", "Of me", ORCID]


def test_the_address_is_the_name_s_first_and_stays_when_the_name_changes(client, ann):
    send(client)
    change_details(ann, name="Ann Married")
    send(client, about="New")
    assert kept().slug == "ann-example"
    assert "Ann Married" in client.get("/people/ann-example/").content.decode()


@pytest.mark.parametrize(
    ("name", "slug"), [("Map", "map-2"), ("李雷", "person"), ("Siân Ŵyn", "sian-wyn"), ("x" * 150, "x" * 70)]
)
def test_an_address_is_readable_and_never_a_word_for_another_page(client, ann, name, slug):
    change_details(ann, name=name)
    assert send(client).status_code == 302
    assert kept().slug == slug


def test_two_of_one_name_have_two_addresses(client, ann):
    make.profile(slug="ann-example")
    send(client)
    assert Profile.objects.get(user=ann).slug == "ann-example-2"


def test_words_are_made_once_whatever_their_capitals(client, ann):
    old = Expertise.objects.create(name="Étude de cas")
    send(client, expertise="ÉTUDE DE CAS, étude de cas, Tai Chi,  tai   chi\n\nTAI CHI")
    assert set(kept().expertise.all()) == {old, Expertise.objects.get(name="Tai Chi")}


def test_words_with_signs_are_kept_as_typed(client, ann):
    send(client, expertise="C++, R&D, <b>bold</b>, police 🚓 cars, Heddlu a’r Ŵyl")
    names = {each.name for each in kept().expertise.all()}
    assert names == {"C++", "R&D", "<b>bold</b>", "police 🚓 cars", "Heddlu a’r Ŵyl"}
    assert "<b>bold</b>" not in client.get("/people/ann-example/").content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            ", ".join(f"word {n}" for n in range(13)),
            "Name at most 12 fields: these are 13. Keep those you know best.",
        ),
        (
            "y" * 61,
            f"“{'y' * 30}…” is too long: use 60 characters or fewer, or part it by commas.",
        ),
        ("good, 🚓", "“🚓” has no letter in it, so nobody could look for it."),
        ("nul\x00word", "Null characters are not allowed."),
    ],
)
def test_words_that_are_none_are_told_beside_the_field(client, ann, typed, told):
    page = send(client, expertise=typed, about="Kept")
    assert problems(page) == {"expertise": [told]}
    assert (page.context["form"]["about"].value(), Profile.objects.exists()) == ("Kept", False)
    assert not Expertise.objects.exists()


def test_a_word_too_many_is_told_where_it_was_added(client, ann):
    page = send(client, expertise="\n".join(f"word {n}" for n in range(12)), another="one more")
    assert problems(page) == {"another": ["Name at most 12 fields: these are 13. Keep those you know best."]}


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("orcid", "0000-0002-1825-0098", "This ORCID has a mistake in it: its last digit does not fit the others."),
        ("orcid", "1234", "An ORCID has sixteen digits, such as 0000-0002-1825-0097. The last may be an X."),
        ("about", "z" * 1001, "Use 1000 characters or fewer (it has 1001)."),
        ("about", "a\x00b", "Null characters are not allowed."),
        ("audience", "the-press", AMONG),
        ("themes", "9" * 40, AMONG),
        ("methods", "12345678", AMONG),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field_and_nothing_is_saved(client, ann, field, value, told):
    page = send(client, **{"expertise": "Maps", field: value})
    assert problems(page)[field] == [told]
    assert page.context["form"]["expertise"].value() == "Maps"
    assert (Profile.objects.exists(), Expertise.objects.exists()) == (False, False)


def test_a_term_of_another_list_is_no_choice(client, ann):
    page = send(client, methods=[make.term("language", "cy").pk])
    assert list(problems(page)) == ["methods"]


def test_a_term_that_is_no_longer_offered_stays_with_those_who_chose_it(client, ann):
    old = make.term("method", "phrenology")
    send(client, methods=[old.pk])
    type(old).objects.filter(pk=old.pk).update(valid_from=make.yesterday(), valid_to=make.yesterday())
    assert send(client, methods=[old.pk]).status_code == 302
    assert list(kept().methods.all()) == [old]
    other = make.member(make.partner(make.programme()))
    client.force_login(other)
    assert list(problems(send(client, methods=[old.pk]))) == ["methods"]


def test_another_s_orcid_is_refused(client, ann):
    make.profile(orcid=ORCID)
    page = send(client, orcid=ORCID, about="Kept")
    told = "Another person here has this ORCID. Check that it is yours; if it is, tell us by “Report a problem”."
    assert problems(page) == {"orcid": [told]}
    assert not Profile.objects.filter(user=ann).exists()
    with pytest.raises(Refused):
        services.save_profile(ann, by=ann, orcid=ORCID)


def test_one_s_own_orcid_can_be_sent_again_and_changed(client, ann):
    for orcid in (ORCID, ORCID, OTHER_ORCID, ""):
        assert send(client, orcid=orcid).status_code == 302
        assert kept().orcid == orcid


def test_without_a_name_nobody_can_be_shown_anything(client):
    nameless = make.person(name="")
    client.force_login(nameless)
    told = "Give your account a name first: the page would stand without one."
    assert problems(send(client))["audience"] == [told]
    assert send(client, audience="nobody").status_code == 302
    with pytest.raises(Refused, match="Give your account a name"):
        services.save_profile(nameless, by=nameless, audience="staff")


def test_html_in_what_one_says_is_shown_and_never_obeyed(client, ann):
    send(client, about='<script>alert(1)</script> <img src=x onerror="y"> [x](javascript:z)')
    shown = client.get("/people/ann-example/").content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert 'href="javascript' not in shown


def test_nobody_speaks_for_another(ann):
    coordinator = make.administrator()
    with pytest.raises(PermissionDenied):
        services.save_profile(ann, by=coordinator, audience="everyone")
    assert not Profile.objects.exists()


def test_words_that_are_none_are_refused_by_the_service_too(ann):
    with pytest.raises(Refused):
        services.save_profile(ann, by=ann, expertise=["x" * 61])
    assert not Profile.objects.exists()


def test_each_save_is_on_record_with_who_could_see_it(client, ann):
    send(client)
    send(client, audience="nobody")
    told = Event.objects.filter(verb="profile.saved").order_by("pk").values_list("actor", "from_state", "to_state")
    assert list(told) == [(ann.pk, "", "everyone"), (ann.pk, "everyone", "nobody")]


def test_words_of_others_are_offered_as_far_as_one_may_see_them(client, ann):
    make.profile(words=["Public word"])
    make.profile(words=["Word for staff"], audience="staff")
    make.profile(words=["Hidden word"], audience="nobody")
    assert client.get(URL).context["form"].suggestions == ["Public word", "Word for staff"]
    client.force_login(make.person())
    assert client.get(URL).context["form"].suggestions == ["Public word"]


def test_who_says_nobody_disappears_everywhere_at_once(client, ann):
    send(client, expertise="Kestrels")
    other = make.member(make.partner(make.programme()))
    address = kept().get_absolute_url()
    for audience, seen in (("everyone", True), ("nobody", False), ("staff", True), ("nobody", False)):
        client.force_login(ann)
        send(client, audience=audience, expertise="Kestrels")
        client.force_login(other)
        pages = [client.get(url).content.decode() for url in ("/people/", "/people/?q=kestrels", "/search/?q=kestrels")]
        assert [address in page for page in pages] == [seen] * 3
        assert client.get(address).status_code == (200 if seen else 404)


def test_whoever_cannot_sign_in_any_more_is_not_found(client, ann):
    send(client)
    assert SearchEntry.objects.filter(kind="profile").count() == 1
    stop_sign_in(ann, by=make.administrator())
    assert SearchEntry.objects.filter(kind="profile").count() == 0
    client.logout()
    assert client.get("/people/ann-example/").status_code == 404


def test_a_new_name_and_a_new_workplace_are_found_at_once(client, ann):
    send(client)
    change_details(ann, name="Ann Heron")
    body = make.partner(make.programme(), make.organisation(name="Gwent Police"))
    services.add_member(body, ann, by=None, title="Falconer")
    client.logout()
    for words in ("heron", "gwent", "falconer"):
        assert "/people/ann-example/" in client.get("/people/", {"q": words}).content.decode(), words


def test_forgetting_takes_the_profile_its_picture_and_its_entry(ann):
    services.save_profile(ann, by=ann, audience="everyone", expertise=["Maps"])
    services.forget_profile(ann)
    services.forget_profile(ann)
    assert (Profile.objects.count(), SearchEntry.objects.filter(kind="profile").count()) == (0, 0)


def test_the_account_page_leads_here(client, ann):
    assert reverse("mine:profile") == URL
    assert f'href="{URL}"' in client.get("/me/").content.decode()


def test_a_new_job_title_is_found_at_once(client, ann):
    send(client)
    services.change_membership(ann.memberships.get(), by=None, title="Falconer")
    client.logout()
    assert "/people/ann-example/" in client.get("/people/", {"q": "falconer"}).content.decode()
    assert "/people/ann-example/" not in client.get("/people/", {"q": "analyst"}).content.decode()


def test_whoever_leaves_an_organisation_is_no_longer_found_by_it(client, ann):
    send(client)
    services.end_membership(ann.memberships.get(), by=None)
    client.logout()
    assert "/people/ann-example/" not in client.get("/people/", {"q": "kent"}).content.decode()
