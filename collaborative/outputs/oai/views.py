"""The one address of the harvest."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from collaborative.outputs.oai.answers import answer

LANGUAGE = "en-gb"
"""A harvest reads the same whoever asks; a record's own language is one of its elements."""


@csrf_exempt  # nothing is changed here, and harvesters have no token
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request):
    """Answer a harvester; the protocol's errors come with the status 200 as well."""
    with translation.override(LANGUAGE):
        return HttpResponse(answer(_sent(request)), content_type="text/xml; charset=utf-8")


oai.policy = "public"


def _sent(request):
    """Return what was sent; nothing, which no verb takes, when it cannot be read."""
    try:
        return request.POST if request.method == "POST" else request.GET
    except (BadRequest, MultiPartParserError, SuspiciousOperation):
        return QueryDict()
