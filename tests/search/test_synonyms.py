"""Words that mean the same: found by either wording, on both engines, and kept in order in the workshop."""

import pytest

from collaborative.search import services
from collaborative.search.models import Synonyms, Wording
from collaborative.search.queries import matching
from collaborative.search.registry import ALWAYS, Entry
from collaborative.search.synonyms import MOST_ADDED, read
from tests import factories as make

pytestmark = pytest.mark.django_db
ADD = "/admin/search/synonyms/add/"


@pytest.fixture(autouse=True)
def library():
    Synonyms.objects.all().delete()
    for words in (
        "DA\ndomestic abuse\ndomestic violence",
        "VAWG\nviolence against women and girls",
        "MISPER\nmissing person",
    ):
        services.keep_wordings(Synonyms.objects.create(words=words))
    for pk, title in enumerate(
        (
            "DA risk assessment",
            "Risk in domestic abuse",
            "Abuse of office, and domestic servants",
            "VAWG taskforce",
            "Ending violence against women and girls",
            "Misper enquiries",
            "Missing persons: a person is missing",
        ),
        start=1,
    ):
        services.store("theme", pk, Entry(title=title, public_from=ALWAYS))


def find(text):
    return set(matching(text, "theme", None).values_list("object_id", flat=True))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DA", {1, 2}),
        ("da", {1, 2}),
        ("domestic violence", {1, 2}),
        ("domestic abuse", {1, 2, 3}),
        ('"domestic abuse"', {2}),
        ('"da"', {1}),
        ("risk DA", {1, 2}),
        ("risk -DA", set()),
        ("domestic -DA", {3}),
        ('risk -"da"', {2}),
        ("vawg", {4, 5}),
        ("violence against women and girls", {4, 5}),
        ("violence-against-women-and-girls", {4, 5}),
        ("women against violence", {5}),
        ("misper", {6, 7}),
        ("missing persons", {6, 7}),
        ("MISPERS enquiries", {6}),
        ("enquiries missing person", {6}),
        ("misper*", {6}),
        ("da -domestic abuse", set()),
    ],
)
def test_either_wording_finds_both(text, found):
    assert find(text) == found


def test_a_changed_group_is_known_to_the_next_search():
    group = Synonyms.objects.get(words__startswith="MISPER")
    group.words = "MISPER\nabsconder"
    group.save()
    services.keep_wordings(group)
    assert (find("missing persons"), find("absconder")) == ({7}, {6})
    group.delete()
    assert find("absconder") == set()


def test_whatever_is_typed_few_wordings_are_added_by_one_query(django_assert_num_queries):
    for number in range(30):
        words = "\n".join(f"w{number}x{letter}" for letter in "abcdefghijkl")
        services.keep_wordings(Synonyms.objects.create(words=words))
    with django_assert_num_queries(1):
        query = read(" ".join(f"w{number}xa" for number in range(30)))
    assert len(query.also) == MOST_ADDED
    with django_assert_num_queries(0):
        assert read(query) is query
        read('"da"')


def test_the_page_says_what_else_it_looked_for(client):
    assert "Also looked for: domestic abuse, domestic violence." in client.get("/search/?q=DA").content.decode()
    assert "Also looked for" not in client.get("/search/?q=risk").content.decode()


def send(client, *lines):
    answer = client.post(ADD, {"words": "\r\n".join(lines), "used": "on"})
    return answer.context["adminform"].form.errors["words"] if answer.status_code == 200 else []


def test_an_administrator_adds_a_group_and_gives_it_up(client):
    client.force_login(make.with_second_factor(make.administrator()))
    assert send(client, " ASB ", "", "anti-social   behaviour") == []
    group = Synonyms.objects.get(words="ASB\nanti-social behaviour")
    assert list(group.wordings.values_list("key", flat=True)) == ["asb", "anti social behaviour"]
    client.post(f"/admin/search/synonyms/{group.pk}/change/", {"words": group.words})
    assert not Wording.objects.filter(key="asb").exists()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["ASB"], "Write 2 to 12 wordings that mean the same, one on each line."),
        (["ASB", "asbs"], "“asbs” stands here twice; capitals, signs and plurals make no difference."),
        (["101", "non-emergency"], "“101” has no letter in it."),
        (["IT", "information technology"], "“IT” stands in nearly every text, so searches leave it out."),
        (["x" * 81, "y"], f"“{'x' * 80}…” is longer than 80 characters."),
        (["a b c d e f g h i", "y"], "“a b c d e f g h i” has more than 8 words."),
        (
            ["Domestic Violence", "dv"],
            "“Domestic Violence” already stands in another group: DA, domestic abuse, domestic violence.",
        ),
    ],
)
def test_what_stands_against_a_group_is_said(client, lines, said):
    client.force_login(make.with_second_factor(make.administrator()))
    assert send(client, *lines) == [said]
    assert Synonyms.objects.count() == 3


def test_coordinators_read_and_do_not_change(client):
    client.force_login(make.with_second_factor(make.coordinator(make.programme())))
    pk = Synonyms.objects.first().pk
    page = client.get(f"/admin/search/synonyms/{pk}/change/")
    assert (page.status_code, b'name="words"' in page.content) == (200, False)
    assert client.post(f"/admin/search/synonyms/{pk}/change/", {"words": "a\nb"}).status_code == 403
    assert client.get(ADD).status_code == 403
