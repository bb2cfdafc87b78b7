"""What organisations, programmes and people say of themselves to those who read by machine."""

from collaborative.core.text import plain
from collaborative.outputs.registry import Description, outgoing


@outgoing("organisation", namespace="partners", rows=lambda rows: rows.select_related("kind_of"), order=70)
def organisation(organisation):
    """An organisation by its name."""
    identifiers = (f"https://ror.org/{organisation.ror}",) if organisation.ror else ()
    return Description(
        title=organisation.name,
        summary=plain(organisation.description),
        type=organisation.kind_of.label,
        coverage=(organisation.region,) if organisation.region else (),
        identifiers=identifiers,
    )


@outgoing("programme", namespace="programmes", order=60)
def programme(programme):
    """A programme by its name."""
    return Description(title=programme.name, summary=plain(programme.summary), date=programme.starts_on)


@outgoing("profile", namespace="people", rows=lambda rows: rows.select_related("user"), order=80, addresses_kept=False)
def profile(profile):
    """A person who chose to be found by everyone, by name alone."""
    return Description(title=profile.user.name)
