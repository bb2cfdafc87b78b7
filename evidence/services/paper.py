"""Pages for print, laid out by WeasyPrint; imported only by the job that needs them, for it loads Pango.

Nothing is fetched: our own fonts and the figures of this one version are all that a page may show.
"""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from PIL import ImageFile
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from evidence.citing import Cited, work_of_version
from evidence.models import File
from evidence.reading import Reading
from evidence.reading.catalogue import catalogue
from evidence.reading.notices import notices
from evidence.reading.related import Related

ImageFile.LOAD_TRUNCATED_IMAGES = False
"""WeasyPrint lets the whole process take half a picture for a whole one; those that people send are still refused."""

FONT = re.compile(r"fonts/[\w-]+\.woff2")
STYLE = "css/pdf.css"
SHARPEST = 220
"""Dots of an inch of a figure: more make the file larger and no print better."""


class Shelf(URLFetcher):
    """Hands out the fonts and the figures of one version, and refuses everything else."""

    def __init__(self, figures):
        super().__init__(allowed_protocols=())
        self.figures = figures

    def fetch(self, url, headers=None):
        """Return what stands at an address of ours; raises ``ValueError`` for any other."""
        if not url.startswith(f"{settings.SITE_URL}/"):
            raise ValueError("nothing is fetched from elsewhere")
        path = unquote(urlsplit(url).path)
        if path in self.figures:
            row = self.figures[path]
            return URLFetcherResponse(url, default_storage.open(row.stored), {"Content-Type": row.media_type})
        name = path.removeprefix(settings.STATIC_URL)
        found = finders.find(name) if name != path and FONT.fullmatch(name) else None
        if not found:
            raise ValueError("this does not belong to the text")
        return URLFetcherResponse(url, Path(found).read_bytes(), {"Content-Type": "font/woff2"})


def printed(version):
    """Return the PDF of a version as bytes, and the number of its pages.

    Tagged by PDF/UA-1, in the text's own language, with bookmarks. Raises whatever goes wrong.
    """
    shelf = Shelf(figures_of(version))
    at = f"{settings.SITE_URL}{version.get_absolute_url()}"
    fonts = FontConfiguration()
    beside = f"{settings.SITE_URL}{settings.STATIC_URL}{STYLE}"
    rules = Path(finders.find(STYLE)).read_text("utf-8")
    style = CSS(string=rules, base_url=beside, url_fetcher=shelf, font_config=fonts)
    page = HTML(string=html_of(version), base_url=at, url_fetcher=shelf)
    tagged = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}
    options = {"presentational_hints": True, "optimize_images": True, "dpi": SHARPEST, **tagged}
    document = page.render(stylesheets=[style], font_config=fonts, **options)
    return document.write_pdf(**options), len(document.pages)


def figures_of(version):
    """Return the figures of a version by the paths at which its page shows them."""
    rows = version.files.filter(use=File.Use.FIGURE)
    slug = version.review.slug
    return {reverse("evidence:file", args=[slug, version.number, row.key]): row for row in rows}


def html_of(version):
    """Return the page that is printed, in the text's own language as far as the portal speaks it.

    It shows what a visitor may see: whoever reads the text may have it in hand.
    """
    review = version.review
    spoken = {code.partition("-")[0]: code for code, _name in settings.LANGUAGES}
    with translation.override(spoken.get(review.language.partition("-")[0], settings.LANGUAGE_CODE)):
        related = Related(version, AnonymousUser())
        reading = Reading(version)
        reading.link_sources(related.here)
        context = {
            "version": version,
            "review": review,
            "reading": reading,
            "cited": Cited(work_of_version(version, reading.authors, own_address=True)),
            "catalogue": catalogue(review),
            "notices": notices(version, related, now=version.public_from),
            "ends_at": version.public_from if version.embargoed() else None,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
            "made_on": timezone.localdate(),
        }
        return render_to_string("evidence/pdf.html", context)
