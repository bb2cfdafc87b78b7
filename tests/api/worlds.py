"""One thing of each kind for the interface, as everyone may read it."""

from collaborative.search.services import index
from evidence.models import Author, Finding, Reference, Section, Study
from tests import factories as make

MAKERS = {
    "reviews": lambda **more: make.review(**more),
    "practices": lambda **more: make.sheet(**more),
    "projects": lambda **more: make.project(**more),
    "themes": lambda **more: make.theme(**more),
    "events": lambda **more: make.event(**more),
    "organisations": lambda **more: make.organisation(**more),
    "programmes": lambda **more: make.programme(**more),
    "people": lambda **more: make.profile(make.member(make.organisation()), **more),
}
"""How a thing of each list is made."""


def full_review():
    """Make a review with one of everything, found by search."""
    made = make.review(themes=[make.theme()], doi="10.5555/full", year=2024)
    version = made.current
    section = Section.objects.create(version=version, position=1, anchor="found", heading="Found", body="See [@lind].")
    body = make.organisation()
    Author.objects.create(version=version, position=1, name="Maja Lind", family="Lind", organisation=body)
    Finding.objects.create(version=version, number=1, text="It helps.", section=section)
    other = make.review()
    reference = Reference.objects.create(version=version, key="lind", short="Lind (2021)", review=other)
    Study.objects.create(version=version, number=1, short="Lind (2021)", reference=reference)
    index(made)
    return made
