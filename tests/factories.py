"""Rows for tests: each function makes one valid thing, with sequences for what must differ."""

from datetime import timedelta
from itertools import count
from uuid import uuid4

from django.utils import timezone

from collaborative.accounts.models import Appointment, User
from collaborative.vocabulary.models import Term, Theme
from evidence.models import FormatRequest, PeerReview, Review, ReviewPerson, Round, Sheet, Tried, Version
from evidence.states import PUBLIC_STATES, READ_STATES, VersionState
from partners.models import Expertise, Membership, Organisation, Profile, Programme, ProgrammePartner, ProgrammeRole
from projects.models import Project, ProjectArea, ProjectPerson, ProjectTheme
from projects.states import Stage
from training.models import Event
from training.states import EventState

_numbers = count(1)
PASSWORD = "a quiet river under nine bridges"


def number():
    """Return a number that no other row of this run has."""
    return next(_numbers)


def yesterday():
    """Return a day on which things may have begun."""
    return timezone.localdate() - timedelta(days=1)


def term(scheme, code="research"):
    """Return a term, made when it is missing."""
    return Term.objects.get_or_create(
        scheme=scheme, code=code, defaults={"label": code.replace("_", " ").capitalize()}
    )[0]


def theme(**fields):
    """Make a theme."""
    n = number()
    return Theme.objects.create(**{"slug": f"theme-{n}", "name": f"Theme {n}", "summary": "What it is about."} | fields)


def person(**fields):
    """Make an account without rights, whose address is confirmed."""
    from allauth.account.models import EmailAddress

    n = number()
    user = User.objects.create_user(
        **{"email": f"person{n}@people.example", "name": f"Person {n}", "password": PASSWORD} | fields
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def organisation(kind="police_force", **fields):
    """Make an organisation."""
    n = number()
    values = {"slug": f"organisation-{n}", "name": f"Organisation {n}", "kind_of": term("organisation_kind", kind)}
    return Organisation.objects.create(**values | fields)


def programme(**fields):
    """Make a programme that began yesterday."""
    n = number()
    values = {
        "slug": f"programme-{n}",
        "name": f"Programme {n}",
        "short_name": f"P{n}",
        "summary": "Partners at work.",
        "starts_on": yesterday(),
    }
    return Programme.objects.create(**values | fields)


def partner(in_programme, an_organisation=None, **fields):
    """Make an organisation a partner of a programme; return the organisation."""
    body = an_organisation or organisation()
    role = term("programme_role", "collaborating_partner")
    values = {"starts_on": yesterday(), "role": role} | fields
    ProgrammePartner.objects.create(programme=in_programme, organisation=body, **values)
    return body


def member(an_organisation, *, role="member", user=None, **fields):
    """Make someone staff of an organisation; return the person."""
    user = user or person()
    values = {"starts_on": yesterday(), "role": role} | fields
    Membership.objects.create(user=user, organisation=an_organisation, **values)
    return user


def coordinator(of_programme, user=None):
    """Make someone coordinator of a programme; return the person."""
    user = user or person()
    ProgrammeRole.objects.create(user=user, programme=of_programme, starts_on=yesterday())
    return user


def reviewer(of_programme, user=None):
    """Make someone a reviewer of a programme; return the person."""
    user = user or person()
    ProgrammeRole.objects.create(user=user, programme=of_programme, role="reviewer", starts_on=yesterday())
    return user


def administrator():
    """Make an administrator."""
    user = person()
    Appointment.objects.create(user=user, starts_on=yesterday())
    return user


def with_second_factor(user):
    """Give someone an authenticator app and recovery codes; return the person."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def area(in_programme, **fields):
    """Make a project area."""
    n = number()
    return ProjectArea.objects.create(programme=in_programme, **{"slug": f"area-{n}", "name": f"Area {n}"} | fields)


def project(in_programme=None, *, stage=Stage.ACTIVE, leads=(), themes=(), **fields):
    """Make a project in a stage; ``leads`` are (user, organisation, part)."""
    n = number()
    run = in_programme or programme()
    values = {
        "slug": f"project-{n}",
        "title": f"Project {n}",
        "summary": "What it will find out.",
        "problem": "Nobody knows.",
        "approach": "Ask and compare.",
        "stage": stage,
        "kind_of": term("project_kind", "research"),
        "listed_at": timezone.now(),
    }
    if "lead_organisation" not in fields:
        values["lead_organisation"] = partner(run)
    made = Project.objects.create(programme=run, **values | fields)
    for user, body, part in leads:
        ProjectPerson.objects.create(project=made, user=user, organisation=body, part=part, starts_on=yesterday())
    for each in themes:
        ProjectTheme.objects.create(project=made, theme=each)
    return made


def review(in_programme=None, *, state=VersionState.PUBLISHED, themes=(), **fields):
    """Make a review with one version in a state; the public ones are its current text."""
    n = number()
    values = {
        "slug": f"review-{n}",
        "title": f"Review {n}",
        "summary": "What is known.",
        "kind_of": term("review_kind", "rapid_evidence_review"),
    }
    made = Review.objects.create(programme=in_programme or programme(), **values | fields)
    made.themes.set(themes)
    version = version_of(made, state)
    if version.published_at:
        public = version if state in PUBLIC_STATES else None
        Review.objects.filter(pk=made.pk).update(current=public, published_at=version.published_at)
        made.refresh_from_db()
    return made


def version_of(made, state, **fields):
    """Make a version of a review in a state, with what the database wants of that state."""
    now = timezone.now()
    wanted = {
        VersionState.WITHDRAWN: {"withdrawn_at": now, "withdrawn_reason": "Found wrong."},
        VersionState.ARCHIVED: {"archived_at": now, "archived_reason": "Its subject has gone."},
        VersionState.SUPERSEDED: {"superseded_by": made},
    }
    once = now if state in (*READ_STATES, VersionState.WITHDRAWN) else None
    values = {"title": made.title, "published_at": once, **wanted.get(state, {}), **fields}
    return Version.objects.create(review=made, state=state, **values)


def editor(of_review, user=None, part="editor"):
    """Make someone an editor (or author) of a review, with a second factor; return the person."""
    user = user or with_second_factor(person())
    ReviewPerson.objects.create(review=of_review, user=user, part=part, starts_on=yesterday())
    return user


def author(of_review, user=None):
    """Make someone an author who works on a review; return the person."""
    return editor(of_review, user or person(), part="author")


def peer_review(of_version, user=None, *, state="invited", part="subject", **fields):
    """Ask someone to review a version in its open round, which is opened when there is none; return the row."""
    round_of = of_version.rounds.filter(closed_at=None).first() or Round.objects.create(
        version=of_version, number=of_version.rounds.count() + 1, due_on=timezone.localdate() + timedelta(days=28)
    )
    answered = {} if state == "invited" else {"has_conflict": False, "answered_at": timezone.now()}
    sent = {"opinion": "minor", "submitted_at": timezone.now()} if state == "submitted" else {}
    return PeerReview.objects.create(
        round=round_of,
        number=round_of.peer_reviews.count() + 1,
        user=user or person(),
        part=part,
        state=state,
        due_on=round_of.due_on,
        **answered | sent | fields,
    )


def sheet(in_programme=None, *, state="published", **fields):
    """Make a practice sheet in a state."""
    n = number()
    now = timezone.now()
    values = {"slug": f"sheet-{n}", "title": f"Sheet {n}", "code": f"S{n}", "summary": "How it is done."}
    if state != "draft":
        values["submitted_at"] = now
    if state in ("published", "retired", "withdrawn"):
        values["published_at"] = now
    if state == "withdrawn":
        values |= {"withdrawn_at": now, "withdrawn_reason": "It did harm."}
    return Sheet.objects.create(programme=in_programme or programme(), state=state, **values | fields)


def tried(of_sheet, user, an_organisation, **fields):
    """Let someone say for an organisation that it tried a practice; return the note."""
    values = {"place": "Lowick", "result": "worked", "text": "It went well."} | fields
    return Tried.objects.create(sheet=of_sheet, user=user, organisation=an_organisation, **values)


def format_request(of_review, **fields):
    """Ask for a review in large print; return the row."""
    values = {"wanted": "format", "format": "large_print", "form_key": uuid4(), "due_on": timezone.localdate()}
    return FormatRequest.objects.create(review=of_review, version=of_review.current, **values | fields)


def event(in_programme=None, *, state=EventState.OPEN, **fields):
    """Make an event of two hours, a week from now."""
    n = number()
    run = in_programme or programme()
    starts_at = timezone.now() + timedelta(days=7)
    values = {
        "slug": f"event-{n}",
        "title": f"Event {n}",
        "summary": "What will be learnt.",
        "kind_of": term("training_kind", "workshop"),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "state": state,
    }
    if "organiser" not in fields:
        values["organiser"] = partner(run)
    return Event.objects.create(programme=run, **values | fields)


def profile(user=None, *, audience="everyone", words=(), themes=(), methods=(), languages=(), offers=(), **fields):
    """Make somebody's profile and index it; ``methods languages offers`` are codes of terms."""
    from collaborative.search.services import index

    user = user or person()
    made = Profile.objects.create(user=user, audience=audience, **{"slug": f"person-{number()}"} | fields)
    made.expertise.set(Expertise.objects.get_or_create(name=word)[0] for word in words)
    made.themes.set(themes)
    for scheme, codes in (("method", methods), ("language", languages), ("offer", offers)):
        getattr(made, f"{scheme}s").set(term(scheme, code) for code in codes)
    index(made)
    return made
