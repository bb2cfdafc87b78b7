"""Who belongs where and who runs what, in the coordinators' workshop."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import User
from collaborative.core.admin import AskingForm, PolicyAdmin
from partners.models import Membership, ProgrammeRole


class PersonForm(AskingForm):
    """Names the person by their address, so that nobody browses everyone's."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("Of an account that exists."), max_length=254)

    def clean_email(self):
        """Return the address of an account; raises ``ValidationError`` when there is none."""
        email = self.cleaned_data["email"].strip().lower()
        person = User.objects.filter(email=email, is_active=True).first()
        if person is None:
            raise forms.ValidationError(_("Nobody has an account with this address. Ask them to make one first."))
        self.instance.user = person
        return email

    def _get_validation_exclusions(self):
        """Check what is said about a person who was found, though the form names them otherwise."""
        found = {"user"} if self.instance.user_id else set()
        return super()._get_validation_exclusions() - found


class PersonAdmin(PolicyAdmin):
    """What belongs to a person: named by address when added, and theirs from then on."""

    shown = ()
    fixed = ()
    search_fields = ("user__name", "user__email")

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Ask for the address only while there is no person yet."""
        form = self.asking_form(request, AskingForm if obj else PersonForm)
        return super().get_form(request, obj, change=change, **{"form": form} | kwargs)

    def get_fields(self, request, obj=None):
        """Put the person first."""
        return ("user" if obj else "email", *self.shown)

    def get_readonly_fields(self, request, obj=None):
        """Show whose it is, which stays."""
        return (*super().get_readonly_fields(request, obj), *(("user", *self.fixed) if obj else ()))


@admin.register(Membership)
class MembershipAdmin(PersonAdmin):
    """Who belongs to the organisations that the person manages."""

    manage_policy = "memberships.save"
    row_policy = "memberships.save"
    add_policy = "portal.admin"
    fixed = ("organisation",)
    shown = ("organisation", "role", "title", "starts_on", "ends_on")
    autocomplete_fields = ("organisation",)
    list_display = ("user", "organisation", "role", "title", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")
    ordering = ("organisation__name", "pk")


@admin.register(ProgrammeRole)
class ProgrammeRoleAdmin(PersonAdmin):
    """Who runs a programme: coordinators see it, administrators decide it."""

    manage_policy = "programme_roles.see"
    change_policy = change_any_policy = "portal.administer"
    add_policy = "portal.administer"
    row_policy = "portal.administer"
    fixed = ("programme",)
    shown = ("programme", "role", "starts_on", "ends_on")
    list_display = ("user", "programme", "role", "starts_on", "ends_on")
    list_select_related = ("user", "programme")
    ordering = ("programme__name", "pk")
