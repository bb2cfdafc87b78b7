"""Could somebody repeat this? What a practice sheet has and what it lacks."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Line:
    """One question of the checklist: whether it is answered, where to answer it, whether it must be."""

    words: str
    lacks: str
    anchor: str
    done: bool
    required: bool


WANTED = (
    ("summary", _("In short: what is done, in a few sentences"), _("Say in short what is done."), True),
    ("themes", _("A theme, so that others find it"), _("Choose at least one theme."), True),
    ("why", _("Why it is done, and what it achieves"), _("Say why it is done."), True),
    ("conditions", _("What has to be in place first"), _("Say what has to be in place first."), True),
    (
        "examples",
        _("An example that says what was done, where, and who says so"),
        _("Give an example that says what was done, with its place and its source."),
        True,
    ),
    ("modes", _("A way to put it into effect"), _("Say of at least one way how it is put into effect."), True),
    ("stage", _("How far it has been tested"), _("Say how far it has been tested."), True),
    ("contact", _("Whom to ask"), _("Say whom to ask: a team or an office."), True),
    ("cost", _("What it costs, or that this is not known"), _("Say what it costs, or that this is not known."), False),
    ("not_worked", _("What did not work"), _("Say what did not work: it saves others the same mistake."), False),
    ("resources", _("Something to read or use"), _("Name something to read or use."), False),
    ("tags", _("Tags, in the words of those who look for it"), _("Add a tag or two."), False),
)


def checklist(values):
    """Return the ``Line`` of every question about a sheet's ``snapshot``, those that must be answered first."""
    return [Line(words, lacks, name, _answered(values, name), required) for name, words, lacks, required in WANTED]


def lacking(values):
    """Return ``{field: sentence}`` of what a sheet must still have before it is sent in."""
    return {line.anchor: line.lacks for line in checklist(values) if line.required and not line.done}


def _answered(values, name):
    if name == "examples":
        return any(row["text"] and (row["place"] or row["country"]) and _sourced(row) for row in values[name])
    if name == "modes":
        return any(row["text"] for row in values[name])
    return bool(values["stage_id" if name == "stage" else name])


def _sourced(row):
    return bool(row["source"] or row["url"])
