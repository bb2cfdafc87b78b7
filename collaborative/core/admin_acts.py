"""Acts in the admin: a page on which a coordinator moves a thing on, with a reason where one is due."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core import policies
from collaborative.core.errors import Refused


@dataclass(frozen=True)
class AdminAct:
    """One thing that can be done: ``run(thing, by=…)``, with ``reason=…`` where one is due, is one service call.

    It is offered while the thing stands in one of ``move``'s states and its policy allows.
    ``reason`` says whether one must be given; ``hint`` what will happen and who is told.
    """

    name: str
    label: str
    move: object
    run: object
    reason: bool = False
    hint: str = ""

    def offered(self, thing, user):
        """Say whether this person may do it now."""
        state = getattr(thing, getattr(thing, "state_field", "state"))
        return state in self.move.sources and bool(policies.ask(self.move.policy, user, thing))


class ActForm(forms.Form):
    """What to do, and why."""

    act = forms.ChoiceField(
        label=gettext_lazy("What do you want to do?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what to do")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Those concerned read it."),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, acts, **kwargs):
        super().__init__(*args, **kwargs)
        self.acts = {act.name: act for act in acts}
        self.fields["act"].choices = [(act.name, act.label) for act in acts]
        if not any(act.reason for act in acts):
            del self.fields["reason"]

    def clean(self):
        """Ask for a reason where the act needs one."""
        values = super().clean()
        chosen = self.acts.get(values.get("act"))
        if chosen and chosen.reason and not values.get("reason", "").strip():
            self.add_error("reason", _("Give the reason: those concerned read it."))
        return values


class ActsAdmin:
    """A mixin for ``PolicyAdmin``: adds the page of acts, reached from the change page."""

    acts = ()
    change_form_template = "admin/change_form_with_acts.html"

    def get_urls(self):
        """Put the page of acts before the change page."""
        view = self.admin_site.admin_view(self.act_page)
        return [path("<int:pk>/act/", view, name=self._act_name()), *super().get_urls()]

    def _act_name(self):
        return f"{self.opts.app_label}_{self.opts.model_name}_act"

    def act_url(self, thing):
        """Return the address of the page of acts."""
        return reverse(f"admin:{self._act_name()}", args=[thing.pk])

    def offered(self, thing, user):
        """Return the acts that this person may do now."""
        return [act for act in self.acts if act.offered(thing, user)]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Add the way to the page of acts."""
        thing = self.get_object(request, object_id)
        extra = dict(extra_context or {})
        if thing is not None and self.offered(thing, request.user):
            extra["act_url"] = self.act_url(thing)
        return super().change_view(request, object_id, form_url, extra)

    def act_page(self, request, pk):
        """Show what can be done now; do what was chosen."""
        thing = self.get_queryset(request).filter(pk=pk).first()
        if thing is None:
            raise Http404
        if not self.has_change_permission(request, thing) and not self.has_view_permission(request, thing):
            raise PermissionDenied
        form = ActForm(request.POST or None, acts=self.offered(thing, request.user))
        if request.method == "POST" and form.is_valid() and self._done(request, thing, form):
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", thing.pk)
        context = self.admin_site.each_context(request) | {
            "form": form,
            "thing": thing,
            "opts": self.opts,
            "title": _("What happens next"),
            "subtitle": str(thing),
            "details": self.act_details(thing),
        }
        return TemplateResponse(request, "admin/act.html", context, status=422 if form.errors else 200)

    def act_details(self, thing):
        """Return ``[(label, text), …]`` that help to decide."""
        return []

    def _done(self, request, thing, form):
        act = form.acts[form.cleaned_data["act"]]
        try:
            act.run(thing, by=request.user, **({"reason": form.cleaned_data["reason"].strip()} if act.reason else {}))
        except Refused as refused:
            form.add_error(None, str(refused))
            return False
        messages.success(request, _("Done: %(act)s.") % {"act": act.label})
        return True


class WaitingFilter(admin.SimpleListFilter):
    """Shows what waits for a coordinator; subclasses name the states."""

    title = gettext_lazy("what waits for me")
    parameter_name = "waiting"
    states = ()

    def lookups(self, request, model_admin):
        """Offer the one choice."""
        return [("yes", _("Waiting for me"))]

    def queryset(self, request, queryset):
        """Keep the rows in one of the states."""
        if self.value() != "yes":
            return queryset
        field = getattr(queryset.model, "state_field", "state")
        return queryset.filter(**{f"{field}__in": self.states})
