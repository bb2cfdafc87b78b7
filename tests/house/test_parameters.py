"""Every parameter that any address reads, with what nobody would send: no fault, and no more work than otherwise.

Which parameters there are is heard, not listed: while a page is made, ``listening`` notes every name that it looks for
in its query. A page that is new in ``test_routes.TABLE`` is thereby walked with all that it reads, as are its filters.
"""

import os
import random
import re
import time
from contextlib import contextmanager, suppress
from html import unescape
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, resolve, reverse

from collaborative.outputs.oai.protocol import VERBS
from collaborative.search.services import reindex
from tests.house.test_query_budget import BUDGETS
from tests.house.test_routes import TABLE, reached
from tests.house.world import world

HOSTILE = [
    "", " ", "0", "-1", "1.5", "9" * 30, "-" + "9" * 30, "1e309", "NaN", "0x10", "٣", "²", "last", "None",
    "true", "a" * 5_000, "é" * 2_000, "( " * 1_500, '"' * 999, "-" * 500, "a OR " * 400, "[@" * 800,
    "\\" * 300, "\x00", "a\x00b", "\ud800", "\u202eabc", "e\u0301\u200b\ufeff",
    "👩‍👩‍👧‍👦" * 40, "\r\nSet-Cookie: a=b", "\x1b[31m\x7f", "' OR 1=1 --",
    "'; DROP TABLE evidence_review; --", '" OR ""="', "\\'", "%", "_%_", "$$;$$", "1); SELECT pg_sleep(9); --",
    '"unclosed', "AND", "NOT", "NEAR(a b, 5)", "NEAR(", "title:*", "*", "^a", "a* b*", "{title} : a",
    "a:*B & !c | (", "<->", "a <2> b", "!!!", "& | !", "'a':1A", "-a -b", "-", "“”", "{{7*7}}",
    "<script>alert(1)</script>", "../../etc/passwd", "2026-02-30", "0000-00-00", "9999-12-31T23:59:60Z",
    "10000-01-01", "-0001-01-01T00:00:00Z", "2026-01-01T00:00:00+99:99", "//evil.example",
    "javascript:alert(1)", "http://[", "pk__gt", "id;id", "[]", '{"a": 1}', "en_US.UTF-8",
]  # fmt: skip
RAW = ["%", "%zz", "%ff%fe", "%c0%80", "%ed%a0%80", "%00", "%u0041", "+%20+", "%2525", "%f0%9f%98"]
"""Encoded as no client would."""

ANSWERS = {200, 301, 302, 304, 400, 403, 404, 405, 406, 410, 422, 429}
LONG, PATIENCE = 3.0, 5
"""Seconds of work that no answer may take in this small world, whatever is asked; waiting counts for a fifth, as the
machine may be busy."""

ANY = 1000
"""Queries of a page that has no budget."""

PAGES_OF_SIGNING_IN = (
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reauthenticate",
    "mfa_index",
)
"""Those of the ready-made ones that an address may lead on from."""

NAMES_OF_OUR_OWN = {"csrfmiddlewaretoken"}
CHOICE = re.compile(r'<input[^>]*\bname="(\w+)"[^>]*\bvalue="([^"]*)"')


@contextmanager
def listening():
    """Note every name that is looked for in a query."""
    heard = set()

    def listener(method):
        def asked(self, key, *args, **kwargs):
            if not self._mutable and isinstance(key, str):
                heard.add(key)
            return method(self, key, *args, **kwargs)

        return asked

    with pytest.MonkeyPatch.context() as patch:
        for name in ("__getitem__", "get", "getlist", "__contains__"):
            patch.setattr(QueryDict, name, listener(getattr(QueryDict, name)))
        yield heard


def encoded(value):
    """Return a value as it stands in an address."""
    return value if value in RAW else quote(value.encode("utf-8", "surrogatepass"), safe="")


def asking(url, pairs):
    """Return an address with ``(name, value)`` in its query; every fifth name comes twice, as an array would."""
    parts = [f"{quote(name)}={encoded(value)}" for name, value in pairs]
    return url + ("&" if "?" in url else "?") + "&".join(parts + parts[::5])


def random_values(seed, n):
    """Return ``n`` values that depend on nothing but the seed."""
    chance = random.Random(seed)
    signs = "aZ09 '\"\\%_*()[]{}<>:;,.&|!-+=~^$#@/?`\t\n\x00\x0b\x7f\u00e9\u0130\u2028\ud83d\ufffd\U0001f600\u0663"
    return ["".join(chance.choices(signs, k=chance.choice([1, 3, 12, 80, 700]))) for _ in range(n)]


SHARE = 1 if os.environ.get("EVERY_VALUE") else 24
"""Each page is given one value of so many, another than the pages beside it; all of them take an hour on an engine."""


class Walker:
    """Someone who asks for addresses and notes what is wrong with the answers."""

    def __init__(self, kind, user, limit=None):
        self.kind, self.limit, self.wrong = kind, limit, {}
        self.client = Client(raise_request_exception=False)
        if user:
            self.client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.client.get(reverse("cookies"))

    def get(self, url, budget):
        """Ask; return the answer."""
        connection.queries_log.clear()
        began, worked = time.monotonic(), time.process_time()
        with CaptureQueriesContext(connection) as queries:
            answer = self.client.get(url)
            list(answer)
        took = max(time.process_time() - worked, (time.monotonic() - began) / PATIENCE)
        if answer.status_code not in ANSWERS:
            self.wrong[url] = answer.status_code
        elif len(queries) > budget:
            self.wrong[url] = f"{len(queries)} queries of {budget}"
        elif self.limit and took > self.limit:
            self.wrong[url] = f"{took:.1f} s"
        return answer

    def names(self, url, budget):
        """Return the parameters that an address reads, in order, and what its own page offers to choose."""
        with listening() as heard:
            page = self.get(url, budget)
        offered = CHOICE.findall(page.content.decode()) if not page.streaming else []
        return sorted(heard - NAMES_OF_OUR_OWN), [(name, unescape(value)) for name, value in offered if name in heard]

    def try_few(self, url, names, values, budget):
        """Give all parameters the first value, and each other value to one of them."""
        for at, value in enumerate(values):
            chosen = [names[at % len(names)]] if at else names
            self.get(asking(url, [(name, value) for name in chosen]), budget)

    def try_all(self, url, names, values, budget):
        """Give all parameters each value in turn; each alone where one of them hides what the others do."""
        for at in range(len(values)):
            pairs = [(name, values[(at + place) % len(values)]) for place, name in enumerate(names)]
            answer = self.get(asking(url, pairs), budget)
            if answer.status_code != 200 and len(pairs) > 1:
                for each in pairs:
                    self.get(asking(url, [each]), budget)


def addresses(here, kind):
    """Return ``{address: route}`` of every page that somebody sees, those of signing in, and the harvest's verbs."""
    rows = [row for row in TABLE if row[1] == "get" and row[4][kind] == 200]
    found = {reached(row, here): row[0] for row in rows} | {reverse(name): name for name in PAGES_OF_SIGNING_IN}
    return found | {f"{reverse('oai')}?verb={verb}": "oai" for verb in VERBS}


def budget_of(name, kind):
    """Return the most queries of a page."""
    return BUDGETS.get(kind, 20) + (6 if name == "oai" else 0)


def combinations(offered, seed, n):
    """Return ``n`` random handfuls of the choices that a page offers itself."""
    chance = random.Random(seed)
    return [chance.sample(offered, chance.randint(1, min(12, len(offered)))) for _ in range(n)] if offered else []


def parameters_of(walker, url, name):
    """Return the parameters that an address reads, and the choices that its page offers."""
    names, offered = walker.names(url, budget_of(name, walker.kind))
    verb = url.partition("verb=")[2]
    taken = VERBS.get(verb, {})
    return sorted({*names, *taken.get("must", ()), *taken.get("may", ())} - {verb and "verb"}), offered


@pytest.fixture(autouse=True)
def _without_limits(settings):
    """Let nobody be asked to wait: here an answer counts, not how often."""
    settings.API_REQUESTS_A_MINUTE = 0


@pytest.mark.django_db
def test_a_visitor_can_ask_for_anything_of_any_page():
    here = world()
    reindex()
    walker, values, told = Walker("visitor", None), HOSTILE + RAW, {}
    for place, (url, name) in enumerate(addresses(here, "visitor").items()):
        told[name], offered = parameters_of(walker, url, name)
        few = [values[(place * 7 + at * 23) % len(values)] for at in range(3 if told[name] else 0)]
        walker.try_few(url, told[name], few, budget_of(name, "visitor"))
        for pairs in combinations(offered, place, 1):
            walker.get(asking(url, pairs), budget_of(name, "visitor"))
    assert walker.wrong == {}
    assert {"page", "q", "sort", "theme"} <= set(told["evidence:list"])
    assert {"q", "kind", "page"} <= set(told["search"])


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["visitor", "coordinator", "reviewer"])
def test_every_parameter_takes_everything(kind):
    here = world()
    reindex()
    walker = Walker(kind, here.people[kind], LONG)
    for place, (url, name) in enumerate(addresses(here, kind).items()):
        budget = budget_of(name, kind)
        names, offered = parameters_of(walker, url, name)
        values = [*HOSTILE, *RAW, *random_values(place, 20)][place % SHARE :: SHARE]
        walker.try_all(url, names, values if names else [], budget)
        for pairs in combinations(offered, place, 10 if SHARE == 1 else 1):
            walker.get(asking(url, pairs), budget)
        walker.get(asking(url, [("unknown[]", "x"), ("a" * 300, ""), ("", "y")]), budget)
        walker.get(asking(url, [(name, "1") for name in names] * (900 // max(1, len(names)))), budget)
    assert walker.wrong == {}


@pytest.mark.django_db
@pytest.mark.slow
def test_the_workshop_takes_everything():
    here = world()
    walker = Walker("administrator", here.people["administrator"], LONG)
    for place, model in enumerate(admin.site._registry):
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        page = walker.get(url, ANY).content.decode()
        names = sorted({"q", "p", "o", "all", "e", "pk__gt", "id__regex", *re.findall(r'href="\?([^"=&]+)=', page)})
        for name in names:
            for value in [*HOSTILE, *RAW][place % (3 * SHARE) :: 3 * SHARE]:
                walker.get(asking(url, [(name, value)]), ANY)
    assert walker.wrong == {}


@pytest.mark.django_db
@pytest.mark.slow
def test_no_number_in_an_address_is_too_large():
    here = world()
    walker = Walker("coordinator", here.people["coordinator"], LONG)
    for row in TABLE:
        for key in {"pk", "number"} & set(row[2] if row[1] == "get" else ()):
            last = str(reached(row, here))
            kept = resolve(last).kwargs
            for number in ("0", "9" * 18, "9" * 30):
                with suppress(NoReverseMatch):  # some addresses take no such number at all
                    walker.get(reverse(row[0], kwargs=kept | {key: number}), ANY)
    assert walker.wrong == {}
