"""XML as the protocol wants it: one element for each thing said, free of signs that XML 1.0 forbids."""

import re
from xml.etree import ElementTree

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Everything but the ``Char`` of https://www.w3.org/TR/xml/#charsets."""

OAI = "http://www.openarchives.org/OAI/2.0/"
DC = "http://purl.org/dc/elements/1.1/"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def clean(text):
    """Return a text without what no XML document may hold."""
    return FORBIDDEN.sub("", str(text))


def add(parent, name, text=None, **attributes):
    """Add an element to another and return it."""
    made = ElementTree.SubElement(parent, name, {key: clean(value) for key, value in attributes.items()})
    if text is not None:
        made.text = clean(text)
    return made


def typed(parent, name, prefix, namespace, schema, **more):
    """Add an element that begins a namespace of its own, and return it."""
    spaces = {f"xmlns:{key}": value for key, value in {prefix: namespace, "xsi": INSTANCE, **more}.items()}
    return add(parent, f"{prefix}:{name}", None, **spaces, **{"xsi:schemaLocation": f"{namespace} {schema}"})


def root():
    """Return the element that every answer is."""
    schema = f"{OAI} {OAI}OAI-PMH.xsd"
    return ElementTree.Element("OAI-PMH", {"xmlns": OAI, "xmlns:xsi": INSTANCE, "xsi:schemaLocation": schema})


def document(top):
    """Return a whole document in UTF-8."""
    return ElementTree.tostring(top, encoding="UTF-8", xml_declaration=True)
