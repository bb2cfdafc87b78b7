"""What training adds to the pages of reviews, projects, themes, programmes, organisations and one's own."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.core.panels import panel, step
from evidence.models import Review
from training.models import Booking, Event
from training.states import WAITING

SHOWN = 5


def _soonest(rows, request, more=""):
    return _shown(list(rows.order_by("-starts_at", "-pk")[: SHOWN + 1]), more)


def _shown(events, more=""):
    if not events:
        return None
    now = timezone.now()
    shown = events[:SHOWN]
    coming = sorted((e for e in shown if e.ends_at > now), key=lambda e: e.starts_at)
    past = [e for e in shown if e.ends_at <= now]
    return "training/panel.html", {"coming": coming, "past": past, "more": more if len(events) > SHOWN else ""}


def _visible(request):
    return Event.objects.visible_to(request.user).for_lists()


def _of_review(review, request):
    """Return the newest events of a review, read once for its page: the thread asks for them, and the panel."""
    if not hasattr(review, "events_read"):
        rows = _visible(request).filter(review=review).order_by("-starts_at", "-pk")
        review.events_read = list(rows[: SHOWN + 1])
    return review.events_read


@panel("review", order=40)
def of_review(review, request):
    """The training that carries a review to the front line."""
    return _shown(_of_review(review, request))


@panel("project", order=40)
def of_project(project, request):
    """The training that came from those of a project's reviews that the reader may see."""
    return _soonest(_of_project(project, request).for_lists(), request)


def _of_project(project, request):
    reviews = Review.objects.visible_to(request.user).filter(project=project)
    return Event.objects.visible_to(request.user).filter(review__in=reviews)


@panel("theme", order=40)
def of_theme(theme, request):
    """What is taught on a theme."""
    return _soonest(_visible(request).filter(themes=theme), request, f"theme={theme.slug}")


@panel("programme", order=50)
def of_programme(programme, request):
    """What a programme teaches."""
    return _soonest(_visible(request).filter(programme=programme), request, f"programme={programme.slug}")


@panel("organisation", order=50)
def of_organisation(organisation, request):
    """What an organisation hosts."""
    return _soonest(_visible(request).filter(organiser=organisation), request)


@panel("me", order=40)
def of_mine(user, request):
    """The reader's own bookings that are still to come."""
    rows = Booking.objects.visible_to(user).live().filter(event__ends_at__gt=timezone.now())
    bookings = list(rows.select_related("event").order_by("event__starts_at", "pk")[:20])
    return "training/mine.html", {"bookings": bookings}


@step("review", "training")
def after_review(review, request):
    """The thread goes on from a review to the training that carries it."""
    return "#training" if _of_review(review, request) else None


@step("project", "training")
def after_project(project, request):
    """The thread goes on from a project to the training that its reviews led to."""
    return "#training" if _of_project(project, request).exists() else None


@panel("me", order=14)
def waiting_for_me(user, request):
    """The events that a coordinator has planned and not opened."""
    tasks = _tasks(user)
    return ("training/waiting.html", {"tasks": tasks}) if tasks else None


@panel("admin", order=30)
def waiting_in_admin(user, request):
    """The same, in the coordinators' workshop."""
    tasks = _tasks(user)
    return ("admin/waiting.html", {"tasks": tasks}) if tasks else None


def _tasks(user):
    """Return what waits, as ``components/task.html`` takes it; it leads to the list of just those."""
    planned = Event.objects.manageable_by(user).filter(state__in=WAITING).count()
    if not planned:
        return []
    title = ngettext("%(n)s event is planned", "%(n)s events are planned", planned) % {"n": planned}
    text = _("Nobody sees it or can book until you open it.")
    return [{"title": title, "text": text, "url": f"{reverse('admin:training_event_changelist')}?waiting=yes"}]
