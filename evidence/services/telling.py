"""Who is told of what happens to a review."""

from collaborative.notifications.services import announce, tell, topics_of
from evidence.models import ReviewPerson
from partners.models import ProgrammeRole
from projects.models import ProjectPerson


def editors(review):
    """Return the ids of those who run a review: its editors and the coordinators of its programme."""
    part = ReviewPerson.Part.EDITOR
    edit = review.people.current().filter(part=part).values_list("user_id", flat=True)
    return sorted(_coordinators(review) | set(edit))


def _coordinators(review):
    offices = ProgrammeRole.objects.current().filter(role=ProgrammeRole.Role.COORDINATOR)
    return set(offices.filter(programme=review.programme_id).values_list("user_id", flat=True))


def concerned(review):
    """Return the ids of those who are told: who runs and who writes the review, and the people of its project.

    Whoever has left the organisation for which they were on the project is not told.
    """
    told = _coordinators(review) | set(review.people.current().values_list("user_id", flat=True))
    if review.project_id:
        people = ProjectPerson.objects.staff().filter(project=review.project_id)
        told |= set(people.values_list("user_id", flat=True))
    return sorted(told)


def tell_concerned(key, version, *, by, event=None, review=None):
    """Tell those concerned of what happened to a version, once."""
    review = review or version.review
    tell(key, version, to=concerned(review), event=event or f"{key}:{version.pk}", by=by)


def tell_published(review, version, *, by):
    """Tell those concerned that a version is public, and followers of the review’s themes and programme."""
    happening = f"review.published:{version.pk}"
    tell("review.published", review, to=concerned(review), event=happening, by=by)
    announce(review, event=happening, topics=topics_of(review), by=by)
