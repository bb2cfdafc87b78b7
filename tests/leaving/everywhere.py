"""A person with a row in every table that holds anything of people, and words by which each can be found again."""

import io
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from PIL import Image

from collaborative.accounts.models import Appointment, User
from collaborative.audit.services import record
from collaborative.notifications.models import Digest, Letter
from collaborative.notifications.services import announce, choose, follow, tell
from collaborative.portal.services import report_problem
from collaborative.search.services import index
from evidence.models import Check
from evidence.states import VersionState
from partners.intake.pictures import portrait
from partners.models import (
    EmailDomain,
    Handover,
    Invitation,
    Membership,
    MembershipRequest,
    OrganisationImport,
    ProgrammeRole,
    Succession,
    ThemeLead,
)
from partners.services.profiles import save_profile
from projects.models import Decision, JoinRequest, ProjectPerson
from projects.states import Stage
from tests import factories as make
from tests.people.pictures import upload
from training import services as training
from training.models import Booking

NAME = "Zebedee Quillfeather"
EMAIL = "zebedee@quillfeather.example"
OTHER_EMAIL = "zq@home-quillfeather.example"
ORCID = "0000-0002-1825-0097"
TITLE = "Keeper of the Quillfeather desk"
WORDS = {
    "about": "I have counted lampposts since Wickerbourne.",
    "asked_partner": "Please let Wobblethorpe in.",
    "answered_partner": "Gladly, says Plinthwaite.",
    "asked_project": "May Snodgrove join the team?",
    "answered_project": "Welcome, from Thistlemere.",
    "invited_me": "Come and see Marrowby.",
    "i_invited": "Join us at Cobblestead.",
    "declined": "No time, sorry, says Umberleigh.",
    "problem": "The page of Fennimore is broken.",
    "problem_by_mail": "Also Grindlewick has no lines.",
    "wished": "I read with Larkspindle.",
    "wished_by_mail": "Larger, for Tansyholt.",
    "wish_answered": "Braille comes from Nettlecombe.",
    "draft": "A secret idea about Bramblecote.",
    "sheet": "How we do it in Larkhampton.",
    "reviewed_open": "Half a sentence about Otterwick.",
    "conflict": "I share an office in Pennymoor.",
    "review_declined": "No time for Larkhollow.",
    "factor": "Key of Hazelbarrow",
    "uid": "quillfeather-uid-77",
    "device": "Quillbrowser/7.7",
    "network": "203.0.113.77",
}
"""What only this person wrote, was sent or left behind."""

KEPT = {
    "reason": "It answers the question of Ravenscliffe.",
    "removed": "The domain of Dunnockby lapsed.",
    "hidden": "It names a suspect.",
    "reviewed": "The sample of Quarrybeck is small.",
    "review_remark": "Which officers of Saltersgate?",
    "review_answer": "Those of Nettlecombe.",
}
"""Reasons of decisions: they stay, without the name."""

MARKERS = {"name": NAME, "email": EMAIL, "other": OTHER_EMAIL, "orcid": ORCID, "title": TITLE} | WORDS


def image():
    """Return a picture as a browser sends it."""
    out = io.BytesIO()
    Image.new("RGB", (80, 80), "teal").save(out, "PNG")
    return portrait(upload(out.getvalue()))


def everywhere():
    """Make the person; they lead nothing that nobody else could go on with."""
    ours = make.programme()
    force = make.partner(ours)
    person = make.member(force, user=make.person(name=NAME, email=EMAIL), title=TITLE)
    person.emailaddress_set.create(email=OTHER_EMAIL, verified=True, primary=False)
    Membership.objects.filter(user=person).update(chosen_at=timezone.now())
    make.coordinator(ours, user=person)
    make.coordinator(ours)
    Appointment.objects.create(user=person, starts_on=make.yesterday())
    make.administrator()
    _account(person)
    _partners(person, ours, force)
    _projects(person, ours, force)
    _reviews(person, ours, force)
    _practices(person, ours, force)
    _peer_reviews(person, ours)
    _rest(person, ours)
    return User.objects.get(pk=person.pk)


def _account(person):
    make.with_second_factor(person)
    Authenticator.objects.create(user=person, type="webauthn", data={"name": WORDS["factor"]})
    SocialAccount.objects.create(
        user=person, provider="openid_connect", uid=WORDS["uid"], extra_data={"name": NAME, "email": EMAIL}
    )
    client = Client(headers={"user-agent": WORDS["device"]}, REMOTE_ADDR=WORDS["network"])
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "email": EMAIL}]
    session.save()
    UserSession.objects.filter(user=person).delete()
    UserSession.objects.create(
        user=person, session_key=session.session_key, ip=WORDS["network"], user_agent=WORDS["device"]
    )
    waiting = Client().session
    waiting["account_login"] = {"email": EMAIL}
    waiting.save()
    LogEntry.objects.create(
        user=person,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(person.pk),
        object_repr=NAME,
        action_flag=CHANGE,
        change_message=f"Changed {NAME}.",
    )
    record("account.details_changed", person, by=person)


def _partners(person, ours, force):
    now, elsewhere = timezone.now(), make.organisation()
    asked = {"user": person, "organisation": elsewhere, "title": TITLE}
    MembershipRequest.objects.create(**asked, message=WORDS["asked_partner"])
    MembershipRequest.objects.create(
        user=make.person(),
        organisation=force,
        message="Another's words",
        state="accepted",
        answer=WORDS["answered_partner"],
        answered_by=person,
        answered_at=now,
    )
    soon = now + timedelta(days=9)
    lead = make.member(elsewhere, role="lead")
    for address in (EMAIL, OTHER_EMAIL):
        invitation = Invitation.objects.create(
            organisation=elsewhere,
            email=address,
            name=NAME,
            title=TITLE,
            message=WORDS["invited_me"],
            invited_by=lead,
            expires_at=soon,
        )
        Letter.objects.create(
            key="invitation.sent",
            event=f"invitation.sent:{invitation.pk}",
            address=address,
            channel="mail",
            kind_of="invitation",
            object_id=invitation.pk,
        )
    Invitation.objects.create(
        organisation=force,
        email="somebody.else@people.example",
        message=WORDS["i_invited"],
        invited_by=person,
        expires_at=soon,
    )
    Handover.objects.create(holding="theme_lead", object_id=1, organisation=force, held_by=person, state="taken")
    Handover.objects.create(
        holding="theme_lead",
        object_id=2,
        organisation=force,
        held_by=lead,
        asked=person,
        answer=WORDS["declined"],
        state="open",
    )
    EmailDomain.objects.create(organisation=force, domain="first.example", confirmed_by=person)
    EmailDomain.objects.create(
        organisation=force,
        domain="second.example",
        confirmed_by=lead,
        removed_by=person,
        removed_at=now,
        removed_reason=KEPT["removed"],
    )
    OrganisationImport.objects.create(by=person, file_name="partners.csv", programme=ours)
    Succession.objects.create(
        organisation=make.organisation(),
        successor=force,
        on=timezone.localdate(),
        reason="It was decided.",
        carry_people=True,
        decided_by=person,
    )
    ended = {"starts_on": make.yesterday() - timedelta(days=9), "ends_on": make.yesterday()}
    ThemeLead.objects.create(
        programme=ours,
        theme=make.theme(),
        side="academic",
        organisation=force,
        title="Head of lanes",
        user=person,
        **ended,
    )
    profile = save_profile(
        person,
        by=person,
        audience="everyone",
        about=WORDS["about"],
        orcid=ORCID,
        expertise=["lampposts"],
        themes=[make.theme()],
        picture=image(),
    )
    profile.methods.add(make.term("method", "survey"))
    profile.languages.add(make.term("language", "cy"))
    profile.offers.add(make.term("offer", "talk"))


def _projects(person, ours, force):
    project = make.project(ours, stage=Stage.COMPLETED, title="Lanes at night")
    ProjectPerson.objects.create(project=project, user=person, organisation=force, starts_on=make.yesterday())
    Decision.objects.create(project=project, outcome=Stage.AWARDED, reason=KEPT["reason"], by=person)
    draft = make.project(ours, stage=Stage.DRAFT, title=WORDS["draft"], summary=WORDS["draft"])
    ProjectPerson.objects.create(
        project=draft, user=person, organisation=force, part=ProjectPerson.Part.POLICE_LEAD, starts_on=make.yesterday()
    )
    asked = make.project(ours)
    JoinRequest.objects.create(project=asked, user=person, organisation=force, message=WORDS["asked_project"])
    JoinRequest.objects.create(
        project=project,
        user=make.person(),
        organisation=force,
        message="Another's words",
        state="accepted",
        answer=WORDS["answered_project"],
        answered_by=person,
        answered_at=timezone.now(),
    )


def _reviews(person, ours, force):
    draft = make.review(ours, state="approved")
    draft.people.create(user=person, organisation=force, part="author", starts_on=make.yesterday())
    version = draft.versions.get()
    version.ticks.create(check_of=Check.objects.first() or Check.objects.create(words="All is well"), by=person)
    later = timezone.now() + timedelta(days=9)
    draft.versions.update(publish_at=later, publish_by=person)
    make.review(ours).current.corrections.create(text="Two, not three.", by=person)


def _practices(person, ours, force):
    make.sheet(ours, state="draft", submitted_by=person, organisation=force, why=WORDS["sheet"])
    shown = make.sheet(ours, submitted_by=person, organisation=force, contact=f"{NAME}, {EMAIL}")
    index(shown)
    make.tried(make.sheet(ours), person, force)
    now = timezone.now()
    make.tried(make.sheet(ours), make.person(), force, hidden_at=now, hidden_by=person, hidden_reason=KEPT["hidden"])


def _peer_reviews(person, ours):
    """Let the person have sent in one review, write another, have declined a third, and answer as an author."""
    sent, reading, said_no, written = (
        make.review(ours, state=VersionState.PEER_REVIEW).versions.get() for _number in range(4)
    )
    mine = make.peer_review(sent, person, state="submitted", overall=KEPT["reviewed"], conflict=WORDS["conflict"])
    mine.comments.create(version=sent, by=person, text=KEPT["review_remark"])
    open_one = make.peer_review(reading, person, state="accepted", overall=WORDS["reviewed_open"])
    open_one.comments.create(version=reading, by=person, text=WORDS["reviewed_open"])
    make.peer_review(said_no, person, state="declined", declined_because=WORDS["review_declined"])
    other = make.peer_review(written, state="submitted", conflict_cleared_by=person)
    answered = {"answer": KEPT["review_answer"], "answered_by": person, "answered_at": timezone.now()}
    other.comments.create(version=written, by=other.user, text="Another's words", **answered)


def _rest(person, ours):
    event = make.event(ours, places=1)
    training.book(event, by=person)
    training.book(event, by=make.person())
    theme = make.theme()
    follow(person, "theme", theme.pk)
    choose(person, language="cy", time_zone="Europe/Paris", frequencies={"news": "at_once"})
    review = make.review(ours, themes=[theme])
    announce(review, event=f"told:{review.pk}", topics=[("theme", theme.pk)], by=person)
    now = timezone.now()
    Digest.objects.create(user=person, day=timezone.localdate(), window_from=now - timedelta(days=1), window_to=now)
    booking = Booking.objects.filter(event=event).exclude(user=person).get()
    tell("booking.confirmed", booking, to=[booking.user_id], event="by them", by=person)
    make.format_request(review, user=person, details=WORDS["wished"])
    make.format_request(review, email=OTHER_EMAIL, name=NAME, details=WORDS["wished_by_mail"])
    answered = {"state": "answered", "answered_at": now, "answered_by": person, "answer": WORDS["wish_answered"]}
    make.format_request(review, email="somebody@mailbox.example", **answered)
    report_problem(page="/themes/", message=WORDS["problem"], email="", by=person)
    report_problem(page="/themes/", message=WORDS["problem_by_mail"], email=OTHER_EMAIL.upper())
    assert ProgrammeRole.objects.filter(user=person).exists()
