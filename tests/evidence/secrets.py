"""A library in which every text carries a word of its own, and who may come across it, written out by hand."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from collaborative.search.services import reindex
from evidence.models import Author, Comment, File, Finding, Pdf, PeerReview, Review, Round, Section, Version
from evidence.states import PUBLIC_STATES, READ_STATES, WORKING_STATES, WRITING_STATES, VersionState
from tests import factories as make
from tests.house.world import world

SOON, LONG_AGO = timedelta(days=3), timedelta(days=400)
GROUPS = ("outside", "inside", "admin", "coord", "editor", "author", "invited", "accepted", "submitted")
OUTSIDE = ("visitor", "account", "other_member", "reviewer", "other_coordinator", "former_member")
INSIDE = ("member", "organisation_lead", "project_lead", "asker")
ASKED = ("invited", "accepted", "submitted", "declined", "released")
SIGNS = {"+": 200, "-": 404, "x": 410, "!": 403, "=": 409}

# Who is answered what, in the order of GROUPS: + the page, - nothing there, x a tombstone, ! why not, = not now.
# A row: state, handling, under embargo; the review's own address, the version's, the preview of a text in the making.
ALL, NONE, GONE = "+++++++++", "---------", "xxxxxxxxx"
PARTNERS = "-+++-----"
MADE = "-+++++--+"
TABLE = {
    "published": ("published", "PUBLIC", False, ALL, ALL, NONE),
    "published official": ("published", "OFFICIAL", False, PARTNERS, MADE, NONE),
    "published embargo": ("published", "PUBLIC", True, PARTNERS, MADE, NONE),
    "published both": ("published", "OFFICIAL", True, PARTNERS, MADE, NONE),
    "update_due": ("update_due", "PUBLIC", False, ALL, ALL, NONE),
    "update_due official": ("update_due", "OFFICIAL", False, PARTNERS, MADE, NONE),
    "superseded": ("superseded", "PUBLIC", False, ALL, ALL, NONE),
    "superseded official": ("superseded", "OFFICIAL", False, PARTNERS, MADE, NONE),
    "archived": ("archived", "PUBLIC", False, ALL, ALL, NONE),
    "archived official": ("archived", "OFFICIAL", False, PARTNERS, MADE, NONE),
    "replaced": ("replaced", "PUBLIC", False, ALL, ALL, NONE),
    "replaced official": ("replaced", "OFFICIAL", False, ALL, MADE, NONE),
    "withdrawn": ("withdrawn", "PUBLIC", False, GONE, GONE, NONE),
    "withdrawn official": ("withdrawn", "OFFICIAL", False, "-xxxxx--x", "-xxxxx--x", NONE),
    "withdrawn embargo": ("withdrawn", "PUBLIC", True, "-xxxxx--x", "-xxxxx--x", NONE),
    "commissioned": ("commissioned", "PUBLIC", False, NONE, NONE, "--++++---"),
    "protocol": ("protocol", "PUBLIC", False, NONE, NONE, "--++++---"),
    "drafting": ("drafting", "PUBLIC", False, NONE, NONE, "--++++--!"),
    "drafting official": ("drafting", "OFFICIAL", False, NONE, NONE, "--++++--!"),
    "drafting next": ("drafting", "PUBLIC", False, ALL, NONE, "--++++--!"),
    "peer_review": ("peer_review", "PUBLIC", False, NONE, NONE, "--++++!++"),
    "peer_review official": ("peer_review", "OFFICIAL", False, NONE, NONE, "--++++!++"),
    "approved": ("approved", "PUBLIC", False, NONE, NONE, "--++++--!"),
    "approved next": ("approved", "OFFICIAL", False, ALL, NONE, "--++++--!"),
}
DESK, EDITING, NOT_NOW = "--++++---", "--+++!---", "--====---"


@dataclass
class Case:
    """A review one of whose versions carries the words: one in its title, the other in its text, the third in talk."""

    name: str
    number: int
    review: Review
    version: Version

    def __post_init__(self):
        state, _handling, _embargo, self.page, self.read, self.preview = TABLE[self.name]
        self.state = VersionState(state)

    @property
    def words(self):
        """Return the title's word, the text's and the reviewers'."""
        return words_of(self.number)

    def listed(self, group):
        """Say whether lists may name it: it is what the review's own address shows, and that may be read."""
        return self.state in PUBLIC_STATES and self.page[GROUPS.index(group)] == "+"


def words_of(number):
    """Return three words that no other case has, and that no page of the portal has by itself."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")
    return f"zqtitle{letters}", f"zqtext{letters}", f"zqtalk{letters}"


def library():
    """Make the world and a review for each case; return the people by kind, their groups, the cases and the world."""
    here = world()
    people = here.people | {
        "editor": make.with_second_factor(make.person()),
        "author": make.person(),
        **{
            each: make.reviewer(here.programme) for each in ("invited", "accepted", "submitted", "declined", "released")
        },
    }
    groups = dict.fromkeys((*OUTSIDE, "declined", "released"), "outside") | dict.fromkeys(INSIDE, "inside")
    groups |= {"administrator": "admin", "coordinator": "coord"} | {each: each for each in GROUPS if each in people}
    cases = [_case(here, people, number, name) for number, name in enumerate(TABLE)]
    reindex()
    return people, groups, cases, here


def _case(here, people, number, name):
    state, handling, embargo, page, *_rest = TABLE[name]
    title, text, _talk = words_of(number)
    known = state in ("replaced",) or name.endswith("next")
    common = {"project": here.project, "themes": [here.theme]}
    if known:
        review = make.review(here.programme, **common)
        review.versions.update(number=2 if state == "replaced" else 1)
        version = make.version_of(review, state, number=1 if state == "replaced" else 2)
    else:
        review = make.review(here.programme, state=state, **common)
        version = review.versions.get()
        Review.objects.filter(pk=review.pk).update(title=f"{title} title", summary=f"{text} summary")
    until = timezone.now() + SOON if embargo else None
    said = {"title": f"{title} title", "summary": f"{text} summary", "plain_summary": f"{text} plain"}
    Version.objects.filter(pk=version.pk).update(handling=handling, public_from=until, background=f"{text} b", **said)
    _parts(here, version, text)
    for part in ("editor", "author"):
        make.editor(review, people[part], part=part)
    if state not in ("commissioned", "protocol"):
        _reviewers(people, version, number, still=state == "peer_review")
    return Case(name, number, Review.objects.get(pk=review.pk), Version.objects.get(pk=version.pk))


def _parts(here, version, text):
    section = Section.objects.create(
        version=version, position=1, anchor="one", heading=f"{text} h", body=f"{text} s\n\n![](drawn)"
    )
    Finding.objects.create(version=version, number=1, text=f"{text} finding", section=section)
    Author.objects.create(version=version, position=1, name="Ada Author", organisation=here.force)
    stored = default_storage.save("evidence/secret.txt", ContentFile(text.encode()))
    kept = {"stored": stored, "size": len(text), "sha256": "0" * 64}
    for use, key in (("attachment", "secret"), ("figure", "drawn")):
        words = {"name": f"{text}.txt", "title": f"{text} file", "alt": f"{text} alt", "credit": f"{text} credit"}
        File.objects.create(version=version, use=use, key=key, media_type="text/plain", **words, **kept)
    if version.state in READ_STATES or version.state == VersionState.WITHDRAWN:
        Pdf.objects.create(version=version, state="made", stored=stored, size=kept["size"], made_at=timezone.now())


def _reviewers(people, version, number, *, still):
    _title, _text, talk = words_of(number)
    for state in ("submitted", "declined", "released", *(("invited", "accepted") if still else ())):
        said = {"overall": f"{talk} overall", "confidential": f"{talk} alone"} if state == "submitted" else {}
        why = {"declined_because": f"{talk} because"} if state == "declined" else {}
        made = make.peer_review(version, people[state], state=state, **said, **why)
        if said:
            Comment.objects.create(version=version, peer_review=made, by=made.user, part="one", text=f"{talk} comment")
    if not still:
        Round.objects.filter(version=version).update(closed_at=timezone.now())


def addresses(case):
    """Return ``[(address, row of the table, whether it shows the text), …]`` of everything below a review."""
    base, current = f"/evidence/{case.review.slug}/", case.state in PUBLIC_STATES
    own, working = f"{base}v/{case.version.number}/", case.state in WORKING_STATES
    ask = case.page.replace("x", "-")
    said = PeerReview.objects.filter(round__version=case.version, state="submitted").first()
    return [
        (base, case.page, current),
        (f"{base[:-1]}.pdf", case.page if current or "x" in case.page or "+" not in case.page else None, current),
        (f"{base[:-1]}.bib", case.page, current),
        (f"{own[:-1]}.bib", case.read, True),
        (f"{base}ask/", ask, False),
        (f"{base}versions/", case.page, False),
        (own, case.read, True),
        (f"{own[:-1]}.pdf", case.read, True),
        (f"{own}changes/", case.read, False),
        (f"{own}files/secret/", case.preview if working else case.read, True),
        (f"{own}files/drawn/", case.preview if working else case.read, True),
        (f"{base}preview/", case.preview, True),
        *((said.get_absolute_url(), None, False) for said in [said] if said),
        *at_the_desk(case, f"{base}desk/", working),
        (f"{base}comments/", DESK, False),
        (f"{base}reviewers/", EDITING, False),
    ]


def at_the_desk(case, desk, working):
    """Return the same of the pages on which the text is made."""
    still = DESK if working else NOT_NOW
    writing = DESK if case.state in WRITING_STATES else NOT_NOW
    files = case.preview[:6] + case.preview[6:].replace("+", "!")
    changed = files if case.state in WRITING_STATES else files.replace("+", "!")
    return [
        (desk, DESK, False),
        (f"{desk}write/", still, False),
        (f"{desk}write/text/", writing, False),
        (f"{desk}write/sections/", still, False),
        (f"{desk}files/", files, False),
        (f"{desk}files/secret/", changed, False),
        (f"{desk}files/secret/remove/", changed, False),
        (f"{desk}acts/review/", DESK if case.state == VersionState.DRAFTING else NOT_NOW, False),
    ]
