"""Differences between two lists: complete both ways, and bounded."""

import random
import time

from collaborative.core.differences import ADDED, REMOVED, SAME, Steps, runs, words_changed


def test_both_texts_can_be_read_out_of_their_difference():
    chance = random.Random(1)  # noqa: S311 - no secret
    for _round in range(400):
        old = [chance.choice("abc") for _ in range(chance.randint(0, 9))]
        new = [chance.choice("abcd") for _ in range(chance.randint(0, 9))]
        found = runs(old, new, apart=chance.choice([0, 2, 50]), steps=Steps(chance.choice([5, 10**6])))
        assert [each for kind, pieces in found if kind != ADDED for each in pieces] == old
        assert [each for kind, pieces in found if kind != REMOVED for each in pieces] == new


def test_words_that_changed_stand_between_those_that_stayed():
    assert words_changed("the cat sat on the mat today", "the dog sat on the mat", Steps()) == [
        (SAME, "the"), (REMOVED, "cat"), (ADDED, "dog"), (SAME, "sat on the mat"), (REMOVED, "today"),
    ]  # fmt: skip
    assert words_changed("one two three four", "five six seven eight", Steps()) is None


def test_what_is_built_to_be_slow_is_not():
    begun = time.process_time()
    steps = Steps()
    runs(["a", "b"] * 30_000, ["b", "a", "c"] * 30_000, apart=400, steps=steps)
    for _paragraph in range(20):
        words_changed("a b " * 500, "b a c " * 500, steps)
    assert time.process_time() - begun < 5
