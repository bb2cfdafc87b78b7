"""Who is told of what, once each, in words that say what happened and what to do."""

import pytest

from collaborative.notifications import sending
from collaborative.notifications.models import Letter
from projects import services
from projects.states import Stage
from tests import factories as make
from tests.projects.world import World

pytestmark = pytest.mark.django_db

ON_IT = ("police lead", "academic lead", "team", "former lead")
WHY = "It answers what our partners ask."


def told(key):
    """Return who has a letter of this key, once on each channel."""
    letters = Letter.objects.filter(key=key).select_related("recipient")
    on = {
        channel: [letter.recipient for letter in letters if letter.channel == channel] for channel in ("mail", "portal")
    }
    assert sorted(p.pk for p in on["mail"]) == sorted(p.pk for p in on["portal"])
    assert len(set(on["mail"])) == len(on["mail"])
    return set(on["mail"])


def people(world, *kinds):
    """Return some of the world's people."""
    return {world[kind] for kind in kinds}


def test_a_proposal_is_told_to_the_coordinators_of_its_programme():
    world = World()
    second = make.coordinator(world.programme)
    services.submit(world.project(Stage.DRAFT), by=world["police lead"])
    assert told("project.submitted") == people(world, "coordinator") | {second}


@pytest.mark.parametrize("outcome", ["shortlisted", "awarded", "declined"])
def test_a_decision_is_told_to_the_projects_people(outcome):
    world = World()
    project = world.project(Stage.PROPOSED)
    services.decide(project, outcome, by=world["coordinator"], reason=WHY, seen="proposed")
    assert told(f"project.{outcome}") == people(world, *ON_IT)


def test_a_withdrawal_is_told_to_coordinators_and_people_but_not_to_whoever_withdrew():
    world = World()
    services.withdraw(world.project(Stage.PROPOSED), by=world["police lead"])
    assert told("project.withdrawn") == people(world, *ON_IT[1:], "coordinator")


def test_nobody_hears_of_a_draft():
    world = World()
    services.withdraw(world.project(Stage.DRAFT), by=world["police lead"])
    assert Letter.objects.count() == 0


def test_a_step_is_told_to_people_and_coordinators():
    world = World()
    services.run(world.project(), "pause", by=world["coordinator"])
    assert told("project.moved") == people(world, *ON_IT)


def test_a_wish_to_join_is_told_to_the_leads():
    world = World()
    request = asked(world)
    assert told("join_request.made") == people(world, "police lead", "academic lead")
    services.take_back(request, by=world.asker)
    assert told("join_request.withdrawn") == people(world, "police lead", "academic lead")


@pytest.mark.parametrize(("accept", "key"), [(True, "join_request.accepted"), (False, "join_request.declined")])
def test_the_answer_is_told_to_whoever_asked(accept, key):
    world = World()
    services.answer(asked(world), by=world["academic lead"], accept=accept, words="So it is.")
    assert told(key) == {world.asker}


def asked(world, stage=Stage.ACTIVE):
    """Return a request of someone who wants to join."""
    return services.ask(
        world.project(stage, title="Night patrols"),
        by=world.asker,
        organisation=world.organisation_of(world.asker),
        message="We have the rosters.",
        role=make.term("project_role", "analyst"),
    )


def mail_to(smtp_sink, person):
    """Send what is due and return ``(subject, text)`` of each mail to someone."""
    while sending.deliver():
        pass
    got = [message for message in smtp_sink.messages if person.email in message["To"]]
    return [(message["Subject"], message.get_body(("plain",)).get_content()) for message in got]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("outcome", "subject", "first"),
    [
        ("shortlisted", "Shortlisted: Night patrols", "You need not do anything yet: your proposal “Night patrols”"),
        ("awarded", "Awarded: Night patrols", "Please begin setting up “Night patrols”"),
        ("declined", "Declined: Night patrols", "You need not do anything: your proposal “Night patrols” was declined"),
    ],
)
def test_the_mail_of_a_decision_says_what_happened_what_to_do_and_why(smtp_sink, outcome, subject, first):
    world = World()
    project = world.project(Stage.PROPOSED, title="Night patrols")
    services.decide(project, outcome, by=world["coordinator"], reason=f"{WHY}\n\n<b>Well done</b>", seen="proposed")
    ((got, text),) = mail_to(smtp_sink, world["police lead"])
    assert got == subject
    assert first in text
    assert WHY in text
    assert project.get_absolute_url() in text


@pytest.mark.django_db(transaction=True)
def test_the_mail_to_a_lead_carries_the_message_and_leads_to_the_answer(smtp_sink):
    world = World()
    request = asked(world)
    ((subject, text),) = mail_to(smtp_sink, world["police lead"])
    assert subject == "Someone asks to join: Night patrols"
    assert "We have the rosters." in text
    assert "Analyst" in text
    assert request.get_absolute_url() in text


@pytest.mark.django_db(transaction=True)
def test_someone_who_left_their_organisation_gets_no_mail_about_a_proposal(smtp_sink):
    world = World()
    project = world.project(Stage.PROPOSED)
    services.decide(project, "declined", by=world["coordinator"], reason=WHY, seen="proposed")
    assert mail_to(smtp_sink, world["former lead"]) == []


@pytest.mark.django_db(transaction=True)
def test_mail_that_is_no_longer_true_is_not_sent(smtp_sink):
    world = World()
    draft = world.project(Stage.DRAFT)
    services.submit(draft, by=world["police lead"])
    services.withdraw(draft, by=world["police lead"])
    services.take_back(asked(world), by=world.asker)
    subjects = {subject.partition(":")[0] for subject, _text in mail_to(smtp_sink, world["coordinator"])}
    assert subjects == {"Withdrawn"}
    subjects = {subject.partition(":")[0] for subject, _text in mail_to(smtp_sink, world["academic lead"])}
    assert subjects == {"Withdrawn", "Request taken back"}
