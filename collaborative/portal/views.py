"""The pages of the roof: home, one's own page, the legal pages, problems."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from collaborative.core import personal
from collaborative.core.errors import Refused
from collaborative.core.views import FormPage, Page
from collaborative.portal.forms import ProblemForm
from collaborative.portal.picture import partnerships
from collaborative.portal.services import report_problem
from collaborative.vocabulary.models import Theme
from evidence.models import Review
from projects.models import Project
from projects.states import PUBLIC_STAGES
from training.models import Event
from training.states import EventState

ROBOTS = (
    *(f"Disallow: /{place}/" for place in ("me", "accounts", "invitations", "search", "report-a-problem")),
    "Disallow: /*?*&",
    "Disallow: /*?q=",
    "Disallow: /*?sort=",
)
"""What crawlers leave alone: what is one's own, and the pages that searches, orders and joined filters multiply."""


class Home(Page):
    """What is here, what is new and what comes next."""

    policy = "public"
    template_name = "portal/home.html"

    def get_context_data(self, **kwargs):
        """Read the newest of everything, in a fixed number of queries."""
        user, now = self.request.user, timezone.now()
        nodes, edges, numbers = partnerships()
        reviews = Review.objects.visible_to(user)
        projects = Project.objects.visible_to(user).filter(stage__in=PUBLIC_STAGES)
        events = Event.objects.visible_to(user).filter(starts_at__gt=now, state=EventState.OPEN)
        public = Count("reviews", filter=Q(reviews__current__handling="PUBLIC"), distinct=True)
        return super().get_context_data(
            nodes=nodes,
            edges=edges,
            numbers=numbers,
            reviews=reviews.for_lists()[:3],
            projects=projects.for_lists()[:5],
            events=events.for_lists()[:4],
            themes=Theme.objects.current().annotate(known=public).order_by("-known", "name")[:8],
            stats=[
                {"value": reviews.count(), "label": _("pieces of evidence"), "url": reverse("evidence:list")},
                {"value": projects.count(), "label": _("projects"), "url": reverse("projects:list")},
                {
                    "value": numbers["police"] + numbers["academic"],
                    "label": _("partners"),
                    "url": reverse("partners:list"),
                },
                {"value": events.count(), "label": _("events to book"), "url": reverse("training:list")},
            ],
            **kwargs,
        )


class Me(Page):
    """What needs me, then what is mine; each part is a panel of the app that knows."""

    policy = "signed_in"
    template_name = "portal/me.html"


class Privacy(Page):
    """What is kept of people: as each app registered it, so that the page promises what is done."""

    policy = "public"
    template_name = "portal/privacy.html"

    def get_context_data(self, **kwargs):
        """Add the tables, and what is forgotten when."""
        return super().get_context_data(tables=personal.listed(), rules=personal.rules(), **kwargs)


class ReportProblem(FormPage):
    """A reader tells what is wrong with a page."""

    policy = "public"
    template_name = "portal/report_problem.html"
    form_class = ProblemForm

    def get_initial(self):
        """Begin with the page they came from and the address they use."""
        user = self.request.user
        email = user.email if user.is_authenticated else ""
        return {"page": self.request.GET.get("page", "").replace("\x00", "")[:500], "email": email}

    def act(self, form):
        """Keep the report and thank the reader; ``Refused`` when there were too many: each is a mail to people."""
        if not ratelimit.consume(self.request, action="report_problem", key="everyone"):
            raise Refused(_("Many problems were reported just now. Please try again in an hour."))
        values = {name: form.cleaned_data[name] for name in ("page", "message", "email")}
        report_problem(**values, by=self.request.user if self.request.user.is_authenticated else None)
        messages.success(self.request, _("Thank you. Your report is with the people who run this portal."))
        return "home"


def robots(request):
    """Tell crawlers what to leave alone; a demonstration asks them to stay away."""
    rules = ["Disallow: /"] if settings.DEMO else [*ROBOTS, f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(["User-agent: *", *rules, ""]), content_type="text/plain")


robots.policy = "public"
