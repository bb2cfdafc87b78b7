"""What a text goes through before it is public: the lines for its kind, and the reviewers it wants."""

import pytest

from evidence import services
from evidence.models import Check
from evidence.states import VersionState
from tests import factories
from tests.evidence.texts import whole

pytestmark = pytest.mark.django_db


def test_the_lines_of_its_own_kind_stand_against_publishing_and_no_other_kinds():
    by = factories.administrator()
    version = whole(factories.review(state=VersionState.APPROVED).versions.get())
    kind, other = version.review.kind_of, factories.term("review_kind", "systematic_review")
    assert services.missing(version) == []
    Check.objects.create(kind_of=other, words="Look at the protocol")
    Check.objects.create(kind_of=kind, words="Look at the flow diagram", required=False)
    assert services.missing(version) == []
    own = Check.objects.create(kind_of=kind, words="Look at the search")
    assert services.missing(version) == ["Go through the checklist: Look at the search."]
    services.tick(version, own, by=by)
    version.refresh_from_db()
    assert services.missing(version) == []


def test_a_text_wants_one_reviewer_of_its_methods_and_two_of_its_subject():
    version = factories.review(state=VersionState.PEER_REVIEW).versions.get()
    wants = ["{} of 1 reviews of the methods are there.", "{} of 2 reviews of the subject are there."]
    assert services.lacking_reviews(version) == [each.format(0) for each in wants]
    for part in ("subject", "methods"):
        factories.peer_review(version, part=part, state="submitted")
    assert services.lacking_reviews(version) == [wants[1].format(1)]
    factories.peer_review(version, part="subject", state="submitted")
    assert services.lacking_reviews(version) == []
