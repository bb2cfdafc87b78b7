"""Texts that are about something else in the words of the written library, so that finding it is hard.

The same number always gives the same texts. Their subjects are those that nobody asks about in ``queries.toml``; the
words, places and themes are those of ``corpus.toml``, as often as they stand there.
"""

import random
import re
from dataclasses import dataclass
from functools import cache

from collaborative.search.stopwords import STOP_WORDS
from tests.relevance.judged import documents

SUBJECTS = (
    """
Vehicle fleets|Mounted units|Uniform stores|Radio masts|Estates and boilers|Kennels|Catering contracts|Pension letters
Car parks|Press offices|Vetting of contractors|Ceremonial duties|Museum collections|Payroll systems|Printing rooms
Lost property|Front counters|Firing ranges|Translation budgets|Charging points|River patrol boats|Band concerts
Recycling of batteries|Office furniture|Insurance claims|Procurement of boots|Staff canteens|Telephone exchanges
Airport passes|Football stewarding|Film permits|Abnormal loads|Firearms certificates|Visitor badges|Coroners' files
Naming of stations|Archive boxes|Flagpoles and signs|Swimming tests|Laundry of blankets|Solar roofs|Internal audit
""".strip()
    .replace("\n", "|")
    .split("|")
)
DESIGNS = (
    """
a survey|a census|an audit|a rapid review|a costing|an evaluation|lessons learned|a scoping study|first results
a review of reviews|a before-and-after study|interviews with staff|a secondary analysis|what is known
""".strip()
    .replace("\n", "|")
    .split("|")
)
PLACES = (
    """
Saltby|Lowick|Carrickmoor|Aberwen|Ashendon|Brackley Mere|Coldharbour|Dunsop|Eastwater|Fernleigh|Garth|Holmby|Inverlea
Jessop|Kirkwold|Langrigg|Marsh End|Northfleet Cross|Orrell Water|Penhallow|Quarrington|Risby|Skelder|Thornwick|Ulverby
""".strip()
    .replace("\n", "|")
    .split("|")
)
GIVEN = (
    "Ada Bram Clio Dov Elin Femi Gus Hana Ivo Jude Kit Lena Mo Nia Otis Pia Quin Rhys Sol Tess Uma Vic Wyn Zoe".split()
)
FAMILY = "Aldous Birtle Cammack Dacre Eccles Frobisher Gaskin Hebble Iddon Jowett Kemble Lathom Mossop Nuttall".split()
SENTENCES = (
    "Those who were asked spoke of {} and {} as well, which were not looked into.",
    "Nothing was found about {}, {} or {}.",
    "Records held {} for two years, and {} for one.",
    "Managers put it down to {}; staff to {} and {}.",
    "It cost as much as {} in the year before, when {} had been left out.",
    "A pilot with {} ended early because of {}.",
    "Others have written about {}, {}, {} and {}.",
    "The figures do not part {} from {}.",
)
TITLES = (
    "{subject} in {place}: {design}",
    "{subject}: {design}",
    "{subject} and {one}: {design}",
    "{subject}, {one} and {other}: {design} in {place}",
    "{subject} after {one}: notes from {place}",
)
KINDS = ("rapid_evidence_review", "systematic_review", "evaluation_report", "narrative_review")
SHORTEST = 4
"""Letters of a word that is worth sharing."""


@dataclass(frozen=True)
class Distractor:
    """A text that answers nothing."""

    title: str
    summary: str
    text: str
    authors: tuple
    themes: tuple
    kind: str


@cache
def shared():
    """Return the words of the written library, each as often as it stands there, first those of its titles."""
    titles = " ".join(each["title"] for each in documents())
    texts = " ".join(
        " ".join((each["summary"], each.get("text", ""), each.get("attachment", ""))) for each in documents()
    )
    return [_words(titles), _words(f"{titles} {texts}")]


def _words(text):
    found = (word.lower() for word in re.findall(r"[a-zA-Z]+", text))
    return [word for word in found if len(word) >= SHORTEST and word not in STOP_WORDS]


@cache
def themes():
    """Return the names of all themes that the written library gives its texts."""
    return sorted({theme for each in documents() for theme in each.get("themes", ())})


def distractors(number):
    """Yield so many texts, always the same."""
    chance = random.Random(60)
    for _n in range(number):
        yield _distractor(chance)


def _distractor(chance):
    titles, texts = shared()
    filled = {"subject": chance.choice(SUBJECTS), "place": chance.choice(PLACES), "design": chance.choice(DESIGNS)}
    filled |= {"one": chance.choice(titles), "other": chance.choice(titles)}
    return Distractor(
        title=chance.choice(TITLES).format(**filled),
        summary=" ".join(_sentence(chance, texts) for _n in range(2)),
        text=" ".join(_sentence(chance, texts) for _n in range(chance.randint(5, 9))),
        authors=tuple(_name(chance) for _n in range(chance.randint(1, 3))),
        themes=tuple(chance.sample(themes(), chance.randint(1, 2))),
        kind=chance.choice(KINDS),
    )


def _sentence(chance, words):
    said = chance.choice(SENTENCES)
    return said.format(*chance.choices(words, k=said.count("{}")))


def _name(chance):
    return f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
