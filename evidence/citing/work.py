"""What is known of a text that somebody cites, in one shape for reviews and practice sheets.

Everything is plain text on one line, without the characters that XML, RIS and terminals forbid; addresses are whole.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from collaborative.core.identifiers import doi_address
from collaborative.core.text import plain
from collaborative.outputs.registry import Name
from evidence.citing.names import author_name, leading, others

UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ue000\ue001]")
"""What no format may hold, and the two marks that the styles use for themselves."""
PDF = "application/pdf"


def on_one_line(text):
    """Return a text without line ends, doubled spaces and characters that no format may hold."""
    return " ".join(UNFIT.sub("", text or "").split())


@dataclass(frozen=True)
class Maker:
    """An author or contributor: the name in its parts, and where they worked."""

    name: Name
    body: bool = False
    affiliation: str = ""
    ror: str = ""


@dataclass(frozen=True)
class Enclosed:
    """A file that belongs to the work: its whole address, its type, its size in bytes."""

    url: str
    media_type: str
    size: int = 0


@dataclass(frozen=True)
class Work:
    """A text as it is cited. ``issued`` is a year, or year, month and day, or empty while it is not published.

    ``url`` stays with this very text; ``page`` is where it was met; ``base`` is what the addresses of its formats
    begin with. ``public`` says whether everyone reads it: only then do pages speak of it to machines.
    """

    key: str
    title: str
    kind: str
    url: str
    page: str
    base: str
    publisher: str
    parent: tuple
    makers: tuple = ()
    besides: tuple = ()
    issued: tuple = ()
    series: str = ""
    number: str = ""
    version: int | None = None
    doi: str = ""
    language: str = ""
    summary: str = ""
    keywords: tuple = ()
    licence: str = ""
    files: tuple = ()
    public: bool = False

    @property
    def lasting(self):
        """The address to cite: that of its DOI, else its own."""
        return doi_address(self.doi) if self.doi else self.url

    @property
    def pdf(self):
        """The address of its PDF, or nothing while there is none."""
        return next((each.url for each in self.files if each.media_type == PDF and each.url == f"{self.base}.pdf"), "")


def work_of_version(version, authors, *, own_address=False, keywords=(), pdf=None, attachments=()):
    """Return a version of a review as a work; everything that it needs has been read by the page already.

    A DOI leads to the text that holds today, so an older version is cited by its own address alone.
    """
    review = version.review
    here = reverse("evidence:version", args=[review.slug, version.number])
    whole = here if own_address else review.get_absolute_url()
    lasting = here if not version.working else review.get_absolute_url()
    base = f"{settings.SITE_URL}{whole.rstrip('/')}"
    return Work(
        key=f"{review.slug}-v{version.number}",
        title=on_one_line(version.title),
        kind=on_one_line(review.kind_of.label),
        url=f"{settings.SITE_URL}{lasting}",
        page=f"{settings.SITE_URL}{whole}",
        base=base,
        publisher=on_one_line(review.programme.name),
        parent=("Evidence", f"{settings.SITE_URL}{reverse('evidence:list')}"),
        makers=tuple(_maker(each) for each in leading(authors)),
        besides=tuple(_maker(each) for each in others(authors)),
        issued=_issued(version),
        series=on_one_line(review.series),
        version=version.number,
        doi=review.doi if review.current_id in (None, version.pk) else "",
        language=review.language,
        summary=on_one_line(plain(version.summary)),
        keywords=tuple(on_one_line(str(each)) for each in keywords),
        licence=on_one_line(version.licence),
        files=_files(version, base, pdf, attachments),
        public=version.open_to_everyone(),
    )


def work_of_sheet(sheet, *, keywords=(), public=False):
    """Return a practice sheet as a work, by the organisation that wrote it; by nobody where we do not know it."""
    url = f"{settings.SITE_URL}{sheet.get_absolute_url()}"
    return Work(
        key=sheet.slug,
        title=on_one_line(sheet.title),
        kind="Practice sheet",
        url=url,
        page=url,
        base=url.rstrip("/"),
        publisher=on_one_line(sheet.programme.name),
        parent=("Practice sheets", f"{settings.SITE_URL}{reverse('practices:list')}"),
        makers=tuple(Maker(Name(on_one_line(each.name)), body=True) for each in [sheet.organisation] if each),
        issued=_day(sheet.published_at),
        number=on_one_line(sheet.code),
        language="en",
        summary=on_one_line(plain(sheet.summary)),
        keywords=tuple(on_one_line(str(each)) for each in keywords),
        public=public,
    )


def _maker(row):
    name = author_name(row)
    whole = Name(on_one_line(name.family), on_one_line(name.given), name.orcid)
    return Maker(whole, row.part == "corporate", on_one_line(row.affiliation), row.ror)


def _day(moment):
    return (moment.year, moment.month, moment.day) if moment else ()


def _issued(version):
    """Return when it came out: the year that the review names, where its first version came out elsewhere before."""
    day = _day(version.published_at)
    year = version.review.year
    return (year,) if year and version.number == 1 and day[:1] != (year,) else day


def _files(version, base, pdf, attachments):
    made = [Enclosed(f"{base}.pdf", PDF, pdf.size)] if pdf is not None and pdf.state == "made" else []
    return (*made, *(_attached(version, each) for each in attachments))


def _attached(version, row):
    at = reverse("evidence:file", args=[version.review.slug, version.number, row.key])
    return Enclosed(f"{settings.SITE_URL}{at}", row.media_type, row.size)
