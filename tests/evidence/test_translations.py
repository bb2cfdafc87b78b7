"""Translations: one for each language, of an original, never of a translation; and what languages are called."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from collaborative.core.errors import Refused
from collaborative.vocabulary.models import Term
from collaborative.vocabulary.terms import load_terms
from evidence.reading.languages import language_name, language_names, own_name
from evidence.services.translations import faults_of_translation, link_translation
from tests import factories as make
from tests.races import at_once

pytestmark = pytest.mark.django_db


def test_a_review_is_named_the_translation_of_another_and_unnamed_again():
    original = make.review()
    coordinator = make.coordinator(original.programme)
    welsh = make.review(original.programme)
    linked = link_translation(welsh, original, by=coordinator, language="cy")
    assert (linked.translation_of, linked.language) == (original, "cy")
    assert link_translation(welsh, original, by=coordinator, language="fr").language == "fr"
    assert link_translation(welsh, None, by=coordinator, language="cy").translation_of is None


def test_what_stands_against_a_translation_is_told_at_its_field():
    programme = make.programme()
    original, other = make.review(programme), make.review(programme)
    welsh = make.review(programme, title="Yr adolygiad", language="cy", translation_of=original)
    french = make.review(programme, language="fr")
    cases = [
        ((original, "en", other), {"language": "original is in this language already"}),
        ((original, "cy", other), {"language": "a translation into Welsh already: Yr adolygiad"}),
        ((original, "tlh", other), {"language": "language of the list"}),
        ((welsh, "fr", other), {"translation_of": f"Choose the original: {original.title}"}),
        ((other, "de", original), {"translation_of": "so it is an original itself"}),
        ((original, "de", original), {"translation_of": "no translation of itself"}),
        ((original, "cy", welsh), {}),
        ((original, "fr", french), {}),
        ((original, "de", None), {}),
        ((None, "fr", french), {}),
        ((original, "cy", None), {"language": "a translation into Welsh already"}),
    ]
    for arguments, expected in cases:
        found = faults_of_translation(*arguments)
        assert list(found) == list(expected), arguments
        assert all(words in str(found[field]) for field, words in expected.items())
    with pytest.raises(Refused, match="Welsh already"):
        link_translation(other, original, by=make.coordinator(programme), language="cy")


def test_only_coordinators_of_the_programme_link_translations():
    original = make.review()
    other = make.review(original.programme)
    for person in (make.person(), make.coordinator(make.programme()), make.author(other)):
        with pytest.raises(PermissionDenied):
            link_translation(other, original, by=person, language="cy")


def test_languages_are_called_as_the_reader_calls_them():
    assert (language_name("cy"), language_name("bsl"), language_name("ur")) == (
        "Welsh",
        "British Sign Language",
        "Urdu",
    )
    assert (language_name("ja"), language_name("x-none")) == ("Japanese", "x-none")
    assert (own_name("cy"), own_name("fr"), own_name("bsl")) == ("Cymraeg", "français", "British Sign Language")
    assert list(language_names())[:2] == ["en", "cy"]
    with translation.override("cy"):
        assert (language_name("cy"), language_names()["fr"]) == ("Cymraeg", "Ffrangeg")


@pytest.mark.django_db(transaction=True)
def test_of_two_translations_into_one_language_at_once_one_wins():
    load_terms(Term)  # a test that empties the database took them away
    original = make.review()
    coordinator = make.coordinator(original.programme)
    made = [make.review(original.programme) for _each in range(2)]
    first, second = at_once(
        *[lambda each=each: link_translation(each, original, by=coordinator, language="cy") for each in made]
    )
    assert sorted([type(first).__name__, type(second).__name__]) == ["Refused", "Review"]
