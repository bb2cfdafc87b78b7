"""Document 003 stands complete among the practice sheets: every part of it, named."""

import pytest

from evidence.models import Sheet

ADDRESS = "/evidence/practices/pp1-coordination-with-local-actors/"
TITLE = (
    "Initiating and developing coordination and collaboration actions between law enforcement agencies "
    "and other local actors"
)
PARTS = {
    "why": (
        "works better and lasts longer", "this has been shown", "the public is more closely involved",
        "public and the private sector", "depends on the subject and on who takes part", "a full network",
        "information and good practice are exchanged", "coordination of operations", "a partnership for one project",
    ),
    "conditions": (
        "firm base", "material factors", "cultural ones", "how far people trust the police",
        "matter directly to everyone who takes part", "The internet, social networks and apps",
        "reach each other more readily", "less bureaucracy",
    ),
}  # fmt: skip
EXAMPLES = [
    (
        "Utrecht", "NL", "Mobile Safety Watch", "Verhoeven et al., 2011",
        (
            "police department", "University of Applied Sciences", "Dutch Centre for Innovation and Safety",
            "Dutch television programme “Opsporing verzocht”", "neighbourhood watches",
        ),
    ),
    (
        "", "AL", "Digital Commissioner", "earlier page",
        ("Ministry of Interior", "Vodafone Foundation", "Protik ICT Resource Center"),
    ),
]  # fmt: skip
MODES = [
    ("Dedicated service", "a service of its own within the agency"),
    ("Public relations", "Make public relations services better"),
    ("Structured partnership", "partnerships with stakeholders that have a clear structure"),
    ("Networking technology", "technology that makes networking and joint work easier"),
    ("Privacy and data protection", "privacy and the protection of data certain in everything"),
]
RESOURCES = [
    (
        "Davis (III), E.F., Alves, A.A. and Sklansky, D.A. (2014)",
        "http://www.projectgriffin.org.uk/index.php/procedures",
    ),
    ("Guidebook on democratic policing", ""),
    ("Integrating a gender approach into police-public partnerships", "http://www.osce.org/gender/36363"),
    ("Wisler, D. (2011), *Police governance: European Union Best Practices*", ""),
    ("Myhill, A. (2006), *Community Engagement in Policing: Lessons from the Literature*", ""),
    (
        "College of Policing (2013), *Engagement*",
        "https://www.app.college.police.uk/app-content/engagement-and-communication/engaging-with-communities",
    ),
    ("Kappeler, V.E. and Gaines, L.K. (2015), *Community Policing: A Contemporary Perspective*", ""),
]


@pytest.fixture
def sheet(demonstration):
    """Return the sheet as the demonstration has it."""
    return Sheet.objects.get(slug="pp1-coordination-with-local-actors")


@pytest.mark.django_db
def test_every_part_of_document_003_stands_in_its_place(sheet, client):
    assert (sheet.code, sheet.title, sheet.state) == ("PP1", TITLE, "published")
    assert sorted(str(tag) for tag in sheet.tags.all()) == ["ICT", "community policing", "participation"]
    for name, phrases in PARTS.items():
        words = " ".join(getattr(sheet, name).split())
        assert [phrase for phrase in phrases if phrase not in words] == [], name
    examples = list(sheet.examples.all())
    assert [(row.place, row.country.code) for row in examples] == [example[:2] for example in EXAMPLES]
    for row, (_place, _country, name, source, partners) in zip(examples, EXAMPLES, strict=True):
        assert name in row.text and source in row.source
        assert [partner for partner in partners if partner not in row.partners] == []
    modes = list(sheet.modes.select_related("term"))
    assert [mode.term.label for mode in modes] == [label for label, _words in MODES]
    assert [words for mode, (_label, words) in zip(modes, MODES, strict=True) if words not in mode.text] == []
    resources = list(sheet.resources.all())
    assert [resource.url for resource in resources] == [url for _words, url in RESOURCES]
    assert [words for row, (words, _url) in zip(resources, RESOURCES, strict=True) if words not in row.citation] == []
    for unknown in (sheet.contact, sheet.cost, sheet.not_worked, sheet.stage):
        assert not unknown
    assert "does not name its author or publisher" in sheet.provenance
    page = client.get(ADDRESS).content.decode()
    for words in ("Why", "Conditions", "Examples", "Modes of implementation", "Resources", "Mobile Safety Watch"):
        assert words in page
    assert client.get("/evidence/practices/?q=Opsporing+verzocht").context["sheets"][0] == sheet
