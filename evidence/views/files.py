"""Figures, attachments and PDFs as they are sent to readers: through the policy, with safe headers."""

import logging

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response, patch_cache_control

from collaborative.core.views import ThingPage, guard
from evidence.citing.signposts import back
from evidence.models import File, Pdf, Version
from evidence.states import WORKING_STATES, VersionState
from evidence.views.pages import ReviewPage, tombstone

logger = logging.getLogger(__name__)
SANDBOX = "sandbox; default-src 'none'"
OWN_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
"""Browsers' own readers of PDF do not work in a sandbox; ours are made here, from checked text."""


class FileOfVersion(ThingPage):
    """A figure or an attachment of one version, for whoever may read that version."""

    model = Version

    def get_queryset(self):
        """Return the versions that this reader may know of, those in the making too."""
        return super().get_queryset().select_related("review__programme")

    def guarded_thing(self):
        """Fetch the version."""
        where = {"review__slug": self.kwargs["slug"], "number": self.kwargs["number"]}
        self.object = get_object_or_404(self.get_queryset(), **where)
        return self.object

    def stopped(self):
        """Let nobody at a text in the making but those who may preview it."""
        return guard(self.request, "evidence.preview", self.object) if self.object.working else None

    def get(self, request, *args, **kwargs):
        """Send the file; 410 with the tombstone once the version is withdrawn."""
        version = self.object
        if version.state == VersionState.WITHDRAWN:
            return tombstone(request, version)
        row = get_object_or_404(version.files, key=kwargs["key"])
        response = sent(
            request, row.stored, row.media_type, row.name, row.sha256[:32], attached=row.use != File.Use.FIGURE
        )
        response["Content-Security-Policy"] = SANDBOX
        if row.use == File.Use.ATTACHMENT:
            response["Link"] = back(f"{settings.SITE_URL}{version.get_absolute_url()}", relation="collection")
        return kept_as(response, version)


class PdfOfVersion(FileOfVersion):
    """The PDF of one version at its own address."""

    def get_queryset(self):
        """Return what was published: there is no PDF of a text in the making."""
        return super().get_queryset().exclude(state__in=WORKING_STATES)

    def get(self, request, *args, **kwargs):
        """Send it; while it is not there, a page says when it will be."""
        if self.object.state == VersionState.WITHDRAWN:
            return tombstone(request, self.object)
        return pdf_of(request, self.object)


class PdfOfReview(ReviewPage):
    """The PDF of the version that the public reads now; once withdrawn, the tombstone."""

    def get(self, request, *args, **kwargs):
        """Send it; while it is not there, a page says when it will be."""
        return pdf_of(request, self.version())


def pdf_of(request, version):
    """Return the PDF of a version that the reader may read, or the page that says why there is none yet."""
    row = Pdf.objects.filter(version=version).first()
    if row is None or row.state != Pdf.State.MADE:
        context = {"version": version, "review": version.review, "pdf": row}
        return render(request, "evidence/pdf_waiting.html", context)
    etag = row.stored.rpartition("/")[2].partition(".")[0]
    name = f"{version.review.slug}-{version.number}.pdf"
    response = sent(request, row.stored, "application/pdf", name, etag)
    response["Content-Security-Policy"] = OWN_PDF
    response["Link"] = back_to_page(request)
    return kept_as(response, version)


def back_to_page(request):
    """Return the link from a PDF to the page at whose address, with another ending, it stands."""
    return back(f"{settings.SITE_URL}{request.path.removesuffix('.pdf')}/", relation="collection")


def sent(request, stored, media_type, name, etag, attached=False):
    """Return a stored file, or 304 to a reader who has it; a file that is lost is a 404 and told in the log."""
    etag = f'"{etag}"'
    response = get_conditional_response(request, etag=etag) or _whole(request, stored, media_type, name, attached)
    response["ETag"], response["X-Content-Type-Options"] = etag, "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _whole(request, stored, media_type, name, attached):
    try:
        file = default_storage.open(stored)
    except FileNotFoundError as missing:
        logger.error("a stored file is lost", extra={"stored": stored})
        raise Http404 from missing
    response = FileResponse(file, as_attachment=attached, filename=name, content_type=media_type)
    if request.method == "HEAD":
        file.close()
        response.streaming_content = ()
    return response


def kept_as(response, version):
    """Let caches of others keep only what everyone may read, and let all of them ask each time."""
    shared = "public" if version.open_to_everyone() else "private"
    patch_cache_control(response, **{shared: True}, no_cache=True)
    return response
