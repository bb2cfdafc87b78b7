"""Addresses below the interface at which nothing stands."""

from django.http import Http404, HttpResponse
from django.urls import resolve

from collaborative.outputs.api.addresses import absolute


def nowhere(request, rest):
    """Lead on to the same address with its slash, where something stands there; else 404."""
    there = f"{request.path_info}/"
    if rest.endswith("/") or resolve(there).url_name == "nowhere":
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    return HttpResponse(status=301, headers={"Location": absolute(there) + (f"?{query}" if query else "")})
