"""Who belongs where and who runs what, in the coordinators' workshop; all of it is written by the services."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from collaborative.accounts.models import User
from collaborative.core import policies
from collaborative.core.admin import AskingForm, PolicyAdmin, ReadOnlyAdmin
from collaborative.core.admin_acts import WaitingFilter
from collaborative.core.errors import Refused
from partners.models import Membership, MembershipRequest, ProgrammeRole
from partners.services.belonging import add_member, refuse_membership
from partners.services.changing import change_membership
from partners.services.ending import end_membership
from partners.services.taking_part import appoint_coordinator, appoint_reviewer, change_office, refuse_second_role
from partners.states import RequestState


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
    """What belongs to a person: named by address when added, and theirs from then on.

    ``refuse(row)`` raises what the service would refuse, so that it stands on the form; ``add`` and
    ``change`` are the services.
    """

    shown = ()
    fixed = ()
    recorded = True
    search_fields = ("user__name", "user__email")

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Ask for the address only while there is no person yet."""
        form = self.asking_form(request, AskingForm if obj else PersonForm)
        refuse = self.refuse

        def refuse_early(bound):
            form._post_clean(bound)
            if not bound.errors and bound.has_changed():
                try:
                    refuse(bound.instance)
                except Refused as refused:
                    bound.add_error(None, str(refused))

        checked = type(form.__name__, (form,), {"_post_clean": refuse_early})
        return super().get_form(request, obj, change=change, **{"form": checked} | kwargs)

    def get_fields(self, request, obj=None):
        """Put the person first."""
        return ("user" if obj else "email", *self.shown)

    def get_readonly_fields(self, request, obj=None):
        """Show whose it is, which stays."""
        return (*super().get_readonly_fields(request, obj), *(("user", *self.fixed) if obj else ()))

    def save_model(self, request, obj, form, change):
        """Write by the services."""
        if change:
            self.change(obj, {name: form.cleaned_data[name] for name in form.changed_data}, request.user)
        else:
            made = self.add(obj, request.user)
            obj.pk, obj._state.adding = made.pk, False


@admin.register(Membership)
class MembershipAdmin(PersonAdmin):
    """Who belongs to the organisations that the person manages; an ended membership stays as it was."""

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
    refuse = staticmethod(refuse_membership)

    def has_change_permission(self, request, obj=None):
        """What has ended stays."""
        return super().has_change_permission(request, obj) and not (obj and obj.ended)

    def add(self, row, by):
        """Let the person in."""
        given = {"role": row.role, "title": row.title, "starts_on": row.starts_on, "ends_on": row.ends_on}
        return add_member(row.organisation, row.user, by=by, **given)

    def change(self, row, changed, by):
        """Change it, take an announced end back, or end it."""
        ends = "ends_on" in changed
        day = changed.pop("ends_on", None)
        change_membership(row, by=by, stays=ends and day is None, **changed)
        if day is not None:
            end_membership(row, by=by, ends_on=day)


@admin.register(ProgrammeRole)
class ProgrammeRoleAdmin(PersonAdmin):
    """Who runs a programme, which administrators decide; and whom it may ask for reviews, which coordinators do."""

    manage_policy = "programme_roles.see"
    change_policy = "programme_roles.save"
    add_policy = "portal.admin"
    row_policy = "programme_roles.save"
    fixed = ("programme", "role")
    shown = ("programme", "role", "starts_on", "ends_on")
    list_display = ("user", "programme", "role", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "programme")
    ordering = ("programme__name", "pk")
    refuse = staticmethod(refuse_second_role)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """Offer a coordinator the one office that is theirs to give."""
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if db_field.name == "role" and not policies.ask("portal.administer", request.user):
            field.choices = [(ProgrammeRole.Role.REVIEWER.value, ProgrammeRole.Role.REVIEWER.label)]
            field.initial = ProgrammeRole.Role.REVIEWER
        return field

    def add(self, row, by):
        """Appoint the person."""
        appoint = appoint_reviewer if row.role == ProgrammeRole.Role.REVIEWER else appoint_coordinator
        return appoint(row.programme, row.user, by=by, starts_on=row.starts_on, ends_on=row.ends_on)

    def change(self, row, changed, by):
        """Change its days, or end it."""
        change_office(row, by=by, starts_on=row.starts_on, ends_on=row.ends_on)


class WaitsAtTheDoor(WaitingFilter):
    """Shows the requests without an answer."""

    title = _("what waits for an answer")
    states = (RequestState.PENDING,)

    def lookups(self, request, model_admin):
        """Offer the one choice."""
        return [("yes", _("Waiting for an answer"))]


@admin.register(MembershipRequest)
class MembershipRequestAdmin(ReadOnlyAdmin):
    """Who asked to be let into the organisations that the person manages; answered on the request's own page."""

    manage_policy = "membership_requests.manage"
    list_display = ("user", "organisation", "state", "created_at", "answered_by", "answered_at")
    list_filter = (WaitsAtTheDoor, "state")
    list_select_related = ("user", "organisation", "answered_by")
    search_fields = ("user__name", "user__email", "organisation__name")
    ordering = ("-created_at", "-pk")
    fields = (
        "user",
        "organisation",
        "domain",
        "title",
        "message",
        "state",
        "answer",
        "answered_by",
        "created_at",
        "answered_at",
    )
