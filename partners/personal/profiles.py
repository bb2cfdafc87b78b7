"""What people say of themselves, and their pictures."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaborative.core.personal import table
from collaborative.search.services import forget as forget_in_search
from partners.models import (
    Profile,
)
from partners.personal.words import FIND, own
from partners.services.profiles import forget_profile


def take_profile_away(leaver):
    """Delete the profile, its picture and every word of it in the index."""
    kept = Profile.objects.filter(user=leaver.user).values_list("pk", flat=True).first()
    if kept is not None:
        forget_profile(leaver.user)
        forget_in_search(Profile.kind, kept)


table(
    "profile",
    order=20,
    covers=("partners.Profile.user", "partners.Profile.picture", "partners.Profile.orcid"),
    label=_("Your profile: what you say of yourself, your words for what you know, your picture"),
    purpose=FIND,
    kept=_("While you have an account, or until you take it away"),
    leaving=_("Deleted with its picture, at once and everywhere"),
    rows=own(Profile),
    columns={
        "slug": _("Address"),
        "audience": _("Who sees it"),
        "about": _("About you"),
        "orcid": _("ORCID"),
        "shows_email": _("Shows your e-mail address"),
        "picture": _("Picture"),
        "changed_at": _("Changed"),
    },
    files=("picture",),
    erase=take_profile_away,
)


def said(name, label, column):
    """Register words that a person chose for their profile."""
    model = getattr(Profile, name).through
    table(
        f"profile-{name}",
        covers=(),
        part_of="profile",
        label=label,
        purpose=FIND,
        kept=_("While you have an account, or until you take it away"),
        leaving=_("Deleted with your profile"),
        rows=lambda user: model.objects.filter(profile__user=user),
        columns={column: _("Word")},
    )


said("expertise", _("Your expertise"), "expertise__name")
said("themes", _("Themes in your profile"), "theme__name")
said("methods", _("Methods in your profile"), "term__label")
said("languages", _("Languages in your profile"), "term__label")
said("offers", _("What you are listed for"), "term__label")


def forget_lost_pictures():
    """Delete the pictures to which no profile points any more, as after a crash or a restore; return their names."""
    storage, yesterday = Profile._meta.get_field("picture").storage, timezone.now() - timedelta(days=1)
    folder = Profile._meta.get_field("picture").upload_to
    if not storage.exists(folder):
        return []
    kept = set(Profile.objects.exclude(picture="").values_list("picture", flat=True))
    stored = [f"{folder}{name}" for name in storage.listdir(folder)[1]]
    lost = [name for name in stored if name not in kept and storage.get_modified_time(name) < yesterday]
    for name in lost:
        storage.delete(name)
    return lost
