"""A picture is one, is cut square and loses what cameras add; it is served to those who may see the page."""

from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from partners import services
from partners.intake import pictures
from partners.models import Profile
from tests import factories as make
from tests.people.pictures import SVG, huge_png, picture, upload

URL = "/me/profile/"
NO_KIND = "This file is not a picture of the kinds PNG, JPEG or WebP."
DAMAGED = "This picture is damaged and cannot be opened. Choose another."
TOO_LARGE = "This picture has more than 40 million points. Choose a smaller one."


def stored():
    """Return the names of the files that are kept."""
    return sorted(path.name for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


@pytest.fixture
def ann(client, db):
    """Sign somebody in."""
    person = make.person(name="Ann Example")
    client.force_login(person)
    return person


def send(client, content, name="me.png", **more):
    """Send the form with a picture."""
    return client.post(URL, {"audience": "everyone", "about": "Kept", "picture": upload(content, name)} | more)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(("size", "side"), [((1200, 800), 512), ((300, 700), 300), ((1, 1), 1)])
def test_a_picture_becomes_square_and_no_larger_than_it_has_to_be(kind, size, side):
    made = pictures.portrait(upload(picture(kind, size)))
    with Image.open(made) as image:
        assert (image.format, image.size, image.mode) == ("WEBP", (side, side), "RGB")


def test_the_name_of_the_file_is_not_kept():
    names = {pictures.portrait(upload(picture(), "../../ann at home.png")).name for _ in range(2)}
    assert len(names) == 2
    assert all(len(name) == 37 and name.endswith(".webp") for name in names)


def test_place_time_and_camera_are_left_behind():
    exif = Image.Exif()
    exif[0x010F] = "Camera maker"
    exif.get_ifd(0x8825)[1] = "N"
    original = picture("JPEG", exif=exif, comment=b"Ann at home")
    assert b"Camera maker" in original
    made = pictures.portrait(upload(original)).read()
    with Image.open(BytesIO(made)) as image:
        assert (dict(image.getexif()), image.info.get("exif"), image.info.get("icc_profile")) == ({}, None, None)
    assert b"Camera maker" not in made
    assert b"Ann at home" not in made


def test_a_picture_stands_upright_as_the_camera_said():
    sideways = Image.new("RGB", (200, 200), "red")
    sideways.paste("blue", (0, 0, 200, 100))
    exif, written = Image.Exif(), BytesIO()
    exif[0x0112] = 6
    sideways.save(written, "JPEG", exif=exif)
    with Image.open(pictures.portrait(upload(written.getvalue()))) as image:
        right, left = image.getpixel((180, 100)), image.getpixel((20, 100))
    assert right[2] > 200 > 60 > right[0]
    assert left[0] > 200 > 60 > left[2]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_every_way_of_keeping_colours_is_read(mode):
    written = BytesIO()
    Image.new(mode, (40, 40)).save(written, "PNG")
    with Image.open(pictures.portrait(upload(written.getvalue()))) as image:
        assert image.mode == "RGB"


def test_what_one_looks_through_becomes_white():
    written = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(written, "PNG")
    with Image.open(pictures.portrait(upload(written.getvalue()))) as image:
        assert min(image.getpixel((20, 20))) > 250


def test_a_huge_picture_is_made_small_before_it_is_copied():
    halves = Image.new("L", (6000, 5000), 0)
    halves.paste(200, (0, 0, 6000, 2500))
    middle = pictures._middle(halves)
    assert middle.size == (2048, 2048)
    assert [middle.getpixel((1024, y)) for y in (0, 1023, 1024, 2047)] == [200, 200, 0, 0]


BAD = {
    "a text": (b"Dear all, this is me.", NO_KIND),
    "a GIF": (picture("GIF"), NO_KIND),
    "an SVG": (SVG, NO_KIND),
    "a PDF": (b"%PDF-1.4\n%%EOF", NO_KIND),
    "a TIFF": (picture("TIFF"), NO_KIND),
    "half a JPEG": (picture("JPEG", (900, 900))[:3000], DAMAGED),
    "half a PNG": (picture("PNG", (900, 900))[:200], DAMAGED),
    "half a WebP": (picture("WEBP", (900, 900))[:60], DAMAGED),
    "a PNG without its end": (huge_png(3000), DAMAGED),
    "twenty thousand square": (huge_png(), TOO_LARGE),
    "a little too many points": (huge_png(6325), TOO_LARGE),
    "ten thousand square": (huge_png(10_000), TOO_LARGE),
    "too heavy": (picture() + b"\x00" * (5 * 1024 * 1024), "This picture is larger than 5 MB. Choose a smaller one."),
    "nothing": (b"", "This file is empty. Choose a picture."),
}


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_is_no_picture_is_told_beside_the_field_and_nothing_is_saved(client, ann, what):
    content, told = BAD[what]
    page = send(client, content)
    form = page.context["form"]
    assert (page.status_code, dict(form.errors)) == (422, {"picture": [told]})
    assert form["about"].value() == "Kept"
    assert (Profile.objects.exists(), stored()) == (False, [])


def test_a_good_picture_in_a_form_with_a_mistake_is_asked_for_again(client, ann):
    page = send(client, picture(), orcid="1")
    assert list(page.context["form"].errors) == ["orcid", "picture"]
    told = "Choose your picture once more: it is kept only when all else is right."
    assert page.context["form"].errors["picture"] == [told]
    assert stored() == []


def test_a_picture_is_kept_changed_and_taken_away_and_no_file_stays_behind(
    client, ann, django_capture_on_commit_callbacks
):
    names = []
    for content in (picture(), picture(colour="red")):
        with django_capture_on_commit_callbacks(execute=True):
            assert send(client, content).status_code == 302
        names += stored()
    assert len(set(names)) == 2
    assert Profile.objects.get().picture.name == f"people/{names[1]}"
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(URL, {"audience": "everyone"}).status_code == 302
    assert stored() == names[1:]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(URL, {"audience": "everyone", "remove_picture": "on"})
    assert (stored(), Profile.objects.get().picture.name) == ([], "")
    assert client.get("/people/ann-example/picture/").status_code == 404


def test_a_new_picture_wins_over_taking_the_old_one_away(client, ann, django_capture_on_commit_callbacks):
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            send(client, picture(), remove_picture="on")
    assert [f"people/{name}" for name in stored()] == [Profile.objects.get().picture.name]


def test_a_save_that_is_refused_leaves_no_file(ann):
    make.profile(orcid="0000-0002-1825-0097")
    with pytest.raises(services.profiles.Refused):
        services.save_profile(ann, by=ann, orcid="0000-0002-1825-0097", picture=pictures.portrait(upload(picture())))
    assert stored() == []


def test_forgetting_a_profile_takes_its_picture_away(ann, django_capture_on_commit_callbacks):
    services.save_profile(ann, by=ann, picture=pictures.portrait(upload(picture())))
    assert len(stored()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        services.forget_profile(ann)
    assert stored() == []


READERS = ("visitor", "account", "staff", "coordinator", "administrator", "own")


@pytest.mark.parametrize(
    ("audience", "seen"),
    [
        ("everyone", READERS),
        ("staff", ("staff", "coordinator", "administrator", "own")),
        ("nobody", ("own",)),
    ],
)
def test_a_picture_is_served_to_those_who_may_see_the_page(client, ann, audience, seen):
    services.save_profile(ann, by=ann, audience=audience, picture=pictures.portrait(upload(picture())))
    programme = make.programme()
    people = {
        "account": make.person(),
        "staff": make.member(make.partner(programme)),
        "coordinator": make.coordinator(programme),
        "administrator": make.administrator(),
        "own": ann,
    }
    for reader in READERS:
        client.logout()
        if reader in people:
            client.force_login(people[reader])
        answers = [client.get(f"/people/ann-example/{end}").status_code for end in ("", "picture/")]
        assert answers == [200 if reader in seen else 404] * 2, reader


@pytest.mark.parametrize(("audience", "kept"), [("everyone", "public"), ("staff", "private"), ("nobody", "private")])
def test_a_picture_says_what_it_is_and_who_may_keep_it(client, ann, audience, kept):
    services.save_profile(ann, by=ann, audience=audience, picture=pictures.portrait(upload(picture())))
    answer = client.get("/people/ann-example/picture/")
    assert answer.content[8:12] == b"WEBP"
    told = {name: answer.headers[name] for name in ("Content-Type", "X-Content-Type-Options")}
    assert told == {"Content-Type": "image/webp", "X-Content-Type-Options": "nosniff"}
    assert set(answer.headers["Cache-Control"].split(", ")) == {kept, "no-cache"}
    again = client.get("/people/ann-example/picture/", headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_picture_whose_file_is_gone_is_not_there(client, ann):
    made = make.profile(picture="people/gone.webp")
    assert client.get(f"{made.get_absolute_url()}picture/").status_code == 404


def test_no_address_leads_into_the_folder_of_pictures(client, ann):
    services.save_profile(ann, by=ann, audience="everyone", picture=pictures.portrait(upload(picture())))
    name = Profile.objects.get().picture.name
    for url in (f"/{name}", f"/uploads/{name}", f"/media/{name}", f"/static/{name}", f"/people/{stored()[0]}"):
        assert client.get(url).status_code == 404
