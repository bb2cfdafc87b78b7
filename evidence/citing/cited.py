"""Everything that a page says about how its text is cited, made when it is asked for."""

from functools import cached_property

from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from evidence.citing.csl import csl_of
from evidence.citing.formats import FORMATS
from evidence.citing.jsonld import jsonld
from evidence.citing.signposts import header
from evidence.citing.styled import APA, HARVARD, as_html, as_text, styled
from evidence.citing.tags import tags

STYLES = (("harvard", _("Harvard (Cite Them Right)"), HARVARD), ("apa", _("APA, 7th edition"), APA))


class Cited:
    """How one work is cited; ``for_machines`` is empty for what not everyone reads."""

    def __init__(self, work):
        self.work = work

    @cached_property
    def item(self):
        """The work as CSL-JSON."""
        return csl_of(self.work)

    @property
    def styles(self):
        """The formatted citations as ``[(name, label, HTML), …]``."""
        return [(name, label, as_html(styled(self.item, style))) for name, label, style in STYLES]

    @property
    def line(self):
        """The citation by the first style, as plain text."""
        return as_text(styled(self.item, HARVARD))

    @property
    def downloads(self):
        """The formats to download as ``[(label, address), …]``."""
        return [(each.label, f"{self.work.base}.{each.ending}") for each in FORMATS.values() if each.label]

    @property
    def tags(self):
        """The tags of the head, for what everyone reads."""
        return tags(self.work) if self.work.public else []

    @property
    def jsonld(self):
        """The description in the terms of schema.org, for what everyone reads."""
        return mark_safe(jsonld(self.work)) if self.work.public else ""  # noqa: S308 - it holds no < and no &

    @property
    def links(self):
        """The ``Link`` header, for what everyone reads."""
        return header(self.work) if self.work.public else ""
