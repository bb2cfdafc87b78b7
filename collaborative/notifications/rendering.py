"""A letter's words, in the recipient's language and time zone, and the message that carries them."""

import hashlib
import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from collaborative.core.text import markdown
from collaborative.notifications import notices


@dataclass(frozen=True)
class Words:
    """What a letter says; ``text`` is Markdown, everything else plain."""

    subject: str
    lead: str
    text: str
    action: str


@contextmanager
def as_reader(person):
    """Work in the language and the time zone of ``person``; without one, in those of the portal."""
    language = (person and person.language) or settings.LANGUAGE_CODE
    zone = person.time_zone if person else settings.READER_TIME_ZONE
    with translation.override(language), timezone.override(ZoneInfo(zone)):
        yield


def words(letter, thing, values):
    """Render the four parts of a letter in the present language; ``values`` come from its notice."""
    notice = notices.find(letter.key)
    seam = secrets.token_hex(16)
    usual = {
        "letter": letter,
        "thing": thing,
        "title": notice.title_of(thing),
        "label": notice.label,
        "recipient": letter.recipient,
        "url": settings.SITE_URL + thing.get_absolute_url(),
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "seam": seam,
    }
    parts = render_to_string(notice.template, usual | values).split(seam)
    subject, lead, text, action = (part.strip() for part in parts)
    return Words(" ".join(subject.split()), " ".join(lead.split()), text, " ".join(action.split()))


def message(letter, thing):
    """Return the mail for a letter, ready to send: plain and HTML parts and all headers.

    Called within ``as_reader`` of its recipient.
    """
    notice = notices.find(letter.key)
    values = notice.values(letter, thing)
    said = words(letter, thing, values)
    shared = {
        "words": said,
        "title": notice.title_of(thing),
        "facts": values.get("facts", ()),
        "at": letter.created_at,
        "url": settings.SITE_URL + thing.get_absolute_url(),
        "why": notice.why(letter),
        "preferences_url": settings.SITE_URL + reverse("notifications:preferences") if letter.recipient_id else "",
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "language": translation.get_language(),
    }
    plain = render_to_string("notifications/plain.txt", shared | {"text": plain_text(said.text)})
    html = render_to_string("notifications/letter.html", shared | {"text": _whole_addresses(markdown(said.text))})
    mail = EmailMultiAlternatives(said.subject, plain, to=[letter.goes_to], headers=headers(letter, notice))
    mail.attach_alternative(html, "text/html")
    return mail


def headers(letter, notice):
    """Return the headers that let mail programs file, thread and leave unanswered what is automatic."""
    thread = f"<{letter.kind_of}.{letter.object_id}.{_digest(settings.SITE_URL)}@{settings.SITE_HOST}>"
    return {
        "Message-ID": message_id(letter),
        "In-Reply-To": thread,
        "References": thread,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"{notice.group} <{notice.group}.{settings.SITE_HOST}>",
        "Content-Language": translation.get_language(),
    }


def message_id(letter):
    """Return the letter's Message-ID: the same at each attempt, so that mail programs drop a repeat."""
    return f"<letter.{_digest(letter.pk, letter.event, letter.created_at.isoformat())}@{settings.SITE_HOST}>"


def _digest(*parts):
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()[:24]


def plain_text(text):
    """Return Markdown as a person would type it in a mail: links spelt out, no marks that only machines need."""
    text = re.sub(r"\[((?:\\.|[^\]\\])+)\]\(<?([^)>\s]+)>?\)", r"\1\n  \2", text)
    text = re.sub(r"^#+ +(.+)$", _underlined, text, flags=re.MULTILINE)
    text = re.sub(r"[ \t]+$", "", _unescaped(text), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text)


def _underlined(heading):
    return f"{heading[1]}\n{'-' * len(_unescaped(heading[1]))}"


def _unescaped(text):
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


def literal(value):
    """Return ``value`` so that Markdown shows it as it is: on one line, every mark escaped."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~&=])", r"\\\1", " ".join(str(value).split()))


def quoted(value):
    """Return a person's words as a Markdown quotation that shows them as typed, line by line: no link, no heading."""
    return "\n".join(f"> {literal(line)}  " for line in str(value).splitlines())


def _whole_addresses(html):
    return mark_safe(html.replace('href="/', f'href="{settings.SITE_URL}/'))  # noqa: S308 - cleaned by markdown()
