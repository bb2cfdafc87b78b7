"""What a proposal must hold before it can be sent, said in the same words everywhere."""

from django.utils.translation import gettext_lazy as _

LONGEST = {"title": 160, "summary": 600, "problem": 4000, "approach": 4000, "benefit": 4000}
"""The most characters that each text may have."""

LONGEST_REASON = 4000
LONGEST_MESSAGE = 1500

WANTED = {
    "title": _("Give the project a title."),
    "kind_of": _("Say what kind of work it is."),
    "themes": _("Choose at least one theme."),
    "summary": _("Say in a few sentences what it will find out."),
    "problem": _("Say what the problem is."),
    "approach": _("Say how you will go about it."),
    "benefit": _("Say what policing gains from it."),
}
"""What is asked for when it is missing, by field, in the order of the form."""


def missing(project):
    """Return ``{field: sentence}`` of what a saved proposal still lacks."""
    held = {name: getattr(project, name) for name in WANTED if name not in ("themes", "kind_of")}
    held |= {"kind_of": project.kind_of_id, "themes": project.themes.exists()}
    return {name: sentence for name, sentence in WANTED.items() if not held[name]}
