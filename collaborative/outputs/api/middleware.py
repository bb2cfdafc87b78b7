"""Keeps sessions, cookies and the reader's language out of the interface, whose answers are everybody's."""

ROOT, DOCS = "/api/v1/", "/api/v1/docs/"


class ApiMiddleware:
    """Takes a request's cookies and language away before anything reads them; stands before the session's middleware.

    Without it each answer would vary by cookie, and no cache could keep any. The documentation is a page like others.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        path = request.path_info
        if not path.startswith(ROOT) or path.startswith(DOCS):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.META["HTTP_ACCEPT_LANGUAGE"] = "en-gb"
        response = self.get_response(request)
        response["Vary"] = "Accept"
        return response
