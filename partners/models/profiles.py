"""What people say of themselves to others, as far as they choose."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import User
from collaborative.core.kinds import kind
from collaborative.vocabulary.models import Term, Theme
from partners.rights import rights_of

PERSON = settings.AUTH_USER_MODEL
RESERVED_SLUGS = ("feed", "map", "new", "picture")
"""Words that stand, or may come to stand, for other pages below ``/people/``."""


class Expertise(models.Model):
    """A word for what somebody knows, in the words of those who know it."""

    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("expertise tag")
        verbose_name_plural = _("expertise tags")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(Lower("name"), name="partners_one_tag")]

    def __str__(self):
        return self.name


class ProfileQuerySet(models.QuerySet):
    """Reads of profiles."""

    def visible_to(self, user):
        """Return those that are listed to the reader, and to each person their own."""
        own = Q(user=user.pk) if user is not None and user.is_authenticated else Q(pk__in=[])
        return self._of_people_here().filter(self._listed_to(user) | own)

    def listed_to(self, user):
        """Return the public ones, and to staff of partners those for staff."""
        return self._of_people_here().filter(self._listed_to(user))

    def _of_people_here(self):
        return self.exclude(user__in=User.objects.gone())

    def _listed_to(self, user):
        rights = rights_of(user)
        if rights.inside or rights.administrator:
            return Q(audience__in=[Profile.Audience.STAFF, Profile.Audience.EVERYONE])
        return Q(audience=Profile.Audience.EVERYONE)


@kind("profile")
class Profile(models.Model):
    """A person as others may find them; nobody sees it until the person says who may."""

    class Audience(models.TextChoices):
        NOBODY = "nobody", _("Nobody")
        STAFF = "staff", _("Staff of partner organisations")
        EVERYONE = "everyone", _("Everyone, on the open web")

    user = models.OneToOneField(PERSON, on_delete=models.PROTECT, related_name="profile")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    audience = models.CharField(_("who sees this page"), max_length=20, choices=Audience, default=Audience.NOBODY)
    about = models.TextField(_("about you"), max_length=1000, blank=True)
    orcid = models.CharField(_("ORCID"), max_length=19, blank=True)
    shows_email = models.BooleanField(_("show my e-mail address to whoever sees this page"), default=False)
    picture = models.ImageField(_("picture"), upload_to="people/", blank=True)
    expertise = models.ManyToManyField(Expertise, verbose_name=_("expertise"), related_name="profiles", blank=True)
    themes = models.ManyToManyField(Theme, verbose_name=_("themes"), related_name="+", blank=True)
    methods = models.ManyToManyField(Term, verbose_name=_("methods"), related_name="+", blank=True)
    languages = models.ManyToManyField(Term, verbose_name=_("languages"), related_name="+", blank=True)
    offers = models.ManyToManyField(Term, verbose_name=_("what you are listed for"), related_name="+", blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["user__name", "pk"]
        indexes = [models.Index(fields=["audience"], name="partners_profile_audience")]
        constraints = [
            models.UniqueConstraint(
                fields=["orcid"],
                condition=~Q(orcid=""),
                name="partners_one_orcid",
                violation_error_message=_("Another profile has this ORCID."),
            )
        ]

    def __str__(self):
        return str(self.user)

    def get_absolute_url(self):
        """Return the person's page."""
        return reverse("people:page", args=[self.slug])

    @property
    def public(self):
        """True when everyone sees it."""
        return self.audience == self.Audience.EVERYONE

    @property
    def hidden(self):
        """True when nobody but its person sees it."""
        return self.audience == self.Audience.NOBODY
