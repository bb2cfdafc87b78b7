"""The mail domains of the demonstration's partners, somebody who waits at a door, and somebody invited in."""

from collaborative.accounts.models import User
from partners.models import EmailDomain, Invitation, Membership, Organisation
from partners.services import ask_to_join, confirm_domain
from partners.services.invitations import LASTS

ASKS = ("reader", "kent-police", "Research volunteer", "I help the research team on Thursdays. May I read along?")
"""Who asks to be let into which organisation, as what, and with which words."""

INVITES = ("kent-organisation-lead", "kent-police", "prevention.analyst@kent-college.example", "Prevention analyst")
"""Who invites whom into which organisation: the address and the name."""


def load(source):
    """Confirm the domain that the people of each organisation share; the first time, let one ask and one be invited."""
    people = {row["slug"]: row for row in source.rows("people")}
    first = not EmailDomain.objects.exists()
    for row in people.values():
        for part in row.get("memberships", [])[:1]:
            _confirm(part["organisation"], row["email"].partition("@")[2])
    if first:
        slug, organisation, title, message = ASKS
        asker = User.objects.get(email=people[slug]["email"])
        ask_to_join(Organisation.objects.get(slug=organisation), by=asker, title=title, message=message)
        _invite(source, people)


def _confirm(slug, domain):
    organisation = Organisation.objects.select_related("kind_of").get(slug=slug)
    if not organisation.past and not EmailDomain.objects.filter(domain=domain).exists():
        made = confirm_domain(organisation, domain, by=None)
        if made.admits == EmailDomain.Admits.AT_ONCE:
            theirs = {"user__email__endswith": f"@{domain}", "role": Membership.Role.MEMBER}
            organisation.memberships.filter(**theirs).update(admitted_by=made)


def _invite(source, people):
    """Leave an invitation that waits for its answer; no letter goes to an address that nobody has."""
    slug, organisation, email, name = INVITES
    made = source.moment(-3)
    Invitation.objects.create(
        organisation=Organisation.objects.get(slug=organisation),
        email=email,
        name=name,
        message="Your work on repeat victims is what our project needs. Come and look around.",
        invited_by=User.objects.get(email=people[slug]["email"]),
        created_at=made,
        reminded_at=made,
        expires_at=made + LASTS,
    )
