"""The parts of a text as a page shows them."""

from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _


@dataclass
class Part:
    """A heading with its text, ready to be shown."""

    anchor: str
    heading: str
    html: str


@dataclass
class Numbered:
    """A finding, a priority or a recommendation, with the section that it rests on."""

    row: object
    html: str
    section: Part = None

    @property
    def number(self):
        """Its number."""
        return self.row.number

    @property
    def title(self):
        """What it says in short."""
        return self.row.title


@dataclass
class Source:
    """A reference and the places that cite it: ``[(anchor, number), …]``."""

    reference: object
    places: list = field(default_factory=list)
    address: str = ""
    """Of the same text in this library, for a reader who may see it."""


class Figure:
    """A figure as its text shows it: numbered by the text, described by its record."""

    def __init__(self, row, version, address=None):
        self.row, self.key = row, row.key
        self.address = address(row) if address else file_address(version, row)

    def html(self, number, anchor):
        """Return it with its caption."""
        row = self.row
        size = format_html(' width="{}" height="{}"', row.width, row.height) if row.width and row.height else ""
        credit = format_html(' <span class="credit">{}</span>', row.credit) if row.credit else ""
        return format_html(
            '<figure class="figure" id="{}"><img src="{}" alt="{}"{} loading="lazy">'
            "<figcaption><strong>{}</strong> {}{}</figcaption></figure>\n",
            anchor, self.address, row.alt, size, _("Figure %(number)s.") % {"number": number}, row.title, credit,
        )  # fmt: skip


def file_address(version, row):
    """Return where a figure or an attachment of a version is fetched."""
    try:
        return reverse("evidence:file", args=[version.review.slug, version.number, row.key])
    except NoReverseMatch:
        return ""
