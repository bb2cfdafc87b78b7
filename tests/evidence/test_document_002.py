"""Document 002, the evidence review of policing partnerships, stands complete on its page: each part by name."""

import pytest

from tests.evidence.reading_of import page

pytestmark = pytest.mark.django_db
HELPS, HINDERS = "what-helps", "what-hinders"
HEADINGS = {
    "introduction": "Introduction",
    "partnerships-between-police-organisations": "Partnerships between Police Organisations",
    "multi-agency-partnerships-involving-the-police": "Multi-agency Partnerships Involving the Police",
    "partnerships-between-the-police-and-the-private-security-industry": (
        "Partnerships between the Police and the Private Security Industry"
    ),
    "partnerships-between-the-police-and-the-academic-community": (
        "Partnerships between the Police and the Academic Community"
    ),
    "the-policing-partnerships-workshop-event": "The Policing Partnerships workshop event",
    "conclusion": "Conclusion",
}
INTRODUCTION, FORCES, AGENCIES, SECURITY, ACADEMICS, WORKSHOP, CONCLUSION = HEADINGS
FINDINGS = (
    "a typology is needed",
    "austerity and the economic downturn affect",
    "come to share a purpose",
    "harder questions of governance and accountability",
    "strong leadership, structures that are clear but can bend, and resources for the long term",
    "indifference and hostility",
    "Distrust above all",
    "how this evidence can change what partnerships do",
)
PRIORITIES = (
    (None, "Build a typology"),
    (None, "wider conditions, such as austerity"),
    (None, "governance and accountability as partnerships become more varied"),
    (None, "more effect on what partnerships do in practice"),
    (FORCES, "saves what was hoped for"),
    (FORCES, "encourages forces to collaborate and what puts them off"),
    (FORCES, "negotiations at its start and later on"),
    (FORCES, "forces that are not neighbours"),
    (FORCES, "human rights"),
    (FORCES, "local policing has been the tradition"),
    (AGENCIES, "they may overlap"),
    (AGENCIES, "change over the long term"),
    (AGENCIES, "made so little difference"),
    (AGENCIES, "the kind of problem"),
    (SECURITY, "time of austerity"),
    (SECURITY, "day to day, at the operational level"),
    (SECURITY, "accredited private security companies and individuals"),
    (SECURITY, "financial sector"),
    (SECURITY, "how willing private security firms really are"),
    (ACADEMICS, "what police organisations need from research"),
    (ACADEMICS, "passage of knowledge from universities"),
)
CITED = {
    INTRODUCTION: ["HMIC 2012", "HMIC 2012", "HMIC 2012"],
    FORCES: ["HMIC 2012", "Home Affairs Committee 2011"],
    AGENCIES: [
        "Van Staden et al. 2010", "O'Neill and McCarthy 2012",
        "O'Neill and McCarthy 2012", "Turley et al. 2012", "Van Staden et al. 2010", "Berry et al. 2011",
        "Crawford 2014", "Hughes and Rowe 2007", "Crawford 1997", "Rock 1990, 39",
    ],
    SECURITY: [
        "Crawford et al. 2005", "Lister 2011", "HMIC 2011", "HMIC 2012", "HMIC 2013", "Noaks 2008",
        "White and Gill 2013", "Gill 2013", "Lister 2011",
    ],
    ACADEMICS: ["Stanko 2009", "Dawson and Williams 2009", "Bullock and Tilley 2009"],
    WORKSHOP: [],
    CONCLUSION: [],
}  # fmt: skip
REFERENCES = {
    "Berry et al. 2011", "Bullock and Tilley 2009", "Crawford 1997", "Crawford 2014", "Crawford et al. 2005",
    "Dawson and Williams 2009", "Gill 2013", "HMIC 2011", "HMIC 2012", "HMIC 2013", "Home Affairs Committee 2011",
    "Hughes and Rowe 2007", "Lister 2011", "Noaks 2008", "O'Neill and McCarthy 2012", "Rock 1990", "Stanko 2009",
    "Turley et al. 2012", "Van Staden et al. 2010", "White and Gill 2013",
}  # fmt: skip


@pytest.fixture
def read():
    return page("policing-partnerships-evidence-review")


def has_each(rows, phrases):
    """Say where words are missing: each phrase stands in the row of its place, and there are no more rows."""
    assert len(rows) == len(phrases), rows
    return [(phrase, row) for row, phrase in zip(rows, phrases, strict=True) if phrase not in row]


def test_the_title_and_the_byline_name_all_who_wrote_it_in_order(read):
    assert read.all("h1")[0].text == "Policing Partnerships: Evidence Review"
    about = read.under("about-this-text").text
    authors = [
        "N8 Policing Research Partnership (corporate author)",
        "Bethan Loftus, University of Manchester",
        "Layla Skinns, University of Sheffield",
        "with Tine Munk, University of Manchester",
        "with Lindsey Rice, University of Sheffield",
    ]
    places = [about.index(words) for words in authors]
    assert places == sorted(places)
    assert "N8 Policing Research Partnership" in read.all("div", kind="meta")[0].text  # whose summary it is: not theirs


def test_it_says_its_series_who_paid_from_which_fund_and_what_it_is_about(read):
    facts = read.under("about-this-text").text
    for words in (
        "Series N8 Policing Research Partnership evidence reviews",
        "Programme N8 Policing Research Partnership",
        "College of Policing, Innovation Capacity Building Fund",
        "England and Wales",
        "Police officers and staff",
        "Rapid review of the literature",
        "Discussion with practitioners",
    ):
        assert words in facts
    assert "Rapid evidence review" in read.text


def test_the_background_names_its_three_pressures_and_four_areas(read):
    background = read.under("the-background")
    for words in ("deep cuts in police budgets", "the economic downturn", "social inequality that keeps growing"):
        assert words in background.text
    areas = ("forces that collaborate", "multi-agency", "private security industry", "with academics")
    assert has_each(background.texts("li"), areas) == []
    assert "discussions with police stakeholders, led to the research priorities" in background.text


def test_its_eight_key_findings_stand_by_number(read):
    rows = [read.by_id(f"finding-{number}").text for number in range(1, 9)]
    assert has_each(rows, FINDINGS) == []
    assert len(read.under("key-findings").all("div", kind="key")) == 8


def test_its_research_priorities_lead_to_the_sections_that_raise_them(read):
    rows = read.under("research-priorities").all("div", kind="priority")
    assert has_each([row.text for row in rows], [words for _section, words in PRIORITIES]) == []
    led = [
        next((a.attributes["href"] for a in row.all("a") if "priority" not in a.attributes["href"]), None)
        for row in rows
    ]
    assert led == [f"#{section}" if section else None for section, _words in PRIORITIES]


def test_its_seven_sections_stand_in_order_and_in_the_list_of_contents(read):
    headings = [(node.attributes.get("id"), node.text) for node in read.all("h2")]
    assert [row for row in headings if row[0] in HEADINGS] == list(HEADINGS.items())
    contents = {a.attributes["href"] for a in read.all("a") if a.attributes.get("href", "").startswith("#")}
    assert {f"#{anchor}" for anchor in HEADINGS} <= contents


def test_the_introduction_has_its_four_kinds_and_its_four_questions(read):
    introduction = read.under(INTRODUCTION)
    kinds = ("between police organisations", "several agencies", "private security firms", "academics")
    questions = ("seen as a whole", "conditions did they arise", "what against", "holds it back, and what encourages")
    assert has_each(introduction.texts("li"), [*kinds, *questions]) == []
    for words in ("Crime and Disorder Act 1998", "Comprehensive Spending Review of 2010", "20 per cent"):
        assert words in introduction.text


def test_partnerships_between_forces_have_their_laws_and_their_example(read):
    forces = read.under(FORCES)
    for words in (
        "Police Act 1996", "Policing and Crime Act 2009", "Police Reform and Social Responsibility Act 2011",
        "Apart from Scotland", "protective services", "back office", "Kent Police and Essex Police", "15 forces",
    ):  # fmt: skip
        assert words in forces.text
    shared = ("information technology", "Project Athena", "regional intelligence unit", "regional asset recovery team")
    assert has_each(forces.texts("li"), shared) == []


def test_what_helps_and_what_hinders_stand_with_their_sources(read):
    agencies = read.under(AGENCIES)
    h3 = {node.text: node.attributes["id"] for node in agencies.all("h3")}
    helps, hinders = read.under(h3["What helps"]), read.under(h3["What hinders"])
    assert has_each(
        helps.texts("li"),
        ("long and for the short term", "Strategic leadership", "Data that are shared", "lines of communication",
         "Knowledge of the locality", "what the others are there for", "compromise, trust"),
    ) == []  # fmt: skip
    assert (
        has_each(
            hinders.texts("li"),
            ("knowledge-brokers", "Unequal means", "Unequal power", "culture and ideology", "sharing of data"),
        )
        == []
    )
    assert helps.texts("a", kind="cite") == CITED[AGENCIES][2:6]
    assert hinders.texts("a", kind="cite") == CITED[AGENCIES][6:9]


def test_private_security_has_its_five_points_and_its_benefits(read):
    security = read.under(SECURITY)
    points = ("How closely the two work together", "How they get on", "Conflict of agendas", "Lack of trust",
              "Regulation and accountability")  # fmt: skip
    assert has_each(security.texts("li")[:5], points) == []
    for words in ("shopping centres", "industrial parks", "more professional", "financial sector"):
        assert words in security.text


def test_the_academic_community_has_its_three_collaborations_and_remedies(read):
    rows = read.under(ACADEMICS).texts("li")
    named = ("Scottish Institute for Policing Research (SIPR)", "Universities' Police Science Institute (UPSI)",
             "What Works Centre for Crime Reduction")  # fmt: skip
    remedies = ("common language of evidence", "steps that can be taken", "more open to academic criticism")
    assert has_each(rows, [*named, *remedies]) == []


def test_the_workshop_has_its_eight_points(read):
    points = ("typology", "austerity", "governance", "collaborators or competitors", "trust", "subcultures", "power",
              "train partners")  # fmt: skip
    assert has_each(read.under(WORKSHOP).texts("li"), points) == []
    assert "Policing Partnerships: Current Debates and Directions" in read.under(WORKSHOP).text


def test_the_conclusion_comes_back_to_the_main_points(read):
    text = read.under(CONCLUSION).text
    for words in ("typology", "Austerity and the downturn", "governance and accountability", "barrier", "practice"):
        assert words in text


def test_every_citation_stands_at_its_place_and_leads_to_its_reference(read):
    cited = {anchor: read.under(anchor).texts("a", kind="cite") for anchor in HEADINGS}
    assert cited == CITED
    targets = {a.attributes["href"] for a in read.all("a", kind="cite")}
    assert {read.by_id(target[1:]).tag for target in targets} == {"li"}
    assert len(targets) == len(REFERENCES) == 20


def test_every_reference_is_author_and_year_and_says_that_our_copy_has_no_more(read):
    rows = [node for node in read.under("references").all("li") if node.attributes.get("id", "").startswith("ref-")]
    assert {short for short in REFERENCES for row in rows if row.text.startswith(short)} == REFERENCES
    assert [row.text for row in rows if "Full reference not in our copy" not in row.text] == []
    assert [row.text for row in rows if "doi.org" in str(row.all("a"))] == []


def test_the_archives_notice_in_two_languages_is_told_of_the_copy_and_not_of_the_review(read):
    text = read.under("about-this-text").text
    for words in (
        "Our copy comes from an archive", "Public Safety Canada", "English and French", "one official language only",
        "other formats can be asked for", "En bref :", "Sécurité publique Canada", "belongs to that copy",
        "written afresh for this demonstration", "the words are not the authors'", "gives no date of publication",
    ):  # fmt: skip
        assert words in text
    assert "no longer updated" not in read.all("article")[0].text


def test_the_plain_summary_has_its_five_headings(read):
    headings = [node.text for node in read.under("plain-language-summary").all("h3")]
    assert headings == [
        "What we looked at", "What we found", "What it means for policing", "What we do not know",
        "How good the evidence is",
    ]  # fmt: skip


def test_a_reader_finds_how_to_ask_for_another_format_or_a_translation(read):
    links = {a.text: a.attributes["href"] for a in read.all("a")}
    assert links["Ask for another format"] == "/evidence/policing-partnerships-evidence-review/ask/"
    assert links["Ask for a translation"].endswith("/ask/?wanted=translation")
