"""Pictures of people: checked to be one, cut square, and written anew without what cameras add."""

from io import BytesIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from collaborative.core.pictures import Unfit, decoding, opened

HEAVIEST = 5 * 1024 * 1024
"""Bytes of a picture that is sent."""

SIDE = 512
"""Pixels of a side of what is kept, at most."""

SAMPLED = 4 * SIDE
"""Pixels of a side to which a larger picture is brought at once: what follows needs several copies of it."""

QUALITY = 82


def portrait(file):
    """Return a square picture made from an uploaded file, as a file with a name of its own.

    Nothing of the original stays but what is seen: no place, no camera, no name. Raises ``Unfit``.
    """
    if file.size > HEAVIEST:
        raise Unfit(_("This picture is larger than 5 MB. Choose a smaller one."))
    image = _decoded(file)
    side = min(SIDE, *image.size)
    written = BytesIO()
    ImageOps.fit(_without_transparency(image), (side, side)).save(written, "WEBP", quality=QUALITY)
    return ContentFile(written.getvalue(), name=f"{uuid4().hex}.webp")


def _decoded(file):
    """Return the picture, upright, once its size is known to be harmless."""
    image = opened(file)
    with decoding():
        image.draft("RGB", (SIDE, SIDE))
        image.load()
        return ImageOps.exif_transpose(_middle(image))


def _middle(image):
    """Return the square in the middle, of a huge picture every so many points: a small file may unpack to one."""
    side = min(image.size)
    left, top = ((length - side) // 2 for length in image.size)
    small = min(side, SAMPLED)
    return image.resize((small, small), Image.Resampling.NEAREST, box=(left, top, left + side, top + side))


def _without_transparency(image):
    """Return the picture in plain colours, on white where one looks through it."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")
