"""Acts in the admin: a page on which a coordinator moves a thing on, with a reason where one is due."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core import policies
from collaborative.core.errors import Refused

NAMED = 12
"""How many of those who will be told are named; of the rest the number is given."""


@dataclass(frozen=True)
class AdminAct:
    """One thing that can be done: ``run(thing, by=…)``, with ``reason=…`` where one is due, is one service call.

    It is offered while the thing stands in one of ``move``'s states and the move's policy allows; an act
    that is no move names its ``policy`` and says by ``when(thing)`` whether it can be done. ``told(thing)``
    returns the ids of those who will hear of it. What ``run`` returns, when it is another thing, is where
    the coordinator goes next.
    """

    name: str
    label: str
    move: object
    run: Callable
    reason: bool = False
    told: Callable | None = None
    policy: str = ""
    when: Callable | None = None

    def offered(self, thing, user):
        """Say whether this person may do it now."""
        if self.move is None:
            return self.when(thing) and bool(policies.ask(self.policy, user, thing))
        return _state(thing) in self.move.sources and bool(policies.ask(self.move.policy, user, thing))

    def audience(self, thing, user):
        """Return the people who will be told, without the one who does it, and how many more there are."""
        if self.told is None:
            return None
        people = get_user_model().objects.filter(pk__in=self.told(thing), is_active=True).exclude(pk=user.pk)
        names = [str(person) for person in people.order_by("name", "pk")[:NAMED]]
        return {"act": self.label, "names": names, "more": people.count() - len(names)}


class ActForm(forms.Form):
    """What to do, and why."""

    use_required_attribute = False

    act = forms.ChoiceField(
        label=gettext_lazy("What do you want to do?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what to do."),
            "invalid_choice": gettext_lazy("This cannot be done now: someone may have been faster."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, acts, **kwargs):
        super().__init__(*args, **kwargs)
        self.acts = {act.name: act for act in acts}
        self.fields["act"].choices = [(act.name, act.label) for act in acts]
        due = [str(act.label) for act in acts if act.reason]
        if due:
            self.fields["reason"].help_text = _("Needed for: %(acts)s.") % {"acts": "; ".join(due)}
        elif not self.data.get("reason"):
            del self.fields["reason"]

    def clean(self):
        """Ask for a reason where the act needs one."""
        values = super().clean()
        chosen = self.acts.get(values.get("act"))
        if chosen and chosen.reason and "reason" not in self.errors and not values.get("reason", "").strip():
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
        """Show what can be done now and who will be told; do what was chosen."""
        thing = self.get_queryset(request).filter(pk=pk).first()
        if thing is None:
            raise Http404
        if not self.has_view_permission(request, thing):
            raise PermissionDenied
        acts = self.offered(thing, request.user)
        form = ActForm(request.POST if request.method == "POST" else None, acts=acts)
        if form.is_bound and form.is_valid():
            done = self._done(request, thing, form)
            if done is not None:
                return redirect(self._after(thing, done))
        context = self.admin_site.each_context(request) | {
            "form": form,
            "thing": thing,
            "title": _("What happens next"),
            "details": self.act_details(thing),
            "audiences": [told for act in acts if (told := act.audience(thing, request.user))],
            "crumbs": [
                {"label": self.admin_site.index_title, "url": reverse("admin:index")},
                {"label": self.opts.verbose_name_plural.capitalize(), "url": self._address("changelist")},
                {"label": str(thing), "url": self._address("change", thing.pk)},
            ],
        }
        return TemplateResponse(request, "admin/act.html", context, status=422 if form.errors else 200)

    def _address(self, page, *args):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def _after(self, thing, done):
        """Return where to go: to the thing, or to another one that the act made."""
        thing = done if hasattr(done, "pk") else thing
        return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])

    def act_details(self, thing):
        """Return ``[(label, text), …]`` that help to decide."""
        return []

    def _done(self, request, thing, form):
        """Make the service call; return what it returned, or None with the refusal on the form."""
        act = form.acts[form.cleaned_data["act"]]
        try:
            done = act.run(
                thing, by=request.user, **({"reason": form.cleaned_data["reason"].strip()} if act.reason else {})
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            return None
        messages.success(request, _("Done: %(act)s.") % {"act": act.label})
        return done or thing


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


def _state(thing):
    return getattr(thing, getattr(thing, "state_field", "state"))
