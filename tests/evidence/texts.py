"""Texts for the tests of evidence: a version with all that publishing needs."""

from collaborative.accounts.models import User
from evidence.checks import open_checks
from evidence.models import Author, Finding, Reference, ResearchPriority, Section, Tick, Version
from evidence.states import VersionState
from evidence.wanted import PLAIN_HEADINGS
from tests import factories

BODY = """Officers stayed longer [@low-2021, 39]. Others did not [@low-2021; @harper-2019].

## Where

In two towns.[^1]

[^1]: Both small.
"""


PLAIN = "# What we found\n\nStaying helps.\n\n" + "\n\n".join(
    f"# {heading}\n\nLittle." for heading in PLAIN_HEADINGS if heading != "What we found"
)


def whole(version, **fields):
    """Give a version everything that publishing needs; return it, freshly read."""
    values = {"summary": "What is known.", "plain_summary": PLAIN, **fields}
    Version.objects.filter(pk=version.pk).update(**values)
    Author.objects.create(version=version, position=1, name="Ada Harper", affiliation="Lowick University")
    section = Section.objects.create(version=version, position=1, anchor="staying", heading="Staying", body=BODY)
    Finding.objects.create(version=version, number=1, text="Staying helps.", section=section)
    ResearchPriority.objects.create(version=version, number=1, text="For how long?", section=section)
    Reference.objects.create(version=version, key="low-2021", short="Low 2021")
    Reference.objects.create(version=version, key="harper-2019", short="Harper and Yate 2019", full="Working together.")
    ticked(version)
    version.refresh_from_db()
    return version


def ticked(version):
    """Tick what the checklist needs."""
    by = User.objects.first() or factories.person()
    Tick.objects.bulk_create(Tick(version=version, check_of=line, by=by) for line in open_checks(version))


def approved(programme, **fields):
    """Make a review whose version only has to be published; return the version."""
    review = factories.review(programme, state=VersionState.APPROVED, **fields)
    return whole(review.versions.get())
