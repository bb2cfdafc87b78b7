"""The page that explains the interface to people, made from the OpenAPI document."""

import json
from dataclasses import dataclass, field

from collaborative.core.views import Page
from collaborative.outputs.api.problems import KINDS

DEEPEST = 4
"""How deep an example goes."""


@dataclass(frozen=True)
class Operation:
    """What one address answers, as the page tells it."""

    name: str
    path: str
    summary: str
    parameters: list
    fields: list
    example: str
    anchor: str = ""


@dataclass
class Group:
    """The operations of one resource."""

    name: str
    description: str
    operations: list = field(default_factory=list)

    @property
    def title(self):
        """Its name, as a heading."""
        return self.name.replace("_", " ").capitalize()


class Documentation(Page):
    """What the interface answers, how to ask it, and what its problems mean."""

    policy = "public"
    template_name = "outputs/api.html"
    document = None

    def get_context_data(self, **kwargs):
        """Add what the OpenAPI document says."""
        problems = [{"kind": kind, "status": status, "title": title, "words": words}
                    for kind, (status, title, words) in KINDS.items()]  # fmt: skip
        return super().get_context_data(groups=groups(self.document), problems=problems, **kwargs)


def groups(document):
    """Return the operations of a document by resource, in its order."""
    found = {}
    for tag in document["tags"]:
        found.setdefault(tag["name"], Group(tag["name"], tag["description"]))
    for path, operations in document["paths"].items():
        told = operations["get"]
        if told["tags"][0] in found:
            found[told["tags"][0]].operations.append(_operation(document, path, told))
    return list(found.values())


def _operation(document, path, told):
    schema = told["responses"]["200"]["content"]["application/json"]["schema"]
    parameters = [
        {
            "name": each["name"],
            "type": type_of(each["schema"]),
            "words": each.get("description", ""),
            "required": each["required"],
        }
        for each in told["parameters"]
    ]
    example = json.dumps(example_of(document, schema), indent=2, ensure_ascii=False)
    return Operation(told["operationId"], path, told["summary"], parameters, fields_of(document, schema), example)


def fields_of(document, schema):
    """Return ``name type words`` of each field of an object; those of a list's rows stand below it."""
    whole = resolved(document, schema)
    rows = []
    for name, each in whole.get("properties", {}).items():
        rows.append({"name": name, "type": type_of(each), "words": each.get("description", "")})
        if name == "results":
            inner = fields_of(document, each["items"])
            rows += [row | {"name": f"results[].{row['name']}"} for row in inner]
    return rows


def resolved(document, schema):
    """Return a schema that stands for itself."""
    if "$ref" in schema:
        return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def type_of(schema):
    """Say in words what a value is."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2].removesuffix("Out")
    if "anyOf" in schema:
        return " | ".join(type_of(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"[{type_of(schema['items'])}]"
    return schema.get("format") or str(schema.get("type", "any"))


def example_of(document, schema, depth=0):
    """Return what an answer might look like; deep inside, lists are left empty."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "anyOf" in schema:
        return example_of(document, schema["anyOf"][0], depth)
    whole = resolved(document, schema)
    if whole.get("type") == "object":
        return {name: example_of(document, each, depth + 1) for name, each in whole.get("properties", {}).items()}
    if whole.get("type") == "array":
        return [] if depth >= DEEPEST else [example_of(document, whole["items"], depth + 1)]
    return _plain(whole)


def _plain(schema):
    if "enum" in schema:
        return schema["enum"][0]
    return {"integer": 1, "boolean": True, "null": None, "string": "…"}.get(schema.get("type"))
