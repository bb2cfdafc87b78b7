"""Loading the terms that a portal starts with."""

import tomllib
from pathlib import Path

FILE = Path(__file__).parent / "data" / "terms.toml"
KEPT = ("label", "label_cy", "label_fr", "source", "valid_from", "valid_to")


def load_terms(model, path=FILE):
    """Add the file's terms that ``model`` lacks, by scheme and code; return how many were added.

    What exists is left as it is: the admin may have changed it. ``model`` is ``Term``, or what a
    migration knows of it.
    """
    known = set(model.objects.values_list("scheme", "code"))
    terms = tomllib.loads(path.read_text(encoding="utf-8"))["terms"]
    new = [
        model(scheme=term["scheme"], code=term["code"], position=position, **{k: term[k] for k in KEPT if k in term})
        for position, term in enumerate(terms, start=1)
        if (term["scheme"], term["code"]) not in known
    ]
    return len(model.objects.bulk_create(new))
