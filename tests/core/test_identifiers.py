"""Identifiers that others give out: known real ones pass in every usual spelling, and no single slip does."""

import string

import pytest
from django import forms

from collaborative.core.fields import DoiField, OrcidField, RorField
from collaborative.core.identifiers import CROCKFORD, doi, doi_address, orcid, ror

ORCIDS = ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"]
"""Examples of ORCID's own documentation."""

RORS = {
    "01kj2bm70": "Newcastle University",
    "013meh722": "University of Cambridge",
    "05dxps055": "California Institute of Technology",
    "04wxnsj81": "DataCite",
}
MALFORMED_ORCID = "An ORCID has sixteen digits, such as 0000-0002-1825-0097. The last may be an X."
WRONG_ORCID = "This ORCID has a mistake in it: its last digit does not fit the others."
MALFORMED_ROR = "A ROR identifier has nine letters and digits and begins with 0, such as 01kj2bm70."
WRONG_ROR = "This ROR identifier has a mistake in it: its last two digits do not fit the rest."


@pytest.mark.parametrize("known", ORCIDS)
@pytest.mark.parametrize(
    "spelling",
    [
        "{0}",
        " {0}\n",
        "https://orcid.org/{0}",
        "http://www.orcid.org/{0}/",
        "orcid.org/{0}",
        "HTTPS://ORCID.ORG/{0}",
    ],
)
def test_an_orcid_is_read_bare_or_as_its_address(known, spelling):
    assert orcid(spelling.format(known)) == known


@pytest.mark.parametrize("between", ["", " ", "‐", "–", "−"])
def test_an_orcid_may_have_other_dashes_or_none(between):
    assert orcid("0000-0002-1694-233x".replace("-", between)) == "0000-0002-1694-233X"


@pytest.mark.parametrize("known", ORCIDS)
def test_no_single_wrong_digit_of_an_orcid_passes(known):
    for at, right in enumerate(known):
        for wrong in "0123456789" if right != "-" else "":
            if wrong == right:
                continue
            with pytest.raises(ValueError) as refused:
                orcid(known[:at] + wrong + known[at + 1 :])
            assert str(refused.value) == WRONG_ORCID


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0000",
        "0000-0002-1825-00977",
        "X000-0002-1825-0097",
        "0000-0002-1825-009Y",
        "https://ror.org/01kj2bm70",
        "https://evil.example/0000-0002-1825-0097",
        "٠٠٠٠-0002-1825-0097",
        "0000-0002-1825-0097\x00",
        "0" * 10000,
    ],
)
def test_what_has_not_the_shape_of_an_orcid_gets_a_sentence(typed):
    with pytest.raises(ValueError) as refused:
        orcid(typed)
    assert str(refused.value) == MALFORMED_ORCID


@pytest.mark.parametrize("known", RORS, ids=RORS.get)
@pytest.mark.parametrize("spelling", ["{0}", " {0} ", "https://ror.org/{0}", "http://www.ror.org/{0}/", "ror.org/{0}"])
def test_a_ror_is_read_bare_or_as_its_address_in_any_case(known, spelling):
    assert ror(spelling.format(known)) == ror(spelling.format(known.upper())) == known


@pytest.mark.parametrize("known", RORS, ids=RORS.get)
def test_no_single_wrong_sign_of_a_ror_passes(known):
    for at, right in enumerate(known):
        for wrong in CROCKFORD if 0 < at < 7 else string.digits:
            if wrong == right:
                continue
            with pytest.raises(ValueError) as refused:
                ror(known[:at] + wrong + known[at + 1 :])
            assert str(refused.value) == (WRONG_ROR if at else MALFORMED_ROR)


@pytest.mark.parametrize(
    "typed", ["", "0", "1kj2bm70", "01kj2bm7o", "01kj2bi70", "01kj2bm700", "91kj2bm70", "٠1kj2bm70", "grid.1006.7"]
)
def test_what_has_not_the_shape_of_a_ror_gets_a_sentence(typed):
    with pytest.raises(ValueError) as refused:
        ror(typed)
    assert str(refused.value) == MALFORMED_ROR


class Both(forms.Form):
    person = OrcidField(required=False)
    body = RorField(required=False)


def test_the_fields_return_the_usual_form_and_keep_nothing_empty_from_being_empty():
    form = Both({"person": "orcid.org/0000000218250097", "body": "HTTPS://ROR.ORG/01KJ2BM70"})
    assert form.is_valid()
    assert form.cleaned_data == {"person": "0000-0002-1825-0097", "body": "01kj2bm70"}
    assert Both({"person": " ", "body": ""}).is_valid()


def test_the_fields_say_what_is_wrong_and_show_again_what_was_typed():
    form = Both({"person": "0000-0002-1825-0098", "body": "01kj2bm71"})
    assert form.errors == {"person": [WRONG_ORCID], "body": [WRONG_ROR]}
    assert form["body"].value() == "01kj2bm71"


def test_a_field_refuses_a_nought_byte():
    assert Both({"body": "01kj2bm70\x00"}).errors == {"body": ["Null characters are not allowed."]}


SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"


@pytest.mark.parametrize("known", ["10.5281/zenodo.42", SICI, "10.1000.10/123", "10.1007/s11292-020-09410-é"])
@pytest.mark.parametrize(
    "spelling",
    ["{0}", " {0}.\n", "doi:{0}", "DOI: {0}", "https://doi.org/{0}", "http://dx.doi.org/{0}", "doi.org/{0}"],
)
def test_a_doi_is_read_bare_as_doi_or_as_its_address(known, spelling):
    assert doi(spelling.format(known)) == known == doi(doi_address(known))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("zenodo.42", "A DOI begins with “10.”"),
        ("https://example.org/10.5281/zenodo.42", "A DOI begins with “10.”"),
        ("10.5281", "This DOI is not whole"),
        ("10.5281/", "This DOI is not whole"),
        ("10.5281/zeno do", "This DOI has a mistake in it"),
        ("10.52/zenodo", "This DOI has a mistake in it"),
        ("https://doi.org/10.5281/a%00b", "This DOI has a mistake in it"),
        ("10.5281/a{b", "This DOI has a mistake in it"),
        ("10.5281/" + "a" * 120, "This DOI is too long"),
    ],
)
def test_what_is_no_doi_is_told(typed, told):
    with pytest.raises(forms.ValidationError, match=told):
        DoiField().clean(typed)


def test_capitals_of_a_doi_are_made_small_and_its_address_is_whole():
    assert doi("10.5281/ZENODO.42") == "10.5281/zenodo.42"
    assert doi_address("10.1/a#b?c%d<e") == "https://doi.org/10.1/a%23b%3Fc%25d%3Ce"
