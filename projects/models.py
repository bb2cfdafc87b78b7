"""Strands, project areas, projects, their people and partners, requests to join and decisions."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.dated import ends_after_start, holds_on
from collaborative.core.handling import Handling
from collaborative.core.kinds import kind
from collaborative.vocabulary.models import Theme
from partners.models import Membership, Organisation, Programme
from partners.rights import rights_of
from projects.states import PUBLIC_STAGES, UNDER_CONSIDERATION, RequestState, Stage

PERSON = settings.AUTH_USER_MODEL
RESERVED_SLUGS = ("areas", "propose", "feed", "map")
NEWEST_FIRST = Coalesce("listed_at", "submitted_at", "created_at").desc()
NEVER_SENT = models.Q(stage=Stage.DRAFT) | models.Q(stage=Stage.WITHDRAWN, submitted_at=None)
"""Drafts, and drafts that were discarded: nobody but their people ever sees them."""


class OpenQuerySet(models.QuerySet):
    """Reads of things that everyone sees."""

    def visible_to(self, user):
        """Return all of them."""
        return self.all()

    def manageable_by(self, user):
        """Return those of the programmes the person coordinates."""
        return self.filter(programme__in=Programme.objects.manageable_by(user))


@kind("strand")
class Strand(models.Model):
    """One of the strands in which a programme orders its work."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="strands")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    summary = models.TextField(_("summary"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("strand")
        verbose_name_plural = _("strands")
        ordering = ["programme", "position", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return where the strand stands among the project areas."""
        return f"{reverse('projects:areas')}#{self.slug}"


@kind("area")
class ProjectArea(models.Model):
    """A subject that a programme has chosen to run projects on."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="areas")
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, null=True, blank=True, related_name="areas")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="areas")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    summary = models.TextField(_("summary"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("project area")
        verbose_name_plural = _("project areas")
        ordering = ["programme", "position", "name", "pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Return the area's page."""
        return reverse("projects:area", args=[self.slug])


class ProjectQuerySet(models.QuerySet):
    """Reads of projects."""

    def visible_to(self, user):
        """Return the public register; to people on a project, that project; to partners of the
        programme, proposals under consideration; to its coordinators, all but others' drafts."""
        public = models.Q(stage__in=PUBLIC_STAGES, handling=Handling.PUBLIC)
        if user is None or not user.is_authenticated:
            return self.filter(public)
        rights = rights_of(user)
        official = models.Q(stage__in=(*PUBLIC_STAGES, *UNDER_CONSIDERATION), programme_id__in=rights.inside)
        mine = models.Q(pk__in=ProjectPerson.objects.acting(user).values("project_id"))
        return self.filter(public | official | mine | self._managed(rights))

    def manageable_by(self, user):
        """Return what was ever sent of the programmes the person coordinates."""
        return self.filter(self._managed(rights_of(user)))

    def _managed(self, rights):
        run = models.Q() if rights.administrator else models.Q(programme_id__in=rights.coordinator_of)
        return run & ~NEVER_SENT

    def waiting(self):
        """Return the proposals that wait for a decision."""
        return self.filter(stage__in=UNDER_CONSIDERATION)

    def for_lists(self):
        """Return the rows with what a list shows, and newest first."""
        shown = ("programme", "kind_of", "lead_organisation", "area")
        return self.select_related(*shown).order_by(NEWEST_FIRST, "-pk")


@kind("project")
class Project(models.Model):
    """A project, from its first draft as a proposal to its archive."""

    state_field = "stage"

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("summary"), blank=True)
    problem = models.TextField(_("problem"), blank=True)
    approach = models.TextField(_("approach"), blank=True)
    benefit = models.TextField(_("benefit to policing"), blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.DRAFT)
    handling = models.CharField(_("handling"), max_length=20, choices=Handling, default=Handling.PUBLIC)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="projects")
    area = models.ForeignKey(ProjectArea, on_delete=models.PROTECT, null=True, blank=True, related_name="projects")
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, null=True, blank=True, related_name="projects")
    kind_of = models.ForeignKey(
        "vocabulary.Term",
        verbose_name=_("kind"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": "project_kind"},
    )
    level = models.ForeignKey(
        "vocabulary.Term",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": "research_level"},
    )
    lead_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="led_projects")
    themes = models.ManyToManyField(Theme, through="ProjectTheme", related_name="projects")
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True, help_text=_("When it entered the register."))
    form_key = models.UUIDField(
        null=True, blank=True, unique=True, editable=False, help_text=_("The form it was first typed into.")
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-listed_at", "-pk"]
        indexes = [
            models.Index(fields=["stage", "handling", "-listed_at"], name="projects_register"),
            models.Index(fields=["programme", "stage"], name="projects_programme"),
        ]
        constraints = [
            ends_after_start("projects_dates"),
            models.CheckConstraint(condition=models.Q(stage__in=Stage.values), name="projects_known_stage"),
            models.CheckConstraint(condition=models.Q(handling__in=Handling.values), name="projects_known_handling"),
            models.CheckConstraint(
                condition=NEVER_SENT | (models.Q(kind_of__isnull=False) & ~models.Q(summary="")),
                name="projects_whole_once_sent",
                violation_error_message=_("What was sent keeps its kind and its summary."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Return the project's one address."""
        return reverse("projects:page", args=[self.slug])

    @property
    def never_sent(self):
        """True for a draft, kept or discarded."""
        return self.stage == Stage.DRAFT or (self.stage == Stage.WITHDRAWN and self.submitted_at is None)


class ProjectTheme(models.Model):
    """A theme that a project is about."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "theme"], name="projects_one_theme")]

    def __str__(self):
        return str(self.theme)


class PersonQuerySet(models.QuerySet):
    """Reads of a project's people."""

    def current(self, on=None):
        """Return those on the project on a day (today)."""
        return self.filter(holds_on(on))

    def acting(self, user):
        """Return a person's present parts, for organisations whose staff they still are."""
        return self.current().filter(user=user, organisation_id__in=rights_of(user).organisations)

    def lasting(self):
        """Return those on the project today or in days to come."""
        return self.filter(models.Q(ends_on=None) | models.Q(ends_on__gt=timezone.localdate()))

    def staff(self):
        """Return those on the project today who are still staff of the organisation they are there for."""
        places = Membership.objects.current().filter(
            user=models.OuterRef("user"), organisation=models.OuterRef("organisation")
        )
        return self.current().filter(models.Exists(places))

    def shown(self):
        """Return those on the project today, and those who left the portal and wished to stay named."""
        return self.filter(holds_on() | ~models.Q(credit_name=""))

    def leads(self):
        """Return the leads."""
        return self.filter(part__in=ProjectPerson.LEADS)


class ProjectPerson(models.Model):
    """A person's part in a project, for an organisation, from a day until another."""

    class Part(models.TextChoices):
        POLICE_LEAD = "police_lead", _("Police lead")
        ACADEMIC_LEAD = "academic_lead", _("Academic lead")
        TEAM = "team", _("Team")

    LEADS = (Part.POLICE_LEAD, Part.ACADEMIC_LEAD)

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="project_parts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(_("part"), max_length=20, choices=Part, default=Part.TEAM)
    role = models.ForeignKey(
        "vocabulary.Term",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": "project_role"},
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    credit_name = models.CharField(
        max_length=150, blank=True, editable=False, help_text=_("The name that somebody who left wished to keep here.")
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["part", "pk"]
        indexes = [models.Index(fields=["user", "ends_on"], name="projects_person_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"], condition=models.Q(ends_on=None), name="projects_one_open_part"
            ),
            models.UniqueConstraint(
                fields=["project", "part"],
                condition=models.Q(ends_on=None, part__in=("police_lead", "academic_lead")),
                name="projects_one_lead_a_side",
            ),
            ends_after_start("projects_person_dates"),
        ]

    def __str__(self):
        return f"{self.user_id} on {self.project_id}"

    @property
    def shown_name(self):
        """The person's name, or the one kept as a credit after they left."""
        return self.credit_name or str(self.user)


class ProjectPartner(models.Model):
    """An organisation that takes part in a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="project_parts")

    class Meta:
        ordering = ["organisation__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "organisation"], name="projects_one_partner")]

    def __str__(self):
        return str(self.organisation)


class JoinRequestQuerySet(models.QuerySet):
    """Reads of requests to join."""

    def visible_to(self, user):
        """Return one's own, and those to projects that one leads."""
        if not user.is_authenticated:
            return self.none()
        led = ProjectPerson.objects.acting(user).leads()
        return self.filter(models.Q(user=user) | models.Q(project__in=led.values("project_id")))

    def pending(self):
        """Return those without an answer."""
        return self.filter(state=RequestState.PENDING)


@kind("join_request")
class JoinRequest(models.Model):
    """Someone's wish to join a project, with a message, and what a lead answered."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="join_requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(
        "vocabulary.Term",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": "project_role"},
    )
    message = models.TextField(_("message"))
    state = models.CharField(max_length=20, choices=RequestState, default=RequestState.PENDING)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"], condition=models.Q(state="pending"), name="projects_one_pending_request"
            )
        ]

    def __str__(self):
        return f"{self.user_id} to {self.project_id}"

    def get_absolute_url(self):
        """Return the page on which the request is read and answered."""
        return reverse("projects:request", args=[self.project.slug, self.pk])


class Decision(models.Model):
    """What was decided about a proposal or a project, by whom and why."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="decisions")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Stage)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    credit_name = models.CharField(
        max_length=150, blank=True, editable=False, help_text=_("The name that somebody who left wished to keep here.")
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="projects_decision_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.outcome} {self.project_id}"
