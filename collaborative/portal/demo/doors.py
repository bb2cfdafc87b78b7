"""The mail domains of the demonstration's partners, and somebody who waits at a door."""

from collaborative.accounts.models import User
from partners.models import EmailDomain, Organisation
from partners.services import ask_to_join, confirm_domain

ASKS = ("reader", "kent-police", "Research volunteer", "I help the research team on Thursdays. May I read along?")
"""Who asks to be let into which organisation, as what, and with which words."""


def load(source):
    """Confirm the domain that the people of each organisation share; the first time, let somebody ask to be let in."""
    people = {row["slug"]: row for row in source.rows("people")}
    first = not EmailDomain.objects.exists()
    for row in people.values():
        for part in row.get("memberships", [])[:1]:
            _confirm(part["organisation"], row["email"].partition("@")[2])
    if first:
        slug, organisation, title, message = ASKS
        asker = User.objects.get(email=people[slug]["email"])
        ask_to_join(Organisation.objects.get(slug=organisation), by=asker, title=title, message=message)


def _confirm(slug, domain):
    organisation = Organisation.objects.select_related("kind_of").get(slug=slug)
    if not organisation.past and not EmailDomain.objects.filter(domain=domain).exists():
        confirm_domain(organisation, domain, by=None)
