"""The letters about requests for another format or language."""

from django.utils.translation import gettext_lazy as _

from collaborative.notifications.notices import notice
from evidence.models import FormatRequest
from evidence.reading.languages import language_name


def waits(letter, asked):
    """A request that was answered meanwhile needs nobody."""
    return asked.waiting


def about(letter, asked):
    """Give a letter the request, and what was asked for in words."""
    return {"asked": asked, "what": what(asked)}


def about_review(letter, review):
    """Give a letter to a bare address the request, which is named in its data."""
    asked = FormatRequest.objects.filter(pk=letter.data.get("format_request"), review=review).first()
    return {"asked": asked, "what": what(asked) if asked else ""}


def what(asked):
    """Return what is asked for: a format or a language."""
    return asked.get_format_display() or language_name(asked.language)


def asked_by_address(reviews, address):
    """Return the reviews about which the owner of an address asked."""
    return reviews.filter(pk__in=FormatRequest.objects.filter(email=address).values("review_id"))


def _to_answerers(word, label):
    notice(
        f"format_request.{word}",
        kind="format_request",
        label=label,
        group="requests",
        template=f"evidence/asked/letters/{word}.txt",
        related=("review",),
        still_true=waits,
        context=about,
    )


def _to_asker(word, label):
    template = f"evidence/asked/letters/{word}.txt"
    same = {"label": label, "group": "requests", "template": template, "required": True}
    notice(f"format_request.{word}", kind="format_request", related=("review",), context=about, **same)
    notice(
        f"format_request.{word}_by_mail",
        kind="review",
        context=about_review,
        for_address=asked_by_address,
        **same,
    )


_to_answerers("made", _("Somebody asks for another format or a translation"))
_to_answerers("due", _("A request for another format is due in two days"))
_to_answerers("overdue", _("A request for another format is late"))
_to_asker("received", _("Your request for another format has arrived"))
_to_asker("answered", _("Your request for another format was answered"))
_to_asker("declined", _("Your request for another format cannot be met"))
