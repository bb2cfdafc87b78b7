"""The operations of a resource: its list, and one of its things."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query
from pydantic import Field, create_model

from collaborative.core.facets import Sort
from collaborative.outputs.api.addresses import absolute, address_of
from collaborative.outputs.api.answers import answer
from collaborative.outputs.api.cursors import page
from collaborative.outputs.api.parameters import check_names, parameters_of
from collaborative.outputs.api.schemas import Out
from collaborative.outputs.models import Record

OF_RESULTS = "The rows of this page, in order."
OF_NEXT = "The address of the next page; null on the last one."


def list_model(resource):
    """Return the model of a resource's list."""
    rows = Field(description=OF_RESULTS)
    address = f"https://portal.example/api/v1/{resource.name}/?cursor=WyJuZXdlc3QiXQ"
    following = Field(None, description=OF_NEXT, examples=[address])
    fields = {"results": (list[resource.summary], rows), "next": (str | None, following)}
    return create_model(f"{resource.detail.__name__}List", __base__=Out, **fields)


def listing(resource):
    """Return the operation that lists a resource, and its model."""
    taken, model = parameters_of(resource), list_model(resource)

    def view(request, params: Query[taken]):
        check_names(request.GET, taken)
        filterset = resource.filters(request.GET, resource.for_list(resource.rows()), request=request)
        rows = _narrowed(filterset)
        if params.updated_since:
            rows = rows.filter(pk__in=_changed_since(resource.kind, params.updated_since))
        found = page(rows, filterset, params, resource.name)
        following = _next(request, resource, found.cursor)
        body = model(results=_summaries(resource, found.rows), next=following)
        return answer(request, body, links=[(following, "next")] if following else ())

    view.__name__ = resource.many
    return view, model


def _narrowed(filterset):
    """Return the rows that the filters leave; ordering them is the page's affair."""
    rows = filterset.queryset
    for name, each in filterset.filters.items():
        if not isinstance(each, Sort):
            rows = each.filter(rows, filterset.values[name])
    return rows


def _next(request, resource, cursor):
    if cursor is None:
        return None
    kept = [(name, value) for name in request.GET if name != "cursor" for value in request.GET.getlist(name)]
    return f"{address_of(resource.many)}?{urlencode([*kept, ('cursor', cursor)])}"


def _summaries(resource, things):
    resource.prepare(things)
    rows = [resource.summarise(thing) for thing in things]
    stamps = _stamps(resource.kind, [thing.pk for thing in things])
    for thing, row in zip(things, rows, strict=True):
        row.updated_at = stamps.get(thing.pk)
    return rows


def _changed_since(kind, moment):
    return Record.objects.public().filter(kind=kind, stamp__gte=moment).values("object_id")


def _stamps(kind, ids):
    """Return since when things are as they are, of those that the ledger knows as public."""
    rows = Record.objects.public().filter(kind=kind, object_id__in=ids)
    return dict(rows.values_list("object_id", "stamp"))


def reading(resource):
    """Return the operation that reads one thing of a resource."""

    def view(request, slug: str):
        return _one(request, resource, slug=slug)

    view.__name__ = resource.one
    return view


def reading_numbered(resource):
    """Return the operation that reads one numbered part of a thing."""

    def view(request, slug: str, number: int):
        return _one(request, resource, slug=slug, number=number)

    view.__name__ = resource.one
    return view


def _one(request, resource, **keys):
    check_names(request.GET, None)
    thing = resource.find(**keys)
    if thing is None:
        return _not_here(resource, keys)
    body = resource.describe(thing)
    stamp = _stamps(resource.kind, [thing.pk]).get(thing.pk)
    body.updated_at = stamp
    changed_at = min(stamp, timezone.now()) if stamp and resource.dated else None
    return answer(request, body, changed_at=changed_at, links=[(body.url, "alternate")])


def _not_here(resource, keys):
    """Lead on from an old address, show a tombstone, or say that nothing is here."""
    slug = resource.moved(keys["slug"])
    if slug is not None and slug != keys["slug"]:
        return HttpResponse(status=301, headers={"Location": address_of(resource.one, **keys | {"slug": slug})})
    tombstone = resource.gone(**keys)
    if tombstone is None:
        raise Http404
    raise tombstone.problem()


class Entrance(Out):
    """Where everything is."""

    openapi: str
    """The OpenAPI document."""
    documentation: str
    """The page for people."""
    resources: dict[str, str]
    """The list of each resource."""


def entrance(found):
    """Return the operation that says what is offered."""

    def view(request):
        check_names(request.GET, None)
        lists = {each.name: address_of(each.many) for each in found if each.listed}
        whole = Entrance(openapi=address_of("openapi"), documentation=absolute("/api/v1/docs/"), resources=lists)
        return answer(request, whole, links=[(whole.openapi, "service-desc"), (whole.documentation, "service-doc")])

    view.__name__ = "get_entrance"
    return view


class Api(NinjaAPI):
    """Leaves every error to the door, which tells it as a problem."""

    def on_exception(self, request, exc):
        """Let it through."""
        raise exc


def built(found):
    """Return the ``Api`` of some resources; its addresses are those below ``/api/v1/``."""
    api = Api(title="Portal API", version="1", openapi_url=None, docs_url=None, urls_namespace="api")
    add = api.default_router.add_api_operation
    add("", ["GET"], entrance(found), response=Entrance, operation_id="get_entrance", url_name="get_entrance",
        summary="Everything that is offered", tags=["entrance"])  # fmt: skip
    for each in found:
        numbered = "{number}" in each.path or ":number}" in each.path
        if each.listed:
            view, model = listing(each)
            add(f"{each.name}/", ["GET"], view, response=model, operation_id=each.many, url_name=each.many,
                summary=f"List {each.name.replace('_', ' ')}", description=each.__doc__, tags=[each.name])  # fmt: skip
        view = reading_numbered(each) if numbered else reading(each)
        words = each.one.removeprefix("get_").replace("_", " ")
        add(f"{each.name}/{each.path}", ["GET"], view, response=each.detail, operation_id=each.one, url_name=each.one,
            summary=f"Read one {words}", description=each.detail.__doc__, tags=[each.name])  # fmt: skip
    return api
