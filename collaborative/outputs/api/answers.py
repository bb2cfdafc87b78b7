"""Answers as they go out: JSON with what caches and programs need to know of it."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from collaborative.outputs.api.problems import Problem

JSON = "application/json"
KEPT_FOR = 60
"""Seconds for which an answer may be shown again without asking."""


def answer(request, body, *, changed_at=None, links=()):
    """Return a model or plain data as JSON, or 304 where the reader has it already.

    ``changed_at`` is given only where every change is dated: who asks by date alone would miss others.
    ``links`` are ``(address, relation)`` for the Link header.
    """
    text = body.model_dump_json() if hasattr(body, "model_dump_json") else json.dumps(body, cls=DjangoJSONEncoder)
    response = HttpResponse(text, content_type=JSON)
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    response["Vary"] = "Accept"
    moment = int(changed_at.timestamp()) if changed_at else None
    if moment:
        response["Last-Modified"] = http_date(moment)
    if links:
        response["Link"] = ", ".join(f'<{address}>; rel="{relation}"' for address, relation in links)
    return _conditional(request, response, etag, moment)


def _conditional(request, response, etag, moment):
    found = get_conditional_response(request, etag=etag, last_modified=moment, response=response)
    if found.status_code == 412:
        raise Problem("precondition-failed", "What is here is not what your condition names.")
    if found.status_code == 304 and "Link" in response:
        found["Link"] = response["Link"]
    return found
