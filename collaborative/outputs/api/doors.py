"""The door that every request comes through: nobody signed in, reading only, so many a minute, problems told."""

import logging
from functools import wraps

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import ValidationError

from collaborative.outputs.api.answers import JSON
from collaborative.outputs.api.limits import counted
from collaborative.outputs.api.problems import Problem
from collaborative.outputs.api.registry import READER

logger = logging.getLogger(__name__)

METHODS = "GET, HEAD, OPTIONS"
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, RateLimit-Limit, RateLimit-Remaining, "
    "RateLimit-Reset, Retry-After",
}
"""What lets pages of other sites read answers; never with anybody's cookies."""
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "public, max-age=86400",
}


def door(view):
    """Return a view that answers for the interface, whatever happens behind it."""

    @csrf_exempt
    @wraps(view)
    def guarded(request, *args, **kwargs):
        request.user = READER
        with translation.override("en-gb"):
            response = _answered(view, request, args, kwargs)
        for name, value in OPEN_TO_ALL.items():
            response[name] = value
        return response

    guarded.policy = "public"
    return guarded


def _answered(view, request, args, kwargs):
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=PREFLIGHT)
    count = None
    try:
        count = counted(request)
        _let_in(request, count)
        response = _read(view, request, args, kwargs)
    except Problem as problem:
        response = problem.response()
    for name, value in (count.headers if count else {}).items():
        response[name] = value
    return response


def _let_in(request, count):
    """Refuse what can be refused before anything is read."""
    if count and count.over:
        words = f"More than {count.limit} requests a minute from one address. Try again in {count.seconds} seconds."
        raise Problem("too-many-requests", words, headers={"Retry-After": str(count.seconds)})
    if request.method not in ("GET", "HEAD"):
        raise Problem("bad-method", f"{request.method} is not possible here.", headers={"Allow": METHODS})
    if not request.accepts(JSON):
        raise Problem("not-acceptable", "Answers are application/json; your Accept header does not take it.")


def _read(view, request, args, kwargs):
    """Call the view as for GET: whoever asks for the head alone gets the same head."""
    asked, request.method = request.method, "GET"
    try:
        return view(request, *args, **kwargs)
    except Problem:
        raise
    except ValidationError as error:
        raise _unreadable(error) from error
    except SuspiciousOperation as error:
        raise Problem("bad-parameter", "The address holds too much to be read.") from error
    except Http404 as error:
        raise Problem("not-found", "Nothing stands at this address, or nothing that everyone may read.") from error
    except Exception as error:
        logger.exception("the API could not answer", extra={"view": getattr(view, "__name__", "")})
        raise Problem("our-mistake", "Something went wrong on our side. It is noted.") from error
    finally:
        request.method = asked


def _unreadable(error):
    """Say which parameter cannot be read, and why."""
    first = error.errors[0]
    name = next((part for part in reversed(first["loc"]) if isinstance(part, str)), "")
    return Problem("bad-parameter", f"The parameter “{name}” cannot be read: {first['msg']}.", parameter=name)
