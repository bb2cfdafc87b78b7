"""What was judged: the written library, and what people ask of it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Asked:
    """A query, who asks it, the answers of which each will do, why, and what makes it hard."""

    text: str
    who: str
    wanted: tuple
    why: str
    case: str
    held_out: bool = False


@cache
def documents():
    """Return the texts of the written library, as ``corpus.toml`` has them."""
    return tuple(_read("corpus.toml")["document"])


@cache
def queries():
    """Return what is asked, in the order of ``queries.toml``."""
    return tuple(Asked(**each | {"wanted": tuple(each["wanted"])}) for each in _read("queries.toml")["query"])


def _read(name):
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))
