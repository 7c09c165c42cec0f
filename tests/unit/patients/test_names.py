from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.patients.identity.rules.names import full_name, name_key, phonetic_key, sound, spoken_name, tidy_name

LETTERS = st.text(st.characters(whitelist_categories=("Lu", "Ll", "Lo", "Mn", "Pd", "Zs")), max_size=30)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("O'Brien", "obrien"),
        ("OBRIEN", "obrien"),
        ("Núñez", "nunez"),
        ("García-López", "garcialopez"),
        ("de la Cruz", "delacruz"),
        ("Bjørn", "bjorn"),
        ("Łukasz", "lukasz"),
        ("Straße", "strasse"),
        ("İnci", "inci"),
        ("Ðorđe", "dorde"),
        ("李", "李"),
        ("  ", ""),
        ("--", ""),
    ],
)
def test_keys(text: str, key: str) -> None:
    assert name_key(text) == key


@given(LETTERS)
def test_a_key_is_its_own_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


@given(LETTERS)
def test_a_key_holds_letters_and_digits_in_lower_case_only(text: str) -> None:
    key = name_key(text)
    assert key == "" or key.isalnum()
    assert key == name_key(key.swapcase()) or not key.isascii()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", max_size=20), st.sampled_from(" -'."))
def test_case_and_punctuation_do_not_count(text: str, mark: str) -> None:
    assert name_key(mark.join(text)) == name_key(text.upper()) == text.lower()


@given(st.text(max_size=50))
def test_tidy_names_stay_tidy(text: str) -> None:
    tidy = tidy_name(text)
    assert tidy_name(tidy) == tidy
    assert tidy == tidy.strip()
    assert "\n" not in tidy
    assert "\x00" not in tidy
    assert "  " not in tidy


@pytest.mark.parametrize(("one", "other"), [("smith", "smyth"), ("catherine", "katherine"), ("philip", "filip")])
def test_names_that_sound_alike_share_a_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_other_scripts_have_a_sound_too() -> None:
    assert sound("李")
    assert phonetic_key("", "ann") == ""
    assert phonetic_key("smith", "ann").startswith(f"{sound('smith')} ")


def test_names_as_lists_and_people_say_them() -> None:
    assert full_name("Ruiz", "Ana") == "Ruiz, Ana"
    assert full_name("Ruiz", "Ana", "B", "Jr") == "Ruiz Jr, Ana B"
    assert spoken_name("Ruiz", "Ana", "Jr") == "Ana Ruiz Jr"
    assert spoken_name("Ruiz", "Ana", preferred="Nita") == "Nita Ruiz"
