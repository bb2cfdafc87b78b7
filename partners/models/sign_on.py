"""Single sign-on: the services of identity by which organisations let their own people in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import is_administrator
from collaborative.core.kinds import kind
from partners.models.organisations import Organisation


class SignOnQuerySet(models.QuerySet):
    """Reads of sign-on services."""

    def visible_to(self, user):
        """Return those that the person manages."""
        return self.manageable_by(user)

    def manageable_by(self, user):
        """Return all of them to administrators: whoever sets one up decides whose word is taken for who people are."""
        return self.all() if is_administrator(user) else self.none()

    def enabled(self):
        """Return those that may be used, with their organisations."""
        return self.filter(enabled=True).select_related("organisation")


@kind("sign_on")
class SignOn(models.Model):
    """How one organisation's own sign-in service vouches for its people: off until an administrator turns it on.

    ``key`` stands in the addresses that the other side keeps, and never changes.
    """

    class Protocol(models.TextChoices):
        OPENID_CONNECT = "openid_connect", _("OpenID Connect")
        SAML = "saml", _("SAML 2.0")

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.PROTECT, related_name="sign_on_services"
    )
    protocol = models.CharField(_("protocol"), max_length=20, choices=Protocol)
    key = models.SlugField(_("name in addresses"), max_length=100, unique=True, editable=False)
    label = models.CharField(
        _("name on the button"),
        max_length=40,
        help_text=_("As the organisation’s people know it, such as “GMP sign-in”."),
    )
    enabled = models.BooleanField(_("in use"), default=False)
    required = models.BooleanField(
        _("required for this organisation’s people"),
        default=False,
        help_text=_("They can then sign in in no other way; administrators of the portal still can."),
    )
    issuer = models.CharField(
        _("issuer"),
        max_length=500,
        blank=True,
        help_text=_("The address of the service. Its discovery document lies below it. Changing it undoes all links."),
    )
    client_id = models.CharField(_("client ID"), max_length=191, blank=True)
    sealed_secret = models.TextField(blank=True, editable=False)
    entity_id = models.CharField(
        _("entity ID of the identity provider"),
        max_length=500,
        blank=True,
        help_text=_("As its metadata gives it. Changing it undoes all links."),
    )
    sso_url = models.CharField(
        _("single sign-on address"), max_length=500, blank=True, help_text=_("For the HTTP-Redirect binding.")
    )
    certificates = models.TextField(
        _("signing certificates"),
        blank=True,
        help_text=_("In PEM form. Before the provider changes its certificate, add the new one below the old."),
    )
    subject_attribute = models.CharField(
        _("attribute with a lasting identifier"),
        max_length=200,
        blank=True,
        help_text=_("Empty: the persistent NameID. Changing it undoes all links."),
    )
    email_attribute = models.CharField(
        _("attribute with the e-mail address"),
        max_length=200,
        blank=True,
        default="urn:oid:0.9.2342.19200300.100.1.3",
    )
    verified_attribute = models.CharField(
        _("attribute that says the address is verified"),
        max_length=200,
        blank=True,
        help_text=_("Its value has to be “true”. Empty: each person confirms the address once, by a code."),
    )
    name_attribute = models.CharField(
        _("attribute with the person’s name"),
        max_length=200,
        blank=True,
        default="urn:oid:2.16.840.1.113730.3.1.241",
    )

    objects = SignOnQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-on service")
        verbose_name_plural = _("sign-on services")
        ordering = ["organisation__name", "protocol", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "protocol"],
                name="partners_one_sign_on",
                violation_error_message=_("This organisation has a service of this protocol already."),
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(enabled=True),
                name="partners_one_sign_on_in_use",
                violation_error_message=_("Another service of this organisation is in use. Turn that one off first."),
            ),
            models.CheckConstraint(
                condition=Q(required=False) | Q(enabled=True),
                name="partners_required_sign_on_in_use",
                violation_error_message=_("Only a service that is in use can be required."),
            ),
            models.CheckConstraint(
                condition=Q(enabled=False)
                | (Q(protocol="openid_connect") & ~Q(issuer="") & ~Q(client_id="") & ~Q(sealed_secret=""))
                | (
                    Q(protocol="saml")
                    & ~Q(entity_id="")
                    & ~Q(sso_url="")
                    & ~Q(certificates="")
                    & ~Q(email_attribute="")
                ),
                name="partners_sign_on_complete",
                violation_error_message=_("Something is missing: it can be used once everything it needs is given."),
            ),
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        """Return the organisation's page."""
        return self.organisation.get_absolute_url()

    @property
    def saml(self):
        """True for SAML 2.0."""
        return self.protocol == self.Protocol.SAML

    @property
    def addresses(self):
        """What the other side has to be told, as ``[(name, address), …]``."""
        if not self.saml:
            return [(_("Redirect address (callback)"), _whole("openid_connect_callback", self.key))]
        return [
            (_("Our entity ID, and the address of our metadata"), _whole("saml_metadata", self.key)),
            (_("Assertion consumer service (ACS)"), _whole("saml_acs", self.key)),
        ]


def _whole(name, key):
    return settings.SITE_URL + reverse(name, args=[key])
