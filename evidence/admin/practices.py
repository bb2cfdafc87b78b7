"""The coordinators' workshop for practice sheets."""

from django.contrib import admin
from django.forms import CheckboxSelectMultiple
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from collaborative.core.admin import AskingForm, PolicyAdmin, PolicyInline
from collaborative.core.admin_acts import ActsAdmin, AdminAct, WaitingFilter
from collaborative.core.slugs import refuse_reserved
from evidence import states
from evidence.forms.practices import TagsField
from evidence.models import SHEET_RESERVED_SLUGS, Example, Mode, Resource, Sheet
from evidence.services import practices as services
from evidence.services.practices.deciding import sender
from evidence.services.practices.keeping import tags_called
from evidence.states import SheetState

STACKED = "admin/edit_inline/stacked.html"
"""The shape of parts that have long texts."""


class SheetForm(AskingForm):
    """A sheet; its tags are words parted by commas, as its writers type them."""

    tags = TagsField(label=_("Tags"), required=False, help_text=_("Words by which it is found, with commas between."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["tags"] = ", ".join(str(tag) for tag in self.initial.get("tags", []))

    def clean_slug(self):
        """Refuse an address that stands for another page."""
        return refuse_reserved(self.cleaned_data["slug"], SHEET_RESERVED_SLUGS)

    def _words(self, name):
        return ", ".join(str(tag) for tag in self.instance.tags.all()) if name == "tags" else super()._words(name)

    def _save_m2m(self):
        if "tags" in self.cleaned_data:
            self.cleaned_data["tags"] = tags_called(self.cleaned_data["tags"])
        super()._save_m2m()


class SheetPart(PolicyInline):
    """Rows of a sheet, in order."""

    template = STACKED
    classes = ("collapse",)
    removable = True
    own_fields = ()


class ExampleInline(SheetPart):
    """Where it is done."""

    model = Example


class ModeInline(SheetPart):
    """How it is put into effect."""

    model = Mode
    read_once = ("term",)


class ResourceInline(SheetPart):
    """What to read or use."""

    model = Resource


class SheetWaiting(WaitingFilter):
    """Shows the sheets that were sent in."""

    states = (SheetState.SUBMITTED,)


@admin.register(Sheet)
class SheetAdmin(ActsAdmin, PolicyAdmin):
    """The practice sheets of one's own programmes that were sent in; members write them on their own pages."""

    manage_policy = "practices.manage"
    change_policy = "practices.edit"
    row_policy = "practices.edit"
    form = SheetForm
    list_display = ("title", "code", "programme", "state", "organisation", "submitted_at")
    list_filter = (SheetWaiting, "state", "programme")
    list_select_related = ("programme", "organisation")
    search_fields = ("title", "code", "slug", "organisation__name")
    ordering = ("-submitted_at", "-pk")
    view_on_site = True
    fields = (
        "title", "slug", "code", "programme", "organisation", "state", "tags", "themes", "summary", "why", "conditions",
        "not_worked", "cost", "contact", "stage", "recognised", "provenance", "submitted_at", "published_at",
        "returned_reason", "retired_reason", "withdrawn_reason",
    )  # fmt: skip
    readonly_fields = (
        "programme", "organisation", "submitted_at", "published_at", "returned_reason", "retired_reason",
        "withdrawn_reason",
    )  # fmt: skip
    inlines = (ExampleInline, ModeInline, ResourceInline)
    acts = (
        AdminAct("publish", _("Publish it: everyone reads it"), states.PUBLISH_SHEET, services.publish, told=sender),
        AdminAct(
            "return",
            _("Give it back to whoever sent it in"),
            states.RETURN_SHEET,
            services.give_back,
            reason=True,
            told=sender,
        ),
        AdminAct(
            "retire",
            _("Mark it as no longer practised: everyone still reads it, with your reason"),
            states.RETIRE_SHEET,
            services.retire,
            reason=True,
            told=sender,
        ),
        AdminAct("revive", _("Mark it as practised again"), states.REVIVE_SHEET, services.revive),
        AdminAct(
            "withdraw",
            _("Withdraw it: a tombstone with your reason stands in its place"),
            states.WITHDRAW_SHEET,
            services.withdraw,
            reason=True,
            told=sender,
        ),
    )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Show themes as boxes to tick."""
        boxes = {"widget": CheckboxSelectMultiple} if db_field.name == "themes" else {}
        return super().formfield_for_manytomany(db_field, request, **boxes | kwargs)

    def act_details(self, sheet):
        """Show what the sheet still lacks to be repeated, and where to read it."""
        lines = services.checklist(services.snapshot(sheet))
        lacks = [str(line.lacks) for line in lines if not line.done]
        link = format_html('<a href="{}">{}</a>', sheet.get_absolute_url(), _("Open the page"))
        return [(_("Sheet"), link), *([(_("What it lacks to be repeated"), "\n".join(lacks))] if lacks else [])]
