"""A programme with its people, each standing differently to a project."""

from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from partners.models import Membership
from projects.models import ProjectPerson
from projects.states import PUBLIC_STAGES, Stage
from tests import factories as make

KINDS = (
    "visitor", "account holder", "member", "organisation lead", "member elsewhere", "former member", "police lead",
    "academic lead", "team", "former lead", "left the project", "coordinator", "coordinator elsewhere",
    "administrator",
)  # fmt: skip


class World:
    """One programme and another; a police force and a university; people of every kind."""

    def __init__(self):
        self.programme, self.elsewhere = make.programme(), make.programme()
        self.force = make.partner(self.programme)
        self.university = make.partner(self.programme, make.organisation("university"))
        self.theme = make.theme()
        self.people = {
            "visitor": AnonymousUser(),
            "account holder": make.person(),
            "member": make.member(make.partner(self.programme)),
            "organisation lead": make.member(self.force, role="lead"),
            "member elsewhere": make.member(make.partner(self.elsewhere)),
            "former member": make.member(make.partner(self.programme), ends_on=timezone.localdate()),
            "police lead": make.member(self.force),
            "academic lead": make.member(self.university),
            "team": make.member(self.university),
            "former lead": make.member(self.force, ends_on=timezone.localdate()),
            "left the project": make.member(self.university),
            "coordinator": make.coordinator(self.programme),
            "coordinator elsewhere": make.coordinator(self.elsewhere),
            "administrator": make.administrator(),
        }

    def __getitem__(self, kind):
        return self.people[kind]

    def project(self, stage=Stage.ACTIVE, **fields):
        """Make a project in a stage with all its people; ``former lead`` has left the force."""
        sent = None if stage in (Stage.DRAFT, Stage.SEEKING_PAIR) else timezone.now()
        listed = timezone.now() if stage in PUBLIC_STAGES else None
        values = {"submitted_at": sent, "listed_at": listed, "benefit": "Fewer repeats."}
        leads = [
            (self["police lead"], self.force, "police_lead"),
            (self["academic lead"], self.university, "academic_lead"),
            (self["team"], self.university, "team"),
            (self["former lead"], self.force, "team"),
        ]
        project = make.project(
            self.programme,
            stage=stage,
            leads=leads,
            themes=[self.theme],
            lead_organisation=self.force,
            **values | fields,
        )
        yesterday = make.yesterday()
        ProjectPerson.objects.create(
            project=project,
            user=self["left the project"],
            organisation=self.university,
            part="police_lead",
            starts_on=yesterday,
            ends_on=timezone.localdate(),
        )
        return project

    @cached_property
    def asker(self):
        """Someone of a partner who is on no project."""
        return make.member(make.partner(self.programme))

    def organisation_of(self, user):
        """Return the organisation that someone is staff of."""
        return Membership.objects.get(user=user).organisation

    def values(self, user, **changes):
        """Return what the form hands to the services for a whole proposal."""
        return {
            "title": "Night patrols and sleep",
            "programme": self.programme,
            "organisation": self.organisation_of(user),
            "part": "police_lead",
            "area": None,
            "kind_of": make.term("project_kind", "evaluation"),
            "themes": [self.theme],
            "summary": "Whether officers on nights sleep enough.",
            "problem": "They do not.",
            "approach": "Measure it.",
            "benefit": "Fewer mistakes.",
        } | changes


def client_of(user):
    """Return a client in which someone is signed in, or nobody."""
    client = Client(raise_request_exception=False)
    if user.is_authenticated:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client
