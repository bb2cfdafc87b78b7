"""Texts for the tests of evidence: a version with all that publishing needs."""

from evidence.models import Author, Finding, Reference, ResearchPriority, Section, Version
from evidence.states import VersionState
from tests import factories

BODY = """Officers stayed longer [@low-2021, 39]. Others did not [@low-2021; @harper-2019].

## Where

In two towns.[^1]

[^1]: Both small.
"""


def whole(version, **fields):
    """Give a version everything that publishing needs; return it, freshly read."""
    values = {"summary": "What is known.", "plain_summary": "# What we found\n\nStaying helps.", **fields}
    Version.objects.filter(pk=version.pk).update(**values)
    Author.objects.create(version=version, position=1, name="Ada Harper", affiliation="Lowick University")
    section = Section.objects.create(version=version, position=1, anchor="staying", heading="Staying", body=BODY)
    Finding.objects.create(version=version, number=1, text="Staying helps.", section=section)
    ResearchPriority.objects.create(version=version, number=1, text="For how long?", section=section)
    Reference.objects.create(version=version, key="low-2021", short="Low 2021")
    Reference.objects.create(version=version, key="harper-2019", short="Harper and Yate 2019", full="Working together.")
    version.refresh_from_db()
    return version


def approved(programme, **fields):
    """Make a review whose version only has to be published; return the version."""
    review = factories.review(programme, state=VersionState.APPROVED, **fields)
    return whole(review.versions.get())
