"""What themes say of themselves; ``vocabulary`` stands below and cannot register them itself."""

from collaborative.core.text import plain
from collaborative.outputs.registry import Description, outgoing


@outgoing("theme", namespace="themes", order=40)
def theme(theme):
    """A theme by its English name."""
    return Description(title=theme.name, summary=plain(theme.summary), type="Collection", language="en")
