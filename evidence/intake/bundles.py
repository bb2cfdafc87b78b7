"""Office documents, which are bundles of files: what they say they are, without macros, and no bombs."""

import re
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from collaborative.core.pictures import Unfit

MOST_PARTS = 4000
MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes that a bundle may unpack to."""

CHUNK = 1024 * 1024
KINDS = {
    "docx": b"wordprocessingml.document.main+xml",
    "xlsx": b"spreadsheetml.sheet.main+xml",
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
PROGRAMS = re.compile(
    r"vbaproject|vbadata|activex|(?:^|/)(?:basic|scripts)/.|oleobject|macrosheets|\.(?:exe|dll|js|vbs|bat|cmd|ps1|jar)$",
    re.I,
)
TEMPLATE = re.compile(rb"attachedTemplate", re.I)
ELSEWHERE = re.compile(rb"TargetMode\s*=\s*[\"']External", re.I)
BROKEN = (BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError)


def check_bundle(data, ending):
    """Raise ``Unfit`` for a bundle that is damaged, locked, another kind, too much, or that holds a program."""
    if not data.startswith(b"PK\x03\x04"):
        raise Unfit(_not_what_it_says(ending))
    try:
        with ZipFile(BytesIO(data)) as bundle:
            _check_parts(bundle)
            _check_size(bundle)
            _check_kind(bundle, ending)
            _check_template(bundle)
    except Unfit:
        raise
    except BROKEN as error:
        raise Unfit(_("This file is damaged and cannot be opened. Choose another.")) from error


def _check_parts(bundle):
    parts = bundle.infolist()
    if len(parts) > MOST_PARTS:
        raise Unfit(_too_much())
    if any(part.flag_bits & 1 for part in parts):
        raise Unfit(_("This file has a password, so nobody can check it. Save it without one."))
    if any(part.filename.startswith("/") or ".." in part.filename.split("/") for part in parts):
        raise Unfit(_("This file is damaged and cannot be opened. Choose another."))
    if any(PROGRAMS.search(part.filename) for part in parts):
        raise Unfit(_("This file holds macros or other programs. Save it without them."))


def _check_size(bundle):
    """Unpack everything once, in small pieces: what a bundle says of its size need not be true."""
    left = MOST_UNPACKED
    for part in bundle.infolist():
        with bundle.open(part) as packed:
            while piece := packed.read(CHUNK):
                left -= len(piece)
                if left < 0:
                    raise Unfit(_too_much())


def _check_kind(bundle, ending):
    names = set(bundle.namelist())
    if ending in ("odt", "ods"):
        said = bundle.read("mimetype").strip() if "mimetype" in names else b""
        locked = (
            b"encryption-data" in bundle.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else False
        )
        if locked:
            raise Unfit(_("This file has a password, so nobody can check it. Save it without one."))
        right = said == KINDS[ending]
    else:
        types = bundle.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
        if b"macroenabled" in types.lower():
            raise Unfit(_("This file holds macros or other programs. Save it without them."))
        right = KINDS[ending] in types
    if not right:
        raise Unfit(_not_what_it_says(ending))


def _check_template(bundle):
    """Refuse a document that fetches its template from elsewhere: that is how programs come in later."""
    for name in bundle.namelist():
        if name.endswith("settings.xml.rels"):
            links = bundle.read(name).replace(b"\x00", b"").split(b"<")
            if any(TEMPLATE.search(link) and ELSEWHERE.search(link) for link in links):
                raise Unfit(_("This document takes its template from another place. Save it without a template."))


def _too_much():
    return _("This file unpacks to far more than it seems. Attach a smaller one.")


def _not_what_it_says(ending):
    return _("This file is not what its name says: it is no %(ending)s document.") % {"ending": ending.upper()}
