"""A text's citation to download, and the links that lead around it; who reads the page fetches them, nobody else."""

import hashlib

from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import content_disposition_header

from evidence.citing import FORMATS, formatted
from evidence.citing.described import LINKSET
from evidence.citing.signposts import back
from evidence.reading.catalogue import catalogue
from evidence.states import PUBLIC_SHEETS, SheetState, VersionState
from evidence.views.files import kept_as
from evidence.views.pages import ReviewPage, VersionPage, tombstone, work_of
from evidence.views.practices import SheetPage, work_of_page
from evidence.views.practices import tombstone as tombstone_of_sheet

CHARSET = dict.fromkeys(("bib", "ris"), "; charset=utf-8")
"""What is no JSON has to say in which signs it is written."""


class CitationOfReview(ReviewPage):
    """The citation of the version that the public reads now; once withdrawn, the tombstone."""

    own_address = False

    def get(self, request, *args, **kwargs):
        """Send it in the format that was asked for."""
        version = self.version()
        words = catalogue(version.review)
        work = work_of(version, version.authors.all(), words, version.files.all(), own_address=self.own_address)
        return kept_as(sent(request, work, kwargs["ending"], f"{version.review.slug}-{version.number}"), version)


class CitationOfVersion(VersionPage):
    """The citation of one version."""

    own_address = True

    def get(self, request, *args, **kwargs):
        """Send it; 410 where the version is withdrawn."""
        if self.object.state == VersionState.WITHDRAWN:
            return tombstone(request, self.object)
        return CitationOfReview.get(self, request, *args, **kwargs)


class CitationOfSheet(SheetPage):
    """The citation of a practice sheet."""

    def get(self, request, *args, **kwargs):
        """Send it; 410 where the sheet is withdrawn."""
        if self.object.state == SheetState.WITHDRAWN:
            return tombstone_of_sheet(request, self.object)
        response = sent(request, work_of_page(self.object), kwargs["ending"], self.object.slug)
        shared = "public" if self.object.state in PUBLIC_SHEETS else "private"
        patch_cache_control(response, **{shared: True}, no_cache=True)
        return response


def sent(request, work, ending, name):
    """Return a work in a format, or 304 to a reader who has it; its header leads back to the page."""
    body = formatted(work, ending).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(body)
    response["ETag"], response["Content-Type"] = etag, f"{FORMATS[ending].media_type}{CHARSET.get(ending, '')}"
    response["Content-Disposition"] = content_disposition_header(ending != LINKSET, f"{name}.{ending}")
    response["Link"] = back(work.page, relation="describes")
    response["X-Content-Type-Options"] = "nosniff"
    return response
