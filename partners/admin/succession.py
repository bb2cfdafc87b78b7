"""The page on which an organisation becomes part of another: first what will happen, then the act."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.widgets import DayMonthYear
from partners.intake.texts import LONGEST_REASON
from partners.models import Organisation, Succession
from partners.services import succession

CHANGE = "admin:partners_organisation_change"


class SuccessionForm(forms.Form):
    """Into which organisation, from when, with or without its people, and why."""

    use_required_attribute = False

    successor = forms.ModelChoiceField(
        label=gettext_lazy("It becomes part of"),
        queryset=Organisation.objects.none(),
        empty_label=gettext_lazy("Choose an organisation"),
        error_messages={"required": gettext_lazy("Choose the organisation that it becomes part of.")},
    )
    on = forms.DateField(
        label=gettext_lazy("From which day on?"),
        widget=DayMonthYear,
        help_text=gettext_lazy("The first day on which it is part of the other. Today, a day to come or one past."),
        error_messages={
            "required": gettext_lazy("Give the day."),
            "invalid": gettext_lazy("This is not a day of the calendar."),
        },
    )
    carry_people = forms.TypedChoiceField(
        label=gettext_lazy("What becomes of its members?"),
        choices=[
            ("yes", gettext_lazy("They are members of the other organisation, in the same role")),
            ("no", gettext_lazy("Their memberships end, and what they led is handed on")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say what becomes of its members.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Those concerned read it."),
        error_messages={"required": gettext_lazy("Give the reason: those concerned read it.")},
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        lasting = Q(valid_to=None) | Q(valid_to__gt=timezone.localdate())
        rows = Organisation.objects.filter(lasting).exclude(pk=organisation.pk)
        self.fields["successor"].queryset = rows.order_by("name", "pk")


class SuccessionAdmin:
    """A mixin for the organisations' pages: adds the one on which an organisation becomes part of another."""

    change_form_template = "partners/admin/organisation.html"

    def get_urls(self):
        """Put the page before the change page."""
        guarded = self.admin_site.admin_view
        pages = [
            path("<int:pk>/succeed/", guarded(self.succession_page), name="partners_organisation_succeed"),
            path("<int:pk>/succeed/call-off/", guarded(self.call_off), name="partners_organisation_call_off"),
        ]
        return [*pages, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Offer the way to the page while the organisation lasts."""
        organisation = self.get_object(request, object_id)
        extra = dict(extra_context or {})
        if organisation and not organisation.past and policies.ask("organisations.succeed", request.user, organisation):
            extra["succeed_url"] = reverse("admin:partners_organisation_succeed", args=[organisation.pk])
        return super().change_view(request, object_id, form_url, extra)

    def succession_page(self, request, pk):
        """Ask, show what will happen, and do it when that was confirmed."""
        organisation = self._organisation(request, pk)
        data = request.POST if request.method == "POST" else None
        form = SuccessionForm(data, organisation=organisation)
        confirming = form.is_bound and form.is_valid() and self._looked_at(request, organisation, form)
        if confirming and "confirm" in request.POST and self._succeeded(request, organisation, form):
            return redirect(CHANGE, organisation.pk)
        context = self.admin_site.each_context(request) | {
            "form": form,
            "organisation": organisation,
            "planned": Succession.objects.planned()
            .filter(organisation=organisation)
            .select_related("successor")
            .first(),
            "counts": [{"key": what, "value": number} for what, number in succession.preview(organisation) if number],
            "confirming": confirming and not form.errors,
            "title": _("Part of another organisation"),
            "crumbs": [
                {"label": self.admin_site.index_title, "url": reverse("admin:index")},
                {"label": _("Organisations"), "url": reverse("admin:partners_organisation_changelist")},
                {"label": str(organisation), "url": reverse(CHANGE, args=[organisation.pk])},
            ],
        }
        return TemplateResponse(request, "partners/admin/succession.html", context, status=422 if form.errors else 200)

    def _looked_at(self, request, organisation, form):
        """Say whether it could be done; what stands against it is the form's own error."""
        values = form.cleaned_data
        try:
            succession.check(organisation, values["successor"], on=values["on"], by=request.user)
        except (Refused, PermissionDenied) as refused:
            form.add_error(None, str(refused))
            return False
        return True

    def _succeeded(self, request, organisation, form):
        """Decide it; a refusal is the form's own error."""
        try:
            made = succession.succeed(organisation, by=request.user, **form.cleaned_data)
        except (Refused, PermissionDenied) as refused:
            form.add_error(None, str(refused))
            return False
        words = (
            _("%(name)s is now part of %(other)s.") if made.carried_out_at else _("Planned: it is done on that day.")
        )
        messages.success(request, words % {"name": organisation, "other": made.successor})
        return True

    def call_off(self, request, pk):
        """Take back what was decided for a day to come."""
        organisation = self._organisation(request, pk)
        planned = Succession.objects.planned().filter(organisation=organisation).first()
        if request.method != "POST" or planned is None:
            raise Http404
        succession.call_off(planned, by=request.user)
        messages.success(request, _("Called off: the organisation stays as it is."))
        return redirect(CHANGE, organisation.pk)

    def _organisation(self, request, pk):
        """Return the organisation that the person manages (404), when they may do this (403)."""
        organisation = self.get_queryset(request).filter(pk=pk).first()
        if organisation is None:
            raise Http404
        policies.require("organisations.succeed", request.user, organisation)
        return organisation
