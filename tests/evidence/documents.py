"""Documents for tests: good ones, and files that only say they are one."""

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TEXT = "application/vnd.oasis.opendocument.text"


def bundle(parts):
    """Return a ZIP of these parts."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return written.getvalue()


def docx(kind=WORD, **more):
    """Return the smallest bundle that says it is a document; ``more`` are further parts, ``__`` for a slash."""
    parts = {"[Content_Types].xml": f'<Types><Override ContentType="{kind}"/></Types>', "word/document.xml": "<w/>"}
    return bundle(parts | {name.replace("__", "/").replace("DOT", "."): content for name, content in more.items()})


def odt(kind=TEXT, manifest="<manifest/>", **more):
    """Return the smallest bundle that says it is an OpenDocument text."""
    return bundle({"mimetype": kind, "content.xml": "<o/>", "META-INF/manifest.xml": manifest} | more)


def pdf(body=b"", packed=b""):
    """Return the outline of a PDF; ``packed`` stands in a compressed list of objects."""
    stream = zlib.compress(packed)
    lists = b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n"
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n" + body + lists % (len(stream), stream) + b"%%EOF\n"
