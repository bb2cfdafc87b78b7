"""Writing a text part by part: what is kept, what is told, and that nobody's work is lost."""

import time

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from collaborative.core.errors import Refused
from evidence.models import Version
from evidence.services import writing
from evidence.services.files import remove_file
from evidence.services.peer_review import send_to_review
from evidence.states import WRITING_STATES, VersionState
from evidence.views.conflicts import differences
from tests import factories
from tests.evidence.texts import whole
from tests.races import at_once


def draft(**fields):
    return whole(factories.review(state=VersionState.DRAFTING).versions.get(), **fields)


def seen(version, part="text"):
    return writing.digest(writing.text_of(version) if part == "text" else writing.list_of(version, part))


def text(version, **changes):
    return writing.text_of(version) | changes


def section(**changes):
    return {"heading": "Leaving", "anchor": "", "body": "They left."} | changes


@pytest.mark.django_db
def test_only_those_who_make_a_text_write_it_and_only_while_it_is_being_written():
    for state in (*WRITING_STATES, VersionState.PEER_REVIEW, VersionState.APPROVED, VersionState.PUBLISHED):
        version = factories.review(state=state).versions.get()
        author, stranger = factories.author(version.review), factories.person()
        values = text(version, background=f"Written in {state}")
        with pytest.raises(PermissionDenied):
            writing.save_text(version, by=stranger, values=values, seen=seen(version))
        if state in WRITING_STATES:
            saved = writing.save_text(version, by=author, values=values, seen=seen(version))
            assert saved.background == f"Written in {state}"
        else:
            with pytest.raises(Refused):
                writing.save_text(version, by=author, values=values, seen=seen(version))


@pytest.mark.django_db
def test_a_review_is_called_what_its_version_is_called_until_it_is_published():
    version = draft()
    by = factories.author(version.review)
    writing.save_text(version, by=by, values=text(version, title="A better title"), seen=seen(version))
    version.review.refresh_from_db()
    assert version.review.title == "A better title"
    published = factories.review(title="As it was")
    version = factories.version_of(published, VersionState.DRAFTING, number=2)
    by = factories.author(published)
    writing.save_text(version, by=by, values=text(version, title="As it will be"), seen=seen(version))
    published.refresh_from_db()
    assert published.title == "As it was"


@pytest.mark.django_db
def test_a_withdrawn_review_keeps_its_title_while_another_text_is_written():
    """Its title stands where it was asked for and told of; the new one is nobody's yet."""
    review = factories.review(title="As it was", state="withdrawn")
    version = factories.version_of(review, VersionState.DRAFTING, number=2)
    writing.save_text(version, by=factories.author(review), values=text(version, title="Secret"), seen=seen(version))
    review.refresh_from_db()
    assert review.title == "As it was"


@pytest.mark.django_db
def test_a_list_keeps_its_rows_in_their_new_order():
    version = draft()
    by = factories.author(version.review)
    first = writing.list_of(version, "authors")[0]
    new = first | {"id": None, "name": "Ben Yate"}
    writing.save_list(version, "authors", by=by, rows=[new, first], seen=seen(version, "authors"))
    names = list(version.authors.values_list("position", "name"))
    assert names == [(1, "Ben Yate"), (2, "Ada Harper")]
    assert version.authors.get(name="Ada Harper").pk == first["id"]
    writing.save_list(version, "authors", by=by, rows=[], seen=seen(version, "authors"))
    assert not version.authors.exists()


@pytest.mark.django_db
def test_sections_are_added_moved_and_removed():
    version = draft()
    by = factories.author(version.review)
    added = [
        writing.save_row(version, "sections", by=by, values=section(), seen=writing.NEW),
        writing.save_row(version, "sections", by=by, values=section(), seen=writing.NEW),
        writing.save_row(version, "sections", by=by, values=section(body="Others did."), seen=writing.NEW),
    ]
    assert [each.anchor for each in version.sections.all()] == ["staying", "leaving", "leaving-2"]
    assert added[0] == added[1]
    with pytest.raises(Refused):
        writing.save_row(version, "sections", by=by, values=section(anchor="staying"), seen=writing.NEW)
    for _each in range(3):
        writing.move_row(version, "sections", added[2].pk, by=by, up=True)
    assert [each.anchor for each in version.sections.all()] == ["leaving-2", "staying", "leaving"]
    read = writing.row_of(version, "sections", added[0].pk)
    for _each in range(2):
        writing.remove_row(version, "sections", added[0].pk, by=by, seen=writing.digest(read))
    assert list(version.sections.values_list("position", "anchor")) == [(1, "leaving-2"), (2, "staying")]


@pytest.mark.django_db
def test_what_somebody_else_saved_meanwhile_is_never_overwritten_in_silence():
    version = draft()
    ada, ben = factories.author(version.review), factories.editor(version.review)
    read = seen(version)
    writing.save_text(version, by=ada, values=text(version, background="By Ada"), seen=read)
    with pytest.raises(writing.Conflict) as told:
        writing.save_text(version, by=ben, values=text(version, background="By Ben"), seen=read)
    assert told.value.current["background"] == "By Ada"
    assert Version.objects.get(pk=version.pk).background == "By Ada"
    writing.save_text(version, by=ben, values=text(version, background="By Ben"), seen=told.value.seen)
    assert Version.objects.get(pk=version.pk).background == "By Ben"


@pytest.mark.django_db
def test_a_section_that_somebody_removed_meanwhile_can_be_added_again():
    version = draft()
    by = factories.author(version.review)
    row = version.sections.get()
    read = writing.digest(writing.row_of(version, "sections", row.pk))
    writing.remove_row(version, "sections", row.pk, by=by, seen=read)
    with pytest.raises(writing.Conflict) as told:
        writing.save_row(version, "sections", by=by, values=section(), seen=read, pk=row.pk)
    assert told.value.current is None
    writing.save_row(version, "sections", by=by, values=section(), seen=told.value.seen, pk=row.pk)
    assert version.sections.get().heading == "Leaving"


@pytest.mark.django_db(transaction=True)
def test_whoever_saves_while_the_text_is_sent_to_review_is_answered_and_nothing_hangs():
    for _round in range(5):
        version = draft()
        by, files = factories.author(version.review), [attached(version, n) for n in range(1, 4)]
        values, digest = text(version, title="Called otherwise"), seen(version)
        results = at_once(
            lambda v=version, by=by: send_to_review(v, by=by),
            lambda v=version, by=by, values=values, digest=digest: writing.save_text(
                v, by=by, values=values, seen=digest
            ),
            *(lambda row=row, by=by: remove_file(row, by=by) for row in files),
        )
        told = {type(each) for each in results if isinstance(each, Exception)}
        assert told <= {Refused, PermissionDenied}
        version.refresh_from_db()
        assert version.state == VersionState.PEER_REVIEW


def attached(version, n):
    said = {"name": "a.txt", "media_type": "text/plain", "sha256": "0" * 64, "size": 1, "position": n}
    return version.files.create(use="attachment", key=f"a-{n}", title="A", stored=f"evidence/{n}.txt", **said)


def test_two_long_texts_that_differ_in_each_line_are_set_side_by_side_quickly():
    theirs, yours = ("\n".join(f"Line {n} of {whose}." for n in range(1500)) for whose in ("theirs", "yours"))
    begun = time.process_time()
    told = differences(writing.Conflict({"body": theirs}, ""), {"body": yours})
    assert [(each.label, len(each.lines)) for each in told] == [("Text", 3000)]
    assert time.process_time() - begun < 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_neither_loses_their_work():
    version = draft()
    ada, ben = factories.author(version.review), factories.editor(version.review)
    read = seen(version)
    row = version.sections.get()
    part = writing.digest(writing.row_of(version, "sections", row.pk))

    def saves(user, background):
        values = text(version, background=background)
        return lambda: writing.save_text(version, by=user, values=values, seen=read)

    def section_saved():
        return writing.save_row(version, "sections", by=ada, values=section(), seen=part, pk=row.pk)

    results = at_once(saves(ada, "By Ada"), saves(ben, "By Ben"), section_saved)
    conflicts = [each for each in results if isinstance(each, Exception)]
    assert [type(each) for each in conflicts] == [writing.Conflict]
    now = Version.objects.get(pk=version.pk)
    assert conflicts[0].current["background"] == now.background
    assert now.sections.get().body == "They left."


def page(client, version, name, *args):
    return reverse(f"evidence:{name}", args=[version.review.slug, *args])


def filled(response):
    """Return what a browser would send back of a form as it was filled."""
    form = response.context["form"]
    forms = list(form) if hasattr(form, "management_form") else [form]
    data = {"seen": response.context["seen"]}
    if hasattr(form, "management_form"):
        data |= {each.html_name: each.value() for each in form.management_form}
    for each in forms:
        for field in each:
            value = field.value()
            if value is True:
                data[field.html_name] = "on"
            elif value not in (None, False):
                data[field.html_name] = str(value)
    return data


@pytest.fixture
def desk(client):
    version = draft()
    client.force_login(factories.author(version.review))
    return version


@pytest.mark.django_db
def test_every_page_of_writing_shows_and_saves_what_stands_there(client, desk):
    section = desk.sections.get()
    reference = desk.references.first()
    pages = [page(client, desk, "write_text")]
    pages += [page(client, desk, "write_list", part) for part in writing.LISTS]
    pages += [page(client, desk, "write_row", "sections", section.pk)]
    pages += [page(client, desk, "write_row", "references", reference.pk)]
    before = (writing.text_of(desk), [writing.list_of(desk, part) for part in writing.LISTS])
    for url in pages:
        shown = client.get(url)
        saved = client.post(url, filled(shown))
        assert (shown.status_code, saved.status_code, url) == (200, 302, url)
    desk.refresh_from_db()
    assert (writing.text_of(desk), [writing.list_of(desk, part) for part in writing.LISTS]) == before
    assert client.get(page(client, desk, "write")).status_code == 200


@pytest.mark.django_db
def test_a_plain_summary_begins_with_its_headings_which_alone_are_nothing(client, desk):
    Version.objects.update(plain_summary="")
    url = page(client, desk, "write_text")
    data = filled(client.get(url))
    assert data["plain_summary"].startswith("# What we looked at\n")
    client.post(url, data)
    desk.refresh_from_db()
    assert desk.plain_summary == ""
    client.post(url, filled(client.get(url)) | {"plain_summary": "one\n" * 701})
    assert "Line 701: The plain-language summary has 701 words." in client.get(url).content.decode()


@pytest.mark.django_db
def test_a_text_with_faults_is_kept_and_its_faults_are_told_with_their_lines(client, desk):
    url = page(client, desk, "write_row", "sections", desk.sections.get().pk)
    data = filled(client.get(url)) | {"body": "Fine.\n\n<script>x</script> [@gone]"}
    shown = client.post(url, data, follow=True).content.decode()
    assert desk.sections.get().body == data["body"]
    assert "Line 3: HTML is shown as it is typed" in shown
    assert "Line 3: HTML is shown as it is typed" not in client.get(page(client, desk, "write_text")).content.decode()
    assert "line 3: HTML is shown as it is typed" in client.get(page(client, desk, "write")).content.decode()


@pytest.mark.django_db
def test_a_preview_saves_nothing_and_keeps_what_was_typed(client, desk):
    url = page(client, desk, "write_row", "sections", desk.sections.get().pk)
    before = desk.sections.get().body
    shown = client.post(url, filled(client.get(url)) | {"body": "So *it* is [@low-2021, 3].", "preview": "1"})
    assert shown.status_code == 200
    assert "<p>So <em>it</em> is (Low 2021, 3).</p>" in shown.content.decode()
    assert shown.context["form"]["body"].value() == "So *it* is [@low-2021, 3]."
    assert desk.sections.get().body == before


@pytest.mark.django_db
def test_bad_input_is_told_beside_its_field_and_all_that_was_typed_stays(client, desk):
    url = page(client, desk, "write_list", "authors")
    data = filled(client.get(url)) | {"form-1-name": "Ben Yate", "form-1-orcid": "0000-0000-0000-0000"}
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "This ORCID has a mistake in it" in answer.content.decode()
    assert "Ben Yate" in answer.content.decode()
    new = page(client, desk, "write_new", "references")
    typed = {"seen": "", "key": "ben 1", "short": "Ben", "doi": "nothing", "url": "javascript:x"}
    answer = client.post(new, typed)
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["doi", "key", "url"])
    taken = client.post(new, {"seen": "", "key": "low-2021", "short": "Ben's own"})
    assert (taken.status_code, desk.references.count()) == (409, 2)
    assert "Ben&#x27;s own" in taken.content.decode()
    for broken in ({}, {"form-TOTAL_FORMS": "x"}, {"form-TOTAL_FORMS": "900000", "form-INITIAL_FORMS": "0"}):
        assert client.post(url, broken).status_code == 422


@pytest.mark.django_db
def test_what_is_missing_is_told_in_words_of_its_own(client, desk):
    row = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-affiliation": "York", "form-0-grant": "Grant"}
    for name, args, typed, said in (
        ("write_text", (), {}, "Give the review a title."),
        ("write_new", ("sections",), {}, "Write the heading of this section."),
        ("write_new", ("references",), {}, "Give it a key"),
        ("write_new", ("studies",), {}, "Write how the text names it"),
        ("write_list", ("authors",), row, "Write the name, or remove the row."),
        ("write_list", ("funders",), row, "Write the name, or remove the row."),
    ):
        response = client.post(page(client, desk, name, *args), {"seen": ""} | typed)
        assert (response.status_code, name) == (422, name)
        assert said in response.content.decode(), (name, args)


@pytest.mark.django_db
def test_rows_are_added_ordered_and_removed_in_the_form(client, desk):
    url = page(client, desk, "write_list", "findings")
    data = filled(client.get(url))
    more = {"form-1-text": "Leaving does not.", "form-1-place": "1", "form-0-place": "2", "form-2-text": "Third."}
    client.post(url, data | more)
    assert [each.text for each in desk.findings.all()] == ["Leaving does not.", "Staying helps.", "Third."]
    client.post(url, filled(client.get(url)) | {"form-0-remove": "on", "more": "1"})
    assert list(desk.findings.values_list("number", "text")) == [(1, "Staying helps."), (2, "Third.")]


@pytest.mark.django_db
def test_of_two_who_write_the_same_part_the_second_sees_both_texts(client, desk):
    url = page(client, desk, "write_row", "sections", desk.sections.get().pk)
    data = filled(client.get(url))
    assert client.post(url, data | {"body": "By Ada.\nAnd Ben."}).status_code == 302
    answer = client.post(url, data | {"body": "By Eve.\nAnd Ben."})
    shown = answer.content.decode()
    assert (answer.status_code, desk.sections.get().body) == (409, "By Ada.\nAnd Ben.")
    assert "<del>By Ada.</del>" in shown
    assert "<ins>By Eve.</ins>" in shown
    assert answer.context["form"]["body"].value() == "By Eve.\nAnd Ben."
    client.post(url, filled(answer))
    assert desk.sections.get().body == "By Eve.\nAnd Ben."
    rows = page(client, desk, "write_list", "findings")
    data = filled(client.get(rows))
    client.post(rows, data | {"form-0-text": "By Ada."})
    answer = client.post(rows, data | {"form-0-text": "By Eve."})
    assert [(each.label, each.theirs) for each in answer.context["differences"]] == [("Text 1", "By Ada.")]
    assert client.post(rows, filled(answer)).status_code == 302
    assert desk.findings.get().text == "By Eve."


@pytest.mark.django_db
def test_a_text_that_stands_still_keeps_what_was_typed(client, desk):
    url = page(client, desk, "write_text")
    data = filled(client.get(url)) | {"background": "Typed all night."}
    Version.objects.update(state=VersionState.PEER_REVIEW)
    answer = client.post(url, data)
    assert answer.status_code == 409
    assert "Typed all night." in answer.content.decode()
    assert client.get(url).status_code == 409
    assert client.get(page(client, desk, "write")).status_code == 200


@pytest.mark.django_db
def test_sections_are_moved_and_removed_on_their_pages(client, desk):
    client.post(page(client, desk, "write_new", "sections"), section(seen=""))
    rows = page(client, desk, "write_rows", "sections")
    last = desk.sections.last()
    client.post(page(client, desk, "write_move", "sections", last.pk), {"to": "up"})
    assert [each.heading for each in client.get(rows).context["page"]] == ["Leaving", "Staying"]
    remove = page(client, desk, "write_remove", "sections", last.pk)
    client.post(remove, {"seen": client.get(remove).context["seen"]})
    assert [each.heading for each in client.get(rows).context["page"]] == ["Staying"]
    assert client.get(page(client, desk, "write_row", "sections", last.pk)).status_code == 404


@pytest.mark.django_db
def test_nobody_else_finds_the_pages_of_writing(client):
    version = draft()
    urls = [page(client, version, "write"), page(client, version, "write_text")]
    urls += [page(client, version, "write_list", "authors"), page(client, version, "write_rows", "sections")]
    urls += [page(client, version, "write_row", "sections", version.sections.get().pk)]
    for user in (None, factories.person(), factories.reviewer(version.review.programme)):
        if user:
            client.force_login(user)
        assert [client.get(url).status_code for url in urls] == [404] * 5
        assert [client.post(url, {}).status_code for url in urls[1:3]] == [404] * 2
