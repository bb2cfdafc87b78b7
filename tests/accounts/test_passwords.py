"""Which passwords are refused, and how it is said."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from collaborative.accounts import breached
from tests.accounts.ways import join
from tests.factories import PASSWORD

LEAKED = "This password is in a list of leaked passwords, so it is easy to guess. Choose another."


@pytest.mark.parametrize("password", ["passwordpassword", "qwertyuiop123", "PASSWORDpassword", "iloveyou1234"])
def test_leaked_passwords_are_refused_in_a_clear_sentence(password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert refused.value.messages == [LEAKED]


@pytest.mark.parametrize(
    "password", [PASSWORD, "tigel-morran-9-uppsa", "Žluťoučký kůň pěl ódy", "\ud800 lone half of a pair"]
)
def test_others_are_taken_whatever_their_letters(password):
    assert validate_password(password) is None


@pytest.mark.django_db
def test_the_sentence_stands_beside_the_field(client):
    page = join(client, "a@people.example", password="qwertyuiop123")
    assert page.context["form"].errors == {"password1": [LEAKED]}
    text = page.content.decode()
    assert f'id="id_password1_error"><p class="govuk-error-message"><span class="vh">Error:</span> {LEAKED}' in text
    assert 'value="a@people.example"' in text
    assert "qwertyuiop123" not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("elevenchars", "This password is too short. It must contain at least 12 characters."),
        ("asha.verne@people.example", "The password is too similar to the e-mail address."),
    ],
)
def test_short_ones_and_the_address_itself_are_refused(client, password, said):
    page = join(client, "asha.verne@people.example", password=password)
    assert page.context["form"].errors["password1"] == [said]


class TestTheFilter:
    def test_it_never_misses_what_it_was_built_from(self, tmp_path, monkeypatch):
        known = [f"password number {n}" for n in range(2000)]
        path = tmp_path / "some.bloom"
        path.write_bytes(breached.build(known))
        monkeypatch.setattr(breached, "FILTER", path)
        breached._field.cache_clear()
        try:
            assert all(breached.is_breached(password) for password in known)
            wrongly = sum(breached.is_breached(f"another number {n}") for n in range(20000))
            assert wrongly < 20
        finally:
            breached._field.cache_clear()

    def test_the_one_we_ship_knows_more_than_a_million(self):
        assert (breached.FILTER.stat().st_size - breached.HEADER) * 8 / breached.BITS_PER_PASSWORD > 1_400_000

    def test_a_file_of_another_make_is_noticed(self, tmp_path, monkeypatch):
        path = tmp_path / "other.bloom"
        path.write_bytes(b"something else entirely")
        monkeypatch.setattr(breached, "FILTER", path)
        breached._field.cache_clear()
        try:
            with pytest.raises(ValueError, match="not a filter of this version"):
                breached.is_breached("anything at all")
        finally:
            breached._field.cache_clear()

    def test_making_it_anew_needs_passwords(self, tmp_path):
        (tmp_path / "list.txt").write_text("short\n")
        with pytest.raises(CommandError, match="No password of 12"):
            call_command("make_breached_list", str(tmp_path))
