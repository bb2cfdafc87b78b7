"""The coordinators' workshop for evidence."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from collaborative.core.admin import PolicyAdmin, PolicyInline
from collaborative.core.admin_acts import ActsAdmin, AdminAct, WaitingFilter
from evidence import services, states
from evidence.models import Author, Finding, Reference, ResearchPriority, Review, ReviewTheme, Section, Version
from evidence.states import VersionState


class ThemeInline(PolicyInline):
    model = ReviewTheme
    removable = True
    autocomplete_fields = ("theme",)
    verbose_name_plural = _("themes")


class VersionInline(PolicyInline):
    model = Version
    fields = ("number", "title", "state")
    readonly_fields = ("number", "title", "state")
    addable = False
    show_change_link = True


@admin.register(Review)
class ReviewAdmin(PolicyAdmin):
    """Reviews of one's own programmes; the text is written in their versions."""

    manage_policy = "evidence.manage"
    add_policy = "portal.admin"
    row_policy = "evidence.manage"
    list_display = ("title", "programme", "kind_of", "published_at")
    list_filter = ("kind_of",)
    list_select_related = ("programme", "kind_of")
    search_fields = ("title", "slug")
    autocomplete_fields = ("project",)
    own_fields = ("programme", "project")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (ThemeInline, VersionInline)

    def get_prepopulated_fields(self, request, obj=None):
        """Suggest an address for a new review only: an address that was read never changes."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Fix the address and, once published, the title, which is that of the published version."""
        fixed = ("slug", "programme") if obj else ()
        published = ("title",) if obj and obj.current_id else ()
        return (*super().get_readonly_fields(request, obj), *fixed, *published)


class TextInline(PolicyInline):
    """A part of the text: removable while the text may change."""

    removable = True

    def has_change_permission(self, request, obj=None):
        """Only while the text is being made."""
        return super().has_change_permission(request, obj) and (obj is None or obj.working)


class AuthorInline(TextInline):
    model = Author
    autocomplete_fields = ("organisation",)
    own_fields = ()


class FindingInline(TextInline):
    model = Finding
    fields = ("number", "text")


class PriorityInline(TextInline):
    model = ResearchPriority
    fields = ("number", "text")


class SectionInline(TextInline):
    model = Section
    prepopulated_fields = {"anchor": ("heading",)}


class ReferenceInline(TextInline):
    model = Reference


class VersionWaiting(WaitingFilter):
    states = (VersionState.PEER_REVIEW, VersionState.APPROVED)


def _step(step):
    return lambda version, by: services.move(version, step, by=by)


@admin.register(Version)
class VersionAdmin(ActsAdmin, PolicyAdmin):
    """The text of a review, and its way from commission to withdrawal."""

    manage_policy = "evidence.manage"
    change_policy = "evidence.edit"
    add_policy = "portal.admin"
    row_policy = "evidence.manage"
    list_display = ("title", "number", "review", "state", "published_at")
    list_filter = (VersionWaiting, "state")
    list_select_related = ("review",)
    search_fields = ("title", "review__title")
    autocomplete_fields = ("review",)
    own_fields = ("review",)
    readonly_fields = ("reading",)
    inlines = (AuthorInline, FindingInline, PriorityInline, SectionInline, ReferenceInline)
    acts = (
        AdminAct("begin", _("Begin the draft"), states.BEGIN, _step(states.BEGIN)),
        AdminAct("send", _("Send it to peer review"), states.SEND_TO_REVIEW, _step(states.SEND_TO_REVIEW)),
        AdminAct("back", _("Send it back to its authors"), states.SEND_BACK, _step(states.SEND_BACK)),
        AdminAct("approve", _("Approve it for publication"), states.APPROVE, _step(states.APPROVE)),
        AdminAct(
            "publish",
            _("Publish it: the public reads it at once, and those concerned are told"),
            states.PUBLISH,
            services.publish,
        ),
        AdminAct(
            "withdraw",
            _("Withdraw it: a tombstone with your reason stands in its place"),
            states.WITHDRAW,
            services.withdraw,
            reason=True,
        ),
    )

    @admin.display(description=_("Read it"))
    def reading(self, version):
        """Link to the text as the public reads it, or will."""
        if version.pk is None:
            return ""
        url = version.get_preview_url() if version.working else version.get_absolute_url()
        return format_html('<a href="{}">{}</a>', url, _("Open the page"))

    def act_details(self, version):
        """Show what publishing still lacks."""
        lacks = services.missing(version) if version.state == VersionState.APPROVED else []
        return [(_("Before it can be published"), "\n".join(lacks))] if lacks else []
