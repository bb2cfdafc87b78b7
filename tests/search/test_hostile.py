"""Whatever is typed into the search, nobody gets an error and nothing runs away."""

import pytest

from collaborative.search import services
from collaborative.search.queries import best_first, search
from collaborative.search.registry import ALWAYS, Entry
from collaborative.vocabulary.models import Theme

pytestmark = pytest.mark.django_db
HOSTILE = [
    '"', '""', '"""', "'", "''", "';--", "' OR '1'='1", "x'; DROP TABLE search_searchentry; --",
    "\x00", "a\x00b", "\ud800",
    "%", "%s", "%(x)s", "_", "\\", "\\'", "*", "**", "*a", "a*", "a**b*", "-", "--", "-*", '-"', '-""', "- -a",
    "AND", "OR", "NOT", "NEAR", "a AND", "a AND OR NOT b", "NEAR(a b, 3)", "title : a", "{title body} : a",
    "^a", "a + b",
    "(", ")", "((((", "a)", "(a", "a & b", "a | b", "!a", "a <-> b", "a:*", "a:ABCD", "'a' & !'b'", ":*", "<->",
    "a <2> b",
    "🚓", "🚓🚓 patrol", "👩‍🚒", "ﬁre", "ß", "İstanbul", "日本語", "Полиция", "العربية", "e\u0301" * 80, "\u0301\u0301",
    "\u202e reversed", "\ue000mark\ue001", "<script>alert(1)</script>", "<mark>", "&amp;", "{{ 7 }}", "{% now %}",
    "a" * 10_000, "a " * 10_000, "ab* " * 500, '"a b" ' * 500, "-a " * 500 + "b", '"' * 5000, "x\n\r\ty", "²³½",
    "1e999", "...",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _something_to_find():
    theme = Theme.objects.create(slug="patrol", name="Patrol and fire in Ístanbul", summary="a b x y mark ß <script>")
    services.index(theme)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_search_is_answered(client, text):
    search(text, None)[:20]
    list(best_first(Theme.objects.all(), text, "theme", None))
    answer = client.get("/search/", {"q": text.encode("utf-8", "replace").decode()})
    assert answer.status_code == 200


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_indexed_and_shown_as_text(client, text):
    services.store(
        "theme", Theme.objects.get().pk, Entry(title=f"Patrol {text}", body=f"patrol {text}", public_from=ALWAYS)
    )
    answer = client.get("/search/", {"q": "patrol"})
    assert answer.context["found"].total == 1
    assert b"<script>alert" not in answer.content


@pytest.mark.parametrize(
    "parameters",
    [{"q": "patrol", "page": value} for value in ("0", "-1", "x", "9" * 40, "1.5", "last", "\x00", "²")]
    + [{"q": "patrol", "kind": value} for value in ("nothing", "\x00", "theme'", "x" * 9000)]
    + [{"kind": "theme"}, {"page": "7"}],
)
def test_hostile_parameters_are_answered_as_if_they_were_not_there(client, parameters):
    answer = client.get("/search/", parameters)
    assert answer.status_code == 200
    assert answer.context["page"].number == 1
