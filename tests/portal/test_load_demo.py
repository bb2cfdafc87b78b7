"""The demonstration: whole, repeatable, dated anew on request, and never in production."""

import json
import stat
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from collaborative.accounts.models import User
from collaborative.notifications.models import Follow, Letter
from collaborative.portal.models import Demonstration
from collaborative.search.services import drift
from collaborative.vocabulary.models import Aspect, Theme
from evidence.models import (
    Author,
    Comment,
    Correction,
    File,
    Finding,
    FormatRequest,
    Funder,
    Pdf,
    PeerReview,
    Recommendation,
    Reference,
    ResearchPriority,
    Review,
    ReviewPerson,
    ReviewPlace,
    Round,
    Section,
    Study,
    Tick,
    Version,
)
from evidence.states import READ_STATES, VersionState
from partners.models import Organisation, Programme, ProgrammePartner, ThemeLead
from projects.models import Decision, JoinRequest, Project, ProjectArea, Strand
from training.models import Booking, Event

pytestmark = pytest.mark.django_db
TABLES = (
    Organisation, Programme, ProgrammePartner, Theme, Aspect, ThemeLead, Strand, ProjectArea, Project, JoinRequest,
    Decision, Review, Version, Section, Finding, ResearchPriority, Recommendation, Reference, Study, Author, Funder,
    File, Correction, Round, PeerReview, Comment, Tick, ReviewPerson, ReviewPlace, FormatRequest,
    Event, Booking, User, Follow, Letter,
)  # fmt: skip


@pytest.fixture
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def rows():
    return {model.__name__: model._base_manager.count() for model in TABLES}


def test_the_three_collaboratives_stand_with_every_partner(folder):
    call_command("load_demo", verbosity=0)
    partners = {p.short_name: p.partners.count() for p in Programme.objects.all()}
    assert partners == {"BPC": 21, "N8 PRP": 20, "EMPAC": 20}
    in_two = ProgrammePartner.objects.values_list("organisation__slug", flat=True)
    names = list(in_two)
    assert {"lancashire-constabulary", "merseyside-police", "university-of-nottingham"} <= {
        name for name in names if names.count(name) == 2
    }


def test_the_pdfs_of_what_can_be_read_are_asked_for_at_once(folder):
    call_command("load_demo", verbosity=0)
    readable = set(Version.objects.filter(state__in=READ_STATES).values_list("pk", flat=True))
    assert set(Pdf.objects.values_list("version_id", flat=True)) == readable


def test_the_sources_facts_stand(folder):
    call_command("load_demo", verbosity=0)
    bpc = Programme.objects.get(short_name="BPC")
    tools = Project.objects.filter(programme=bpc, kind_of__code="tool_development", strand__slug="developing-tools")
    organised = Theme.objects.get(slug="serious-and-organised-crime")
    review = Review.objects.get(slug="policing-partnerships-evidence-review").current
    assert (Strand.objects.filter(programme=bpc).count(), ProjectArea.objects.filter(programme=bpc).count()) == (4, 4)
    assert tools.filter(stage__in=("active", "set_up", "completed", "follow_up", "reporting", "paused")).count() == 6
    assert Project.objects.filter(kind_of__code="work_package").count() == 3
    assert organised.aspects.count() == 6
    assert sorted(organised.leads.values_list("side", flat=True)) == ["academic", "operational"]
    assert (review.sections.count(), review.findings.count(), review.references.count()) == (7, 8, 20)
    assert Event.objects.get(slug="policing-partnerships-current-debates-and-directions").ends_at < timezone.now()


def test_every_queue_has_something_in_it(folder):
    call_command("load_demo", verbosity=0)
    assert Project.objects.waiting().exists()
    assert JoinRequest.objects.pending().exists()
    assert Event.objects.filter(state="open", starts_at__gt=timezone.now()).exists()
    assert Booking.objects.filter(state="waitlisted").exists()
    assert set(VersionState.values) - {"commissioned", "protocol"} == set(
        Review.objects.values_list("versions__state", flat=True)
    )
    assert Version.objects.filter(publish_at__gt=timezone.now()).exists()
    assert Version.objects.filter(public_from__gt=timezone.now()).exists()
    assert FormatRequest.objects.open().count() == 2
    assert {"invited", "accepted", "submitted"} <= set(PeerReview.objects.values_list("state", flat=True))


def test_loading_again_changes_nothing(folder):
    call_command("load_demo", verbosity=0)
    before, accounts = rows(), (folder / "demo-accounts.json").read_text()
    call_command("load_demo", verbosity=0)
    assert (rows(), (folder / "demo-accounts.json").read_text()) == (before, accounts)


def test_the_index_agrees_with_the_tables_afterwards(folder):
    call_command("load_demo", verbosity=0)
    found = drift()
    assert (found.missing, found.stale, found.orphaned) == ([], [], [])


def test_a_refresh_moves_what_was_invented_and_nothing_else(folder):
    call_command("load_demo", verbosity=0)
    Demonstration.objects.update(dated_on=timezone.localdate() - timedelta(days=10))
    event, programme = Event.objects.earliest("pk"), Programme.objects.earliest("pk")
    booked = Booking.objects.earliest("pk").created_at
    call_command("load_demo", "--refresh", verbosity=0)
    assert Event.objects.get(pk=event.pk).starts_at == event.starts_at + timedelta(days=10)
    assert Booking.objects.earliest("pk").created_at == booked + timedelta(days=10)
    assert Programme.objects.get(pk=programme.pk).starts_on == programme.starts_on
    assert Demonstration.objects.get().dated_on == timezone.localdate()


def test_the_accounts_are_written_for_their_owner_alone_and_sign_in(folder, client):
    call_command("load_demo", verbosity=0)
    path = folder / "demo-accounts.json"
    accounts = json.loads(path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {tuple(each) for each in accounts} == {("role", "email", "password", "totp_secret")}
    assert all(User.objects.get(email=each["email"]).check_password(each["password"]) for each in accounts)
    coordinators = [each for each in accounts if each["role"].startswith(("Coordinator", "Administrator"))]
    assert len(coordinators) == 4
    assert all(each["totp_secret"] for each in coordinators)


def test_production_refuses_it(settings):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="never loaded in production"):
        call_command("load_demo")
