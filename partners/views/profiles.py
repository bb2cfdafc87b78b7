"""A person's page, their picture, and the form by which they say what others may know."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from collaborative.core.views import FormPage, ThingPage
from partners import services
from partners.forms.profiles import ProfileForm, initial_of
from partners.models import Membership, Profile
from partners.people import facts_about, places_today

PICTURE_TYPE = "image/webp"
SHOWN = ("expertise", "themes", "methods", "languages", "offers")


class OwnProfile(FormPage):
    """What one says of oneself to others; who may see it is the first question."""

    policy = "signed_in"
    template_name = "people/profile.html"
    form_class = ProfileForm

    @cached_property
    def profile(self):
        """The profile of whoever is signed in, or None before its first save."""
        return Profile.objects.filter(user=self.request.user).first()

    def get_initial(self):
        """Show what is kept."""
        return initial_of(self.profile)

    def get_form_kwargs(self):
        """Hand the person and their profile to the form."""
        return super().get_form_kwargs() | {"person": self.request.user, "profile": self.profile}

    def act(self, form):
        """Keep it, and show the page as others see it."""
        user = self.request.user
        profile = services.save_profile(user, by=user, **form.cleaned_data)
        messages.success(self.request, _("Your profile is saved."))
        return profile

    def get_context_data(self, **context):
        """Add the page that there is, and the places that will stand on it."""
        mine = Membership.objects.filter(user=self.request.user).select_related("organisation")
        today = [each for each in mine.current().order_by("organisation__name", "pk") if not each.organisation.past]
        return super().get_context_data(profile=self.profile, places=today, **context)


class PersonPage(ThingPage):
    """A person, as far as they chose: for others, and for themselves as others see it."""

    model, template_name, context_object_name = Profile, "people/page.html", "profile"

    def get_queryset(self):
        """Read what the page says with it."""
        places = Membership.objects.current().select_related("organisation__kind_of")
        told = (*SHOWN, Prefetch("user__memberships", places))
        return super().get_queryset().select_related("user").prefetch_related(*told)

    def get_context_data(self, **context):
        """Add the places, the facts and whether it is one's own."""
        profile = self.object
        places = places_today(profile)
        return super().get_context_data(
            own=profile.user_id == self.request.user.pk,
            places=places,
            facts=facts_about(profile),
            **{name: list(getattr(profile, name).all()) for name in ("expertise", "themes", "methods", "offers")},
            crumbs=[{"label": _("Find people"), "url": reverse("people:list")}],
            **context,
        )


class Picture(ThingPage):
    """A person's picture, for whoever may see their page."""

    model = Profile

    def render_to_response(self, context, **kwargs):
        """Send the file; a browser asks each time whether it may still show it."""
        profile = self.object
        etag = f'"{profile.picture.name.rpartition("/")[2]}"'
        answer = get_conditional_response(self.request, etag=etag) or self._file()
        answer["ETag"], answer["X-Content-Type-Options"] = etag, "nosniff"
        patch_cache_control(answer, **{"public" if profile.public else "private": True}, no_cache=True)
        return answer

    def _file(self):
        """Return the whole file at once: it is a small one."""
        if not self.object.picture:
            raise Http404
        try:
            with self.object.picture.open() as file:
                return HttpResponse(file.read(), content_type=PICTURE_TYPE)
        except FileNotFoundError as missing:
            raise Http404 from missing
