"""The figures and attachments of a text in the making, and the PDFs that could not be made."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collaborative.core.panels import panel
from evidence.models import File, Pdf, Version
from evidence.reading.content import content_of


@panel("desk", order=30)
def files_at_desk(review, request):
    """The figures and attachments of the version in the making, for those who stand at its desk."""
    version = next((each for each in review.versions.all() if each.working), None)
    if version is None:
        return None
    content = version.content_read or content_of(version)
    figures, attachments = len(content[File.Use.FIGURE]), len(content[File.Use.ATTACHMENT])
    words = (
        ngettext("%(n)s figure", "%(n)s figures", figures) % {"n": figures},
        ngettext("%(n)s attachment", "%(n)s attachments", attachments) % {"n": attachments},
    )
    return "evidence/files_panel.html", {"review": review, "counts": words}


@panel("admin", order=25)
def failed_pdfs(user, request):
    """The PDFs that could not be made, for those who can have them made again."""
    failed = Version.objects.manageable_by(user).filter(pdf__state=Pdf.State.FAILED).count()
    if not failed:
        return None
    listed = reverse("admin:evidence_version_changelist")
    task = {
        "title": ngettext("%(n)s PDF could not be made", "%(n)s PDFs could not be made", failed) % {"n": failed},
        "text": _("See what went wrong, and have it made again."),
        "url": f"{listed}?pdf__state__exact={Pdf.State.FAILED}",
    }
    return "admin/waiting.html", {"tasks": [task]}
