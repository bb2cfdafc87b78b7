"""Small figures and attachments, drawn and written here: nobody's work is copied."""

from io import BytesIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from evidence.intake import files
from evidence.models import File
from evidence.services.files import FOLDER

WIDTH, BAR, MARGIN, LABELS = 1200, 64, 40, 420
INK, TEAL, PAPER = "#10243e", "#1c7c84", "#ffffff"


def load(version, row):
    """Make the figures and attachments of a version."""
    for position, each in enumerate(row.get("figures", []), start=1):
        drawn = ContentFile(bars(each["bars"]), name=f"{each['key']}.png")
        _keep(version, File.Use.FIGURE, files.figure(drawn), each, position)
    for position, each in enumerate(row.get("attachments", []), start=1):
        written = ContentFile(each["lines"].strip().encode() + b"\n", name=each["name"])
        _keep(version, File.Use.ATTACHMENT, files.attachment(written), each, position)


def _keep(version, use, checked, row, position):
    stored = default_storage.save(f"{FOLDER}/{uuid4().hex}.{checked.ending}", checked.content)
    File.objects.create(
        version=version,
        use=use,
        key=row["key"],
        name=checked.name,
        title=row["title"],
        alt=row.get("alt", ""),
        credit=row.get("credit", ""),
        position=position,
        stored=stored,
        media_type=checked.media_type,
        size=checked.content.size,
        sha256=checked.sha256,
        width=checked.width,
        height=checked.height,
    )


def bars(rows):
    """Return a PNG of lying bars, each ``{label, value}`` with its words before it and its number behind it."""
    height = 2 * MARGIN + BAR * len(rows)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(30)
    most = max(row["value"] for row in rows)
    for place, row in enumerate(rows):
        top = MARGIN + place * BAR
        end = LABELS + (WIDTH - LABELS - 140) * row["value"] / most
        pen.text((MARGIN, top + 8), row["label"], fill=INK, font=font)
        pen.rectangle((LABELS, top + 6, end, top + BAR - 14), fill=TEAL)
        pen.text((end + 14, top + 8), str(row["value"]), fill=INK, font=font)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
