"""Guarded views: every route names the policy it asks."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, FormView, ListView, TemplateView
from django_filters.views import FilterView

from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.pages import LatePaginator

PAGE_SIZE = 20


def guard(request, name, thing=None):
    """Return None when the policy allows, else a redirect to the sign-in page, or to the refusal's remedy.

    From there one comes back to this page; from an act, to the page of its thing.
    Raises ``PermissionDenied`` with the reason for someone who is signed in and cannot help it.
    """
    answer = policies.ask(name, request.user, thing)
    if answer:
        return None
    act_on = thing.get_absolute_url() if thing is not None else "/"
    back = request.get_full_path() if request.method == "GET" else act_on
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    if answer.remedy:
        return redirect_to_login(back, reverse(answer.remedy))
    raise PermissionDenied(answer.reason)


class Guarded:
    """Asks ``policy`` before anything else; the thing itself comes through ``visible_to``.

    ``policy`` is asked without a thing, or, on a page of one thing, with it.
    """

    policy = None

    def dispatch(self, request, *args, **kwargs):
        """Ask the policy, then whether this session will do, then go on."""
        first = guard(request, self.policy, self.guarded_thing()) or self.stopped()
        return first or super().dispatch(request, *args, **kwargs)

    def stopped(self):
        """Return where a person who may has to go first, or None; ``with_second_factor`` fills it in."""
        return None

    def guarded_thing(self):
        """Return the thing that the policy is asked about."""
        return None

    def get_queryset(self):
        """Return what this reader may see, and no more."""
        return self.model.objects.visible_to(self.request.user)


class Page(Guarded, TemplateView):
    """A page without one thing at its centre."""

    def get_queryset(self):
        """A plain page lists nothing by itself."""
        raise NotImplementedError


class ListPage(Guarded, ListView):
    """A list, paginated by the database."""

    paginate_by, paginator_class = PAGE_SIZE, LatePaginator


class FilterPage(Guarded, FilterView):
    """A list with facets; ``strict = False`` shows what a broken filter leaves, with its message.

    How many there are is counted together with the facets, and the rows of a page are fetched as the view hands them
    over, once it is known which they are.
    """

    paginate_by, paginator_class = PAGE_SIZE, LatePaginator
    strict = False

    def get_paginator(self, rows, size, **more):
        """Return the paginator, which asks the filters how many there are."""
        asked = {"counted": lambda: self.filterset.total, "shown": self.filterset.queryset}
        return super().get_paginator(rows, size, **asked, **more)

    def get_context_data(self, **kwargs):
        """Add the parameters of the page's own address (``canonical_query``)."""
        context = super().get_context_data(**kwargs)
        page = 1 if context["page_obj"] is None else context["page_obj"].number  # its truth would fetch its rows
        return {"canonical_query": self.filterset.canonical_query(page)} | context


class ThingPage(Guarded, DetailView):
    """The page of one thing: 404 when the reader may not see it, 403 when the policy says no."""

    policy = "public"

    def guarded_thing(self):
        """Fetch the thing once, through ``visible_to``."""
        self.object = super().get_object()
        return self.object

    def get_object(self, queryset=None):
        """Return the thing fetched for the policy."""
        return self.object


class FormPage(Guarded, FormView):
    """A form that makes one service call; a refusal stands at the form's top, with all that was typed."""

    def form_valid(self, form):
        """Make the call and go to where it leads; a ``Refused`` becomes the form's own error."""
        try:
            return redirect(self.act(form))
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)

    def form_invalid(self, form):
        """Show the form again, with 422 so that nobody takes it for success."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def act(self, form):
        """Call the service; return where to go: a URL, a URL name or a thing."""
        raise NotImplementedError


def act(policy, *, model=None, lookup="slug"):
    """Turn ``(request, thing) -> (where to go, sentence)`` into a POST-only act.

    The thing is fetched through ``visible_to`` (404), then ``policy`` is asked about it (403 with
    the reason). The sentence is shown on the page that follows.
    """

    def decorate(function):
        @require_POST
        @wraps(function)
        def view(request, **kwargs):
            thing = None
            if model is not None:
                rows = model.objects.visible_to(request.user)
                thing = get_object_or_404(rows, **{lookup: kwargs[lookup]})
            stopped = guard(request, policy, thing)
            if stopped:
                return stopped
            where, sentence = function(request, thing)
            if sentence:
                messages.success(request, sentence)
            return redirect(where)

        view.policy = policy
        return view

    return decorate
