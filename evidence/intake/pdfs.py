"""PDF documents that are sent: only those that show pages and do nothing else.

Names are looked for in the file as it stands and in its compressed lists of objects, with their ``#xx`` escapes
undone. A name hidden deeper than that (in a list compressed twice, say) is not found: the answer with which an
attachment is sent lets no browser run anything of it, and readers' own programs ask before they do.
"""

import re
import zlib

from django.utils.translation import gettext as _

from collaborative.core.pictures import Unfit

HEAD, END = b"%PDF-", b"%%EOF"
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
LIST = re.compile(b"/" + b"".join(rb"(?:%c|(?i:#%02x))" % (sign, sign) for sign in b"ObjStm") + rb"\b")
BEGUN = re.compile(rb"stream\r?\n")
WITHIN = 400
"""Bytes after the name of a list in which it begins."""
ACTIVE = re.compile(rb"/(?:JavaScript|Launch|RichMedia|SubmitForm|ImportData)\b|/XFA\s*[\[\d]")
CARRIED = re.compile(rb"/EmbeddedFiles?\b")
LOCKED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<")
MOST_UNPACKED = 100 * 1024 * 1024
"""Bytes that are read and made in unpacking lists; a document that takes more is refused."""
PIECE = 4096
"""Bytes that are unpacked at once; looking for a list costs as many."""


def check_pdf(data, ending):
    """Raise ``Unfit`` for what is no PDF, is locked, carries files or can act by itself."""
    if not data.lstrip()[:5] == HEAD or END not in data[-2048:]:
        raise Unfit(_("This file is not what its name says: it is not a whole PDF."))
    if LOCKED.search(data):
        raise Unfit(_("This PDF is protected, so nobody can check it. Save it without a password."))
    for part in (data, *_lists(data)):
        names = ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
        if ACTIVE.search(names):
            raise Unfit(_("This PDF holds a program or a form that acts by itself. Print it to a plain PDF first."))
        if CARRIED.search(names):
            raise Unfit(_("This PDF carries other files within. Attach these by themselves."))


def _lists(data):
    """Yield the document's compressed lists of objects, unpacked; one within another is found too."""
    left = MOST_UNPACKED
    for named in LIST.finditer(data):
        begun = BEGUN.search(data, named.end(), named.end() + WITHIN)
        unpacked, spent = _unpacked(data, begun.end(), left) if begun else (b"", 0)
        left -= PIECE + spent
        if left <= 0:
            raise Unfit(_("This PDF unpacks to more than can be checked. Attach a smaller one."))
        yield unpacked


def _unpacked(data, at, most):
    """Return what is packed at a place, up to where it ends or is damaged, and how many bytes went in and came out."""
    packed, made, spent = zlib.decompressobj(), [], 0
    while spent < most and not packed.eof and (piece := data[at : at + PIECE]):
        at += len(piece)
        try:
            made.append(packed.decompress(piece, most - spent))
        except zlib.error:
            break
        spent += len(piece) + len(made[-1])
    return b"".join(made), spent
