"""No output says a word of what its reader may not see: every output, every kind in every state, every reader.

Each thing carries a word of its own in its title, its texts and its address. Whatever is answered, wherever, to
anybody: a word stands there only if ``visible_to`` shows that reader the thing, or a tombstone stands in its place
(410).
"""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from collaborative.core import kinds
from collaborative.outputs.registry import kinds_out, outgoing_of
from collaborative.search.services import reindex
from evidence.models import Author, Finding, Review, Section, Version
from partners.models import Profile
from tests import factories as make
from tests.outputs.everything import OUTPUTS, Here, is_for_machines
from tests.search.things import MAKERS, people

SECRET = re.compile(r"zq[a-j]{4}zq")
COMMON = "Quetzal"
TEXTS = ("title", "name", "summary", "description", "about", "problem", "why", "background", "plain_summary")
FEW = ("visitor", "member")
THIN = ("review", "sheet", "profile")


def secret(number):
    """Return a word that stands nowhere by itself."""
    return "zq" + "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}") + "zq"


def mark(thing, word, only=TEXTS):
    """Put a word into all the words that a thing has, its address and the names of its parts."""
    names = {each.name for each in thing._meta.concrete_fields}
    said = {name: f"{COMMON} {word} {name}" for name in only if name in names}
    if "slug" in names:
        said["slug"] = f"{word}-address"
    type(thing)._base_manager.filter(pk=thing.pk).update(**said)


def mark_version(version, word):
    """Put a word into a text and its parts."""
    mark(version, word)
    Author.objects.create(version=version, name=f"Ann {word}", family=word, position=1)
    Finding.objects.create(version=version, number=1, text=f"{COMMON} {word} was found.")
    Section.objects.create(version=version, position=1, heading=f"{COMMON} {word}", body=f"{word} body.", anchor="here")


def more_reviews(programme):
    """Make what the states alone do not show: an embargo that lasts, one that ended, an older text, the next one."""
    lasting, ended, followed, replaced = (make.review(programme) for _each in range(4))
    lasting.versions.update(public_from=timezone.now() + timedelta(days=3))
    ended.versions.update(public_from=timezone.now() - timedelta(seconds=5))
    make.version_of(followed, "drafting", number=2)
    replaced.versions.update(number=2)
    make.version_of(replaced, "replaced", number=1, handling="OFFICIAL")
    return [lasting, ended, followed, replaced]


def everything(chosen):
    """Make the chosen kinds in every state, each thing with its word; return ``Here``, ``{word: thing}`` and people."""
    programme, elsewhere = make.programme(), make.programme()
    readers = people(programme, elsewhere)
    theme = make.theme(slug="shared-theme")
    here, words = Here(COMMON, theme), {}
    for kind in chosen:
        here.things += MAKERS[kind](programme)
    here.things += more_reviews(programme)
    for thing in here.things:
        words[secret(len(words))] = _marked(thing, secret(len(words)), theme)
    for version in Version.objects.select_related("review").order_by("pk"):
        words[secret(len(words))] = version
        mark_version(version, secret(len(words) - 1))
        here.versions.setdefault(version.review_id, []).append(version)
        if version.review.current_id == version.pk:
            Review.objects.filter(pk=version.review_id).update(title=f"{COMMON} {secret(len(words) - 1)}")
    reindex()
    for thing in here.things:
        thing.refresh_from_db()
    return here, words, readers


def _marked(thing, word, theme):
    mark(thing, word)
    if isinstance(thing, Profile):
        mark(thing.user, word, ["name"])
    if hasattr(thing, "themes") and hasattr(thing, "programme_id"):
        thing.themes.add(theme)
    return thing


class Reading:
    """One reader opening one output after another; ``faults`` is what they read and may not."""

    def __init__(self, user, words):
        self.client, self.words, self.faults, self.read = Client(raise_request_exception=False), words, [], set()
        if user is not None and user.is_authenticated:
            self.client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.seen, self.buried = _seen(user, words.values()), _buried(user)

    def get(self, address, of=None):
        """Open an address, note what should not stand there, and return the text."""
        answer = self.client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = f"{answer.headers}\n{body.decode(errors='replace')}"
        if of is not None and answer.status_code == 200 and _key(of) not in self.seen:
            self.faults.append(f"{address} answers 200")
        if answer.status_code >= 500:
            self.faults.append(f"{address} answers {answer.status_code}")
        asked = set(SECRET.findall(address))
        for word in set(SECRET.findall(text)) - asked:
            self._check(address, word, answer.status_code)
        return text

    def _check(self, address, word, status):
        self.read.add(word)
        key = _key(self.words[word])
        if key not in self.seen and not (status == 410 and key in self.buried):
            self.faults.append(f"{address} says a word of {key}")


def _key(thing):
    return thing.kind, thing.pk


def _seen(user, things):
    """Return the keys of what a reader may see, texts among them."""
    found = set()
    for kind in {thing.kind for thing in things}:
        rows = Version.objects.readable_by(user) if kind == "version" else kinds.model_of(kind).objects.visible_to(user)
        found |= {(kind, pk) for pk in rows.values_list("pk", flat=True)}
    return found


def _buried(user):
    """Return the keys of what has a tombstone for a reader."""
    found = {
        ("version", pk)
        for pk in Version.objects.filter(state="withdrawn").visible_to(user).values_list("pk", flat=True)
    }
    for kind in kinds_out():
        if rows := outgoing_of(kind).buried:
            found |= {(kind, pk) for pk in rows(user).values_list("pk", flat=True)}
    return found


def leaks(chosen, readers=None):
    """Return ``{reader: [fault, …]}`` and the words that the first of them, a visitor, read somewhere."""
    here, words, everybody = everything(chosen)
    found, read = {}, None
    for name in readers or everybody:
        reading = Reading(everybody[name], words)
        for opened in OUTPUTS:
            opened(reading.get, here)
        found[name] = sorted(set(reading.faults))
        read = reading.read if read is None else read
    return {name: faults for name, faults in found.items() if faults}, {_key(words[word]) for word in read}, words


def _routes(resolver=None, before="", namespace=""):
    for each in (resolver or get_resolver()).url_patterns:
        pattern = before + str(each.pattern)
        if not hasattr(each, "url_patterns"):
            yield pattern, namespace + (each.name or "")
        elif each.namespace != "admin":
            yield from _routes(each, pattern, namespace + (f"{each.namespace}:" if each.namespace else ""))


def test_every_route_that_machines_read_is_opened_here():
    opened = {route for function in OUTPUTS for route in function.routes}
    for_machines = {name for pattern, name in _routes() if is_for_machines(pattern)}
    assert for_machines - opened == set()
    assert opened - {name for _pattern, name in _routes()} == set()


def test_every_kind_that_goes_out_is_tried_in_every_state():
    assert set(kinds_out()) <= set(MAKERS)


def _assert_open_things_are_read(read, words):
    """What everyone may see does go out: without that, silence would pass for safety."""
    harvested = {_key(thing) for thing in words.values() if thing.kind in kinds_out(harvested=True)}
    assert harvested & _seen(None, words.values()) - read == set()


@pytest.mark.django_db
def test_outputs_say_nothing_of_what_their_reader_may_not_see():
    """A thin cross: the kinds with most states, for a visitor and a partner's member."""
    found, read, words = leaks(THIN, FEW)
    assert found == {}
    _assert_open_things_are_read(read, words)


@pytest.mark.sqlite  # the long leak test of evidence runs on PostgreSQL
@pytest.mark.slow
@pytest.mark.django_db
def test_outputs_say_nothing_to_anybody_of_any_kind_in_any_state():
    found, read, words = leaks(kinds_out())
    assert found == {}
    _assert_open_things_are_read(read, words)
