"""The OpenAPI 3.1 document: what ninja reads out of the operations, with what is true of all of them."""

import json

from django.conf import settings

from collaborative.outputs.api.problems import KINDS, PROBLEM, ProblemDocument, in_words

ROOT = "/api/v1/"
ABOUT = (
    "Everything public on this portal, for programs: read only, without keys and without cookies. Whoever asks gets "
    "the same answer, signed in or not, so answers may be cached. Texts are Markdown in the language of their source, "
    "labels are English; moments are ISO 8601 with their zone, addresses are whole."
)
ALWAYS = (406, 429, 500)
ON_ANY = {
    "ETag": "Changes whenever the answer does. Send it back as If-None-Match.",
    "RateLimit-Limit": "How many requests a minute one address may make. Missing where nothing is limited.",
    "RateLimit-Remaining": "How many are left.",
    "RateLimit-Reset": "In how many seconds they are counted anew.",
}
ON_LISTS = {"Link": "The address of the next page, as RFC 8288 has it."}
ON_DATED = {"Last-Modified": "Since when the record is as it is."}


def document(api, found):
    """Return the document of the interface as plain data."""
    whole = json.loads(json.dumps(api.get_openapi_schema(path_prefix=ROOT)))
    whole["info"] = {"title": f"{settings.SITE_NAME}: API", "version": "1", "description": ABOUT}
    whole["servers"] = [{"url": settings.SITE_URL}]
    whole["tags"] = [{"name": each.name, "description": each.__doc__ or ""} for each in found if each.listed]
    schemas = whole["components"]["schemas"]
    for name in [each for each in schemas if each.endswith("Parameters")]:
        del schemas[name]
    schemas["Problem"] = _problem(schemas)
    dated = {each.one for each in found if each.dated}
    for path, operations in whole["paths"].items():
        _complete(path, operations["get"], operations["get"]["operationId"] in dated)
    return whole


def _problem(schemas):
    made = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(made.pop("$defs", {}))
    return made


def _complete(path, operation, dated):
    """Add what an operation may answer beside what is asked for."""
    for each in operation["parameters"]:
        each.pop("examples", None)  # they stand in the schema, as a list; here they would have to be named
        each["schema"] = _given(each["schema"])
    listed = any(each["name"] == "cursor" for each in operation["parameters"])
    one = "{slug}" in path
    headers = ON_ANY | (ON_LISTS if listed else {}) | (ON_DATED if dated else {})
    ok = operation["responses"]["200"]
    ok["headers"] = {name: {"description": words, "schema": {"type": "string"}} for name, words in headers.items()}
    operation["responses"]["304"] = {"description": "The reader has it already."}
    if one:
        operation["responses"]["301"] = {"description": "It has another address now; Location names it."}
    statuses = {400, *ALWAYS, *((404, 410) if one else ())}
    for status in sorted(statuses):
        operation["responses"][str(status)] = {
            "description": "; ".join(title for code, title, _words in KINDS.values() if code == status)
            or in_words(status),
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


def _given(schema):
    """Return the schema of a parameter that is given: nothing can only be said by leaving it out."""
    if schema.get("default", 0) in (None, []):
        del schema["default"]
    choices = schema.pop("anyOf", None)
    return schema if choices is None else schema | choices[0]
