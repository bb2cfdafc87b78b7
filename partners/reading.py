"""What the pages of organisations and programmes read, each in a fixed number of queries."""

from itertools import groupby

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collaborative.core.countries import country_name
from partners.models import Membership, Organisation, OrganisationLink, Profile, Programme, ProgrammePartner, ThemeLead
from partners.rights import rights_of


def facts_about(organisation, aliases):
    """Return the rows of an organisation's summary list."""
    rows = [(_("Kind"), organisation.kind_of), (_("Region"), organisation.region)]
    rows += [(_("Country"), country_name(organisation.country))]
    rows += [(_("Also known as"), ", ".join(alias.name for alias in aliases))]
    rows += [(_("Exists from"), _day(organisation.valid_from)), (_("Existed until"), _day(organisation.valid_to))]
    facts = [{"key": key, "value": value} for key, value in rows if value]
    if organisation.web_domain:
        facts.append(
            {"key": _("Web site"), "value": organisation.web_domain, "url": f"https://{organisation.web_domain}"}
        )
    if organisation.ror:
        facts.append({"key": "ROR", "value": organisation.ror, "url": f"https://ror.org/{organisation.ror}"})
    return facts


def facts_of(programme):
    """Return the rows of a programme's summary list."""
    rows = [
        (_("Region"), programme.region),
        (_("Began"), _day(programme.starts_on)),
        (_("Ended") if programme.past else _("Ends"), _day(programme.ends_on)),
        (_("Contact"), programme.contact),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _day(day):
    return date_format(day, "j F Y") if day else ""


def _ties():
    """Return the words for each kind of tie, from the side of its first organisation and from the other."""
    return {
        ("unit_of", True): _("Unit of"),
        ("unit_of", False): _("Units"),
        ("oversees", True): _("Oversees"),
        ("oversees", False): _("Overseen by"),
        ("before", False): _("Takes the place of"),
    }


def ties_of(organisation, user):
    """Return ``[(words, [(name, slug), …]), …]`` of how it stands to others, seen from its own side, in one query."""
    links = OrganisationLink.objects
    ours = links.filter(organisation=organisation).values_list("kind_of", Value(1), "other__name", "other__slug")
    theirs = links.filter(other=organisation)
    theirs = theirs.values_list("kind_of", Value(0), "organisation__name", "organisation__slug")
    before = Organisation.objects.visible_to(user).filter(successor=organisation)
    before = before.values_list(Value("before"), Value(0), "name", "slug")
    found = {}
    for kind_of, first, name, slug in ours.order_by().union(theirs.order_by(), before.order_by()):
        found.setdefault((kind_of, bool(first)), []).append((name, slug))
    return [(words, sorted(found[way])) for way, words in _ties().items() if way in found]


def parts_of(organisation):
    """Return its partnerships, those that last first, then the newest."""
    parts = ProgrammePartner.objects.filter(organisation=organisation).select_related("programme", "role")
    return sorted(parts.order_by("-starts_on", "-pk"), key=lambda part: part.ended)


def partners_by_kind(programme, user):
    """Return ``(groups, past)``: ``[(kind, parts), …]`` of who takes part now, and the parts that ended."""
    organisations = Organisation.objects.visible_to(user)
    parts = (
        ProgrammePartner.objects.filter(programme=programme, organisation__in=organisations)
        .select_related("organisation__kind_of", "role")
        .order_by(
            "organisation__kind_of__position", "organisation__kind_of__label", "role__position", "organisation__name"
        )
    )
    now = [part for part in parts if part.holds]
    groups = [(kind, list(rows)) for kind, rows in groupby(now, key=lambda part: part.organisation.kind_of)]
    return groups, [part for part in parts if part.ended]


def theme_leads(**where):
    """Return today's theme leads of a programme, a theme or an organisation: the operational one first."""
    leads = ThemeLead.objects.current().filter(**where).select_related("theme", "organisation", "programme")
    return leads.order_by("theme__name", "theme_id", "programme_id", "-side", "pk")


def leading(organisation, user):
    """Return its present leads, as far as the reader may know them, each with ``page``: the address of theirs or "".

    Staff of partners, and whoever coordinates, see who leads a partner; others see those leads alone whose
    page is open to them.
    """
    rights = rights_of(user)
    pages = Profile.objects.visible_to(user).filter(user=OuterRef("user")).values("slug")
    leads = Membership.objects.leads_of(organisation).annotate(page=Coalesce(Subquery(pages[:1]), Value("")))
    if not (rights.inside or rights.administrator):
        leads = leads.exclude(page="")
    return leads.select_related("user").order_by("title", "pk")


def work_on(theme, user):
    """Return ``[(programme, leads), …]`` of the programmes that work on a theme or lead it, by name."""
    leads = {}
    for lead in theme_leads(theme=theme):
        leads.setdefault(lead.programme_id, []).append(lead)
    works = Q(themes=theme) | Q(pk__in=leads)
    return [(each, leads.get(each.pk, [])) for each in Programme.objects.visible_to(user).filter(works).distinct()]
