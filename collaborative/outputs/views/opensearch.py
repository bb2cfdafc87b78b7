"""How a browser searches here (OpenSearch 1.1)."""

from xml.etree import ElementTree

from django.conf import settings
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from collaborative.outputs.atom import MEDIA_TYPE, whole
from collaborative.outputs.oai.xml import add, document

NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
LONGEST_NAME = 16
SUGGESTIONS = "application/x-suggestions+json"


def description(request):
    """Describe the search: its page, its feed, and what is suggested while typing."""
    top = ElementTree.Element("OpenSearchDescription", {"xmlns": NAMESPACE})
    add(top, "ShortName", settings.SITE_NAME[:LONGEST_NAME].strip())
    add(top, "LongName", settings.SITE_NAME[:48].strip())
    add(top, "Description", _("Search evidence, projects, training and partners."))
    add(top, "InputEncoding", "UTF-8")
    add(top, "Image", whole(static("img/favicon.svg")), type="image/svg+xml", height="16", width="16")
    search = whole(reverse("search"))
    for media, address in (
        ("text/html", f"{search}?q={{searchTerms}}"),
        (MEDIA_TYPE, f"{search}feed.atom?q={{searchTerms}}"),
        (SUGGESTIONS, f"{search}suggest/?q={{searchTerms}}"),
    ):
        add(top, "Url", type=media, template=address)
    return HttpResponse(document(top), content_type="application/opensearchdescription+xml; charset=utf-8")


description.policy = "public"
