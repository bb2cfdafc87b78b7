"""Every registered letter can be written: it has a title, a date and a link, in every language, and its own subject."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collaborative.notifications import notices
from collaborative.notifications.models import Digest, Letter
from collaborative.notifications.notices import related_of
from collaborative.notifications.rendering import as_reader, message
from collaborative.portal.models import ProblemReport
from evidence.states import VersionState
from partners.models import Handover, Invitation, MembershipRequest
from projects.models import Decision, JoinRequest
from projects.states import Stage
from tests import factories
from training.models import Booking

pytestmark = pytest.mark.django_db
UNDEFINED = "⟪undefined⟫"
LETTERS = sorted(notices.notices())


def join_request():
    """Make a request to join a project."""
    project = factories.project()
    asker = factories.member(factories.partner(project.programme))
    body = asker.memberships.get().organisation
    return JoinRequest.objects.create(
        project=project, user=asker, organisation=body, message="I know *shifts*.", answer="Gladly."
    )


def booking():
    """Make a booking."""
    return Booking.objects.create(event=factories.event(), user=factories.person(), state="confirmed")


def version():
    """Make a version that was withdrawn, with its reason."""
    made = factories.review(state=VersionState.WITHDRAWN).versions.get()
    words = {"archived_reason": "The *law* has changed.", "sent_back_because": "Say *where*."}
    type(made).objects.filter(pk=made.pk).update(superseded_by=factories.review(), **words)
    made.corrections.create(text="Two, *not* three.", by=factories.person())
    return type(made).objects.get(pk=made.pk)


def digest():
    """Make a day's window with one thing in it."""
    from collaborative.notifications.services import announce, follow

    person, theme, now = factories.person(), factories.theme(), timezone.now()
    follow(person, "theme", theme.pk)
    review = factories.review(themes=[theme])
    announce(review, event=f"published:{review.pk}", topics=[("theme", theme.pk)])
    day = timezone.localdate()
    return Digest.objects.create(user=person, day=day, window_from=now, window_to=now + timedelta(hours=1))


def problem():
    """Make a report of a problem."""
    return ProblemReport.objects.create(page="/evidence/", message="The table is cut off.")


def membership():
    """Make a membership that ends tomorrow, with the reason."""
    user = factories.member(factories.organisation(), ends_on=timezone.localdate() + timedelta(days=1))
    user.memberships.update(ended_because="Moved to *another* force.")
    return user.memberships.get()


def membership_request():
    """Make a request to be let into an organisation, with its answer."""
    words = {"title": "Analyst", "message": "I know *shifts*.", "answer": "Gladly."}
    return MembershipRequest.objects.create(user=factories.person(), organisation=factories.organisation(), **words)


def programme_role():
    """Make an office."""
    programme = factories.programme()
    return programme.roles.get(user=factories.coordinator(programme))


def handover():
    """Make a matter that somebody is asked to take over."""
    project = factories.project()
    body = project.lead_organisation
    lead = factories.member(body)
    part = project.people.create(user=lead, organisation=body, part="police_lead", starts_on=factories.yesterday())
    more = {"state": "asked", "asked": factories.member(body), "answer": "I have *no* time."}
    return Handover.objects.create(holding="project_lead", object_id=part.pk, organisation=body, held_by=lead, **more)


def invitation():
    """Make an invitation that waits for an answer."""
    now, body = timezone.now(), factories.organisation()
    more = {"message": "We *need* you.", "role": "lead", "expires_at": now + timedelta(days=21)}
    by = factories.member(body, role="lead")
    return Invitation.objects.create(organisation=body, email="asha@force.example", invited_by=by, **more)


def format_request():
    """Make a request for another format, with its answer."""
    words = {"details": "Type of *18* points.", "answer": "Here *it* is.", "email": "asha@force.example"}
    return factories.format_request(factories.review(), **words)


def review_person():
    """Make an editor's part in a review."""
    review = factories.review(state=VersionState.DRAFTING)
    return review.people.get(user=factories.editor(review))


def peer_review():
    """Make a peer review with all that its letters tell."""
    version = factories.review(state=VersionState.PEER_REVIEW).versions.get()
    words = {"conflict": "We *share* an office.", "has_conflict": True, "declined_because": "I have *no* time."}
    made = factories.peer_review(version, state="submitted", **words)
    made.round.letter = "We *rewrote* it."
    made.round.save()
    return made


def sheet():
    """Make a practice sheet with all that its letters tell."""
    words = {"returned_reason": "Which *bus*?", "retired_reason": "The *line* closed."}
    return factories.sheet(state="withdrawn", **words)


def tried():
    """Make a note by who tried a practice, which is hidden."""
    user = factories.member(factories.organisation())
    body = user.memberships.get().organisation
    hidden = {"hidden_at": timezone.now(), "hidden_by": factories.person(), "hidden_reason": "It *names* someone."}
    return factories.tried(factories.sheet(), user, body, text="It *went* well.", **hidden)


THINGS = {
    "sheet": sheet,
    "tried": tried,
    "project": factories.project,
    "review": factories.review,
    "event": factories.event,
    "version": version,
    "join_request": join_request,
    "review_person": review_person,
    "peer_review": peer_review,
    "peer_review_round": lambda: peer_review().round,
    "format_request": format_request,
    "booking": booking,
    "digest": digest,
    "handover": handover,
    "membership": membership,
    "membership_request": membership_request,
    "programme_role": programme_role,
    "invitation": invitation,
    "organisation": factories.organisation,
    "problem": problem,
}
"""A thing of each kind that letters are about; a new kind needs a line here."""


def letter_about(key, thing, **recipient):
    """Write a letter about a thing to someone new, with the ids that its words may need."""
    person = thing.user if thing.kind == "digest" else factories.person()
    for name, value in recipient.items():
        setattr(person, name, value)
    data = {}
    if thing.kind == "project":
        decision = Decision.objects.create(
            project=thing, outcome=Stage.AWARDED, reason="It *matters*.", by=factories.person()
        )
        data = {"decision": decision.pk}
    return Letter.objects.create(
        key=key, event=key, recipient=person, channel="mail", kind_of=thing.kind, object_id=thing.pk, data=data
    )


@pytest.fixture(autouse=True)
def _loud(monkeypatch):
    """Make a variable that a template does not get visible in what it prints."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", UNDEFINED)


def written(key, **recipient):
    """Return the thing and the mail about it."""
    thing = THINGS[notices.find(key).kind]()
    letter = letter_about(key, thing, **recipient)
    with as_reader(letter.recipient):
        return thing, message(letter, thing)


def test_every_app_registers_its_letters():
    assert {"project.awarded", "join_request.made", "booking.confirmed", "review.published", "news.digest"} <= set(
        LETTERS
    )


@pytest.mark.parametrize("key", LETTERS)
def test_every_letter_renders_in_every_language(key):
    for language, _name in settings.LANGUAGES:
        thing, mail = written(key, language=language)
        whole = mail.subject + mail.body + mail.alternatives[0].content
        assert UNDEFINED not in whole
        assert f'<html lang="{language}">' in mail.alternatives[0].content
        assert settings.SITE_URL + thing.get_absolute_url() in mail.body


@pytest.mark.parametrize("key", LETTERS)
def test_every_letter_has_a_title_a_date_a_link_and_says_why_it_came(key):
    thing, mail = written(key)
    plain, html = mail.body, mail.alternatives[0].content
    assert 10 < len(mail.subject) < 200
    assert str(timezone.localdate().year) in plain
    assert "You get this from" in plain
    assert "/me/preferences/" in plain
    assert re.search(r"\n[^\n]+:\nhttp://testserver/", plain)
    lead = plain.partition("\n")[0]
    assert lead.endswith((".", "?", "!"))
    assert f'href="{settings.SITE_URL + thing.get_absolute_url()}"' in html
    for sign in ("{{", "{%", "None", "&lt;p", "&amp;lt;"):
        assert sign not in plain + html


@pytest.mark.parametrize("kind", sorted({notice.kind for notice in notices.notices().values()}))
def test_letters_about_one_kind_of_thing_have_subjects_of_their_own(kind):
    thing, subjects = THINGS[kind](), []
    for key in (key for key in LETTERS if notices.find(key).kind == kind):
        letter = letter_about(key, thing)
        with as_reader(letter.recipient):
            subjects.append(message(letter, thing).subject)
    assert sorted(subjects) == sorted(set(subjects))


@pytest.mark.parametrize("key", LETTERS)
def test_titles_and_addresses_cost_no_query_of_their_own(key):
    notice = notices.find(key)
    made = THINGS[notice.kind]()
    read = type(made)._default_manager.select_related(*related_of(notice.kind)).get(pk=made.pk)
    with CaptureQueriesContext(connection) as queries:
        title = notice.title_of(read)
        read.get_absolute_url()
    assert len(queries) == 0
    assert not re.fullmatch(r"\d+ \w+ \d+", title)


@pytest.mark.parametrize("key", LETTERS)
def test_every_label_is_a_sentence_for_the_portals_list(key):
    assert len(str(notices.find(key).label)) > 8
