"""What is told of a person: their words, where they work, and why they are shown to whoever looks for somebody."""

from dataclasses import dataclass

from django.db.models import F, Value
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partners.models import Membership, Profile

BETWEEN = " · "
"""Parts the words of a profile in the index, so that a found place tells which word was found."""

SAID = ("expertise", "methods", "themes", "languages", "offers")
LISTED = 6
"""People who are named on an organisation's page."""


def words_of(profile):
    """Return every word by which a profile is found, in every language that the word has."""
    words = [each.name for each in profile.expertise.all()]
    for theme in profile.themes.all():
        words += [theme.name, theme.name_cy, theme.name_fr]
    for terms in (profile.methods, profile.languages, profile.offers):
        for term in terms.all():
            words += [term.label, term.label_cy, term.label_fr]
    return [word for word in words if word]


@dataclass(frozen=True)
class Word:
    """A word that somebody says of themselves: its ``code`` in a facet, and its names by language, English first."""

    code: str
    names: tuple

    def __str__(self):
        own = {"cy": 1, "fr": 2}.get((get_language() or "en")[:2], 0)
        return self.names[own] or self.names[0]


def words_of_all(ids):
    """Return ``{id: {what it says: [Word, …]}}`` of some profiles, with every name in ``SAID``, in one query."""
    said = {pk: {name: [] for name in SAID} for pk in ids}
    parts = [_words_of_kind(name, ids) for name in SAID]
    for pk, name, code, _place, *names in parts[0].union(*parts[1:], all=True).order_by("position", "label", "code"):
        said[pk][name].append(Word(code, tuple(names)))
    return said


def _words_of_kind(name, ids):
    none, first = Value(""), Value(0)
    code, position, label, cy, fr = {
        "expertise": (none, first, "name", none, none),
        "themes": ("slug", first, "name", "name_cy", "name_fr"),
    }.get(name, ("code", "position", "label", "label_cy", "label_fr"))
    columns = {"code": code, "position": position, "label": label, "label_cy": cy, "label_fr": fr}
    read = {as_: F(f"{name}__{what}") if isinstance(what, str) else what for as_, what in columns.items()}
    rows = Profile.objects.order_by().filter(pk__in=ids, **{f"{name}__isnull": False})
    return rows.annotate(said=Value(name), **read).values_list("pk", "said", *columns)


def places_today(profile):
    """Return a person's memberships that hold today in organisations that exist, in a fixed order."""
    today = timezone.localdate()
    places = [each for each in profile.user.memberships.all() if each.holds and _exists(each.organisation, today)]
    return sorted(places, key=lambda each: (each.organisation.name, each.pk))


def _exists(organisation, today):
    return not organisation.past and (organisation.valid_from is None or organisation.valid_from <= today)


def workplace(place):
    """Return what a place is found by: the organisation's names, and the job title."""
    body = place.organisation
    return ", ".join(word for word in (body.name, body.name_cy, *_others(body), place.title) if word)


def _others(organisation):
    return [alias.name for alias in organisation.aliases.all()]


def facts_about(profile):
    """Return the rows of a person's summary list: languages, ORCID and, if they show it, their address."""
    rows = []
    languages = ", ".join(str(language) for language in profile.languages.all())
    if languages:
        rows.append({"key": _("Languages"), "value": languages})
    if profile.orcid:
        rows.append({"key": _("ORCID"), "value": profile.orcid, "url": f"https://orcid.org/{profile.orcid}"})
    if profile.shows_email:
        rows.append({"key": _("E-mail"), "value": profile.user.email, "url": f"mailto:{profile.user.email}"})
    return rows


def listed_at(organisation, user):
    """Return what an organisation's page says of its staff who are listed to the reader; None without any.

    ``places`` are the memberships of the first of them by name, each with its person's profile; ``more``
    says whether there are others.
    """
    if organisation.past:
        return None
    places = Membership.objects.current().filter(organisation=organisation)
    places = places.filter(user__profile__in=Profile.objects.listed_to(user)).select_related("user__profile")
    found = list(places.order_by("user__name", "user_id", "pk")[: LISTED + 1])
    return {"organisation": organisation, "places": found[:LISTED], "more": len(found) > LISTED} if found else None
