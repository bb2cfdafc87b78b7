"""The pages on which a text is written, one part on each, so that they stay small and two can work side by side."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, ThingPage
from evidence.forms.writing import TextForm, list_form, rows_typed
from evidence.models import Review
from evidence.reading.content import content_of
from evidence.reading.faults import text_faults
from evidence.services import writing
from evidence.views.conflicts import differences
from evidence.views.desk import desks_of
from evidence.views.mending import address
from evidence.views.previews import preview
from partners.models import Organisation

PARTS = {
    "sections": gettext_lazy("Sections"),
    "findings": gettext_lazy("Key findings"),
    "priorities": gettext_lazy("Research priorities"),
    "recommendations": gettext_lazy("Recommendations"),
    "references": gettext_lazy("References"),
    "studies": gettext_lazy("Included studies"),
    "authors": gettext_lazy("Authors"),
    "funders": gettext_lazy("Funders"),
}
ONE = {
    "findings": gettext_lazy("Key finding %(n)s"),
    "priorities": gettext_lazy("Research priority %(n)s"),
    "recommendations": gettext_lazy("Recommendation %(n)s"),
    "authors": gettext_lazy("Author %(n)s"),
    "funders": gettext_lazy("Funder %(n)s"),
}


class Below:
    """A page below the desk of a review: fetches it, and the version that is being made.

    The page names the policy of the desk: whether the text may change now is asked of the version, and answered with
    409 and the reason, so that what was typed meanwhile stays.
    """

    policy = "evidence.desk"

    def guarded_thing(self):
        """Return the review; 404 for who does not work on it, 409 when no version is being made."""
        rows = desks_of(self.request.user).select_related("programme")
        self.review = self.object = get_object_or_404(rows, slug=self.kwargs["slug"])
        self.version = next((each for each in self.review.versions.all() if each.working), None)
        if self.version is None:
            raise Refused(_("No version of this review is being made. Begin a new version first."))
        self.version.review = self.review
        return self.review

    def answer(self):
        """Return whether the text may change now."""
        return policies.ask("evidence.edit", self.request.user, self.version)

    def trail(self, *more):
        """Return the way back, for the head of the page."""
        args = [self.review.slug]
        return [
            {"label": _("My desk"), "url": reverse("evidence:desks")},
            {"label": self.review.title, "url": self.review.get_desk_url()},
            *([{"label": _("Write"), "url": reverse("evidence:write", args=args)}] if more else []),
            *more[1:],
        ]


class Parts(Below, ThingPage):
    """All parts of the text, each with what is wrong with it."""

    model = Review
    template_name = "evidence/write.html"
    context_object_name = "review"

    def guarded_thing(self):
        """Return the review."""
        return Below.guarded_thing(self)

    def get_context_data(self, **kwargs):
        """Add the parts with their numbers of rows, and all faults."""
        slug = self.review.slug
        content = content_of(self.version)
        parts = [
            {
                "label": label,
                "url": reverse(
                    "evidence:write_rows" if name in writing.ROWS else "evidence:write_list", args=[slug, name]
                ),
                "rows": len(content[name]),
            }
            for name, label in PARTS.items()
        ]
        return super().get_context_data(
            version=self.version,
            answer=self.answer(),
            parts=parts,
            faults=[(each, address(slug, each.part)) for each in text_faults(self.version, content)],
            crumbs=self.trail(),
            **kwargs,
        )


class WritePage(Below, FormPage):
    """The form of one part. It carries ``seen``, the digest of what it was filled with."""

    template_name = "evidence/write_part.html"
    conflict = None
    previewed = ()
    faulty = ""
    """The part whose faults are shown."""

    def get(self, request, *args, **kwargs):
        """Show the form, unless the text stands still."""
        answer = self.answer()
        if not answer:
            raise Refused(answer.reason)
        return super().get(request, *args, **kwargs)

    def content(self):
        """Return what the part consists of now, or None."""
        raise NotImplementedError

    @cached_property
    def kept(self):
        """What it consisted of when this request began."""
        return self.content()

    def seen(self):
        """Return the digest that the form carries: of what was last shown to its writer."""
        if self.conflict:
            return self.conflict.seen
        if self.request.method == "POST":
            return self.request.POST.get("seen", "")[:64]
        return writing.NEW if self.kept is None else writing.digest(self.kept)

    def form_valid(self, form):
        """Show how it will read, or save it; on a conflict show both texts, with 409."""
        if "preview" in self.request.POST:
            self.previewed = self.preview(form)
            return self.render_to_response(self.get_context_data(form=form))
        try:
            self.act(form)
        except writing.Conflict as conflict:
            self.conflict = conflict
            return self.render_to_response(self.get_context_data(form=form), status=409)
        except Refused as refused:
            return self.refused(form, refused)
        messages.success(self.request, _("Saved."))
        return redirect(self.after(form))

    def refused(self, form, refused):
        """Show the reason above the form, with all that was typed."""
        return self.render_to_response(self.get_context_data(form=form, refused=str(refused)), status=409)

    def after(self, form):
        """Return where to go once it is saved."""
        return self.request.path

    def preview(self, form):
        """Return ``[(label, HTML), …]`` of the texts as they will read."""
        return []

    def get_context_data(self, **kwargs):
        """Add the digest, both sides of a conflict, what is wrong with the part as it is saved, and the preview."""
        form = kwargs.get("form")
        kwargs.setdefault("refused", "")
        return super().get_context_data(
            review=self.review,
            version=self.version,
            heading=self.heading(),
            crumbs=self.trail(),
            seen=self.seen(),
            conflict=self.conflict,
            differences=differences(self.conflict, self.typed(form)) if self.conflict else [],
            faults=[each for each in text_faults(self.version) if each.part == self.faulty] if self.faulty else [],
            previewed=self.previewed,
            here=self.request.path,
            **{"long": False, "more": "", "remove": "", **kwargs},
        )

    def trail(self):
        """Return the way back to all parts."""
        return super().trail("part")

    def typed(self, form):
        """Return what was typed, in the shape of ``content``."""
        return form.cleaned_data


class WriteText(WritePage):
    """What stands on the version itself."""

    form_class = TextForm
    faulty = "text"

    def heading(self):
        """Return the page's heading."""
        return _("Summary and background")

    def content(self):
        """Return it."""
        return writing.text_of(self.version)

    def get_initial(self):
        """Begin with what is saved."""
        return self.kept

    def act(self, form):
        """Save it."""
        values = {name: form.cleaned_data[name] for name in writing.TEXT}
        writing.save_text(self.version, by=self.request.user, values=values, seen=self.seen())

    def preview(self, form):
        """Show the long texts."""
        names = ("plain_summary", "background", "changes", "provenance")
        texts = [(form.fields[name].label, form.cleaned_data[name]) for name in names]
        return preview(self.version, [(label, text) for label, text in texts if text])

    def get_context_data(self, **kwargs):
        """Offer the preview."""
        return super().get_context_data(long=True, **kwargs)


class WriteList(WritePage):
    """A list that is saved as a whole: authors, funders, findings, priorities, recommendations."""

    template_name = "evidence/write_list.html"

    @property
    def part(self):
        """Return its name."""
        return self.kwargs["part"]

    @property
    def faulty(self):
        """Return the name by which faults know it."""
        return self.part

    def heading(self):
        """Return the page's heading."""
        return PARTS[self.part]

    def content(self):
        """Return its rows."""
        return writing.list_of(self.version, self.part)

    def get_form_class(self):
        """Return the form of the whole list."""
        return list_form(self.part)

    def get_initial(self):
        """Begin with the rows, each with its place."""
        return [{**row, "place": number} for number, row in enumerate(self.kept, 1)]

    def get_form_kwargs(self):
        """Hand over what the rows may name."""
        sections = list(self.version.sections.values_list("pk", "heading"))
        return super().get_form_kwargs() | {
            "form_kwargs": {"sections": sections, "organisations": self._organisations()}
        }

    def _organisations(self):
        if self.part not in ("authors", "funders"):
            return []
        named = [row["organisation_id"] for row in self.kept if row["organisation_id"]]
        partners = Organisation.objects.filter(partnerships__programme=self.review.programme_id)
        rows = Organisation.objects.filter(Q(pk__in=partners.values("pk")) | Q(pk__in=named))
        return list(rows.order_by("name", "pk").values_list("pk", "name"))

    def typed(self, form):
        """Return the rows as typed."""
        return rows_typed(form, writing.LISTS[self.part][2])

    def act(self, form):
        """Save the rows."""
        writing.save_list(self.version, self.part, by=self.request.user, rows=self.typed(form), seen=self.seen())

    def after(self, form):
        """Stay for more rows, or go back to all parts."""
        return self.request.path if "more" in self.request.POST else reverse("evidence:write", args=[self.review.slug])

    def preview(self, form):
        """Show the texts of the rows."""
        rows = [row for row in self.typed(form) if "text" in row]
        return preview(self.version, [(ONE[self.part] % {"n": n}, row["text"]) for n, row in enumerate(rows, 1)])

    def get_context_data(self, **kwargs):
        """Add how one row is called."""
        return super().get_context_data(
            one=ONE[self.part] % {"n": ""}, long="text" in writing.LISTS[self.part][2], **kwargs
        )
