"""The demonstration's texts: complete as facts, and none of them copied."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.portal.make_seed_shingles import KNOWN
from tests.portal.shingles import RUN, digests, mask

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "collaborative" / "portal" / "demo" / "data"
FILES = sorted(DATA.glob("*.toml"))
FACTS = tomllib.loads((HERE / "seed_facts.toml").read_text(encoding="utf-8"))

# Titles, names and citations may equal the source documents'. Nothing else may.
ALLOWED = (
    # Names
    "Universities' Police Science Institute (UPSI)",
    "Police Reform and Social Responsibility Act 2011",
    "Economic and Social Research Council",
    "Tine Munk (University of Manchester)",
    # Titles
    "Partnerships between the Police and the Private Security Industry",
    "partnerships-between-the-police-and-the-private-security-industry",
    "Mind the gap: the difference between policing and crime adaptabilities",
    "Initiating and developing coordination and collaboration actions between law enforcement agencies "
    "and other local actors",
    # Citations
    "UK National Strategy on Serious Organised Crime, 2018-2021",
    "Davis (III), E.F., Alves, A.A. and Sklansky, D.A. (2014)",
    "Social Media and Police Leadership: Lessons From Boston",
    "New Perspectives in Policing* (Harvard: Harvard Kennedy School)",
    "OSCE Secretary General, Senior Police Adviser (2008), *Guidebook on democratic policing* (Vienna: OSCE)",
    "OSCE (2009), *Integrating a gender approach into police-public partnerships*",
    "Wisler, D. (2011), *Police governance: European Union Best Practices*, Coginta",
    "Myhill, A. (2006), *Community Engagement in Policing: Lessons from the Literature* (London, Home Office)",
    "Kappeler, V.E. and Gaines, L.K. (2015), *Community Policing: A Contemporary Perspective*",
    "https://www.app.college.police.uk/app-content/engagement-and-communication/engaging-with-communities",
)


def copied_runs():
    """The digests of the source documents' runs of words."""
    lines = (HERE / "seed_shingles.txt").read_text(encoding="utf-8").splitlines()
    return {digest for line in lines if not line.startswith("#") for digest in line.split()}


def strings(value):
    """Every text in a value read from TOML."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def comments(text):
    """The comments of a file, lines that follow each other as one text."""
    block = re.compile(r"(?:^[ \t]*#.*\n?)+", re.MULTILINE)
    return [re.sub(r"(?m)^[ \t]*#", " ", found) for found in block.findall(text)]


def texts(path):
    """Every text in a data file, its comments too."""
    source = path.read_text(encoding="utf-8")
    return [*strings(tomllib.loads(source)), *comments(source)]


def read(name):
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def test_the_list_of_runs_is_whole_and_finds_a_sentence_it_holds():
    known = copied_runs()
    assert len(known) > 5000
    assert digests(" ".join(KNOWN.split()[:RUN]).title() + "!") <= known
    assert not digests("Nine words in a row that nobody ever wrote before") & known


def test_a_masked_title_hides_only_itself():
    sentence = "It stands in the list: Mind the gap: the difference between policing and crime adaptabilities. And on."
    assert digests(mask(sentence, ALLOWED)) == set()
    assert digests(mask("one two three four five six seven eight nine", ALLOWED)) != set()


def test_there_are_texts_to_look_at():
    assert len(FILES) >= 10
    assert sum(len(text) for path in FILES for text in texts(path)) > 80_000


@pytest.mark.parametrize("path", [*FILES, HERE / "seed_facts.toml"], ids=lambda path: path.name)
def test_no_nine_words_in_a_row_are_the_source_documents(path):
    known = copied_runs()
    copied = [text for text in texts(path) if digests(mask(text, ALLOWED)) & known]
    assert copied == []


def test_every_allowed_string_is_needed():
    known = copied_runs()
    everything = [text for path in FILES for text in texts(path)]
    needless = [
        string
        for string in ALLOWED
        if not any(digests(mask(text, set(ALLOWED) - {string})) & known for text in everything)
    ]
    assert needless == []


def place_of(fact):
    """The text in which a fact must stand: its record, one numbered part of it, or one cell of a table in that."""
    (place,) = [row for row in read(fact["file"])[fact["list"]] if row["slug"] == fact["record"]]
    if "part" in fact:
        (place,) = [row for row in place[fact["part"]] if row["number"] == fact["number"]]
    if "row" in fact:
        (line,) = [line for line in place["body"].splitlines() if line.startswith(f"| **{fact['row']}**")]
        place = line.split("|")[fact["column"]]
    return " ".join(" ".join(strings(place)).split()).lower()


@pytest.mark.parametrize("fact", FACTS["facts"], ids=lambda fact: f"{fact['of']} {fact['kind']} {fact['fact']}")
def test_every_fact_stands_in_its_place(fact):
    held = place_of(fact)
    assert [phrase for phrase in fact["says"] if phrase.lower() not in held] == []


def test_every_partner_named_stands_in_its_programme_with_its_role():
    names = {row["slug"]: row["name"] for row in read("organisations.toml")["organisations"]}
    stored = {
        (programme["slug"], names[row["organisation"]], row["role"])
        for programme in read("programmes.toml")["programmes"]
        for row in programme["partners"]
    }
    named = {(row["programme"], row["name"], row["role"]) for row in FACTS["partners"]}
    assert named - stored == set()
    assert stored - named == {
        ("better-policing-collaborative", "University of Suffolk", "collaborating_partner"),
        ("empac", "Sheffield Hallam University", "associate"),
    }


def test_partners_are_as_many_and_of_the_kinds_that_the_documents_name():
    kinds = {row["name"]: row["kind"] for row in read("organisations.toml")["organisations"]}
    counts = {
        programme: Counter(kinds[row["name"]] for row in FACTS["partners"] if row["programme"] == programme)
        for programme in ("better-policing-collaborative", "n8-policing-research-partnership", "empac")
    }
    assert counts == {
        "better-policing-collaborative": {
            "police_force": 13, "university": 5, "charity_or_sector_body": 1, "commercial": 1,
        },
        "n8-policing-research-partnership": {"police_force": 12, "university": 8},
        "empac": {"police_force": 5, "opcc": 5, "regional_unit": 1, "university": 8},
    }  # fmt: skip


def test_the_list_of_facts_is_as_long_as_the_documents_need():
    counts = Counter((fact["of"], fact["kind"]) for fact in FACTS["facts"])
    expected = {
        ("001", "strand"): 4, ("001", "area"): 4, ("001", "project"): 6, ("001", "work package"): 3,
        ("001", "tool"): 6, ("001", "training offer"): 7, ("002", "heading"): 7, ("002", "key finding"): 8,
        ("002", "research priority"): 21, ("002", "reference"): 20, ("002", "facilitating factor"): 7,
        ("002", "hindering factor"): 5, ("002", "workshop point"): 8, ("003", "mode"): 5, ("003", "resource"): 7,
        ("003", "example"): 2, ("004", "aspect"): 6, ("004", "table cell"): 32, ("004", "footnote"): 3,
        ("004", "recommendation"): 4,
    }  # fmt: skip
    assert {key: counts[key] for key in expected} == expected
