"""The harvest by its protocol: every verb, every error, dates, sets, pages, what is gone and what is not yet."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.outputs.models import Record
from collaborative.outputs.oai import moments
from collaborative.outputs.oai.late import stamp_again
from collaborative.search.services import index, remove
from tests import factories as make

pytestmark = pytest.mark.django_db

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
CHILDREN = {
    "Identify": "repositoryName baseURL protocolVersion adminEmail+ earliestDatestamp deletedRecord granularity "
    "description*",
    "ListMetadataFormats": "metadataFormat+",
    "ListSets": "set+ resumptionToken?",
    "GetRecord": "record",
    "ListIdentifiers": "header+ resumptionToken?",
    "ListRecords": "record+ resumptionToken?",
    "record": "header metadata?",
    "header": "identifier datestamp setSpec*",
    "set": "setSpec setName",
    "metadataFormat": "metadataPrefix schema metadataNamespace",
}
"""What the protocol's schema lets stand in each element, in order."""
BEGAN = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def ask(client, **arguments):
    """Return the whole answer, whose outline is that of the schema."""
    answer = client.get("/oai", arguments)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml; charset=utf-8")
    top = ElementTree.fromstring(answer.content)
    names = [each.tag.removeprefix(OAI) for each in top]
    assert names[:2] == ["responseDate", "request"]
    assert len(names) == 3
    for each in top.iter():
        wanted = CHILDREN.get(each.tag.removeprefix(OAI))
        if wanted and each.tag.startswith(OAI):
            inside = "".join(f"{child.tag.removeprefix(OAI)} " for child in each)
            assert re.fullmatch(re.sub(r"(\w+)([+*?]?) ?", r"(?:\1 )\2", wanted), inside), (each.tag, inside)
    return top


def error(client, **arguments):
    """Return the code of the error that is answered."""
    return ask(client, **arguments).find(f"{OAI}error").get("code")


def listed(client, verb="ListIdentifiers", **arguments):
    """Return ``[(identifier, gone), …]`` of one page."""
    top = ask(client, verb=verb, **{"metadataPrefix": "oai_dc"} | arguments)
    headers = top.iter(f"{OAI}header")
    return [(each.find(f"{OAI}identifier").text, each.get("status") == "deleted") for each in headers]


def token(top):
    """Return the element that says where a list goes on, or None."""
    return next(top.iter(f"{OAI}resumptionToken"), None)


def name(thing):
    """Return a thing's identifier."""
    return f"oai:testserver:{thing.kind}/{thing.pk}"


def told(thing, at=BEGAN):
    """Index a thing as harvesters are told of it at a moment; return it."""
    index(thing)
    Record.objects.filter(kind=thing.kind, object_id=thing.pk).update(stamp=at - timedelta(seconds=60))
    return thing


def test_it_says_who_it_is(client, settings):
    told(make.review())
    settings.SITE_URL, settings.SITE_HOST = "https://portal.example", "portal.example"
    said = ask(client, verb="Identify").find(f"{OAI}Identify")
    values = {each.tag.removeprefix(OAI): each.text for each in said}
    assert values["baseURL"] == "https://portal.example/oai"
    assert values["earliestDatestamp"] == "2026-03-01T12:00:00Z"
    assert (values["deletedRecord"], values["granularity"]) == ("persistent", "YYYY-MM-DDThh:mm:ssZ")
    assert values["adminEmail"] == settings.OPERATOR_CONTACT
    assert b"oai:portal.example:review/1" in ElementTree.tostring(said)


def test_a_record_says_what_its_thing_says(client):
    theme = make.theme(name="Nights & days")
    review = make.review(themes=[theme], title="One <two>", doi="10.5281/zenodo.42")
    make.author(review)
    told(review)
    top = ask(client, verb="GetRecord", identifier=name(review), metadataPrefix="oai_dc")
    request = top.find(f"{OAI}request")
    assert request.attrib == {"verb": "GetRecord", "identifier": name(review), "metadataPrefix": "oai_dc"}
    said = {}
    for each in top.iter():
        if each.tag.startswith(DC):
            said.setdefault(each.tag.removeprefix(DC), []).append(each.text)
    assert said["title"] == ["One <two>"]
    assert said["identifier"] == [f"http://testserver{review.get_absolute_url()}", "https://doi.org/10.5281/zenodo.42"]
    assert said["subject"] == ["Nights & days"]
    assert said["date"] == [review.published_at.date().isoformat()]
    assert said["language"] == ["en"]
    assert said["type"] == ["Rapid evidence review"]
    specs = [each.text for each in top.iter(f"{OAI}setSpec")]
    assert specs == ["kind:review", f"theme:{theme.slug}"]


def test_a_post_and_any_language_read_the_same(client):
    review = told(make.review())
    sent = {"verb": "GetRecord", "identifier": name(review), "metadataPrefix": "oai_dc"}
    answers = [
        client.get("/oai", sent),
        client.post("/oai", sent),
        client.get("/oai", sent, headers={"accept-language": "cy"}),
    ]
    assert len({re.sub(rb"<responseDate>.*?<", b"<", each.content) for each in answers}) == 1


def test_every_wrong_request_has_its_code(client):
    told(make.review())
    lists = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    wrong = [
        ({}, "badVerb"),
        ({"verb": "listrecords"}, "badVerb"),
        ({"verb": ["Identify", "Identify"]}, "badVerb"),
        ({"verb": "Identify", "set": "kind:review"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        (lists | {"set": ["kind:review", "kind:sheet"]}, "badArgument"),
        (lists | {"page": "2"}, "badArgument"),
        (lists | {"resumptionToken": "x"}, "badArgument"),
        (lists | {"set": "kind:\x00"}, "badArgument"),
        (lists | {"from": ""}, "badArgument"),
        (lists | {"from": "2026-02-30"}, "badArgument"),
        (lists | {"from": "2026-03-01T12:00:60Z"}, "badArgument"),
        (lists | {"from": "2026-03-01T12:00:00"}, "badArgument"),
        (lists | {"from": "٢٠٢٦-03-01"}, "badArgument"),
        (lists | {"from": "2026-03-01", "until": "2026-03-01T13:00:00Z"}, "badArgument"),
        (lists | {"from": "2026-03-02", "until": "2026-03-01"}, "badArgument"),
        (lists | {"until": "2026-02-01"}, "noRecordsMatch"),
        (lists | {"from": "9999-12-31", "until": "9999-12-31"}, "noRecordsMatch"),
        (lists | {"until": "0000-01-01"}, "badArgument"),
        (lists | {"until": "0001-01-01"}, "noRecordsMatch"),
        (lists | {"set": "theme:none"}, "noRecordsMatch"),
        (lists | {"metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "GetRecord", "identifier": "oai:testserver:review/0", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "GetRecord", "identifier": "\x00\x07", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "ListMetadataFormats", "identifier": f"oai:elsewhere:review/{'9' * 30}"}, "idDoesNotExist"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": ""}, "badResumptionToken"),
    ]
    assert {str(sent): error(client, **sent) for sent, _code in wrong} == {str(sent): code for sent, code in wrong}


def test_what_cannot_be_read_at_all_is_no_verb(client):
    many = "&".join(f"a{n}=1" for n in range(1100))
    kind = "application/x-www-form-urlencoded"
    answers = [
        client.post("/oai", many, content_type=kind),
        client.post("/oai", "verb=Identify", content_type=f"{kind}; charset=utf-16"),
        client.post("/oai", b"--x", content_type="multipart/form-data"),
        client.post("/oai", b"{}", content_type="application/json"),
        client.get(f"/oai?{many}"),
    ]
    assert [b'code="badVerb"' in each.content for each in answers] == [True] * len(answers)


def test_dates_include_both_ends_to_the_second(client):
    first, second = (told(make.review(), BEGAN + timedelta(seconds=n)) for n in (0, 1))
    at = {n: moments.written(BEGAN + timedelta(seconds=n)) for n in (-1, 0, 1, 2)}
    assert listed(client, **{"from": at[0], "until": at[0]}) == [(name(first), False)]
    assert listed(client, **{"from": at[1]}) == [(name(second), False)]
    assert listed(client, until=at[0]) == [(name(first), False)]
    assert len(listed(client, **{"from": "2026-03-01", "until": "2026-03-01"})) == 2
    assert error(client, verb="ListRecords", metadataPrefix="oai_dc", until=at[-1]) == "noRecordsMatch"
    assert error(client, verb="ListRecords", metadataPrefix="oai_dc", **{"from": at[2]}) == "noRecordsMatch"


def test_sets_hold_what_stands_in_them_and_below(client):
    theme, other = make.theme(name="Nights"), make.theme()
    review, sheet = told(make.review(themes=[theme])), told(make.sheet())
    make.review(themes=[other])
    sets = ask(client, verb="ListSets").find(f"{OAI}ListSets")
    assert [(each[0].text, each[1].text) for each in sets] == [
        ("kind", "By kind"),
        ("kind:review", "Reviews"),
        ("kind:sheet", "Practice sheets"),
        ("theme", "By theme"),
        (f"theme:{theme.slug}", "Nights"),
    ]
    assert listed(client, set=f"theme:{theme.slug}") == listed(client, set="theme") == [(name(review), False)]
    assert listed(client, set="kind:sheet") == [(name(sheet), False)]
    assert {each for each, _gone in listed(client, set="kind")} == {name(review), name(sheet)}


def test_pages_join_without_a_gap_or_a_repeat_though_things_change_meanwhile(client, settings):
    settings.OAI_PAGE = 2
    reviews = [told(make.review()) for _ in range(5)]
    top = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", **{"from": "2026-01-01"})
    assert token(top).attrib == {"completeListSize": "5", "cursor": "0"}
    told(reviews[0], BEGAN + timedelta(seconds=9))
    again = ask(client, verb="ListIdentifiers", resumptionToken=token(top).text)
    last = ask(client, verb="ListIdentifiers", resumptionToken=token(again).text)
    pages = [[each.text for each in page.iter(f"{OAI}identifier")] for page in (top, again, last)]
    assert pages == [[name(each) for each in reviews[n : n + 2]] for n in (0, 2)] + [
        [name(reviews[4]), name(reviews[0])]
    ]
    assert (token(last).text, token(last).get("cursor")) == (None, "4")


@pytest.mark.parametrize(("records", "tokens"), [(1, [None]), (2, [None]), (3, [True, False]), (4, [True, False])])
def test_a_token_comes_only_while_there_is_more(client, settings, records, tokens):
    settings.OAI_PAGE = 2
    for _ in range(records):
        told(make.review())
    found, sent = [], {"metadataPrefix": "oai_dc"}
    while sent:
        next_token = token(ask(client, verb="ListRecords", **sent))
        found.append(None if next_token is None else bool(next_token.text))
        sent = {"resumptionToken": next_token.text} if found[-1] else None
    assert found == tokens


def test_a_token_carries_its_request_and_is_nobody_elses(client, settings):
    settings.OAI_PAGE = 1
    theme = make.theme()
    first, second = (told(make.review(themes=[theme])) for _ in range(2))
    told(make.review())
    top = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", set=f"theme:{theme.slug}")
    assert [name(first)] == [each.text for each in top.iter(f"{OAI}identifier")]
    after = ask(client, verb="ListIdentifiers", resumptionToken=token(top).text)
    assert [name(second)] == [each.text for each in after.iter(f"{OAI}identifier")]
    assert error(client, verb="ListRecords", resumptionToken=token(top).text) == "badResumptionToken"
    assert error(client, verb="ListIdentifiers", resumptionToken=token(top).text[:-1]) == "badResumptionToken"


def test_a_list_whose_rest_went_away_ends(client, settings):
    settings.OAI_PAGE = 1
    told(make.review())
    second = told(make.review())
    top = ask(client, verb="ListRecords", metadataPrefix="oai_dc", until="2026-03-01")
    told(second, BEGAN + timedelta(days=1))
    assert error(client, verb="ListRecords", resumptionToken=token(top).text) == "noRecordsMatch"


def test_what_is_gone_stays_a_deletion_under_its_name(client):
    review = told(make.review(slug="first"))
    remove("review", review.pk)
    Record.objects.update(stamp=BEGAN)
    assert listed(client, "ListRecords") == [(name(review), True)]
    top = ask(client, verb="GetRecord", identifier=name(review), metadataPrefix="oai_dc")
    assert next(top.iter(f"{OAI}metadata"), None) is None
    assert b"first" not in ElementTree.tostring(top)


def test_a_thing_that_nobody_may_read_is_a_deletion_whatever_the_ledger_says(client):
    review = told(make.review())
    review.current.handling = "partners"
    review.current.save()
    assert listed(client, "ListRecords") == listed(client) == [(name(review), True)]


def test_what_was_never_public_does_not_exist(client):
    draft, embargoed = make.review(state="drafting"), make.review(themes=[make.theme()])
    embargoed.current.public_from = timezone.now() + timedelta(days=2)
    embargoed.current.save()
    index(draft)
    index(embargoed)
    Record.objects.filter(object_id=draft.pk).update(stamp=None)
    for each in (draft, embargoed):
        assert error(client, verb="GetRecord", identifier=name(each), metadataPrefix="oai_dc") == "idDoesNotExist"
    assert error(client, verb="ListRecords", metadataPrefix="oai_dc") == "noRecordsMatch"
    assert "theme" not in [each.text for each in ask(client, verb="ListSets").iter(f"{OAI}setSpec")]


def test_an_embargo_ends_without_anything_happening(client, monkeypatch):
    review = make.review()
    ends = timezone.now() + timedelta(days=2)
    review.current.public_from = ends
    review.current.save()
    index(review)
    monkeypatch.setattr(timezone, "now", lambda: ends + timedelta(minutes=2))
    assert listed(client) == [(name(review), False)]
    stamp = Record.objects.get(object_id=review.pk, kind="review").stamp
    since = moments.written(moments.told_from(stamp))
    assert listed(client, **{"from": since}) == [(name(review), False)]


def test_nothing_is_told_before_its_transaction_must_be_over(client, monkeypatch):
    """Else a harvest between a stamp and the end of its transaction misses the change, and the next begins after it."""
    review = make.review()
    index(review)
    stamp = Record.objects.get(object_id=review.pk, kind="review").stamp
    assert error(client, verb="ListRecords", metadataPrefix="oai_dc") == "noRecordsMatch"
    for seconds, answers in ((59, 0), (60, 1)):
        now = stamp + timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        top = ask(client, verb="ListRecords", metadataPrefix="oai_dc")
        dates = [each.text for each in top.iter(f"{OAI}datestamp")]
        assert len(dates) == answers
        assert not [each for each in dates if each > top.find(f"{OAI}responseDate").text]


def test_a_change_that_took_too_long_is_stamped_again(django_capture_on_commit_callbacks, monkeypatch):
    review, other = make.review(), told(make.review())
    with django_capture_on_commit_callbacks() as after:
        index(review)
        index(other)
    began = Record.objects.get(kind="review", object_id=review.pk).stamp
    for late, expected in ((20, began), (40, began + timedelta(seconds=40))):
        monkeypatch.setattr(timezone, "now", lambda late=late: began + timedelta(seconds=late))
        for each in after:
            each()
        assert Record.objects.get(kind="review", object_id=review.pk).stamp == expected
    assert Record.objects.get(kind="review", object_id=other.pk).stamp == BEGAN - timedelta(seconds=60)
    stamp_again("review", [other.pk], BEGAN, BEGAN + timedelta(minutes=9))
    assert Record.objects.get(kind="review", object_id=other.pk).stamp == BEGAN - timedelta(seconds=60)


def test_signs_that_no_xml_may_hold_are_left_out(client):
    review = told(make.review(title="a\x07b\ufffec\U0001f600 ]]> \x1b", summary="d\x08e"))
    top = ask(client, verb="GetRecord", identifier=name(review), metadataPrefix="oai_dc")
    assert next(top.iter(f"{DC}title")).text == "abc\U0001f600 ]]> "
    assert next(top.iter(f"{DC}description")).text == "de"


def test_a_page_costs_the_same_however_much_stands_on_it(client):
    def cost(**sent):
        with CaptureQueriesContext(connection) as queries:
            ask(client, **sent)
        return len(queries)

    asked = [{"verb": verb, "metadataPrefix": "oai_dc", "set": "theme"} for verb in ("ListRecords", "ListIdentifiers")]
    asked += [{"verb": "ListSets"}, {"verb": "Identify"}]
    themes = [make.theme() for _ in range(4)]
    few, many = [], []
    for costs, n in ((few, 1), (many, 4)):
        for _ in range(n):
            review, sheet = make.review(themes=themes[:n]), make.sheet()
            sheet.themes.set(themes[:n])
            make.author(review)
            told(review)
            told(sheet)
        costs += [cost(**each) for each in asked]
    assert few == many
    assert max(many) <= 25
