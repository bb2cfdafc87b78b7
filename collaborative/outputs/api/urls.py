"""Addresses of the interface; whatever each feature registers in its ``api`` module is there."""

from django.urls import path
from django.utils.module_loading import autodiscover_modules

from collaborative.outputs.api import themes  # noqa: F401
from collaborative.outputs.api.answers import answer
from collaborative.outputs.api.docs import Documentation
from collaborative.outputs.api.doors import door
from collaborative.outputs.api.nowhere import nowhere
from collaborative.outputs.api.openapi import document
from collaborative.outputs.api.operations import built
from collaborative.outputs.api.parameters import check_names
from collaborative.outputs.api.registry import resources

autodiscover_modules("api")

found = resources()
api = built(found)
whole = document(api, found)


def openapi(request):
    """Answer with the OpenAPI document."""
    check_names(request.GET, None)
    return answer(request, whole)


app_name = "api"
operations = [each for bound in api._get_bound_routers() for each in bound.urls_paths(bound.prefix)]
urlpatterns = [
    path("docs/", Documentation.as_view(document=whole), name="docs"),
    path("openapi.json", door(openapi), name="openapi"),
    *(path(str(each.pattern), door(each.callback), name=each.name) for each in operations if each.name),
    path("<path:rest>", door(nowhere), name="nowhere"),
]
