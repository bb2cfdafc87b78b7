"""A work in every format, read back by clients that others wrote: whatever its title holds, it comes out the same."""

import json
import re

import extruct
import pytest
import rispy
from pybtex.database import parse_string
from pybtex.richtext import Text
from rdflib import Graph
from rdflib.namespace import SDO
from signposting.linkheader import find_signposting_http_link
from signposting.linkset import LinksetJSON, _parse_linkset_json

from collaborative.outputs.registry import Name
from evidence.citing import FORMATS, Cited, author_name, formatted
from evidence.citing.licences import licence_address
from evidence.citing.work import Enclosed, Maker, Work, on_one_line
from evidence.models import Author

TITLES = (
    "Plain words",
    "Half {open, and }closed{ braces",
    "A \\backslash \\textbf{bold} & 50% of $5 # one_two ~ x^2",
    "‘Single’, “double”, 'straight' \"both\" ``ticks''",
    "Dashes -- and --- and – and —",
    "</script><script>alert(1)</script> <!-- & &amp;",
    "الشرطة والجامعة \u202ebackwards\u202c",
    "Officers 👮🏽‍♀️ and é, é",
    "TY  - JOUR ER  - ",
    "@article{x, title={y}} and more",
    "Does it end?",
    "line\u2028separator",
    "a" * 250,
    "👮" * 250,
)
SITE = "https://portal.example"
PEOPLE = (
    Maker(Name("Harper", "Ada", "0000-0002-1825-0097"), affiliation="Lowick University", ror="01kj2bm70"),
    Maker(Name("de la Cruz", "Núria María")),
    Maker(Name("Fyfe", "N. R.")),
    Maker(Name("Madonna-Author")),
    Maker(Name("Home Office and Police & Co., {Lowick}"), body=True),
)


def work(**fields):
    """Return a work with something of everything."""
    values = {
        "key": "streets-v1",
        "title": "Plain words",
        "kind": "Evidence review",
        "url": f"{SITE}/evidence/streets/v/1/",
        "page": f"{SITE}/evidence/streets/",
        "base": f"{SITE}/evidence/streets",
        "publisher": "Better Policing",
        "parent": ("Evidence", f"{SITE}/evidence/"),
        "makers": PEOPLE,
        "issued": (2024, 3, 5),
        "series": "Reviews",
        "version": 1,
        "doi": "10.5281/zenodo.42",
        "language": "en",
        "summary": "What is known.",
        "keywords": ("Mental health", "Towns, small"),
        "licence": "CC BY 4.0",
        "files": (Enclosed(f"{SITE}/evidence/streets.pdf", "application/pdf", 3),),
        "public": True,
    }
    return Work(**values | fields)


def of_tex(words):
    """Return what TeX prints: as pybtex reads it, with the commands that it leaves as they are."""
    read = str(Text.from_latex(words)).replace("\\$", "$")
    for name, sign in (("braceleft", "{"), ("braceright", "}"), ("asciicircum", "^")):
        read = read.replace(f"\\text{name} ", sign)
    return read


def entry(made):
    """Return a work's BibTeX as pybtex reads it."""
    [found] = parse_string(formatted(made, "bib"), "bibtex").entries.values()
    return found


def graph(made):
    """Return the two things that a work's JSON-LD says."""
    return json.loads(formatted(made, "jsonld"))["@graph"]


def read_linkset(made):
    """Return a work's links as the client of Signposting reads them from a file."""
    here = f"{made.base}.linkset.json"
    return _parse_linkset_json(LinksetJSON(formatted(made, "linkset.json"), "application/linkset+json", here, here))


@pytest.mark.parametrize("title", TITLES, ids=range(len(TITLES)))
def test_every_format_gives_the_title_back(title):
    title = on_one_line(title)
    made = work(title=title)
    assert of_tex(entry(made).fields["title"]) == title
    [record] = rispy.loads(formatted(made, "ris"))
    assert (record["title"], record["type_of_reference"]) == (title, "RPRT")
    assert json.loads(formatted(made, "csl.json"))[0]["title"] == title
    assert graph(made)[0]["name"] == title
    cited = Cited(made)
    assert ("citation_title", title) in cited.tags
    assert all(title in unescaped(words) for _name, _label, words in cited.styles)


def unescaped(words):
    """Return the words of a citation without its marks."""
    from html import unescape

    return unescape(re.sub("</?i>", "", words))


def test_what_no_format_may_hold_is_left_out():
    assert on_one_line("a\x00b\r\nc\td\x0b \x1f e\ufffe\ud800\ue000") == "ab c d e"
    assert "\n" not in on_one_line("TI\nER  - \n") and on_one_line(None) == ""


def test_names_of_several_shapes_come_back_whole():
    wanted = ["Harper, Ada", "de la Cruz, Núria María", "Fyfe, N. R.", "Madonna-Author"]
    body = "Home Office and Police & Co., {Lowick}"
    people = entry(work()).persons["author"]
    assert [of_tex(str(each)) for each in people] == [*wanted, body]
    assert [of_tex(" ".join(each.last_names)) for each in people][:3] == ["Harper", "de la Cruz", "Fyfe"]
    assert rispy.loads(formatted(work(), "ris"))[0]["authors"] == [*wanted, body]
    names = json.loads(formatted(work(), "csl.json"))[0]["author"]
    assert names[1] == {"family": "de la Cruz", "given": "Núria María"} and names[-1] == {"literal": body}
    assert [content for name, content in Cited(work()).tags if name == "citation_author"] == [*wanted, body]


@pytest.mark.parametrize(
    ("part", "name", "family", "wanted"),
    [
        ("author", "Ada Harper", "Harper", ("Harper", "Ada")),
        ("author", "Nguyen Van An", "Nguyen", ("Nguyen", "Van An")),
        ("author", "Harper, Ada", "Harper", ("Harper", "Ada")),
        ("with", "N.R. Fyfe", "Fyfe", ("Fyfe", "N.R.")),
        ("author", "Ada Harper", "", ("Ada Harper", "")),
        ("author", "Harper", "Harper", ("Harper", "")),
        ("author", "Ada Harper", "Lowe", ("Ada Harper", "")),
        ("corporate", "College of Policing", "Policing", ("College of Policing", "")),
    ],
)
def test_a_name_is_parted_only_where_its_parts_are_known(part, name, family, wanted):
    found = author_name(Author(part=part, name=name, family=family))
    assert (found.family, found.given) == wanted


def test_the_two_styles_say_who_when_what_and_where():
    alone = Cited(work(makers=PEOPLE[:2], title="Does it end?"))
    harvard, apa = (unescaped(words) for _name, _label, words in alone.styles)
    assert harvard == (
        "Harper, A. and de la Cruz, N.M. (2024) Does it end? Evidence review. Better Policing. "
        "Available at: https://doi.org/10.5281/zenodo.42."
    )
    assert apa == (
        "Harper, A., & de la Cruz, N. M. (2024). Does it end? (Version 1, Reviews) [Evidence review]. "
        "Better Policing. https://doi.org/10.5281/zenodo.42"
    )
    unpublished = Cited(work(issued=(), doi=""))
    assert "(no date)" in unpublished.line and unpublished.line.endswith(f"Available at: {SITE}/evidence/streets/v/1/.")


def test_a_work_of_nobody_begins_with_its_title_and_its_own_publisher_is_named_once():
    nobody = work(makers=(), doi="", title="Does it end?")
    harvard, apa = (unescaped(words) for _name, _label, words in Cited(nobody).styles)
    assert harvard.startswith("Does it end? (2024). Evidence review. Better Policing. Available at: ")
    assert apa.startswith("Does it end? (2024). [Evidence review]") and apa.count("Does it end?") == 1
    assert "author" not in entry(nobody).persons and "authors" not in rispy.loads(formatted(nobody, "ris"))[0]
    own = Cited(work(makers=(Maker(Name("Better Policing"), body=True),))).styles
    assert all(words.count("Better Policing") == 1 for _name, _label, words in own)


def test_a_style_is_written_once_for_the_same_words():
    from evidence.citing import styled as module

    before = module._styled.cache_info().misses
    for _again in range(3):
        assert Cited(work(title="Once only")).styles
    assert module._styled.cache_info().misses == before + 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_json_ld_is_of_known_terms_and_no_sign_ends_its_element():
    made = work(title=TITLES[5])
    told = formatted(made, "jsonld")
    assert not re.search("[<>&\u2028\u2029]", told)
    alone = told.replace('"https://schema.org"', '{"@vocab": "https://schema.org/"}')  # nothing is fetched
    read = Graph().parse(data=alone, format="json-ld")
    terms = {str(each).removeprefix("https://schema.org/") for each in read.predicates() if "schema.org" in str(each)}
    assert terms and all(getattr(SDO, term) for term in terms)
    report, way = graph(made)
    assert (report["@type"], report["datePublished"], report["license"]) == (
        "Report", "2024-03-05", "https://creativecommons.org/licenses/by/4.0/",
    )  # fmt: skip
    assert report["author"][0]["@id"] == "https://orcid.org/0000-0002-1825-0097"
    assert report["author"][-1]["@type"] == "Organization"
    assert [each["position"] for each in way["itemListElement"]] == [1, 2]


def test_json_ld_stays_small_however_much_there_is():
    many = tuple(Maker(Name("👮" * 80, "<" * 80), affiliation="&" * 160) for _each in range(300))
    files = tuple(Enclosed(f"{SITE}/evidence/streets/v/1/files/{n}/", "text/csv") for n in range(200))
    for makers in (many, PEOPLE):
        told = formatted(work(makers=makers, title="👮" * 250, summary="<" * 9000, files=files), "jsonld")
        assert len(told.encode()) < 10_000
        assert json.loads(told)["@graph"][0]["name"] == "👮" * 250


def test_a_header_of_links_is_capped_and_the_linkset_has_all():
    files = tuple(Enclosed(f"{SITE}/evidence/streets/v/1/files/{n}/", "text/csv") for n in range(200))
    much = Cited(work(files=files)).links
    assert len(much) < 8000 and 'rel="linkset"' in much and 'rel="cite-as"' in much
    found = read_linkset(work(files=files))
    assert len(found.for_context(work().page).items) == 200
    assert found.for_context(f"{work().base}.bib").describes


def test_the_header_leads_to_what_belongs_to_the_page():
    found = find_signposting_http_link([Cited(work()).links], work().page)
    assert found.citeAs.target == "https://doi.org/10.5281/zenodo.42"
    assert {each.target for each in found.authors} == {"https://orcid.org/0000-0002-1825-0097"}
    assert found.license.target == "https://creativecommons.org/licenses/by/4.0/"
    assert {(each.target, each.type) for each in found.items} == {(f"{SITE}/evidence/streets.pdf", "application/pdf")}
    assert {each.target for each in found.describedBy} == {
        f"{work().base}.{ending}" for ending in FORMATS if ending != "linkset.json"
    }
    assert {each.type for each in found.linksets} == {"application/linkset+json"}


def test_the_page_of_what_not_everyone_reads_says_nothing_to_machines():
    closed = Cited(work(public=False))
    assert (closed.tags, closed.jsonld, closed.links) == ([], "", "")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("Creative Commons BY-NC-ND 3.0", "https://creativecommons.org/licenses/by-nc-nd/3.0/"),
        ("All rights reserved", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_licence_has_an_address_when_it_is_a_known_one(words, address):
    assert licence_address(words) == address


def test_extruct_finds_the_element_whatever_the_title_holds():
    made = work(title=TITLES[5])
    page = f'<html><head><script type="application/ld+json">{Cited(made).jsonld}</script></head><body></body></html>'
    [found] = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    assert found["@graph"][0]["name"] == TITLES[5]


def test_every_format_has_a_type():
    assert {ending: each.media_type.partition("/")[0] for ending, each in FORMATS.items()} == dict.fromkeys(
        FORMATS, "application"
    )
