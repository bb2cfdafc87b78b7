"""The acts from a review's desk: a page for each that says what will happen and whom it tells, and a button."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from collaborative.accounts import second_factor
from collaborative.accounts.models import User
from collaborative.accounts.second_factor import with_second_factor
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, act, guard
from evidence import services
from evidence.acts import ACTS, Desk
from evidence.forms.publishing import ApproveForm
from evidence.models import Check, Review, Version


class ActPage(FormPage):
    """One act on a review: seen by those who make it, done by whom the act's own policy allows."""

    policy = "evidence.desk"
    template_name = "evidence/act.html"

    def guarded_thing(self):
        """Fetch the review among those that the person works on."""
        user = self.request.user
        rows = Review.objects.worked_on_by(user) if user.is_authenticated else Review.objects.none()
        self.review = get_object_or_404(rows.select_related("current", "programme"), slug=self.kwargs["slug"])
        self.chosen = ACTS.get(self.kwargs["name"])
        if self.chosen is None:
            raise Http404
        self.desk = Desk(self.review, user)
        self.version = self.desk.version(self.chosen)
        return self.review

    def stopped(self):
        """Refuse what cannot be done now; ask the act's own policy; then for the second factor where one is due."""
        about = self.desk.about(self.chosen)
        if about is None or (self.request.method == "GET" and not self.desk.possible(self.chosen)):
            state = self.version.get_state_display() if self.version else _("nothing to do it with")
            raise Refused(_("This cannot be done now: it is already “%(state)s”.") % {"state": state})
        first = guard(self.request, self.chosen.policy, about)
        if first or not self.chosen.needs_second_factor:
            return first
        return second_factor.stopped(self.request)

    def get_form_class(self):
        """Return the act's form."""
        return self.chosen.form

    def get_form_kwargs(self):
        """Hand over what the form asks about."""
        more = {"review": self.review, "version": self.version, "user": self.request.user}
        if issubclass(self.chosen.form, ApproveForm):
            more["lacking"] = services.lacking_reviews(self.version)
        return super().get_form_kwargs() | more

    def act(self, form):
        """Make the one call, and go back to the desk."""
        thing = self.review if self.chosen.on_review else form.about
        self.chosen.run(thing, by=self.request.user, **form.values)
        messages.success(self.request, self.chosen.done)
        return self.review.get_desk_url()

    def get_context_data(self, **kwargs):
        """Add what will happen, whom it tells, and what is missing."""
        people = User.objects.filter(pk__in=self.chosen.told(self.review, self.version), is_active=True)
        return super().get_context_data(
            act=self.chosen,
            review=self.review,
            version=self.version,
            told=people.exclude(pk=self.request.user.pk).count(),
            lacks=services.missing(self.version) if self.chosen.name == "publish" else [],
            **kwargs,
        )


@act("evidence.run", model=Version, lookup="pk")
@with_second_factor
def tick(request, version):
    """Tick a line of the checklist, or take the tick back."""
    line = get_object_or_404(Check, pk=_number(request.POST.get("line")))
    act_of = services.tick if request.POST.get("done") == "yes" else services.untick
    act_of(version, line, by=request.user)
    return f"{version.review.get_desk_url()}#checklist", ""


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
