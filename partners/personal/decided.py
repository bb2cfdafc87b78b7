"""What people decided for others, and what holds nothing of a person."""

from django.utils.translation import gettext_lazy as _

from collaborative.core.personal import impersonal, table
from partners.models import (
    EmailDomain,
    OrganisationImport,
    Succession,
)
from partners.personal.words import UNNAMED, WORK


def acts(name, model, column, label, columns, purpose):
    """Register what a person decided for others: the act stays, without their name."""
    table(
        name,
        covers=(f"partners.{model.__name__}.{column}",),
        label=label,
        purpose=purpose,
        kept=WORK,
        leaving=UNNAMED,
        rows=lambda user: model.objects.filter(**{column: user}),
        columns=columns,
    )


SAFE = _("So that decisions can be checked afterwards")
acts(
    "domains-confirmed",
    EmailDomain,
    "confirmed_by",
    _("Mail domains that you confirmed"),
    {"domain": _("Domain"), "organisation__name": _("Organisation"), "confirmed_at": _("When")},
    SAFE,
)
acts(
    "domains-removed",
    EmailDomain,
    "removed_by",
    _("Mail domains that you took off the list"),
    {
        "domain": _("Domain"),
        "organisation__name": _("Organisation"),
        "removed_at": _("When"),
        "removed_reason": _("Your reason"),
    },
    SAFE,
)
acts(
    "imports",
    OrganisationImport,
    "by",
    _("Lists of organisations that you brought in"),
    {"file_name": _("File"), "created_at": _("When"), "added": _("Added"), "changed": _("Changed")},
    SAFE,
)
acts(
    "mergers",
    Succession,
    "decided_by",
    _("Mergers of organisations that you decided"),
    {
        "organisation__name": _("Organisation"),
        "successor__name": _("Becomes part of"),
        "on": _("On"),
        "reason": _("Your reason"),
    },
    SAFE,
)


for column in ("Organisation.name", "OrganisationAlias.name", "Programme.name", "Programme.short_name"):
    impersonal(f"partners.{column}", "a body or a programme")
impersonal("partners.Expertise.name", "a word for what people know; who chose it stands in their profile")
for column in ("file_name", "table"):
    impersonal(f"partners.OrganisationImport.{column}", "a list of organisations, without people")
