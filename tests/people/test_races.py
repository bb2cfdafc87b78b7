"""Several people who save their profiles at once: real threads on a real database."""

import pytest

from collaborative.core.errors import Refused
from collaborative.search.models import SearchEntry
from partners import services
from partners.models import Expertise, Profile
from tests import factories as make
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def save(person, **said):
    """Return the act of saving somebody's profile."""
    return lambda: services.save_profile(person, by=person, **{"audience": "everyone"} | said)


def test_one_person_who_presses_twice_has_one_profile():
    ann = make.person(name="Ann")
    results = at_once(*[save(ann, expertise=["Maps", "Drones"])] * 3)
    assert [result.pk for result in results] == [Profile.objects.get().pk] * 3
    assert SearchEntry.objects.filter(kind="profile").count() == 1


def test_people_of_one_name_get_addresses_of_their_own():
    people = [make.person(name="Ann Example") for _ in range(3)]
    results = at_once(*(save(person) for person in people))
    assert sorted(result.slug for result in results) == ["ann-example", "ann-example-2", "ann-example-3"]


def test_of_two_who_give_one_orcid_one_is_told():
    people = [make.person(name="Ann"), make.person(name="Ben")]
    results = at_once(*(save(person, orcid="0000-0002-1825-0097") for person in people))
    told = [result for result in results if isinstance(result, Exception)]
    assert [type(each) for each in told] == [Refused]
    assert str(told[0]).startswith("Another person here has this ORCID.")
    assert Profile.objects.count() == 1


def test_a_new_word_that_several_write_at_once_is_made_once():
    people = [make.person(name=f"Person {n}") for n in range(3)]
    words = [["Tai chi", "Maps"], ["MAPS", "tai chi"], ["maps"]]
    results = at_once(*(save(person, expertise=said) for person, said in zip(people, words, strict=True)))
    assert [type(result) for result in results] == [Profile] * 3
    assert sorted(name.casefold() for name in Expertise.objects.values_list("name", flat=True)) == ["maps", "tai chi"]
    assert [profile.expertise.count() for profile in results] == [2, 2, 1]
