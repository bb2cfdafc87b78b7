"""What is told of a person: their words, where they work, and why they are shown to whoever looks for somebody."""

from django.utils import timezone
from django.utils.translation import gettext as _

BETWEEN = " · "
"""Parts the words of a profile in the index, so that a found place tells which word was found."""


def words_of(profile):
    """Return every word by which a profile is found, in every language that the word has."""
    words = [each.name for each in profile.expertise.all()]
    for theme in profile.themes.all():
        words += [theme.name, theme.name_cy, theme.name_fr]
    for terms in (profile.methods, profile.languages, profile.offers):
        for term in terms.all():
            words += [term.label, term.label_cy, term.label_fr]
    return [word for word in words if word]


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
