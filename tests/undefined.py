"""Makes a variable that no one gave a template an error, where Django would show nothing.

Asking whether there is one (``{% if %}``, ``{% for %}``, ``{% firstof %}``) and naming what stands in its
place (``|default``) stay allowed. Templates of other packages are left as they are.
"""

import sys
from pathlib import Path

from django.conf import settings
from django.template import engines
from django.template.base import Node
from django.template.defaultfilters import default, default_if_none

OURS = str(Path(settings.BASE_DIR) / "templates")
FORGIVING = (default, default_if_none)


class UndefinedVariable(Exception):
    """A template of ours used a variable that its view did not give it."""


class Undefined(str):
    """Django asks this, its ``string_if_invalid``, what to show for a variable that is not there."""

    def __contains__(self, part):
        return part == "%s"

    def __mod__(self, variable):
        frame = sys._getframe(1)
        expression, context = frame.f_locals["self"], frame.f_locals["context"]
        name = template_of(frame)
        if name.startswith(OURS) and not any(function in FORGIVING for function, _arguments in expression.filters):
            raise UndefinedVariable(f"{variable} in {name}")
        return as_django_does(expression, context)


def template_of(frame):
    """Return the path of the template in which the expression stands, or an empty string."""
    while frame:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and hasattr(node, "origin"):
            return str(node.origin.name)
        frame = frame.f_back
    return ""


def as_django_does(expression, context):
    """Resolve an expression as it is outside the tests, its filters included."""
    engine = context.template.engine
    strict, engine.string_if_invalid = engine.string_if_invalid, ""
    try:
        return expression.resolve(context)
    finally:
        engine.string_if_invalid = strict


def forbid():
    """Make undefined variables errors for the rest of this run."""
    engines["django"].engine.string_if_invalid = Undefined("undefined")
