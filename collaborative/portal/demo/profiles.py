"""What some of the invented people say of themselves."""

from collaborative.accounts.models import User
from collaborative.portal.demo.bodies import term
from collaborative.vocabulary.models import Theme
from partners.models import Profile
from partners.services import save_profile

CHOSEN = (("methods", "method"), ("languages", "language"), ("offers", "offer"))


def load(source):
    """Make the profiles that are missing; what there is stays as its person left it."""
    emails = {row["slug"]: row["email"] for row in source.rows("people")}
    for row in source.rows("profiles"):
        user = User.objects.get(email=emails[row["person"]])
        if not Profile.objects.filter(user=user).exists():
            _profile(user, row)


def _profile(user, row):
    chosen = {name: [term(scheme, code) for code in row[name]] for name, scheme in CHOSEN}
    save_profile(
        user,
        by=user,
        audience=row["audience"],
        shows_email=row.get("shows_email", False),
        about=row["about"].strip(),
        orcid=row.get("orcid", ""),
        expertise=row["expertise"],
        themes=Theme.objects.filter(slug__in=row["themes"]),
        **chosen,
    )
