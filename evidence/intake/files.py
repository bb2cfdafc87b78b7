"""Figures and attachments: each is looked into before it is kept, and refused when it is not what its name says.

What may be attached is what readers open without danger and what can be checked here. An archive (ZIP) may not:
nobody sees what is in it before it is opened, so its files are attached one by one.
"""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from collaborative.core.pictures import Unfit, decoding, opened
from evidence.intake.bundles import check_bundle
from evidence.intake.pdfs import check_pdf
from evidence.intake.plain import check_plain

MEGABYTE = 1024 * 1024
HEAVIEST_FIGURE = 10 * MEGABYTE
HEAVIEST_ATTACHMENT = 25 * MEGABYTE
WIDEST = 3200
"""Pixels of a figure's longer side as it is kept: a page at print's sharpness."""

LONGEST_NAME = 160
QUALITY = 90
WRITTEN = {"PNG": ("png", "image/png"), "JPEG": ("jpg", "image/jpeg"), "WEBP": ("webp", "image/webp")}
ATTACHMENTS = {
    "pdf": ("application/pdf", check_pdf),
    "csv": ("text/csv; charset=utf-8", check_plain),
    "txt": ("text/plain; charset=utf-8", check_plain),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", check_bundle),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", check_bundle),
    "odt": ("application/vnd.oasis.opendocument.text", check_bundle),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", check_bundle),
}
"""What may be attached: the ending of its name, its type, and who looks into it."""


@dataclass(frozen=True)
class Checked:
    """A file that may be kept; ``content`` is what is written, whatever was sent."""

    name: str
    ending: str
    media_type: str
    content: ContentFile
    sha256: str
    width: int | None = None
    height: int | None = None


def figure(file):
    """Return a figure made anew from an uploaded picture: nothing of it stays but what is seen. Raises ``Unfit``."""
    if file.size > HEAVIEST_FIGURE:
        raise Unfit(_("This picture is larger than 10 MB. Choose a smaller one."))
    start = _start(file)
    if b"<svg" in start.lower():
        raise Unfit(_("SVG drawings can carry programs, so they are not kept. Save the drawing as PNG."))
    image = opened(file)
    if getattr(image, "n_frames", 1) > 1:
        raise Unfit(_("This picture moves. Choose one that stands still, or send its frames one by one."))
    kind = image.format
    with decoding():
        image.load()
        plain = _plain(ImageOps.exif_transpose(image), kind)
        plain.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS)
        written = BytesIO()
        plain.save(written, kind, **({"optimize": True} if kind == "PNG" else {"quality": QUALITY}))
    ending, media_type = WRITTEN[kind]
    return _checked(file.name, ending, media_type, written.getvalue(), plain.size)


def attachment(file):
    """Return an uploaded document when it is what its name says and holds no program. Raises ``Unfit``."""
    ending = PurePath(file.name or "").suffix.lower().removeprefix(".")
    if ending not in ATTACHMENTS:
        raise Unfit(
            _("Files of this kind are not kept. Attach one of these: %(kinds)s.")
            % {"kinds": ", ".join(each.upper() for each in ATTACHMENTS)}
        )
    if file.size > HEAVIEST_ATTACHMENT:
        raise Unfit(_("This file is larger than 25 MB. Attach a smaller one, or several."))
    file.seek(0)
    data = file.read()
    media_type, check = ATTACHMENTS[ending]
    check(data, ending)
    return _checked(file.name, ending, media_type, data)


def _start(file):
    file.seek(0)
    return file.read(1024)


def _plain(image, kind):
    """Return the picture in plain colours and with nothing else: JPEG knows no transparency."""
    clear = image.has_transparency_data and kind != "JPEG"
    bare = image.convert("RGBA" if clear else "RGB")
    bare.info = {}
    return bare


def _checked(name, ending, media_type, data, size=(None, None)):
    content = ContentFile(data)
    return Checked(_name(name, ending), ending, media_type, content, sha256(data).hexdigest(), *size)


def _name(sent, ending):
    """Return the name under which readers save it: that of the file that was sent, without what cannot be shown."""
    words = "".join(sign for sign in PurePath(sent or "").stem if sign.isprintable()).strip(" .")
    return f"{words[: LONGEST_NAME - len(ending) - 1] or 'file'}.{ending}"
