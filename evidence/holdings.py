"""What people hold for an organisation in evidence: editing reviews; and what follows when they leave."""

from django.utils import timezone
from django.utils.translation import gettext_lazy

from collaborative.core.holdings import Held, Holding, carried, holding, when_left
from evidence import services
from evidence.models import Review, ReviewPerson
from partners.holdings import handed_on, of_organisation, staff_of

SHOWN = ("review", "organisation")


def editing():
    """Return the editors’ parts that last."""
    return ReviewPerson.objects.lasting().filter(part=ReviewPerson.Part.EDITOR, organisation__isnull=False)


@holding
class ReviewEditors(Holding):
    """Editing a review for an organisation; the row is the person's part in it."""

    name, label = "review_editor", gettext_lazy("Editor of a review")

    def held(self, user, organisation_id=None):
        """Return the reviews that the person edits."""
        mine = of_organisation(editing().filter(user=user), organisation_id).exclude(pk__in=handed_on(self.name))
        return [self._held(row) for row in mine.select_related(*SHOWN).order_by("pk")]

    def _held(self, row):
        title, url = row.review.title, row.review.get_desk_url()
        return Held(self.name, row.pk, self.label, title, url, row.organisation_id, row.review.programme_id)

    def read(self, pk):
        """Return the part."""
        return ReviewPerson.objects.select_related(*SHOWN).get(pk=pk)

    def row(self, pk):
        """Return the part behind the lock of its review."""
        services.locked_review(self.read(pk).review_id)
        return self.read(pk)

    def named(self, pks, user):
        """Return those of reviews that the reader works on or may read."""
        seen = Review.objects.worked_on_by(user) | Review.objects.visible_to(user)
        rows = ReviewPerson.objects.filter(pk__in=pks, review__in=seen.values("pk"))
        return {row.pk: self._held(row) for row in rows.select_related(*SHOWN)}

    def needed(self, row):
        """Say whether the part lasts."""
        return row.ends_on is None or row.ends_on > timezone.localdate()

    def eligible(self, row):
        """Return the organisation's staff who have no part in the review yet."""
        there = row.review.people.current().values("user_id")
        return staff_of(row.organisation.now()).exclude(pk__in=there)

    def hand_over(self, row, to, by):
        """End the part and begin the same one for somebody."""
        services.change_editor(row, to, by=by)

    def vacate(self, row, by):
        """Leave the review to its other editors and the programme's coordinators."""
        services.vacate_part(row, by=by)


@when_left
def left(user, organisation_id, *, by):
    """End what somebody wrote for an organisation that they have left; what they edit is handed on."""
    services.leave_organisation(user, organisation_id, by=by)


def _parts(organisation):
    return ReviewPerson.objects.lasting().filter(organisation=organisation)


@carried(gettext_lazy("Parts of people in making reviews"), count=lambda body: _parts(body).count())
def carry_parts(organisation, successor, *, on):
    """Let people go on with reviews for the successor; say which part is now which."""
    return {ReviewEditors.name: services.carry_parts(_parts(organisation), successor, on=on)}
