"""The one base of all admin pages: policies decide, and nothing is deleted."""

from django.contrib import admin

from collaborative.core import policies


class PolicyAdmin(admin.ModelAdmin):
    """Answers every question of the admin from policies.

    ``manage_policy`` is asked about a row (or None for the module); ``add_policy`` and
    ``delete_policy`` likewise, and None means never. The list shows
    ``model.objects.manageable_by(user)``.
    """

    manage_policy = None
    add_policy = None
    delete_policy = None
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request):
        """Return the rows this coordinator manages."""
        rows = self.model.objects.manageable_by(request.user)
        return rows.order_by(*self.get_ordering(request)) if self.get_ordering(request) else rows

    def has_module_permission(self, request):
        """Show the module to whoever may enter the admin."""
        return bool(policies.ask("portal.admin", request.user))

    def has_view_permission(self, request, obj=None):
        """Ask ``manage_policy`` of a row; a list is open and filtered."""
        return self._asked(self.manage_policy, request, obj)

    def has_change_permission(self, request, obj=None):
        """The same as seeing it: fields that may not be changed are read-only."""
        return self._asked(self.manage_policy, request, obj)

    def has_add_permission(self, request, obj=None):
        """Ask ``add_policy``."""
        return self.add_policy is not None and bool(policies.ask(self.add_policy, request.user))

    def has_delete_permission(self, request, obj=None):
        """Ask ``delete_policy``; without one nothing is ever deleted."""
        return self.delete_policy is not None and self._asked(self.delete_policy, request, obj)

    def _asked(self, name, request, obj):
        if obj is None:
            return self.has_module_permission(request)
        return bool(policies.ask(name, request.user, obj))


class ReadOnlyAdmin(PolicyAdmin):
    """Rows that are looked at and never touched here."""

    def has_change_permission(self, request, obj=None):
        """Nobody changes these."""
        return False
