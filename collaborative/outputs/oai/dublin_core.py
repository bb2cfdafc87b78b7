"""A thing's description as ``oai_dc``: the fifteen elements, each as often as there is something to say."""

from django.conf import settings

from collaborative.outputs.oai.xml import DC, add, typed
from collaborative.outputs.registry import outgoing_of

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"


def add_description(parent, thing):
    """Add what a thing says of itself."""
    inside = typed(parent, "dc", "oai_dc", OAI_DC, SCHEMA, dc=DC)
    for name, values in _elements(thing, outgoing_of(thing.kind).described(thing)):
        for value in values:
            if value:
                add(inside, f"dc:{name}", value)


def _elements(thing, said):
    """Return ``[(element, values), …]``; the permanent address comes first of the identifiers."""
    return [
        ("title", [said.title]),
        ("creator", said.creators),
        ("subject", said.subjects),
        ("description", [said.summary]),
        ("publisher", [said.publisher]),
        ("contributor", said.contributors),
        ("date", [said.date and said.date.isoformat()]),
        ("type", [said.type]),
        ("format", said.formats),
        ("identifier", [settings.SITE_URL + thing.get_absolute_url(), *said.identifiers]),
        ("language", [said.language]),
        ("relation", said.relations),
        ("coverage", said.coverage),
        ("rights", [said.rights]),
    ]
