"""Administrators look after people here: their sign-in, a lost second factor, and appointments."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from collaborative.accounts import leaving, services
from collaborative.accounts.models import Appointment, User
from collaborative.core import personal
from collaborative.core.admin import ReadOnlyAdmin
from collaborative.core.admin_acts import ActsAdmin, AdminAct
from collaborative.core.errors import Refused


def on_each(request, people, act):
    """Do something to each chosen person; say for whom it was refused, and why."""
    done = 0
    for person in people:
        try:
            act(person, by=request.user)
            done += 1
        except Refused as refused:
            messages.error(request, f"{person}: {refused}")
    if done:
        messages.success(request, _("Done for %(done)s.") % {"done": done})


@admin.action(description=_("Stop sign-in"))
def stop_sign_in(modeladmin, request, people):
    """Stop the sign-in of the chosen."""
    on_each(request, people, services.stop_sign_in)


@admin.action(description=_("Let sign in again"))
def restore_sign_in(modeladmin, request, people):
    """Restore the sign-in of the chosen."""
    on_each(request, people, services.restore_sign_in)


@admin.action(description=_("Take away a lost second factor"))
def remove_second_factor(modeladmin, request, people):
    """Take the second factor away from the chosen."""
    on_each(request, people, services.remove_second_factor)


@admin.action(description=_("Take away sign-in through the organisation"))
def remove_sign_on(modeladmin, request, people):
    """Take the links to organisations' sign-in away from the chosen."""
    on_each(request, people, services.remove_sign_on)


@admin.action(description=_("Appoint administrator"))
def appoint(modeladmin, request, people):
    """Appoint the chosen from today."""
    on_each(request, people, services.appoint)


def open_account(person):
    """Say whether the account can still be closed."""
    return person.anonymised_at is None


def close_keeping_credits(person, *, by):
    """Close an account whose owner wrote that their name may stay wherever it can."""
    leaving.close(person, by=by, choices={credit.name: personal.ALL for credit in personal.credits()})


CLOSING = (
    AdminAct(
        "close",
        _("Close this account for good, as its owner asked in writing"),
        move=None,
        run=lambda person, by: leaving.close(person, by=by),
        told=lambda person: [person.pk],
        policy="accounts.manage",
        when=open_account,
    ),
    AdminAct(
        "close_keeping_credits",
        _("The same, but their name stays on public projects and on decisions they signed, as they wished"),
        move=None,
        run=close_keeping_credits,
        told=lambda person: [person.pk],
        policy="accounts.manage",
        when=open_account,
    ),
    AdminAct(
        "forget_credits",
        _("Take away the name that they had wished to keep on their work"),
        move=None,
        run=leaving.forget_credits,
        policy="accounts.manage",
        when=lambda person: not open_account(person) and any(each.held(person).exists() for each in personal.credits()),
    ),
)


@admin.register(User)
class UserAdmin(ActsAdmin, ReadOnlyAdmin):
    """People; every change is an act with its own name in the record."""

    manage_policy = module_policy = "accounts.manage"
    list_display = ["name", "email", "joined_at", "last_login", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "email"]
    ordering = ["name", "pk"]
    acts = CLOSING
    actions = [stop_sign_in, restore_sign_in, remove_second_factor, remove_sign_on, appoint]
    fields = ["name", "email", "language", "time_zone", "is_active", "joined_at", "last_login", "anonymised_at"]

    def act_details(self, thing):
        """Say what has to be handed on before the account can be closed."""
        todo = [f"{each.words}. {each.todo}" for each in personal.matters(thing)]
        return [(_("To be handed on first"), "\n\n".join(todo))] if todo else []

    def lookup_allowed(self, lookup, value, request):
        """Refuse to narrow the list by the stored password: beginning by beginning it could be read."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)


@admin.action(description=_("End today"))
def end(modeladmin, request, appointments):
    """End the chosen appointments."""
    on_each(request, appointments, services.end_appointment)


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    """Administrators, past and present; somebody is appointed from the list of people."""

    manage_policy = module_policy = "accounts.appoint"
    list_display = ["user", "role", "starts_on", "ends_on"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__email"]
    actions = [end]
    fields = ["user", "role", "starts_on", "ends_on"]
