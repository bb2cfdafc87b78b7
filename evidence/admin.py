"""The coordinators' workshop for evidence."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from collaborative.core.admin import AskingForm, PolicyAdmin, PolicyInline
from collaborative.core.admin_acts import ActsAdmin, AdminAct, WaitingFilter
from collaborative.core.slugs import refuse_reserved
from collaborative.vocabulary.admin import ThemesInline
from evidence import services, states
from evidence.models import (
    RESERVED_SLUGS,
    Author,
    Finding,
    Reference,
    ResearchPriority,
    Review,
    ReviewTheme,
    Section,
    Version,
)
from evidence.states import WAITING, WORKING_STATES

STACKED = "admin/edit_inline/stacked.html"
"""The shape of parts that have long texts."""


class ReviewForm(AskingForm):
    """A review; its address is none of those that the library needs itself."""

    def clean_slug(self):
        """Refuse an address that stands for another page."""
        return refuse_reserved(self.cleaned_data["slug"], RESERVED_SLUGS)


class ThemeInline(ThemesInline):
    """What the review is about."""

    model = ReviewTheme


class VersionInline(PolicyInline):
    """The review's texts, past and in the making, each with the way to it."""

    model = Version
    fields = readonly_fields = ("number", "title", "state", "published_at")
    addable = False
    show_change_link = True


def _may_begin(review):
    return not review.versions.filter(state__in=WORKING_STATES).exists()


@admin.register(Review)
class ReviewAdmin(ActsAdmin, PolicyAdmin):
    """Reviews of one's own programmes; the text is written in their versions."""

    manage_policy = "evidence.manage"
    add_policy = "portal.admin"
    row_policy = "evidence.manage"
    form = ReviewForm
    list_display = ("title", "programme", "kind_of", "published_at")
    list_filter = ("kind_of", "programme")
    list_select_related = ("programme", "kind_of")
    search_fields = ("title", "slug")
    autocomplete_fields = ("project",)
    own_fields = ("programme", "project")
    prepopulated_fields = {"slug": ("title",)}
    fields = ("title", "slug", "programme", "kind_of", "series", "project", "year")
    inlines = (ThemeInline, VersionInline)
    acts = (
        AdminAct(
            "write",
            _("Write a new version: it begins with the text of the latest, which stays as it is"),
            None,
            services.new_version,
            policy="evidence.manage",
            when=_may_begin,
        ),
    )

    def view_on_site(self, review):
        """Return the page that readers see, once there is one."""
        return review.get_absolute_url() if review.current_id else None

    def get_prepopulated_fields(self, request, obj=None):
        """Suggest an address for a new review only: an address that was read never changes."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Fix the address and, once published, the title, which is that of the published version."""
        fixed = ("slug", "programme") if obj else ()
        published = ("title",) if obj and obj.current_id else ()
        return (*super().get_readonly_fields(request, obj), *fixed, *published)


class AuthorInline(PolicyInline):
    """Who wrote it, in order."""

    model = Author
    template = STACKED
    classes = ("collapse",)
    removable = True
    autocomplete_fields = ("organisation",)
    own_fields = ()


class NumberedInline(PolicyInline):
    """Findings or priorities; each may rest on a section of the same text."""

    classes = ("collapse",)
    removable = True
    own_fields = ()
    read_once = ("section",)
    fields = ("number", "text", "section")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer the sections of this text alone."""
        if db_field.name == "section":
            kwargs["queryset"] = Section.objects.filter(version=request.resolver_match.kwargs.get("object_id"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class FindingInline(NumberedInline):
    """What was found."""

    model = Finding


class PriorityInline(NumberedInline):
    """What is left to find out."""

    model = ResearchPriority


class SectionInline(PolicyInline):
    """The text itself, section by section."""

    model = Section
    template = STACKED
    classes = ("collapse",)
    removable = True
    prepopulated_fields = {"anchor": ("heading",)}


class ReferenceInline(PolicyInline):
    """The sources that the text cites."""

    model = Reference
    template = STACKED
    classes = ("collapse",)
    removable = True


class VersionWaiting(WaitingFilter):
    """Shows the texts to be approved or published."""

    states = WAITING


def _step(step):
    return lambda version, by: services.move(version, step, by=by)


def _concerned(version):
    return services.concerned(version.review)


@admin.register(Version)
class VersionAdmin(ActsAdmin, PolicyAdmin):
    """The text of a review, and its way from commission to withdrawal; versions are begun at their review."""

    manage_policy = "evidence.manage"
    change_policy = "evidence.edit"
    row_policy = "evidence.edit"
    list_display = ("title", "number", "review", "state", "published_at")
    list_filter = (VersionWaiting, "state", "review__programme")
    list_select_related = ("review",)
    search_fields = ("title", "review__title")
    ordering = ("-pk",)
    view_on_site = False
    readonly_fields = ("review", "number", "reading", "published_at", "withdrawn_at", "withdrawn_reason")
    fields = (
        "review", "number", "state", "reading", "handling", "title", "summary", "plain_summary", "background",
        "provenance", "funder", "licence", "current_as_of", "published_at", "withdrawn_at", "withdrawn_reason",
    )  # fmt: skip
    inlines = (AuthorInline, FindingInline, PriorityInline, SectionInline, ReferenceInline)
    acts = (
        AdminAct("begin", _("Begin the draft"), states.BEGIN, _step(states.BEGIN)),
        AdminAct("send", _("Send it to peer review"), states.SEND_TO_REVIEW, _step(states.SEND_TO_REVIEW)),
        AdminAct("back", _("Send it back to its authors"), states.SEND_BACK, _step(states.SEND_BACK)),
        AdminAct("approve", _("Approve it for publication"), states.APPROVE, _step(states.APPROVE)),
        AdminAct("publish", _("Publish it at once"), states.PUBLISH, services.publish, told=_concerned),
        AdminAct(
            "withdraw",
            _("Withdraw it: a tombstone with your reason stands in its place"),
            states.WITHDRAW,
            services.withdraw,
            reason=True,
            told=_concerned,
        ),
    )

    @admin.display(description=_("Read it"))
    def reading(self, version):
        """Link to the text as its readers see it, or will."""
        url = version.get_preview_url() if version.working else version.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, _("Open the page"))

    def act_details(self, version):
        """Show what publishing still lacks, and where to read the text."""
        lacks = services.missing(version) if version.working else []
        return [
            (_("Text"), self.reading(version)),
            *([(_("Before it can be published"), "\n".join(lacks))] if lacks else []),
        ]
