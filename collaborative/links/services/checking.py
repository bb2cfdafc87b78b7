"""Looking at links whose time has come: one job at once, a bounded number, each result written as it comes."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from collaborative.links.asking import Asker, Outcome
from collaborative.links.judging import REST, judged
from collaborative.links.models import Link, Turn

MOST = 200
"""Links that one run looks at."""
MOST_OF_A_SITE = 60
RUN = settings.JOB_TIME_LIMIT - 150
"""Seconds after which a run begins with no further link, so that the last one is done before the job's end."""
LEASE = timedelta(seconds=settings.JOB_TIME_LIMIT + 60)
"""How long a turn holds: longer than a job may run."""
OTHERS = 3
"""Links that worked when last looked at, asked to see whether our own network is there."""


def check_due(*, asker=None, now=timezone.now):
    """Look at the links whose time has come; return how many were looked at.

    Does nothing where ``LINK_CHECKS`` is off, or while another job has its turn. May run twice, or at once with
    another, without harm; what a lost job left is looked at by the next.
    """
    if not settings.LINK_CHECKS:
        return 0
    lease = _take_turn(now())
    if lease is None:
        return 0
    run = Run(asker or Asker(), now)
    try:
        return run.look()
    finally:
        ended = {"claimed_until": None, "ended_at": now(), "asked": run.asked}
        Turn.objects.filter(pk=1, claimed_until=lease).update(**ended)


def _take_turn(now):
    """Return the claim, or None when another job has its turn."""
    Turn.objects.bulk_create([Turn(pk=1)], ignore_conflicts=True)
    free = Turn.objects.filter(Q(claimed_until=None) | Q(claimed_until__lt=now), pk=1)
    lease = now + LEASE
    return lease if free.update(claimed_until=lease) else None


def check(link, *, asker=None, now=timezone.now):
    """Look at one link whatever its time, and write down what was found; return the ``Answer``.

    Returns None, without asking, where ``LINK_CHECKS`` is off.
    """
    return Run(asker or Asker(), now).check(link) if settings.LINK_CHECKS else None


class Run:
    """One round of looking: who answered, and which sites want to rest."""

    def __init__(self, asker, now):
        self.asker, self.now = asker, now
        self.asked, self.resting = 0, set()
        self.reached = None

    def look(self):
        """Look at what is due until the time is over; return at how many."""
        clock = self.asker.caller.clock
        until = clock() + RUN
        for link in _due(self.now()):
            if clock() >= until:
                break
            if link.host not in self.resting and self._claim(link):
                self.asked += 1
                self.check(link)
        return self.asked

    def _claim(self, link):
        """Put a link off before it is asked for, so that one that ends the job is not the next job's first again."""
        mine = Link.objects.filter(pk=link.pk, due_at=link.due_at, wanted=True)
        return mine.update(due_at=self.now() + REST)

    def check(self, link):
        """Look at one link, and write down what was found."""
        answer = self.asker.ask(link.url)
        counts = answer.outcome != Outcome.SILENT or self._others_answer(link)
        if answer.status is not None:
            self.reached = True
        changes = judged(link, answer, self.now(), counts=counts)
        Link.objects.filter(pk=link.pk).update(**changes)
        if answer.outcome == Outcome.BUSY:
            self._let_rest(link.host, changes["due_at"])
        return answer

    def _let_rest(self, host, until):
        """Leave a site alone that asked for it, with all its links."""
        self.resting.add(host)
        Link.objects.filter(host=host, due_at__lt=until).update(due_at=until)

    def _others_answer(self, link):
        """Say whether any other site is heard; if none is, a silence may be our own network's."""
        if self.reached is None:
            worked = Link.objects.filter(state__in=[Link.State.WORKS, Link.State.MOVED], wanted=True)
            others = worked.exclude(host=link.host).order_by("-checked_at", "pk")[:OTHERS]
            self.reached = any(self.asker.ask(each.url).status is not None for each in others)
        return self.reached


def _due(now):
    """Return what is due, some of each site, the sites in turn."""
    of_its_site = Window(RowNumber(), partition_by=F("host"), order_by=["due_at", "pk"])
    rows = Link.objects.due(now).annotate(turn=of_its_site).filter(turn__lte=MOST_OF_A_SITE)
    return list(rows.order_by("turn", "due_at", "pk")[:MOST])
