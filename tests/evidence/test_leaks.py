"""No page says a word of a text to anybody who may not read it, whatever the state, the handling and the embargo."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.evidence.secrets import GROUPS, SIGNS, TABLE, addresses, library
from tests.house.world import KINDS_OF_PERSON

pytestmark = pytest.mark.django_db
FEW = ("visitor", "member", "author", "invited", "accepted", "submitted")
"""Somebody of most groups; the longer run takes everybody."""
MAKERS = ("coord", "admin", "editor", "author")


def entered(person):
    """Return a client signed in as a person, or as nobody."""
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def got(client, address):
    """Return the status and the words of an address, its headers' too; what a file sends is read to its end."""
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, f"{answer.headers}\n{body.decode(errors='replace')}"


def reads(case, group):
    """Say whether somebody of a group may read the text somewhere."""
    at = GROUPS.index(group)
    return case.listed(group) or "+" in case.read[at] + case.preview[at]


def faults_below(client, group, case):
    """Yield what is wrong with the answers below one review for somebody of a group."""
    title, text, talk = case.words
    at = GROUPS.index(group)
    for address, row, shows in addresses(case):
        status, body = got(client, address)
        if group == "submitted" and address.startswith(OF_REVIEWERS):
            body = body.replace(f"{text} h", "the heading of the part that they spoke of")
        if row and status != SIGNS[row[at]] and not (status == 302 and SIGNS[row[at]] != 200):
            yield f"{address} answers {status}, not {SIGNS[row[at]]}"
        if row and shows and status == 200 and text not in body:
            yield f"{address} does not show the text"
        theirs = group in MAKERS and (row is None or SIGNS[row[at]] == 200)
        if text in body and not (status == 200 and (theirs or reads(case, group))):
            yield f"{address} shows the text"
        known = reads(case, group) or status == 410 or group in MAKERS or _asked(case, group, address)
        if title in body and not known:
            yield f"{address} shows the title"
        yield from faults_of_talk(address, body, group, talk)


def faults_of_talk(address, body, group, talk):
    """Yield what a page says too much of what reviewers said."""
    if talk in body and not (group in MAKERS or group == "submitted"):
        yield f"{address} shows what reviewers said"
    if f"{talk} alone" in body and group == "author":
        yield f"{address} shows its author what is for the editors alone"
    if f"{talk} because" in body and group in ("author", "submitted"):
        yield f"{address} shows why somebody declined"


def _asked(case, group, address=""):
    """Say whether somebody was asked about the text: they know its title before they read it, and keep their words."""
    own = group == "submitted" and address.startswith(OF_REVIEWERS)
    return own or (case.state == "peer_review" and group in ("invited", "accepted", "submitted"))


OF_REVIEWERS = "/evidence/peer-review/"
WHOLE = ("/evidence/", "/search/?q=title")
"""Lists that name all that the reader may read."""
OWN = ("/me/", "/evidence/desk/", "/evidence/requests/", "/me/notifications/", "/me/data/")


def lists(here):
    """Return the addresses that gather many texts, those that name all first."""
    return [
        *WHOLE,
        f"{reverse('evidence:list')}?q=zqtext",
        reverse("home"),
        *(each.get_absolute_url() for each in (here.theme, here.programme, here.force, here.project)),
        here.profile.get_absolute_url(),
        reverse("robots"),
        "/sitemap.xml",
    ]


def faults_of_lists(client, group, cases, here):
    """Yield what lists say too much or too little of for somebody of a group."""
    for number, address in enumerate(lists(here)):
        body = got(client, address)[1]
        for case in cases:
            title, text, talk = case.words
            if not case.listed(group) and (title in body or text in body):
                yield f"{address} names {case.name}"
            if number < len(WHOLE) and case.listed(group) and title not in body:
                yield f"{address} does not name {case.name}"
            if talk in body:
                yield f"{address} says what reviewers of {case.name} said"


def faults_of_own_pages(client, group, cases):
    """Yield what somebody's own pages name that they neither read, nor make, nor were asked about."""
    for address in OWN:
        body = got(client, address)[1]
        for case in cases:
            known = reads(case, group) or _asked(case, group) or group in MAKERS
            if case.words[0] in body and not known:
                yield f"{address} names {case.name}"


def leaks(readers, chosen):
    """Return ``{reader: [fault, …]}`` of the readers, of the cases that ``chosen(reader's place, case's)`` names.

    ``readers`` is empty for everybody; whoever is alone in their group then opens every case.
    """
    people, groups, cases, here = library()
    assert set(people) == set(groups) >= set(KINDS_OF_PERSON)
    assert set(groups.values()) == set(GROUPS)
    found = {}
    for place, reader in enumerate(readers or people):
        client, group = entered(people[reader]), groups[reader]
        alone = not readers and list(groups.values()).count(group) == 1
        below = (faults_below(client, group, case) for case in cases if alone or chosen(place, case.number))
        faults = [fault for faults in below for fault in faults]
        gathered = (*faults_of_lists(client, group, cases, here), *faults_of_own_pages(client, group, cases))
        found[reader] = [*faults, *gathered]
    return {reader: faults for reader, faults in found.items() if faults}


def test_the_table_has_every_state():
    from evidence.states import VersionState

    assert {row[0] for row in TABLE.values()} == set(VersionState.values)


def test_nothing_is_told_to_whoever_may_not_read_it():
    """Each of the chosen readers opens every eighth review, another eighth than the one before, and every list."""
    assert leaks(FEW, lambda place, number: place % 8 == number % 8) == {}


@pytest.mark.slow
@pytest.mark.postgres
def test_nothing_is_told_to_anybody_at_all_who_may_not_read_it():
    """Whoever is alone in their group opens every review, each of several others every fourth."""
    assert leaks((), lambda place, number: place % 4 == number % 4) == {}
