"""The coordinators' workshop for evidence."""

from django.contrib import admin
from django.forms import CheckboxSelectMultiple
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from collaborative.core.admin import AskingForm, PolicyAdmin, PolicyInline
from collaborative.core.admin_acts import ActsAdmin, AdminAct, WaitingFilter
from collaborative.core.fields import DoiField
from collaborative.core.slugs import refuse_reserved
from collaborative.vocabulary.admin import ThemesInline
from evidence import services, states
from evidence.admin.people import PersonInline
from evidence.models import (
    RESERVED_SLUGS,
    Author,
    Correction,
    Finding,
    Funder,
    Pdf,
    Recommendation,
    Reference,
    ResearchPriority,
    Review,
    ReviewPlace,
    ReviewTheme,
    Section,
    Study,
    Version,
)
from evidence.services import peer_review
from evidence.services.pdf import make_pdf_again
from evidence.services.translations import faults_of_translation
from evidence.states import WAITING, WORKING_STATES

STACKED = "admin/edit_inline/stacked.html"
"""The shape of parts that have long texts."""


class ReviewForm(AskingForm):
    """A review; its address is its own, and none of those that the library needs itself."""

    doi = DoiField(label=_("DOI"), required=False, help_text=Review._meta.get_field("doi").help_text)

    class Meta:
        error_messages = {"slug": {"unique": _("Another review has this address. Choose another one.")}}

    def clean_slug(self):
        """Refuse an address that stands for another page."""
        return refuse_reserved(self.cleaned_data["slug"], RESERVED_SLUGS)

    def clean(self):
        """Say beside its field what stands against a translation."""
        values = super().clean()
        if {"language", "translation_of"} & set(self.changed_data) and values.get("language"):
            faults = faults_of_translation(values.get("translation_of"), values["language"], self.instance)
            for name in faults.keys() & self.fields.keys():
                self.add_error(name, faults[name])
        return values


class ThemeInline(ThemesInline):
    """What the review is about."""

    model = ReviewTheme


class PlaceInline(PolicyInline):
    """The places that it is about."""

    model = ReviewPlace
    removable = True


class VersionInline(PolicyInline):
    """The review's texts, past and in the making, each with the way to it."""

    model = Version
    fk_name = "review"
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
    search_fields = ("title", "slug", "doi")
    autocomplete_fields = ("project", "translation_of")
    own_fields = ("programme", "project", "translation_of")
    prepopulated_fields = {"slug": ("title",)}
    fields = (
        "title", "slug", "programme", "kind_of", "series", "project", "year", "terms", "language", "translation_of",
        "doi",
    )  # fmt: skip
    inlines = (PersonInline, ThemeInline, PlaceInline, VersionInline)
    acts = (
        AdminAct(
            "write",
            _("Write a new version: it begins with the text of the latest, which stays as it is"),
            None,
            services.new_version,
            policy="evidence.run",
            when=_may_begin,
        ),
    )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Show populations and methods as boxes to tick."""
        return super().formfield_for_manytomany(db_field, request, **{"widget": CheckboxSelectMultiple} | kwargs)

    def view_on_site(self, review):
        """Return the page that readers see, and until there is one the desk."""
        return review.get_absolute_url() if review.current_id else review.get_desk_url()

    def get_prepopulated_fields(self, request, obj=None):
        """Suggest an address for a new review only: one that was read changes by somebody's own hand."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """Fix the programme and, once published, the title, which is that of the published version."""
        fixed = ("programme",) if obj else ()
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


class FunderInline(PolicyInline):
    """Who paid for it."""

    model = Funder
    classes = ("collapse",)
    removable = True
    autocomplete_fields = ("organisation",)
    own_fields = ()


class FindingInline(NumberedInline):
    """What was found."""

    model = Finding


class PriorityInline(NumberedInline):
    """What is left to find out."""

    model = ResearchPriority


class RecommendationInline(NumberedInline):
    """What should be done, for whom and by when."""

    model = Recommendation
    fields = ("number", "title", "text", "whom", "by_when", "section")


class SectionInline(PolicyInline):
    """The text itself, section by section."""

    model = Section
    template = STACKED
    classes = ("collapse",)
    removable = True
    prepopulated_fields = {"anchor": ("heading",)}


class SourceForm(AskingForm):
    """Where something is published, with a DOI that is one."""

    doi = DoiField(label=_("DOI"), required=False)


class ReferenceInline(PolicyInline):
    """The sources that the text cites."""

    form = SourceForm

    model = Reference
    template = STACKED
    classes = ("collapse",)
    removable = True


class StudyInline(PolicyInline):
    """The studies that it includes; each may be one of its references."""

    model = Study
    form = SourceForm
    template = STACKED
    classes = ("collapse",)
    removable = True
    own_fields = ()
    read_once = ("reference",)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer the references of this text alone."""
        if db_field.name == "reference":
            kwargs["queryset"] = Reference.objects.filter(version=request.resolver_match.kwargs.get("object_id"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class CorrectionInline(PolicyInline):
    """The notes that correct it, to be looked at: they are written at its desk."""

    model = Correction
    fields = readonly_fields = ("text", "at", "by")
    addable = False


class VersionWaiting(WaitingFilter):
    """Shows the texts to be approved or published."""

    states = WAITING


def _step(step):
    return lambda version, by: services.move(version, step, by=by)


def _send(version, by):
    peer_review.send_to_review(version, by=by)


def _reviewed(version):
    return version.state in states.APPROVE.sources and not services.lacking_reviews(version)


def _short_of_reviews(version):
    return version.state in states.APPROVE.sources and bool(services.lacking_reviews(version))


def _readable(version):
    return version.readable


def _waits(version):
    return version.publish_at is not None


def _editors(version):
    return services.editors(version.review)


def _concerned(version):
    return services.concerned(version.review)


@admin.register(Version)
class VersionAdmin(ActsAdmin, PolicyAdmin):
    """The text of a review, and its way from commission to withdrawal; versions are begun at their review."""

    manage_policy = "evidence.manage"
    change_policy = "evidence.edit"
    row_policy = "evidence.edit"
    list_display = ("title", "number", "review", "state", "published_at")
    list_filter = (VersionWaiting, "state", "pdf__state", "review__programme")
    list_select_related = ("review",)
    search_fields = ("title", "review__title")
    ordering = ("-pk",)
    view_on_site = False
    readonly_fields = (
        "review", "number", "reading", "made_pdf", "publish_at", "public_from", "published_at", "approved_without",
        "sent_back_because", "archived_reason", "withdrawn_at", "withdrawn_reason",
    )  # fmt: skip
    fields = (
        "review", "number", "state", "reading", "made_pdf", "handling", "title", "summary", "plain_summary",
        "background", "provenance", "licence", "changes", "current_as_of", "update_due_on", "methods_wanted",
        "subject_wanted", "publish_at", "public_from", "published_at", "approved_without", "sent_back_because",
        "archived_reason", "withdrawn_at", "withdrawn_reason",
    )  # fmt: skip
    inlines = (
        AuthorInline, FunderInline, FindingInline, PriorityInline, RecommendationInline, SectionInline, ReferenceInline,
        StudyInline, CorrectionInline,
    )  # fmt: skip
    acts = (
        AdminAct("protocol", _("Begin the protocol"), states.PLAN, _step(states.PLAN)),
        AdminAct("begin", _("Begin the draft"), states.BEGIN, _step(states.BEGIN)),
        AdminAct("send", _("Send it to peer review"), states.SEND_TO_REVIEW, _send),
        AdminAct(
            "back", _("Send it back to its authors"), states.SEND_BACK, services.send_back, reason=True, told=_concerned
        ),
        AdminAct(
            "approve",
            _("Approve it for publication"),
            None,
            services.approve,
            policy="evidence.publish",
            when=_reviewed,
        ),
        AdminAct(
            "approve_without",
            _("Approve it although reviews are missing or advise against it; your reason is kept"),
            None,
            services.approve,
            reason=True,
            policy="evidence.publish",
            when=_short_of_reviews,
        ),
        AdminAct("publish", _("Publish it at once"), states.PUBLISH, services.publish, told=_concerned),
        AdminAct(
            "unschedule", _("Take its time back"), None, services.unschedule, policy="evidence.publish", when=_waits
        ),
        AdminAct("update", _("Say that an update is due"), states.CALL_UPDATE, services.call_update, told=_editors),
        AdminAct(
            "archive",
            _("Archive it: it stays readable, with a notice and your reason"),
            states.ARCHIVE,
            services.archive,
            reason=True,
            told=_concerned,
        ),
        AdminAct("restore", _("Let it hold again"), states.RESTORE, services.restore, told=_concerned),
        AdminAct(
            "withdraw",
            _("Withdraw it: a tombstone with your reason stands in its place"),
            states.WITHDRAW,
            services.withdraw,
            reason=True,
            told=_concerned,
        ),
        AdminAct("pdf", _("Make its PDF again"), None, make_pdf_again, policy="evidence.manage", when=_readable),
    )

    @admin.display(description=_("Read it"))
    def reading(self, version):
        """Link to the text as its readers see it, or will, and to its desk, where all that can be done stands."""
        url = version.get_preview_url() if version.working else version.get_absolute_url()
        words = '<a href="{}">{}</a> · <a href="{}">{}</a>'
        return format_html(words, url, _("Open the page"), version.review.get_desk_url(), _("Open its desk"))

    @admin.display(description=_("PDF"))
    def made_pdf(self, version):
        """Say how its PDF stands, and what went wrong."""
        pdf = Pdf.objects.filter(version=version.pk).first()
        return " ".join(filter(None, (pdf.get_state_display(), pdf.fault))) if pdf else ""

    def act_details(self, version):
        """Show what publishing still lacks, and where to read the text."""
        lacks = services.missing(version) if version.working else []
        against = services.lacking_reviews(version) if version.state in states.APPROVE.sources else []
        return [
            (_("Text"), self.reading(version)),
            *([(_("Before it is approved"), "\n".join(against))] if against else []),
            *([(_("Before it can be published"), "\n".join(lacks))] if lacks else []),
        ]
