"""The one base of all admin pages: policies decide, and nothing is deleted."""

from functools import partial
from hashlib import sha256

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from collaborative.core import policies
from collaborative.core.saved import saved
from collaborative.core.slugs import refuse_old

PERIODS = (("starts_on", "ends_on"), ("valid_from", "valid_to"))
LONGEST_NUMBER = 18
"""Digits of a row's number; more fit into no database."""


class Kept(forms.Widget):
    """Shows the words of a value that stays as it is; ``words`` is asked for them when drawn."""

    def __init__(self, words):
        super().__init__()
        self.words = words

    def render(self, name, value, attrs=None, renderer=None):
        """Return the words alone; there is nothing to fill in."""
        return format_html("{}", self.words())

    def id_for_label(self, id_):
        """Return nothing: there is no box that a label could point at."""
        return ""


class Searched(AutocompleteSelect):
    """Django's box in which one searches for a row; what is no number of a row is no choice, and no error page."""

    def optgroups(self, name, value, attrs=None):
        """Return the chosen row alone, if there is one."""
        numbers = [each for each in value if str(each).isdecimal() and len(str(each)) <= LONGEST_NUMBER]
        return super().optgroups(name, numbers, attrs)


WORDS_SEARCHED = 12
"""Words of a search in the workshop that are looked for; more are left out."""


class AskingForm(forms.ModelForm):
    """Asks ``row_policy`` about the row as it would be saved; a refusal is the form's own error.

    ``fixed`` fields cannot be changed once the row exists. A page carries ``as_read``, so that nobody
    overwrites unseen what somebody else changed since it was opened.
    """

    user = None
    row_policy = None
    fixed = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.marks = {name: _mark(self.initial.get(name)) for name in self.fields} if self.instance.pk else {}
        for name in self.fixed:
            if self.instance.pk and name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].widget = Kept(partial(self._words, name))
        if "slug" in self.fields and self.instance.pk and hasattr(self.instance, "kind"):
            self.fields["slug"].help_text = _("Links to the old address go on working: they lead to the new one.")

    def _words(self, name):
        words = getattr(self.instance, f"get_{name}_display", None)
        return words() if words else getattr(self.instance, name)

    @property
    def as_read(self):
        """A mark of each field's value as the page was drawn from, which comes back with what is posted."""
        return " ".join(f"{name}:{mark}" for name, mark in self.marks.items())

    def _meanwhile(self):
        """Return the fields that say something else than when the page was opened, and than what was posted."""
        posted = self.data.get(self.add_prefix("as_read"), "")
        read = dict(pair.split(":", 1) for pair in posted.split() if ":" in pair)
        return [name for name in self.changed_data if self.marks.get(name) != read.get(name, self.marks.get(name))]

    def clean(self):
        """Check that nobody else's change is overwritten, and that a period does not end before it begins."""
        cleaned = super().clean()
        if theirs := self._meanwhile():
            now = "; ".join(f"{self.fields[name].label}: {_short(self._words(name))}" for name in theirs)
            words = _(
                "Somebody else changed this meanwhile. It now says: %(now)s. "
                "What you typed stands below: save again to put it in place of theirs."
            )
            self.add_error(None, words % {"now": now})
        for starts, ends in PERIODS:
            first, last = self.cleaned_data.get(starts), self.cleaned_data.get(ends)
            if first and last and last < first:
                self.add_error(ends, _("This is before the first day."))
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if "slug" in self.changed_data and "slug" not in self.errors:
            self._refuse_old_address()
        if self.row_policy and not self.errors and self.has_changed():
            answer = policies.ask(self.row_policy, self.user, self.instance)
            if not answer:
                self.add_error(None, str(answer.reason))

    def _refuse_old_address(self):
        try:
            refuse_old(self._meta.model, self.cleaned_data["slug"], self.instance.pk)
        except forms.ValidationError as refused:
            self.add_error("slug", refused)


def _mark(value):
    value = [getattr(each, "pk", each) for each in value] if isinstance(value, list) else value
    return sha256(str("" if value is None else value).encode()).hexdigest()[:12]


def _short(value):
    words = str(value) if value not in (None, "") else _("nothing")
    return words if len(words) <= 200 else f"{words[:200]}…"


class OwnChoices:
    """What a page of the admin and the tables within it share: one's own choices, one's own rows.

    Of the fields in ``own_fields`` a coordinator chooses among what they manage; the form refuses
    anything else. ``row_policy`` is asked about each row as it would be saved. A field that a
    ``transition()`` writes is read-only.
    """

    own_fields = ("programme", "organisation")
    row_policy = None
    form = AskingForm
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Limit the choices to what the person manages."""
        if db_field.name in self.own_fields:
            kwargs["queryset"] = db_field.related_model._default_manager.manageable_by(request.user)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Searched(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_view_on_site_url(self, obj=None):
        """Return the thing's own address, where it has one that can be read."""
        if obj is None or not self.view_on_site:
            return None
        if callable(self.view_on_site):
            return self.view_on_site(obj)
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def get_readonly_fields(self, request, obj=None):
        """Add the state, which only its moves change."""
        fields = tuple(super().get_readonly_fields(request, obj))
        state = getattr(self.model, "state_field", "state")
        try:
            self.model._meta.get_field(state)
        except FieldDoesNotExist:
            return fields
        return fields if state in fields else (*fields, state)

    def asking_form(self, request, form=None):
        """Return the form, which asks for this person."""
        form = form or self.form
        return type(form.__name__, (form,), {"user": request.user, "row_policy": self.row_policy})


class PolicyAdmin(OwnChoices, admin.ModelAdmin):
    """Answers every question of the admin from policies.

    ``manage_policy`` is asked about a row to see and change it; ``change_policy`` where fewer may change
    it than see it; ``add_policy`` and ``delete_policy`` likewise, and None means never. Without a row
    ``module_policy`` is asked to see the list, which shows ``model.objects.manageable_by(user)``, and
    ``change_any_policy`` whether it is a list for changing. What is saved is told to ``core.saved``,
    which records it; not where ``recorded`` says that the services by which it is saved do that.
    """

    manage_policy = None
    change_policy = None
    change_any_policy = None
    add_policy = None
    delete_policy = None
    module_policy = "portal.admin"
    recorded = False
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def get_queryset(self, request):
        """Return the rows this coordinator manages."""
        rows = self.model.objects.manageable_by(request.user)
        return rows.order_by(*self.get_ordering(request)) if self.get_ordering(request) else rows

    def changelist_view(self, request, extra_context=None):
        """Show the list; NUL in its address, which PostgreSQL takes in no text, is left out."""
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = QueryDict(request.META["QUERY_STRING"].replace("%00", ""))
        return super().changelist_view(request, extra_context)

    def lookup_allowed(self, lookup, value, request):
        """Let no address bring a regular expression: a broken one is an error of the database, a bad one never ends."""
        return not lookup.endswith(("__regex", "__iregex")) and super().lookup_allowed(lookup, value, request)

    def get_search_results(self, request, queryset, search_term):
        """Look for the first words of a search alone: each is a condition on every column that is searched."""
        few = " ".join(search_term.split()[:WORDS_SEARCHED])
        return super().get_search_results(request, queryset, few)

    def get_object(self, request, object_id, from_field=None):
        """Return the row; while it is being saved it is locked first, so that no act comes between."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return row
        list(self.model._base_manager.select_for_update().filter(pk=row.pk).values("pk"))
        return super().get_object(request, object_id, from_field)

    def has_module_permission(self, request):
        """Ask ``module_policy``."""
        return bool(policies.ask(self.module_policy, request.user))

    def has_view_permission(self, request, obj=None):
        """Ask ``manage_policy`` of a row; a list is open and filtered."""
        return self._asked(self.manage_policy, request, obj)

    def has_change_permission(self, request, obj=None):
        """Ask ``change_policy``; where there is none, who may see may change."""
        if obj is None and self.change_any_policy:
            return bool(policies.ask(self.change_any_policy, request.user))
        return self._asked(self.change_policy or self.manage_policy, request, obj)

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

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form, which asks ``row_policy`` for this person."""
        return super().get_form(request, obj, change=change, **{"form": self.asking_form(request)} | kwargs)

    def save_formset(self, request, form, formset, change):
        """Save the rows of a table within the page, and tell of those with a kind of their own."""
        super().save_formset(request, form, formset, change)
        if getattr(formset, "recorded", False):
            return
        for row in formset.new_objects:
            saved(row, added=True, by=request.user)
        for row, _fields in formset.changed_objects:
            saved(row, added=False, by=request.user)

    def save_related(self, request, form, formsets, change):
        """Save what belongs to the thing, then tell of the thing itself when anything changed."""
        super().save_related(request, form, formsets, change)
        if self.recorded:
            return
        if not change or form.has_changed() or any(formset.has_changed() for formset in formsets):
            saved(form.instance, added=not change, by=request.user)


class ReadOnlyAdmin(PolicyAdmin):
    """Rows that are looked at and never touched here."""

    def has_change_permission(self, request, obj=None):
        """Nobody changes these."""
        return False


class NamedCells(forms.BaseInlineFormSet):
    """Rows whose boxes say to a screen reader what their column's heading says to the eye."""

    def add_fields(self, form, index):
        """Name each box of a row."""
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # a box that offers to add or change wraps another
            if not widget.is_hidden:
                widget.attrs.setdefault("aria-label", field.label)


class PolicyInline(OwnChoices, admin.TabularInline):
    """A table of rows within a page: whoever may change the page's thing may change them.

    Rows are added but, unless ``removable``, never deleted. Where the model knows
    ``manageable_by(user)`` only those rows are shown. The choices of ``read_once`` fields, which are
    few, are read once for all rows; ``list_select_related`` is what the rows' words need.
    """

    formset = NamedCells
    extra = 0
    view_on_site = False
    removable = False
    addable = True
    list_select_related = ()
    read_once = ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Read the choices of ``read_once`` fields at once."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name in self.read_once:
            field.queryset = field.queryset.complex_filter(field.get_limit_choices_to())
            field.choices = list(field.choices)
        return field

    def get_queryset(self, request):
        """Return the rows that this person manages."""
        rows = super().get_queryset(request)
        if self.list_select_related:
            rows = rows.select_related(*self.list_select_related)
        if not hasattr(rows, "manageable_by"):
            return rows
        return rows.filter(pk__in=self.model._default_manager.manageable_by(request.user).values("pk"))

    def has_view_permission(self, request, obj=None):
        """The page itself was asked already."""
        return self._page(request).has_view_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        """The same as for the page's thing."""
        page = self._page(request)
        return page.has_change_permission(request, obj) if obj else page.has_add_permission(request)

    def has_add_permission(self, request, obj=None):
        """Rows may be added by whoever may change the thing, where rows may be added at all."""
        return self.addable and self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Only rows that are no more than an entry of a list."""
        return self.removable and self.has_change_permission(request, obj)

    def _page(self, request):
        return self.admin_site.get_model_admin(self.parent_model)

    def get_formset(self, request, obj=None, **kwargs):
        """Return the rows' forms, which ask ``row_policy`` for this person."""
        return super().get_formset(request, obj, **{"form": self.asking_form(request)} | kwargs)
