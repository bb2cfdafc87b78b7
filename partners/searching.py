"""What can be found of organisations and programmes: everything, by everyone; and of people, what they chose."""

from collaborative.core.persons import when_person_changes
from collaborative.search.registry import ALWAYS, Entry, searchable
from collaborative.search.services import index
from collaborative.search.touching import touches
from partners.models import Organisation, Profile
from partners.people import BETWEEN, places_today, words_of, workplace


@searchable("organisation", rows=lambda rows: rows.select_related("kind_of").prefetch_related("aliases"), order=70)
def organisation(organisation):
    """An organisation by its name in both languages and by what else people call it."""
    names = [organisation.name_cy, *(alias.name for alias in organisation.aliases.all())]
    return Entry(
        title=organisation.name,
        aliases=" · ".join(name for name in names if name),
        summary=organisation.description,
        body=" · ".join(word for word in (organisation.kind_of.label, organisation.region) if word),
        public_from=ALWAYS,
    )


@searchable("programme", order=60)
def programme(programme):
    """A programme by its names, its summary and its description."""
    return Entry(
        title=programme.name,
        aliases=programme.short_name,
        summary=programme.summary,
        body="\n\n".join(text for text in (programme.description, programme.region) if text),
        public_from=ALWAYS,
        programme_id=programme.pk,
        date=programme.starts_on,
    )


def _with_what_profiles_say(rows):
    said = ("expertise", "themes", "methods", "languages", "offers", "user__memberships__organisation__aliases")
    return rows.select_related("user").prefetch_related(*said)


@searchable("profile", rows=_with_what_profiles_say, order=80, spelled=False)
def profile(profile):
    """A person by name, by what they say of themselves and by where they work, for whom they chose."""
    person = profile.user
    if profile.hidden or not person.is_active or person.anonymised_at:
        return None
    return Entry(
        title=person.name,
        aliases=BETWEEN.join(words_of(profile)),
        summary=profile.about,
        body=BETWEEN.join(workplace(each) for each in places_today(profile)),
        public_from=ALWAYS if profile.public else None,
        staff=not profile.public,
    )


@when_person_changes
def index_person(user_id):
    """Find a person by what holds now."""
    found = Profile.objects.select_related("user").filter(user=user_id).first()
    if found:
        index(found)


@touches("theme")
def of_themes(ids):
    """Profiles name themes."""
    return [("profile", Profile.objects.filter(themes__in=ids))]


@touches("organisation")
def of_organisations(ids):
    """Profiles name where people work."""
    return [("profile", Profile.objects.filter(user__memberships__organisation__in=ids))]


@touches("partners.expertise")
def of_expertise(ids):
    """Profiles name what people know."""
    return [("profile", Profile.objects.filter(expertise__in=ids))]


@touches("vocabulary.term")
def of_terms(ids):
    """Organisations name their kind; profiles name methods, languages and what people are listed for."""
    found = [
        ("profile", Profile.objects.filter(**{f"{field}__in": ids})) for field in ("methods", "languages", "offers")
    ]
    return [*found, ("organisation", Organisation.objects.filter(kind_of__in=ids))]
