"""What every request needs: the reader's zone and language, and refusals as pages."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control

from collaborative.core.errors import Refused
from collaborative.core.once import one_request


class ReaderMiddleware:
    """Shows times in the reader's zone and words in the language they chose, in whatever browser they sign in.

    Also gives the user object a place to keep their rights for this one request, and keeps what was made for
    somebody signed in out of every cache, so that on a shared computer nobody goes back to it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        zone, language = settings.READER_TIME_ZONE, None
        known = False
        if request.session.get("_auth_user_id") and request.user.is_authenticated:
            request.user.rights_kept = {}
            known, zone, language = True, request.user.time_zone, request.user.language
        if language:
            request.COOKIES = {**request.COOKIES, settings.LANGUAGE_COOKIE_NAME: language}
        with timezone.override(ZoneInfo(zone)), one_request():
            response = self.get_response(request)
        if known and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response


class RefusedMiddleware:
    """Answers ``Refused`` with a 409 page that carries its sentence."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Return the page for a refusal; leave every other error alone."""
        if not isinstance(exception, Refused):
            return None
        back = request.META.get("HTTP_REFERER", "")
        own = back.startswith(f"{request.scheme}://{request.get_host()}/")
        return render(request, "errors/409.html", {"reason": str(exception), "back": back if own else "/"}, status=409)
