"""What is answered to each verb."""

import re
from xml.etree.ElementTree import Element

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from collaborative.outputs.oai import harvest
from collaborative.outputs.oai.dublin_core import OAI_DC, SCHEMA, add_description
from collaborative.outputs.oai.moments import told_from, written
from collaborative.outputs.oai.protocol import PREFIX, Wrong, asked, check_prefix
from collaborative.outputs.oai.tokens import place_of, token_of
from collaborative.outputs.oai.xml import add, clean, document, root

IDENTIFIERS = "http://www.openarchives.org/OAI/2.0/oai-identifier"
DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+")
"""What the schema of ``oai-identifier`` takes for a repository: a name with a dot."""

NOT_UNDERSTOOD = ("badVerb", "badArgument")
"""After these errors the request's arguments are not repeated."""


def answer(sent):
    """Return the document that answers a request, whatever it is; ``sent`` is its ``QueryDict``."""
    top = root()
    add(top, "responseDate", written(timezone.now()))
    request = add(top, "request", settings.SITE_URL + reverse("oai"))
    verb, arguments = "", {}
    try:
        verb, arguments = asked(sent)
        said = Element(verb)
        ANSWERS[verb](said, arguments)
        top.append(said)
    except Wrong as wrong:
        arguments = {} if wrong.code in NOT_UNDERSTOOD else {"verb": verb, **arguments}
        add(top, "error", wrong, code=wrong.code)
    else:
        arguments = {"verb": verb, **arguments}
    request.attrib.update({name: clean(value) for name, value in arguments.items()})
    return document(top)


def identify(said, arguments):
    """Say who we are and since when there are records."""
    first = harvest.records().order_by("stamp").values_list("stamp", flat=True).first()
    add(said, "repositoryName", settings.SITE_NAME)
    add(said, "baseURL", settings.SITE_URL + reverse("oai"))
    add(said, "protocolVersion", "2.0")
    add(said, "adminEmail", settings.OPERATOR_CONTACT)
    add(said, "earliestDatestamp", written(told_from(first) if first else timezone.now()))
    add(said, "deletedRecord", "persistent")
    add(said, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    if DOMAIN.fullmatch(settings.SITE_HOST):
        _describe_identifiers(add(said, "description"))


def _describe_identifiers(description):
    named = add(description, "oai-identifier", xmlns=IDENTIFIERS)
    add(named, "scheme", "oai")
    add(named, "repositoryIdentifier", settings.SITE_HOST)
    add(named, "delimiter", ":")
    add(named, "sampleIdentifier", f"oai:{settings.SITE_HOST}:review/1")


def list_metadata_formats(said, arguments):
    """Say in which format records come, or one record comes."""
    if "identifier" in arguments:
        harvest.record_of(arguments["identifier"])
    only = add(said, "metadataFormat")
    add(only, "metadataPrefix", PREFIX)
    add(only, "schema", SCHEMA)
    add(only, "metadataNamespace", OAI_DC)


def list_sets(said, arguments):
    """Say which sets there are, all at once."""
    if "resumptionToken" in arguments:
        place_of(arguments["resumptionToken"], "ListSets")
    for spec, name in harvest.sets():
        each = add(said, "set")
        add(each, "setSpec", spec)
        add(each, "setName", name)


def get_record(said, arguments):
    """Give one record."""
    check_prefix(arguments["metadataPrefix"])
    _add_record(said, *harvest.record_of(arguments["identifier"]))


def list_identifiers(said, arguments):
    """Give the headers of what was asked for, a page of them."""
    page = _page("ListIdentifiers", arguments)
    for record in page.records:
        _add_header(said, record, page.things.get(record.pk))
    _add_token(said, page)


def list_records(said, arguments):
    """Give what was asked for, a page of it."""
    page = _page("ListRecords", arguments)
    for record in page.records:
        _add_record(said, record, page.things.get(record.pk))
    _add_token(said, page)


def _page(verb, arguments):
    if "resumptionToken" not in arguments:
        return harvest.page(verb, arguments)
    place = place_of(arguments["resumptionToken"], verb)
    return harvest.page(verb, place.arguments, place)


def _add_record(said, record, thing):
    """Add a record; of one that nobody may read any more only that it is gone."""
    whole = add(said, "record")
    _add_header(whole, record, thing)
    if thing is not None:
        add_description(add(whole, "metadata"), thing)


def _add_header(parent, record, thing):
    header = add(parent, "header", **({} if thing is not None else {"status": "deleted"}))
    add(header, "identifier", harvest.identifier(record))
    add(header, "datestamp", written(told_from(record.stamp)))
    for spec in sorted(each.spec for each in record.sets.all()):
        add(header, "setSpec", spec)


def _add_token(said, page):
    """Say where the list goes on; nothing when it is whole, and an empty token on the last of several pages."""
    if page.next or page.told:
        token = token_of(page.next) if page.next else ""
        add(said, "resumptionToken", token, completeListSize=page.size, cursor=page.told)


ANSWERS = {
    "Identify": identify,
    "ListMetadataFormats": list_metadata_formats,
    "ListSets": list_sets,
    "GetRecord": get_record,
    "ListIdentifiers": list_identifiers,
    "ListRecords": list_records,
}
