"""The judgments are whole: every query has answers that exist, and the distractors hold none of them."""

from collections import Counter
from itertools import islice

from tests.relevance.distractors import distractors
from tests.relevance.judged import documents, queries

OF_THE_DEMONSTRATION = ("event: ", "project: ", "review: ", "sheet: ", "theme: ")


def test_there_are_sixty_queries_each_with_answers_and_a_reason():
    asked = queries()
    assert len({each.text.lower() for each in asked}) == 60
    assert all(each.wanted and each.why and each.who for each in asked)


def test_a_third_of_the_queries_is_held_out_of_every_case():
    cases, held = Counter(each.case for each in queries()), Counter(e.case for e in queries() if e.held_out)
    assert sum(held.values()) == 20
    assert all(held[case] <= -(-number // 3) + 1 for case, number in cases.items())


def test_every_wanted_answer_is_written_or_of_the_demonstration():
    keys = {each["key"] for each in documents()}
    assert len(keys) == len(documents())
    wanted = {key for each in queries() for key in each.wanted}
    assert {key for key in wanted - keys if not key.startswith(OF_THE_DEMONSTRATION)} == set()


def test_distractors_are_always_the_same_and_none_is_a_written_text():
    first, again = list(distractors(300)), list(islice(distractors(10_000), 300))
    assert first == again
    assert {each.title for each in first} & {each["title"] for each in documents()} == set()
    words = " ".join(each.text for each in first)
    assert all(word in words for word in ("officers", "missing", "patrols"))
