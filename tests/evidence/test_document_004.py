"""Document 004, the report on serious and organised crime, stands complete on its page: each part by name."""

import pytest

from tests.evidence.reading_of import page

pytestmark = pytest.mark.django_db
HEADINGS = {
    "why-the-collaboration-exists": "Why the collaboration exists",
    "work-in-the-region": "Work in the region, and six lines of inquiry",
    "mind-the-gap": "Mind the gap",
    "what-has-been-done-and-what-comes-next": "What has been done and what comes next",
}
WHY, REGION, GAP, NEXT = HEADINGS
ASPECTS = (
    ("linked with those of other countries", "Links between"),
    ("digital technologies", "digital technologies"),
    ("business models", "business models"),
    ("people and communities can be protected", "protect individuals and communities"),
    ("preventing, disrupting and detecting", "prevents, disrupts and detects"),
    ("nimbler mindset", "more agile in its thinking"),
)
TABLE = {
    "Organisational character": (
        [
            "bound by rules", "not entrepreneurial", "with a fixed structure", "answering to what the public expects",
            "subject to politics", "averse to risk", "divided into specialist units", "working in silos",
            "led by command and control",
        ],
        [
            "agile", "entrepreneurial", "flexible", "without a single centre",
            "free of limits such as rules or borders", "ready to team up with anyone who shares an aim",
        ],
    ),
    "Focus": (
        ["reacts to events", "looks back", "sees only a short way ahead"],
        ["looks forward", "scans the horizon", "hunts for weak points to exploit"],
    ),
    "Operational": (
        [
            "keeps to the tried and tested", "creativity is stifled", "unusual thinking is held in check",
            "no means set aside for critical reflection", "does not experiment",
        ],
        ["adapt as technology changes", "creative", "adaptive", "fast", "buy in specialist skills", "franchise"],
    ),
}  # fmt: skip
RECOMMENDATIONS = (
    ("Share what has been done", "EMPAC, with the forces of the region", "Reports can be put on EMPAC's pages"),
    ("Get the best evidence", "The operational and the academic lead", "particular about the region"),
    ("Try things out", "Police forces and the regional unit", "case by case"),
    ("Bring in lasting funding", "De Montfort University as leader of the bid", "team should be formed to write bids"),
)
OFFICERS = ("Dhindsa", "Swann", "Haward", "Walsh", "Paterson", "Severn", "Hill", "McCusker")


@pytest.fixture
def read():
    return page("serious-and-organised-crime-the-adaptability-gap")


def test_the_report_is_the_collaborations_and_says_who_paid(read):
    about = read.under("about-this-text").text
    for words in (
        "East Midlands Police Academic Collaboration (corporate author)",
        "EMPAC reports on serious and organised crime",
        "De Montfort University, initial funding",
        "East Midlands",
        "Red teaming",
        "written afresh for this demonstration",
        "Our copy has no title and no date",
    ):
        assert words in about
    assert "Thematic report" in read.text


def test_the_background_has_its_figures_and_its_three_aims(read):
    background = read.under("the-background")
    for words in ("Cabinet Office", "2018", "£37 billion a year"):
        assert words in background.text
    assert background.texts("li")[:3] == [
        "Prevent: keep people from taking up serious and organised crime;",
        "Protect: shield victims, organisations and systems from the harm it does;",
        "Prepare: be ready for when it happens, so that its effect is smaller.",
    ]


def test_its_sections_stand_in_order(read):
    headings = [(node.attributes.get("id"), node.text) for node in read.all("h2")]
    assert [row for row in headings if row[0] in HEADINGS] == list(HEADINGS.items())


def test_the_introductory_remarks_say_why_it_exists_and_who_speaks_for_it(read):
    text = read.under(WHY).text
    for words in (
        "practitioners and academic researchers", "research money from outside", "one of the themes", "one piece of",
        "Police and Crime Commissioners", "Chief Constables", "encourage readers to take part",
    ):  # fmt: skip
        assert words in text


def test_its_three_footnotes_stand_with_their_marks(read):
    notes = {
        "UK National Strategy on Serious Organised Crime, 2018-2021": "the-background",
        "Its members are the police forces of Derbyshire, Leicestershire, Lincolnshire, Northamptonshire": REGION,
        "the military, from intelligence and from business": NEXT,
    }
    for words, anchor in notes.items():
        under = read.under(anchor)
        found = under.texts("li", kind="footnote-item")
        assert len(found) == 1 and words in found[0], (anchor, found)
        assert len(under.all("sup")) == 1
    members = read.under(REGION).text
    for name in ("De Montfort", "Derby", "Leicester", "Lincoln", "Loughborough", "Nottingham Trent", "Northampton"):
        assert name in members
    assert "eight universities" in members and "East Midlands Special Operations Unit" in members


def test_its_six_key_aspects_stand_in_the_text_and_as_priorities(read):
    rows = read.under(REGION).texts("li")[:6]
    priorities = [node.text for node in read.under("research-priorities").all("div", kind="priority")]
    assert len(priorities) == 6
    for (words, priority), row, asked in zip(ASPECTS, rows, priorities, strict=True):
        assert words in row and priority in asked


def test_table_1_has_every_cell(read):
    (table,) = read.under(GAP).all("table")
    title = "Table 1. Mind the gap: the difference between policing and crime adaptabilities"
    assert title in (table.all("caption") or table.parent.all("p"))[0].text
    assert table.texts("th")[:3] == ["Aspect", "Police", "Organised crime groups"]
    found = {}
    for row in table.all("tr")[1:]:
        head, *cells = row.all("th", "td")
        found[head.text] = tuple(cell.texts("li") or cell.text.split("; ") for cell in cells)
    assert found == TABLE
    assert sum(len(police) + len(groups) for police, groups in found.values()) == 32


def test_the_gap_its_gains_and_its_stakes_are_told(read):
    text = read.under(GAP).text
    for words in ("taken unawares", "net benefit", "techniques", "know the opponent and also oneself", "fall behind"):
        assert words in text
    assert len(read.under("key-findings").all("div", kind="key")) == 6


def test_red_teaming_the_hours_the_first_money_and_the_aim_are_told(read):
    text = read.under(NEXT).text
    for words in (
        "over 1,000 hours", "first funding from De Montfort University", "A tactic to examine: red teaming",
        "needs some preparation", "think as the opponent would", "Sheffield Hallam University",
        "University of Northampton", "neighbourhood policing", "Economic and Social Research Council",
        "Bids are slow and competition is hard", "record of learning by doing",
    ):  # fmt: skip
        assert words in text


def test_its_four_recommendations_say_what_and_for_whom(read):
    rows = [read.by_id(f"recommendation-{number}") for number in range(1, 5)]
    assert len(read.under("recommendations").all("div", kind="recommendation")) == 4
    for row, (title, whom, words) in zip(rows, RECOMMENDATIONS, strict=True):
        assert row.texts("h3") == [title]
        assert whom in row.all("dl")[0].text and words in row.text


def test_nobody_whom_the_report_names_is_named(read):
    assert [name for name in OFFICERS if name in read.text] == []


def test_the_strategy_it_cites_stands_among_the_references(read):
    (row,) = read.under("references").all("li")
    assert "UK National Strategy on Serious Organised Crime, 2018-2021" in row.text
