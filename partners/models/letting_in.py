"""How people are let into organisations: requests and invitations, and what is handed on when they leave."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.kinds import kind
from partners.models.domains import EmailDomain
from partners.models.organisations import Organisation
from partners.models.people import Membership
from partners.models.programmes import Programme
from partners.rights import rights_of
from partners.states import UNSETTLED, HandoverState, InvitationState, RequestState

PERSON = settings.AUTH_USER_MODEL
SIGNER = Signer(salt="partners.invitations", sep=".")


class OfOrganisationQuerySet(models.QuerySet):
    """Reads of what waits at an organisation's door."""

    def answerable_by(self, user):
        """Return those of organisations that the person leads or manages."""
        led = Q(organisation__in=rights_of(user).leads)
        return self.filter(led | Q(pk__in=self.model.objects.manageable_by(user).values("pk")))

    def manageable_by(self, user):
        """Return those of the organisations that the person manages."""
        return self.filter(organisation__in=Organisation.objects.manageable_by(user))


class MembershipRequestQuerySet(OfOrganisationQuerySet):
    """Reads of requests to be let in."""

    def visible_to(self, user):
        """Return one's own, and those that one may answer."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(user=user) | Q(pk__in=self.model.objects.answerable_by(user).values("pk")))

    def pending(self):
        """Return those without an answer."""
        return self.filter(state=RequestState.PENDING)


@kind("membership_request")
class MembershipRequest(models.Model):
    """Someone's wish to be let into an organisation, with a message, and what was answered.

    ``domain`` is set when their mail address brought it about rather than a form.
    """

    user = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="membership_requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="membership_requests")
    domain = models.ForeignKey(EmailDomain, on_delete=models.PROTECT, null=True, blank=True, related_name="requests")
    title = models.CharField(_("job title"), max_length=120, blank=True)
    message = models.TextField(_("message"), blank=True)
    state = models.CharField(_("state"), max_length=20, choices=RequestState, default=RequestState.PENDING)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to be let in")
        verbose_name_plural = _("requests to be let in")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "state"], name="partners_request_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(state="pending"), name="partners_one_pending_request"
            )
        ]

    def __str__(self):
        return f"{self.user_id} to {self.organisation_id}"

    def get_absolute_url(self):
        """Return the page of the request; reads the organisation."""
        return reverse("partners:request", args=[self.organisation.slug, self.pk])


class InvitationQuerySet(OfOrganisationQuerySet):
    """Reads of invitations."""

    def visible_to(self, user):
        """Return those to one's own confirmed address, and those of organisations that one leads or manages.

        Whoever has no account comes by the letter.
        """
        if not user.is_authenticated:
            return self.none()
        mine = EmailAddress.objects.filter(user=user, verified=True).values("email")
        return self.filter(Q(email__in=mine) | Q(pk__in=self.model.objects.answerable_by(user).values("pk")))

    def pending(self):
        """Return those that wait for an answer and still hold."""
        return self.filter(state=InvitationState.PENDING, expires_at__gt=timezone.now())

    def settled(self):
        """Return those to which nobody can answer any more."""
        return self.exclude(state=InvitationState.PENDING)

    def by_token(self, token):
        """Return the invitation to which a letter's link leads, or None when the link was not made here."""
        try:
            pk = SIGNER.unsign_object(token)
        except (BadSignature, ValueError):
            return None
        return self.select_related("organisation", "invited_by").filter(pk=pk).first()


@kind("invitation")
class Invitation(models.Model):
    """An offer of a place in an organisation, sent to an address that may have no account yet.

    ``about_kind`` and ``about_id`` are the thing on which the invited person lands.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=20, choices=Membership.Role, default=Membership.Role.MEMBER)
    email = models.EmailField(_("e-mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=150, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    message = models.TextField(_("message"), blank=True)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    invited_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=20, choices=InvitationState, default=InvitationState.PENDING)
    accepted_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    reminded_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="pending"), name="partners_invitation_open")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "organisation", condition=Q(state="pending"), name="partners_one_open_invitation"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="partners_invitation_dates"),
            models.CheckConstraint(
                condition=Q(about_kind="", about_id=None) | (~Q(about_kind="") & Q(about_id__isnull=False)),
                name="partners_invitation_about",
            ),
        ]

    def __str__(self):
        return f"invitation {self.pk}"

    def get_absolute_url(self):
        """Return the page on which the invited person answers; nobody can guess it."""
        return reverse("invitations:page", args=[self.token])

    @property
    def token(self):
        """What the link in the letter carries: always the same, and kept nowhere."""
        return SIGNER.sign_object(self.pk)

    @property
    def open(self):
        """True while it waits for an answer and has not run out."""
        return self.state == InvitationState.PENDING and self.expires_at > timezone.now()


class HandoverQuerySet(OfOrganisationQuerySet):
    """Reads of what has to be handed on."""

    def visible_to(self, user):
        """Return what one is asked to take over or took over, and what one may ask others to."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(asked=user) | Q(pk__in=self.model.objects.answerable_by(user).values("pk")))

    def manageable_by(self, user):
        """Return those of one's programmes; those of no programme with the organisations one manages."""
        rights = rights_of(user)
        if rights.administrator:
            return self.all()
        of_organisation = Q(programme=None, organisation__in=Organisation.objects.manageable_by(user))
        return self.filter(of_organisation | Q(programme__in=rights.coordinator_of))

    def unsettled(self):
        """Return those for which nobody has taken over yet."""
        return self.filter(state__in=UNSETTLED)


@kind("handover")
class Handover(models.Model):
    """Something that a person led for an organisation they have left, until somebody takes it over.

    ``holding`` names what it is, as ``core.holdings`` knows it, and ``object_id`` the row that is held.
    It may belong to a ``programme``. ``proposed`` is whom the person who left named, ``asked`` who is or was
    asked last, and ``answer`` what somebody wrote who said no.
    """

    holding = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="handovers")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    held_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    proposed = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=20, choices=HandoverState, default=HandoverState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter to hand on")
        verbose_name_plural = _("matters to hand on")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["organisation", "state"], name="partners_handover_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["holding", "object_id"],
                condition=Q(state__in=("open", "asked")),
                name="partners_one_open_handover",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked") | Q(asked__isnull=False), name="partners_handover_asks_somebody"
            ),
        ]

    def __str__(self):
        return f"{self.holding} {self.object_id}"

    def get_absolute_url(self):
        """Return the page on which somebody is asked, and answers."""
        return reverse("mine:handover", args=[self.pk])
