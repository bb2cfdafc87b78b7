"""Themes, organisations, programmes and their partners."""

from collaborative.vocabulary.models import Aspect, Term, Theme
from partners.models import (
    Organisation,
    OrganisationAlias,
    OrganisationLink,
    Programme,
    ProgrammePartner,
    ThemeLead,
)


def term(scheme, code):
    """Return a term; raises ``Term.DoesNotExist`` for a code that the vocabulary lacks."""
    return Term.objects.get(scheme=scheme, code=code) if code else None


def load(source):
    """Make what is missing of the bodies that take part."""
    for row in source.rows("themes"):
        _theme(row)
    for row in source.rows("organisations"):
        _organisation(row)
    for row in source.rows("organisations"):
        _links(row)
    for row in source.rows("programmes"):
        _programme(row)
    for row in source.rows("themes"):
        _leads(row)


def _theme(row):
    names = {key: row.get(key, "") for key in ("name", "name_cy", "name_fr", "summary")}
    theme, new = Theme.objects.get_or_create(slug=row["slug"], defaults=names)
    if new:
        Aspect.objects.bulk_create(Aspect(theme=theme, **aspect) for aspect in row.get("aspects", []))


def _organisation(row):
    values = {
        key: row.get(key, "") for key in ("name", "name_cy", "region", "country", "web_domain", "description")
    } | {
        "kind_of": term("organisation_kind", row["kind"]),
        "valid_from": row.get("valid_from"),
        "valid_to": row.get("valid_to"),
    }
    organisation, new = Organisation.objects.get_or_create(slug=row["slug"], defaults=values)
    if new:
        aliases = (OrganisationAlias(organisation=organisation, name=name) for name in row.get("aliases", []))
        OrganisationAlias.objects.bulk_create(aliases)


def _links(row):
    organisation = Organisation.objects.get(slug=row["slug"])
    for kind in (OrganisationLink.Kind.UNIT_OF, OrganisationLink.Kind.OVERSEES):
        others = row.get(kind.value, [])
        for slug in [others] if isinstance(others, str) else others:
            other = Organisation.objects.get(slug=slug)
            OrganisationLink.objects.get_or_create(organisation=organisation, other=other, kind_of=kind)
    if row.get("successor") and organisation.successor_id is None:
        organisation.successor = Organisation.objects.get(slug=row["successor"])
        organisation.save(update_fields=["successor"])


def _programme(row):
    keys = ("name", "short_name", "region", "summary", "description", "starts_on", "contact")
    programme, new = Programme.objects.get_or_create(slug=row["slug"], defaults={key: row[key] for key in keys})
    if not new:
        return
    programme.themes.set(Theme.objects.filter(slug__in=row["themes"]))
    for part in row["partners"]:
        ProgrammePartner.objects.create(
            programme=programme,
            organisation=Organisation.objects.get(slug=part["organisation"]),
            role=term("programme_role", part["role"]),
            starts_on=part["starts_on"],
            ends_on=part.get("ends_on"),
        )


def _leads(row):
    theme = Theme.objects.get(slug=row["slug"])
    for lead in row.get("leads", []):
        programme = Programme.objects.get(slug=lead["programme"])
        ThemeLead.objects.get_or_create(
            programme=programme,
            theme=theme,
            side=lead["side"],
            defaults={
                "organisation": Organisation.objects.get(slug=lead["organisation"]),
                "title": lead["title"],
                "starts_on": programme.starts_on,
            },
        )
