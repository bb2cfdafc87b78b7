"""The coordinators' workshop: strands, areas, projects, and the decision on each proposal."""

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
from collaborative.core.admin import AskingForm, PolicyAdmin, PolicyInline
from collaborative.core.admin_acts import WaitingFilter
from collaborative.core.errors import Refused
from collaborative.core.slugs import refuse_reserved
from collaborative.vocabulary.admin import ThemesInline
from projects import services
from projects.forms import LongText
from projects.models import RESERVED_SLUGS, Project, ProjectArea, ProjectPartner, ProjectTheme, Strand
from projects.states import DECISIONS, PUBLIC_STAGES, UNDER_CONSIDERATION, Stage
from projects.wanted import LONGEST_REASON

PROPOSERS_WORDS = ("title", "slug", "kind_of", "summary", "problem", "approach", "benefit")


class SameProgrammeForm(AskingForm):
    """What is chosen for a thing belongs to the thing's own programme."""

    def clean(self):
        """Check the strand and the area."""
        cleaned = super().clean()
        programme = cleaned.get("programme", self.instance.programme if self.instance.pk else None)
        for name in ("strand", "area"):
            chosen = self.cleaned_data.get(name)
            if chosen and chosen.programme_id != getattr(programme, "pk", None):
                self.add_error(name, _("This belongs to another programme."))
        return cleaned


@admin.register(Strand)
class StrandAdmin(PolicyAdmin):
    """The strands of one's own programmes."""

    manage_policy = "projects.manage"
    add_policy = "projects.manage"
    row_policy = "projects.manage"
    list_display = ("name", "programme", "position")
    list_select_related = ("programme",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(ProjectArea)
class ProjectAreaAdmin(PolicyAdmin):
    """The project areas of one's own programmes."""

    manage_policy = "projects.manage"
    add_policy = "projects.manage"
    row_policy = "projects.manage"
    form = SameProgrammeForm
    own_fields = ("programme", "strand")
    list_display = ("name", "programme", "strand", "theme", "position")
    list_select_related = ("programme", "strand", "theme")
    search_fields = ("name", "summary")
    autocomplete_fields = ("theme",)
    prepopulated_fields = {"slug": ("name",)}


class ProjectForm(SameProgrammeForm):
    """A project, at an address that no other page needs."""

    def clean_slug(self):
        """Refuse an address that stands for another page."""
        return refuse_reserved(self.cleaned_data["slug"], RESERVED_SLUGS)


class ThemeInline(ThemesInline):
    """What the project is about."""

    model = ProjectTheme


class PartnerInline(PolicyInline):
    """The organisations that take part beside the one that leads."""

    model = ProjectPartner
    own_fields = ()
    autocomplete_fields = ("organisation",)
    list_select_related = ("organisation",)
    verbose_name_plural = gettext_lazy("partners")


class ProposalFilter(WaitingFilter):
    """Shows the proposals that wait for a decision."""

    title = gettext_lazy("what waits for a decision")
    states = UNDER_CONSIDERATION

    def lookups(self, request, model_admin):
        """Offer the one choice."""
        return [("yes", _("Waiting for a decision"))]


@admin.register(Project)
class ProjectAdmin(PolicyAdmin):
    """The projects and proposals of one's own programmes; a stage changes by its acts alone."""

    manage_policy = "projects.manage"
    row_policy = "projects.manage"
    form = ProjectForm
    own_fields = ("area", "strand")
    change_form_template = "projects/admin/change_form.html"
    list_display = ("title", "programme", "stage", "lead_organisation", "submitted_at")
    list_filter = (ProposalFilter, "stage", "programme")
    list_select_related = ("programme", "lead_organisation")
    search_fields = ("title", "slug", "lead_organisation__name")
    ordering = ("-submitted_at", "-pk")
    inlines = (ThemeInline, PartnerInline)
    fields = (
        "title", "slug", "programme", "stage", "lead_organisation", "kind_of", "level", "area", "strand", "handling",
        "summary", "problem", "approach", "benefit", "starts_on", "ends_on", "submitted_at", "listed_at",
    )  # fmt: skip
    readonly_fields = ("programme", "stage", "lead_organisation", "submitted_at", "listed_at")

    def get_readonly_fields(self, request, obj=None):
        """Leave the proposers' own words alone until they stand in the register."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj and obj.stage in PUBLIC_STAGES else (*fields, *PROPOSERS_WORDS)

    def get_urls(self):
        """Put the page on which a proposal is decided before the change page."""
        view = self.admin_site.admin_view(self.decide)
        return [path("<int:pk>/decide/", view, name="projects_project_decide"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Offer the way to the decision while one is due."""
        project = self.get_object(request, object_id)
        extra = dict(extra_context or {})
        if project and project.stage in UNDER_CONSIDERATION and policies.ask("projects.decide", request.user, project):
            extra["decide_url"] = reverse("admin:projects_project_decide", args=[project.pk])
        return super().change_view(request, object_id, form_url, extra)

    def decide(self, request, pk):
        """Show a proposal and who will be told; decide on it, with a reason."""
        project = self.get_queryset(request).select_related("programme", "lead_organisation").filter(pk=pk).first()
        if project is None:
            raise Http404
        answer = policies.ask("projects.decide", request.user, project)
        if not answer:
            raise PermissionDenied(answer.reason)
        form = DecisionForm(request.POST if request.method == "POST" else None, project=project)
        if request.method == "POST" and form.is_valid() and self._decided(request, project, form):
            return redirect("admin:projects_project_change", project.pk)
        context = self.admin_site.each_context(request) | {
            "form": form,
            "project": project,
            "title": _("Decide"),
            "crumbs": self._way_to(project),
            "back": reverse("admin:projects_project_changelist"),
            "told": project.people.current().filter(user__is_active=True).select_related("user", "organisation"),
            "decisions": project.decisions.select_related("by"),
            "waiting": project.stage in UNDER_CONSIDERATION,
        }
        return TemplateResponse(request, "projects/admin/decide.html", context, status=422 if form.errors else 200)

    decide.policy = "projects.decide"

    def _way_to(self, project):
        return [
            {"label": self.admin_site.index_title, "url": reverse("admin:index")},
            {"label": _("Projects"), "url": reverse("admin:projects_project_changelist")},
            {"label": project.title, "url": reverse("admin:projects_project_change", args=[project.pk])},
        ]

    def _decided(self, request, project, form):
        values = form.cleaned_data
        try:
            decision = services.decide(
                project, values["outcome"], by=request.user, reason=values["reason"], seen=values["seen"]
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            return False
        label = Stage(decision.outcome).label
        messages.success(request, _("Decided: %(outcome)s. Its people are being told.") % {"outcome": label})
        return True


class DecisionForm(forms.Form):
    """What is decided and why; ``seen`` is the stage that the coordinator had in front of them."""

    use_required_attribute = False

    seen = forms.ChoiceField(choices=Stage.choices, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what you decide."),
            "invalid_choice": gettext_lazy("Choose one of the decisions shown."),
        },
    )
    reason = LongText(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        empty=gettext_lazy("Give the reason: the proposers are told it."),
        help_text=gettext_lazy("The proposers read this, word for word."),
    )

    WORDS = {
        Stage.SHORTLISTED: gettext_lazy("Shortlist: they hear that it is being considered further"),
        Stage.AWARDED: gettext_lazy("Award: it enters the public register, and followers of its themes hear of it"),
        Stage.DECLINED: gettext_lazy("Decline: its page stays readable for its people alone"),
    }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        open_to = [stage for stage, move in DECISIONS.items() if project.stage in move.sources]
        self.fields["outcome"].choices = [(stage.value, self.WORDS[stage]) for stage in open_to]
        self.initial.setdefault("seen", project.stage)
