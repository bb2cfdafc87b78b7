"""Is the portal alive, and is it ready? Answered before anything else can fail."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse


class HealthMiddleware:
    """Answers ``/healthz`` and ``/readyz`` whatever the host name, without session or redirect."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz":
            return readiness()
        return self.get_response(request)


def readiness():
    """Say whether requests can be served: 503 without the database or with pending migrations."""
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return JsonResponse(
        {"database": "ok", "migrations": "pending" if pending else "ok"}, status=503 if pending else 200
    )
