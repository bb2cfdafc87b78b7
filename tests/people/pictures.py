"""Pictures for tests: good ones, and files that only say they are one."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind="PNG", size=(300, 200), colour="teal", **more):
    """Return the bytes of a picture."""
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **more)
    return written.getvalue()


def huge_png(side=20_000):
    """Return a small file that says it is a picture of many points."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 100)), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def upload(content, name="me.png", kind="image/png"):
    """Return bytes as a browser would send them."""
    return SimpleUploadedFile(name, content, kind)
