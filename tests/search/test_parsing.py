"""What a reader typed is read the same way for both engines."""

import pytest

from collaborative.search.parsing import LONGEST, Term, parse


def words(text):
    return [" ".join(term.words) for term in parse(text).wanted]


def left_out(text):
    return [" ".join(term.words) for term in parse(text).excluded]


@pytest.mark.parametrize(
    ("text", "wanted", "excluded"),
    [
        ("stop and search", ["stop", "search"], []),
        ('"stop and search" youth', ["stop and search", "youth"], []),
        ("“stop and search”", ["stop and search"], []),
        ("drones -military", ["drones"], ["military"]),
        ('drones -"armed forces"', ["drones"], ["armed forces"]),
        ("evidence-based policing", ["evidence based", "policing"], []),
        ("police/university", ["police university"], []),
        ("police - university", ["police", "university"], []),
        ("victim's victims’", ["victim", "victims"], []),
        ('unclosed "quote here', ["unclosed", "quote"], []),
        ('close"to hand"by', ["close", "to hand"], []),
        ("café Gŵyr", ["cafe", "Gwyr"], []),
        ("the of and", [], []),
        ('"the of"', [], []),
        ("-only -drones", [], ["drones"]),
        ("--double", [], ["double"]),
        ("NEAR(a b) OR title:x", ["NEAR a", "b", "title x"], []),
        ("a\x00b", ["b"], []),
        ("snake_case", ["snake case"], []),
        ("🚓 !!! \ud800", [], []),
        ("", [], []),
    ],
)
def test_a_text_is_read_as_words_phrases_and_exclusions(text, wanted, excluded):
    assert (words(text), left_out(text)) == (wanted, excluded)


def test_a_star_leaves_the_end_of_a_word_open():
    assert parse("cyber*").wanted == (Term(("cyber",), beginning=True),)
    assert parse('"hot spot"*').wanted == (Term(("hot", "spot"), beginning=True),)


def test_a_single_letter_is_no_beginning():
    assert parse("x*").wanted == (Term(("x",)),)


def test_a_search_of_exclusions_alone_is_recognised():
    query = parse("-drones")
    assert (bool(query), query.only_excludes) == (False, True)


def test_a_long_text_is_cut():
    assert len(parse("word " * 10_000).text) <= LONGEST
