"""One small world for the tests that walk every route: two programmes, their people, and one of each thing."""

from datetime import timedelta
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from collaborative.notifications.models import Letter
from collaborative.notifications.services import tell
from evidence.models import File, Section
from evidence.states import VersionState
from partners.models import Handover, Invitation, Membership, MembershipRequest
from projects.models import JoinRequest, ProjectPerson
from projects.states import Stage
from tests import factories as make

KINDS_OF_PERSON = (
    "visitor",
    "account",
    "member",
    "other_member",
    "organisation_lead",
    "project_lead",
    "asker",
    "reviewer",
    "coordinator",
    "other_coordinator",
    "administrator",
    "former_member",
)
"""Who walks: the other member and coordinator belong to another programme; the former member led the project too."""


def profiles(people):
    """Make a profile for each audience, all with a picture: the project lead's, the member's and the asker's."""
    named = {"profile": "project_lead", "staff_profile": "member", "hidden_profile": "asker"}
    made = {}
    for (name, person), audience in zip(named.items(), ("everyone", "staff", "nobody"), strict=True):
        stored = default_storage.save(f"people/{name}.webp", ContentFile(b"RIFF----WEBP"))
        made[name] = make.profile(people[person], audience=audience, picture=stored)
    return made


def handed_on(project, body, held_by, **more):
    """Let what somebody led in a project wait for somebody else."""
    part = project.people.get(user=held_by)
    same = {"organisation": body, "programme": project.programme, "held_by": held_by}
    return Handover.objects.create(holding="project_lead", object_id=part.pk, **same | more)


def with_file(version):
    """Give a version a figure whose file is there; return the row."""
    stored = default_storage.save("evidence/figure.webp", ContentFile(b"RIFF----WEBP"))
    kept = {"stored": stored, "media_type": "image/webp", "size": 12, "sha256": "0" * 64, "width": 1, "height": 1}
    words = {"name": "figure.webp", "title": "What was found", "alt": "A plain of one colour."}
    return File.objects.create(version=version, use="figure", key="figure", **words, **kept)


def world():
    """Make the world; return its people by kind and its things by name."""
    ours, theirs = make.programme(), make.programme()
    force, university = make.partner(ours), make.partner(ours, make.organisation("university"))
    elsewhere = make.partner(theirs)
    people = {
        "visitor": None,
        "account": make.person(),
        "member": make.member(force),
        "other_member": make.member(elsewhere),
        "organisation_lead": make.with_second_factor(make.member(force, role="lead")),
        "project_lead": make.member(force),
        "asker": make.member(university),
        "reviewer": make.reviewer(ours),
        "coordinator": make.with_second_factor(make.coordinator(ours)),
        "other_coordinator": make.with_second_factor(make.coordinator(theirs)),
        "administrator": make.with_second_factor(make.administrator()),
        "former_member": make.member(university),
    }
    theme = make.theme()
    leads = (
        (people["project_lead"], force, ProjectPerson.Part.POLICE_LEAD),
        (people["former_member"], university, ProjectPerson.Part.ACADEMIC_LEAD),
    )
    project = {
        stage: make.project(ours, stage=stage, leads=leads, lead_organisation=force, themes=[theme])
        for stage in (Stage.DRAFT, Stage.PROPOSED, Stage.SET_UP)
    }
    request = JoinRequest.objects.create(
        project=project[Stage.SET_UP], user=people["asker"], organisation=university, message="May I join?"
    )
    project[Stage.SET_UP].refresh_from_db()
    review = make.review(ours, themes=[theme])
    draft = make.review(ours, state=VersionState.DRAFTING)
    withdrawn = make.review(ours, state=VersionState.WITHDRAWN)
    wish = make.format_request(review, user=people["account"])
    reviewed = make.review(ours, state=VersionState.PEER_REVIEW)
    peer_review = make.peer_review(reviewed.versions.get(), people["reviewer"], state="accepted")
    remark = peer_review.comments.create(version=reviewed.versions.get(), by=people["reviewer"], text="Which sample?")
    event = make.event(ours, organiser=force)
    sheets = {
        state: make.sheet(ours, state=state, submitted_by=people["member"], organisation=force)
        for state in ("draft", "submitted", "published", "withdrawn")
    }
    tell("join_request.made", request, to=[people["project_lead"].pk], event="the world began")
    letter = Letter.objects.get(recipient=people["project_lead"], channel="portal")
    invitation = Invitation.objects.create(
        organisation=force,
        email=people["account"].email,
        invited_by=people["organisation_lead"],
        expires_at=timezone.now() + timedelta(days=21),
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=people["former_member"]).update(ends_on=yesterday)
    asked = {"state": "asked", "asked": people["asker"]}
    return SimpleNamespace(
        people=people,
        programme=ours,
        force=force,
        theme=theme,
        area=make.area(ours),
        draft=project[Stage.DRAFT],
        proposal=project[Stage.PROPOSED],
        project=project[Stage.SET_UP],
        request=request,
        review=review,
        draft_review=draft,
        draft_version=draft.versions.get(),
        to_peer_review=SimpleNamespace(slug="review", pk=0),
        section=Section.objects.create(
            version=draft.versions.get(), position=1, anchor="what", heading="What", body="It is known."
        ),
        rows_part=SimpleNamespace(pk=None, slug="sections"),
        list_part=SimpleNamespace(pk=None, slug="findings"),
        withdrawn_review=withdrawn,
        number_one=SimpleNamespace(slug=1),
        citation=SimpleNamespace(slug="linkset.json"),
        figure=SimpleNamespace(pk=None, slug=with_file(review.current).key),
        draft_figure=SimpleNamespace(pk=None, slug=with_file(draft.versions.get()).key),
        format_request=wish,
        reviewed=reviewed,
        peer_review=peer_review,
        remark=remark,
        event=event,
        sheet=sheets["published"],
        draft_sheet=sheets["draft"],
        waiting_sheet=sheets["submitted"],
        withdrawn_sheet=sheets["withdrawn"],
        note=make.tried(sheets["published"], people["asker"], university),
        **profiles(people),
        staff_request=MembershipRequest.objects.create(
            user=people["account"], organisation=force, title="Analyst", message="May I come in?"
        ),
        place=Membership.objects.get(user=people["member"]),
        handover=handed_on(project[Stage.SET_UP], university, people["former_member"], **asked),
        open_handover=handed_on(project[Stage.PROPOSED], university, people["former_member"]),
        letter=letter,
        invitation=invitation,
        invitation_link=SimpleNamespace(slug=invitation.token, pk=invitation.pk),
    )
