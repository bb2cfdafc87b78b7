"""What a person stands for: their part in a project, and the organisation they act for."""

from django.utils.translation import gettext as _

from collaborative.core.dated import holds_on
from collaborative.core.errors import Refused
from partners.models import ProgrammePartner
from partners.rights import rights_of
from projects.models import ProjectPerson


def part_of(user, project):
    """Return the person's present part in the project, or None.

    A part counts only while the person is staff of the organisation it is for. Kept for the length
    of one request, else asked anew.
    """
    if user is None or not user.is_authenticated:
        return None
    kept = getattr(user, "rights_kept", None)
    if kept is None:
        return _read_part(user, project)
    key = ("projects.part", project.pk)
    if key not in kept:
        kept[key] = _read_part(user, project)
    return kept[key]


def _read_part(user, project):
    return ProjectPerson.objects.acting(user).filter(project=project).first()


def leads(user, project):
    """Say whether the person is one of the project's leads."""
    part = part_of(user, project)
    return part is not None and part.part in ProjectPerson.LEADS


def standings(user, programme=None):
    """Return the partnerships for which the person may act today, in programmes that run; or in one.

    Each has its ``programme`` and its ``organisation`` with the kind.
    """
    rows = ProgrammePartner.objects.current().filter(organisation_id__in=rights_of(user).organisations)
    if programme is not None:
        rows = rows.filter(programme=programme)
    rows = rows.filter(holds_on(starts="programme__starts_on", ends="programme__ends_on"))
    shown = ("programme", "organisation", "organisation__kind_of")
    return rows.select_related(*shown).order_by("programme__name", "organisation__name", "pk")


def likeliest(user, rows):
    """Return the one of some standings that is for the organisation the person acts for; else the first, or None."""
    chosen, rows = rights_of(user).acting_for, list(rows)
    return next((row for row in rows if row.organisation_id == chosen), rows[0] if rows else None)


def require_standing(user, programme_id, organisation_id):
    """Return quietly when the person may act for the organisation in the programme today; else ``Refused``."""
    if not standings(user, programme_id).filter(organisation_id=organisation_id).exists():
        raise Refused(_("You can no longer act for this organisation in this programme. Choose another."))


def acting_for(user, project):
    """Return the id of the organisation for which the person acts on the project, or None.

    It is that of their part in it; else the one of theirs that is a partner of the programme, and that they
    act for where several are.
    """
    part = part_of(user, project)
    if part is not None:
        return part.organisation_id
    standing = likeliest(user, standings(user, project.programme_id))
    return standing and standing.organisation_id
