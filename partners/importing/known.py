"""Which organisation of the directory a row is about, and why."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.importing.words import fold
from partners.models import Organisation, OrganisationAlias

IDENTIFIERS = {
    "police_uk_id": gettext_lazy("identifier of data.police.uk"),
    "ons_code": gettext_lazy("ONS code"),
    "ror": gettext_lazy("ROR identifier"),
}
"""What belongs to one organisation only, in the order in which it decides."""


class WrongRow(Exception):
    """A row that cannot be about one organisation: ``(column, sentence)``."""


class Directory:
    """All organisations by their identifiers and by their folded names, read once, and locked when they will change."""

    def __init__(self, *, lock=False):
        every = Organisation.objects.order_by("pk")
        self.organisations = {each.pk: each for each in (every.select_for_update() if lock else every)}
        self.identifiers = {name: {} for name in IDENTIFIERS}
        self.main, self.other, self.aliases = {}, {}, {}
        for each in self.organisations.values():
            for name, found in self.identifiers.items():
                if getattr(each, name):
                    found[getattr(each, name)] = each
            self.main.setdefault(fold(each.name), []).append(each)
            if each.name_cy:
                self.other.setdefault(fold(each.name_cy), []).append(each)
        for alias in OrganisationAlias.objects.order_by("pk"):
            self.aliases.setdefault(alias.organisation_id, []).append(alias.name)
            self.other.setdefault(fold(alias.name), []).append(self.organisations[alias.organisation_id])

    def match(self, values):
        """Return ``(organisation, why, whether its name may be changed)``, or Nones; raises ``WrongRow``."""
        named = self._named(values["name"]) or self._named(values.get("name_cy", ""))
        by, found = self._identified(values)
        if found is None:
            return self._by_name(values, named)
        if named and found not in named:
            words = {"theirs": found.name, "identifier": IDENTIFIERS[by], "named": named[0].name}
            raise WrongRow(
                by, _("This %(identifier)s belongs to %(theirs)s, while the name is that of %(named)s.") % words
            )
        return found, _("the same %(identifier)s") % {"identifier": IDENTIFIERS[by]}, True

    def _identified(self, values):
        """Return ``(which identifier, organisation)``; raises ``WrongRow`` when two lead to different ones."""
        by, found = None, None
        for name, known in self.identifiers.items():
            each = known.get(values.get(name))
            if each is not None and found is not None and each != found:
                words = {"theirs": each.name, "other": found.name, "identifier": IDENTIFIERS[by]}
                raise WrongRow(name, _("This belongs to %(theirs)s, while the %(identifier)s is %(other)s’s.") % words)
            if found is None and each is not None:
                by, found = name, each
        return by, found

    def _named(self, name):
        """Return the organisations of a name: those whose main one it is, else those that are also called so."""
        folded = fold(name)
        return self.main.get(folded) or list(dict.fromkeys(self.other.get(folded, ())))

    def _by_name(self, values, named):
        if not named:
            return None, "", False
        if len(named) > 1:
            names = "; ".join(sorted({each.name for each in named}))
            raise WrongRow("name", _("Several organisations are called so: %(names)s.") % {"names": names})
        (found,) = named
        for name in IDENTIFIERS:
            theirs = getattr(found, name)
            if theirs and values.get(name) and values[name] != theirs:
                words = {"name": found.name, "theirs": theirs}
                raise WrongRow(name, _("%(name)s, whose name this is, has another one: %(theirs)s.") % words)
        main = fold(values["name"]) == fold(found.name)
        return found, _("the same name") if main else _("also called so"), main
