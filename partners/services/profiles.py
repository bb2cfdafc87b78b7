"""What people say of themselves to others: kept, found by those who may see it, and gone when they say so."""

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from collaborative.accounts.models import User
from collaborative.audit.services import record
from collaborative.core import policies
from collaborative.core.errors import Refused
from collaborative.core.slugs import free_slug
from collaborative.search.services import index, remove
from partners.intake.expertise import spellings, typed_words
from partners.models import Expertise, Profile
from partners.models.profiles import RESERVED_SLUGS

SAID = ("audience", "shows_email", "about", "orcid")
CHOSEN = ("themes", "methods", "languages", "offers")
ATTEMPTS = 5
"""How often a free address is looked for while others take it at the same moment."""


def save_profile(person, *, by, picture=None, remove_picture=False, **said):
    """Keep what a person says of themselves, make it found by those who may see it, and return the profile.

    ``said`` holds ``audience shows_email about orcid``, ``expertise`` (words, made when they are missing) and
    ``themes methods languages offers`` (rows); what is left out stays as it is. ``picture`` is what
    ``pictures.portrait`` made. The first save gives the page its address, which stays when the name changes.

    Raises ``PermissionDenied`` for another's profile, and ``Refused`` without a name to show, for an ORCID
    that another profile has and for words that are none.
    """
    storage, stored = Profile._meta.get_field("picture").storage, None
    if picture is not None:
        stored = storage.save(f"people/{picture.name}", picture)
    try:
        with transaction.atomic():
            profile, old = _save(person, by, stored or ("" if remove_picture else None), said)
            if old and old != profile.picture.name:
                transaction.on_commit(lambda: storage.delete(old))
            return profile
    except BaseException:
        if stored:
            storage.delete(stored)
        raise


def _save(person, by, picture, said):
    """Write the profile; return it with the name of the picture that it had before."""
    owner = User.objects.select_for_update().get(pk=person.pk)
    profile = Profile.objects.filter(user=owner).first() or Profile(user=owner)
    profile.user = owner
    policies.require("profiles.save", by, profile)
    before, old = profile.audience if profile.pk else "", profile.picture.name
    for name in SAID:
        setattr(profile, name, said.get(name, getattr(profile, name)))
    if picture is not None:
        profile.picture = picture
    profile.changed_at = timezone.now()
    if not profile.hidden and not owner.name.strip():
        raise Refused(_("Give your account a name first: the page would stand without one."))
    _write(profile)
    _relate(profile, said)
    index(profile)
    record("profile.saved", profile, by=by, from_state=before, to_state=profile.audience)
    return profile, old


def _write(profile):
    """Save the row at a free address; two people of one name at one moment get two."""
    for _attempt in range(ATTEMPTS):
        _refuse_taken_orcid(profile)
        if _saved(profile):
            return
    raise Refused(_("This could not be saved just now. Try again."))


def _saved(profile):
    """Save the row; say whether nobody took its address or its ORCID meanwhile."""
    if profile.pk is None:
        name = profile.user.name if slugify(profile.user.name) else "person"
        profile.slug = free_slug(Profile, name, RESERVED_SLUGS)
    try:
        with transaction.atomic():
            profile.save()
    except IntegrityError:
        return False
    return True


def _refuse_taken_orcid(profile):
    if profile.orcid and orcid_taken(profile.orcid, profile.user):
        raise Refused(taken_orcid())


def orcid_taken(orcid, person):
    """Say whether another person's profile has this ORCID."""
    return Profile.objects.filter(orcid=orcid).exclude(user=person).exists()


def taken_orcid():
    """Return what somebody is told who gives another's ORCID."""
    return _("Another person here has this ORCID. Check that it is yours; if it is, tell us by “Report a problem”.")


def _relate(profile, said):
    for name in CHOSEN:
        if name in said:
            getattr(profile, name).set(said[name])
    if "expertise" in said:
        profile.expertise.set(known_words(said["expertise"]))


@transaction.atomic
def known_words(words):
    """Return the expertise of these words, whatever their capitals; what is missing is made.

    Raises ``Refused`` for words that ``expertise.typed_words`` refuses.
    """
    try:
        words = typed_words("\n".join(words))
    except ValueError as wrong:
        raise Refused(str(wrong)) from wrong
    missing = [word for word in words if word.casefold() not in _called(words)]
    Expertise.objects.bulk_create([Expertise(name=word) for word in missing], ignore_conflicts=True)
    called = _called(words)
    return [called[word.casefold()] for word in words]


def _called(words):
    small = Expertise.objects.annotate(small=Lower("name")).filter(small__in=spellings(words))
    return {row.name.casefold(): row for row in small.order_by("-pk")}


@transaction.atomic
def forget_profile(person):
    """Take a person's profile away with its picture, at once and everywhere; nothing happens when there is none."""
    profile = Profile.objects.select_for_update().filter(user=person).first()
    if profile is None:
        return
    storage, picture = profile.picture.storage, profile.picture.name
    remove(profile.kind, profile.pk)
    profile.delete()
    if picture:
        transaction.on_commit(lambda: storage.delete(picture))
