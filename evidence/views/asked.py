"""Asking for another format or language, and the answer."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, F
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaborative.accounts import second_factor
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, ListPage, guard
from evidence.forms.asked import AnswerAskedForm, AskForm
from evidence.models import FormatRequest, Review
from evidence.reading.languages import language_name, language_names
from evidence.services import asked as services
from evidence.states import AskedState


class AskPage(FormPage):
    """A reader, with an account or without, asks for a review in another format or language."""

    policy = "public"
    template_name = "evidence/asked/ask.html"
    form_class = AskForm

    def guarded_thing(self):
        """Fetch the review through ``visible_to``: nobody can ask about what they may not read."""
        self.review = get_object_or_404(Review.objects.visible_to(self.request.user), slug=self.kwargs["slug"])
        return self.review

    def get_initial(self):
        """Begin with what the link says is wanted."""
        wanted = self.request.GET.get("wanted")
        return {"wanted": wanted} if wanted in FormatRequest.Wanted.values else {}

    def get_form_kwargs(self):
        """Hand the review and the reader to the form."""
        return super().get_form_kwargs() | {"review": self.review, "user": self.request.user}

    def act(self, form):
        """Keep the request and say by when an answer comes; ``Refused`` when there were too many."""
        user, values = self.request.user, form.cleaned_data
        by = user if user.is_authenticated else None
        sender = str(by.pk) if by else values["email"].lower()
        if not ratelimit.consume(self.request, action="ask_format", key=sender):
            raise Refused(_("Many requests were sent just now. Please try again in an hour."))
        asked = services.ask_for(
            self.review,
            form.wish(),
            key=values["form_key"],
            by=by,
            name=values.get("name", ""),
            email=values.get("email", ""),
        )
        words = _("Thank you. Your request is with the people who look after this text. They answer by %(day)s.")
        messages.success(self.request, words % {"day": date_format(asked.due_on, "j F Y")})
        return asked if by and asked.user_id == by.pk else self.review

    def get_context_data(self, **kwargs):
        """Add the review and the day by which an answer would come."""
        due_on = services.due_on(timezone.localdate())
        return super().get_context_data(review=self.review, due_on=due_on, contact=settings.OPERATOR_CONTACT, **kwargs)


class AnswerAskedPage(FormPage):
    """A request: whoever runs the review answers it, whoever asked sees what became of it. Others get a 404."""

    policy = "signed_in"
    template_name = "evidence/asked/answer.html"
    form_class = AnswerAskedForm

    def guarded_thing(self):
        """Fetch the request through ``visible_to``."""
        if not self.request.user.is_authenticated:
            return None
        rows = FormatRequest.objects.visible_to(self.request.user)
        shown = ("review__current", "review__programme", "user", "answered_by")
        self.asked = get_object_or_404(rows.select_related(*shown), pk=self.kwargs["pk"])
        self.own = self.asked.user_id == self.request.user.pk
        return self.asked

    def stopped(self):
        """Demand the second factor of whoever reads the request of somebody else."""
        return None if self.own else second_factor.stopped(self.request)

    def post(self, request, *args, **kwargs):
        """Answer, if the policy lets this person."""
        first = guard(request, "evidence.answer_asked", self.asked) or second_factor.stopped(request)
        return first or super().post(request, *args, **kwargs)

    def get_form_kwargs(self):
        """Hand the request to the form."""
        return super().get_form_kwargs() | {"asked": self.asked}

    def act(self, form):
        """Answer."""
        values, words = form.cleaned_data, form.cleaned_data["words"].strip()
        pointed = [*self._to_translation(values), *self._to_attachment(form, values)]
        services.answer_asked(
            self.asked,
            by=self.request.user,
            can_be_done=values["can_be_done"],
            words="\n\n".join([words, *pointed]),
        )
        messages.success(self.request, _("Your answer is on its way to the person who asked."))
        return self.asked

    def _to_translation(self, values):
        found = values.get("translation")
        return [f"{found.title}: {settings.SITE_URL}{found.get_absolute_url()}"] if found else []

    def _to_attachment(self, form, values):
        key = values.get("attachment")
        if not key:
            return []
        review = self.asked.review
        url = reverse("evidence:file", args=[review.slug, review.current.number, key])
        return [f"{form.files[key]}: {settings.SITE_URL}{url}"]

    def get_context_data(self, **kwargs):
        """Add the request and what the reader may do with it."""
        user, asked = self.request.user, self.asked
        may = asked.waiting and bool(policies.ask("evidence.answer_asked", user, asked))
        readable = Review.objects.visible_to(user).filter(pk=asked.review_id).exists()
        return super().get_context_data(
            asked=asked,
            language=language_name(asked.language) if asked.language else "",
            own=self.own,
            may_answer=may,
            overdue=asked.waiting and asked.due_on < timezone.localdate(),
            readable=readable,
            **kwargs,
        )


class AskedList(ListPage):
    """What was asked for, the soonest due first: of the reviews that one runs, and one's own."""

    policy = "signed_in"
    model = FormatRequest
    template_name = "evidence/asked/list.html"
    context_object_name = "requests"

    def get_queryset(self):
        """Return them; those that wait come first."""
        self.shown = self.request.GET.get("state", "")
        rows = super().get_queryset().select_related("review")
        if self.shown in AskedState.values:
            rows = rows.filter(state=self.shown)
        return rows.order_by(F("answered_at").desc(nulls_first=True), "due_on", "pk")

    def get_context_data(self, **kwargs):
        """Add the words of each row, and the counts for those who run reviews."""
        context = super().get_context_data(**kwargs)
        names, today = language_names(), timezone.localdate()
        for asked in context["requests"]:
            asked.what = asked.get_format_display() or names.get(asked.language, asked.language)
            asked.late = asked.waiting and asked.due_on < today
        run = FormatRequest.objects.run_by(self.request.user)
        return context | {"counts": counted(run, names), "shown": self.shown, "states": AskedState.choices}


def counted(rows, names):
    """Return ``[{what, open, answered, declined, together}, …]`` of requests, the most asked first."""
    formats, found = dict(FormatRequest.Format.choices), {}
    groups = rows.order_by().values("wanted", "format", "language", "state").annotate(n=Count("pk"))
    for group in groups:
        what = formats.get(group["format"]) or names.get(group["language"], group["language"])
        row = found.setdefault(str(what), {"what": what, "together": 0, **dict.fromkeys(AskedState.values, 0)})
        row[group["state"]] += group["n"]
        row["together"] += group["n"]
    return sorted(found.values(), key=lambda row: (-row["together"], str(row["what"])))
