"""Pictures that people send: opened only when they are ones, and when their size is known to be harmless."""

import struct
import zlib
from contextlib import contextmanager

from django.utils.translation import gettext as _
from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST = 40_000_000
"""Pixels of a picture that is opened: a small file may hold so many that no machine has room for them."""

BROKEN = (OSError, ValueError, TypeError, IndexError, EOFError, SyntaxError, struct.error, zlib.error)
"""What the decoders raise when a file does not hold what it promises."""

TOO_MANY = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class Unfit(ValueError):
    """This file cannot be kept; says why, for the person who chose it."""


def opened(file):
    """Return a picture that has not been decoded yet, of a kind and a size that may be; raises ``Unfit``."""
    file.seek(0)
    try:
        image = Image.open(file, formats=FORMATS)
    except Image.UnidentifiedImageError as error:
        raise Unfit(_("This file is not a picture of the kinds PNG, JPEG or WebP.")) from error
    except TOO_MANY as error:
        raise Unfit(_too_large()) from error
    except BROKEN as error:
        raise Unfit(_damaged()) from error
    if image.width * image.height > LARGEST:
        raise Unfit(_too_large())
    return image


@contextmanager
def decoding():
    """Turn what the decoders raise within into ``Unfit``."""
    try:
        yield
    except BROKEN as error:
        raise Unfit(_damaged()) from error


def _too_large():
    return _("This picture has more than 40 million points. Choose a smaller one.")


def _damaged():
    return _("This picture is damaged and cannot be opened. Choose another.")
