"""What people hold for an organisation in projects: leading one that is not over; and what follows when they leave."""

from django.utils import timezone
from django.utils.translation import gettext_lazy

from collaborative.core.holdings import Held, Holding, carried, holding, when_left
from partners.holdings import handed_on, of_organisation, staff_of
from partners.models import ProgrammePartner
from projects import services
from projects.models import NEVER_SENT, JoinRequest, Project, ProjectPerson
from projects.states import OVER

SHOWN = ("project", "organisation")


def running():
    """Return the projects that are not over, from the day on which they were sent: a draft is its people's alone."""
    return Project.objects.exclude(stage__in=OVER).exclude(NEVER_SENT)


@holding
class ProjectLeads(Holding):
    """Leading a project for policing or for research; the row is the person's part in it."""

    name, label = "project_lead", gettext_lazy("Project lead")

    def held(self, user, organisation_id=None):
        """Return the projects that the person leads and that are not over."""
        mine = ProjectPerson.objects.lasting().leads().filter(user=user, project__in=running())
        mine = of_organisation(mine, organisation_id).exclude(pk__in=handed_on(self.name))
        return [self._held(row) for row in mine.select_related(*SHOWN).order_by("pk")]

    def _held(self, row):
        title, url, programme = row.project.title, row.project.get_absolute_url(), row.project.programme_id
        return Held(self.name, row.pk, row.get_part_display(), title, url, row.organisation_id, programme)

    def read(self, pk):
        """Return the part."""
        return ProjectPerson.objects.select_related(*SHOWN).get(pk=pk)

    def row(self, pk):
        """Return the part behind the lock of its project."""
        services.locked(self.read(pk).project)
        return self.read(pk)

    def named(self, pks, user):
        """Return those of projects that the reader may see."""
        rows = ProjectPerson.objects.filter(pk__in=pks, project__in=Project.objects.visible_to(user))
        return {row.pk: self._held(row) for row in rows.select_related(*SHOWN)}

    def needed(self, row):
        """Say whether the part lasts and the project is not over."""
        lasts = row.ends_on is None or row.ends_on > timezone.localdate()
        return lasts and row.project.stage not in OVER

    def eligible(self, row):
        """Return the organisation's staff, while it is a partner of the programme, who do not lead the project yet."""
        now = row.organisation.now()
        parts = ProgrammePartner.objects.current().filter(programme=row.project.programme_id, organisation=now)
        staff = staff_of(now) if parts.exists() else staff_of(now).none()
        return staff.exclude(pk__in=row.project.people.current().leads().values("user_id"))

    def hand_over(self, row, to, by):
        """End the part and begin the same one for somebody; a place on the team that they had ends."""
        services.change_lead(row, to, by=by)

    def vacate(self, row, by):
        """Leave the project to its other lead; raises ``Refused`` when there is none."""
        services.end_lead(row, by=by)


@when_left
def left(user, organisation_id, *, by):
    """End the places on teams and the requests of somebody who has left an organisation."""
    services.leave_organisation(user, organisation_id, by=by)


def _parts(organisation):
    return ProjectPerson.objects.lasting().filter(organisation=organisation).exclude(project__stage__in=OVER)


@carried(gettext_lazy("Parts of people in projects that are not over"), count=lambda body: _parts(body).count())
def carry_parts(organisation, successor, *, on):
    """Let people go on in projects for the successor; say which part is now which."""
    return {ProjectLeads.name: services.carry_parts(_parts(organisation), successor, on=on)}


@carried(
    gettext_lazy("Requests to join a project that wait for an answer"),
    count=lambda body: JoinRequest.objects.pending().filter(organisation=body).count(),
)
def carry_requests(organisation, successor, *, on):
    """Let requests that wait go on in the name of the successor."""
    JoinRequest.objects.pending().filter(organisation=organisation).update(organisation=successor)
