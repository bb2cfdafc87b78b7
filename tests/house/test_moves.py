"""Moves, policies and the record: what is declared is whole."""

import pytest
from django.db import DatabaseError, connection, transaction

from collaborative.audit.models import Event
from collaborative.audit.services import record
from collaborative.core import kinds, policies, triggers
from collaborative.workflow.moves import moves
from tests import factories as make


def test_every_move_asks_a_known_policy():
    assert {move.policy for move in moves().values()} - set(policies.names()) == set()


def test_no_move_leads_to_where_it_starts():
    assert [move.verb for move in moves().values() if move.target in move.sources] == []


def test_every_kind_knows_who_may_see_it_and_where_it_is():
    lacking = [
        name
        for name in kinds.names()
        if not hasattr(kinds.model_of(name)._default_manager.all(), "visible_to")
        or not hasattr(kinds.model_of(name), "get_absolute_url")
    ]
    assert lacking == []


@pytest.mark.django_db
def test_the_database_has_the_declared_triggers_and_no_others():
    declared = {trigger.name for trigger in triggers.declared(connection)}
    assert triggers.installed(connection) == declared


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["change", "delete", "delete all"])
def test_the_record_refuses_every_change(act):
    event = record("project.noticed", make.project(), by=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        if act == "change":
            Event.objects.filter(pk=event.pk).update(verb="project.forgotten")
        elif act == "delete":
            event.delete()
        else:
            Event.objects.all()._raw_delete(using="default")
    assert Event.objects.get(pk=event.pk).verb == "project.noticed"
