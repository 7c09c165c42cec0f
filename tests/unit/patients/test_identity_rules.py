from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.patients.identity.rules.likeness import Reason, Traits, reasons
from medguild.patients.identity.rules.mrn import counted, normal_mrn, numbered
from medguild.patients.identity.rules.person import Details, WrongDetails, search_columns, tidied, traits
from medguild.patients.identity.rules.phones import national_digits, normal_phone, spoken_phone
from medguild.patients.identity.rules.query import By, Reading, sounds, understand
from medguild.patients.identity.rules.sex import X12_SEX, Sex, parse_sex

TODAY = dt.date(2026, 11, 22)
BORN = dt.date(1980, 2, 1)


@pytest.mark.parametrize(
    "text", ["(503) 555-0123", "503.555.0123", "503 555 0123", "5035550123", "1-503-555-0123", "+1 503 555 0123"]
)
def test_american_phones(text: str) -> None:
    assert normal_phone(text) == "+15035550123"
    assert national_digits(normal_phone(text)) == "5035550123"


def test_other_phones() -> None:
    assert normal_phone("+44 20 7946 0123") == "+442079460123"
    assert national_digits("+442079460123") == "2079460123"
    assert normal_phone("+20 2 25550123").startswith("+20")
    assert normal_phone(" ") == ""
    assert spoken_phone("+15035550123") == "(503) 555-0123"
    assert spoken_phone("+442079460123") == "+44 20 7946 0123"
    assert spoken_phone("") == national_digits("") == ""


@pytest.mark.parametrize("text", ["555-0123", "123", "abc", "103 555 0123", "503 155 0123", "+1 111 111 1111"])
def test_impossible_phones(text: str) -> None:
    with pytest.raises(ValueError, match="area code"):
        normal_phone(text)


@given(st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True))
def test_phones_are_found_by_their_digits(digits: str) -> None:
    assert national_digits(normal_phone(digits)) == digits
    assert normal_phone(spoken_phone(normal_phone(digits))) == normal_phone(digits)


@given(st.integers(1, 10**12))
def test_record_numbers_count_and_check(number: int) -> None:
    mrn = numbered(number)
    assert counted(mrn) == number
    assert normal_mrn(f" {mrn} ") == mrn


@pytest.mark.parametrize("text", ["", "-1", "a_b", "x" * 21])
def test_wrong_record_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="record number"):
        normal_mrn(text)


def test_numbers_from_elsewhere_are_not_counted() -> None:
    assert counted("A12") is None
    assert counted("7") is None
    assert counted("1" * 20) is None


def test_sexes() -> None:
    assert [parse_sex(text) for text in ("F", "male", "X", "")] == [Sex.FEMALE, Sex.MALE, Sex.OTHER, Sex.UNKNOWN]
    assert X12_SEX[Sex.OTHER] == "U"
    with pytest.raises(ValueError, match="female"):
        parse_sex("purple")


def person(**given: object) -> Traits:
    values: dict[str, object] = {"family_key": "smith", "given_key": "ann", "birth_date": BORN} | given
    return Traits(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (person(), Reason.SAME_NAME_AND_BIRTH_DATE),
        (person(family_key="ann", given_key="smith"), Reason.SAME_NAME_AND_BIRTH_DATE),
        (person(family_key="smyth"), Reason.SOUNDS_ALIKE_AND_BIRTH_DATE),
        (person(family_key="jones", previous_keys=frozenset({"smith"})), Reason.EARLIER_NAME_AND_BIRTH_DATE),
        (person(given_key="bo", phones=frozenset({"1"})), Reason.SAME_PHONE_AND_BIRTH_DATE),
        (person(birth_date=dt.date(1999, 9, 9), phones=frozenset({"1"})), Reason.SAME_PHONE_AND_NAME),
        (person(birth_date=dt.date(1980, 1, 2)), Reason.SAME_NAME_NEAR_BIRTH_DATE),
    ],
)
def test_why_two_may_be_one(other: Traits, expected: Reason) -> None:
    one = person(phones=frozenset({"1"}))
    assert reasons(one, other)[0] is expected
    assert reasons(other, one)[0] is expected


@pytest.mark.parametrize(
    "other",
    [
        person(family_key="jones", given_key="bo"),
        person(given_key="bo"),
        person(birth_date=dt.date(1999, 9, 9)),
        person(birth_date=dt.date(1999, 9, 9), given_key="bo", phones=frozenset({"1"})),
    ],
)
def test_who_is_another_person(other: Traits) -> None:
    assert reasons(person(phones=frozenset({"1"})), other) == []


def test_father_and_son_of_one_name_at_one_phone_are_two() -> None:
    phones = frozenset({"1"})
    father, son = person(suffix="Sr", phones=phones), person(suffix="Jr", phones=phones, birth_date=dt.date(2005, 5, 5))
    assert reasons(father, son) == []


def test_details_are_tidied() -> None:
    given = Details(
        family_name="  de  la Cruz ", given_name="Ann\n", birth_date=BORN, phone="503 555 0123", email=" A@B.ORG ",
        state="or", postal_code="97201-1234", previous_names=(" Old ", "Old", "-"),
    )  # fmt: skip
    clean = tidied(given, today=TODAY)
    assert (clean.family_name, clean.given_name, clean.phone) == ("de la Cruz", "Ann", "+15035550123")
    assert (clean.email, clean.state, clean.postal_code) == ("a@b.org", "OR", "972011234")
    assert clean.previous_names == ("Old",)
    assert tidied(clean, today=TODAY) == clean
    assert search_columns(clean)["family_key"] == "delacruz"
    assert traits(clean).phones == {"5035550123"}


def test_every_problem_is_told_at_once() -> None:
    wrong = Details(
        family_name="", given_name="x" * 101, birth_date=TODAY + dt.timedelta(days=1), phone="1", other_phone="2",
        email="a b", state="Oregon", postal_code="1", language="klingon!", deceased_on=dt.date(1900, 1, 1),
    )  # fmt: skip
    with pytest.raises(WrongDetails) as error:
        tidied(wrong, today=TODAY)
    assert [(problem.field, problem.code) for problem in error.value.problems] == [
        ("phone", "phone_form"),
        ("other_phone", "phone_form"),
        ("family_name", "name_needed"),
        ("given_name", "name_long"),
        ("birth_date", "birth_date_impossible"),
        ("deceased_on", "death_date_impossible"),
        ("email", "email_form"),
        ("state", "state_form"),
        ("postal_code", "postal_code_form"),
        ("language", "language_form"),
    ]


def test_a_problem_never_tells_the_value() -> None:
    with pytest.raises(WrongDetails) as error:
        tidied(dataclasses.replace(Details("Secret", "Ann", BORN), phone="12345"), today=TODAY)
    assert "Secret" not in str(error.value)
    assert "12345" not in str(error.value)


def test_a_query_is_read_in_every_way_that_it_can_mean() -> None:
    assert understand("smi", today=TODAY)[:2] == [Reading(By.NAME, family="smi"), Reading(By.NAME, given="smi")]
    assert understand("a b c", today=TODAY)[:2] == [
        Reading(By.NAME, family="a", given="bc"),
        Reading(By.NAME, family="bc", given="a"),
    ]
    assert understand("2/1/1980", today=TODAY)[0] == Reading(By.BIRTH_DATE, born=BORN)
    assert understand("smith 2/1/1980", today=TODAY)[0] == Reading(By.BIRTH_DATE, family="smith", born=BORN)
    assert {reading.by for reading in understand("5035550123", today=TODAY)} == {
        By.MRN, By.PHONE_START, By.OTHER_PHONE_START, By.PHONE_END,
    }  # fmt: skip
    assert Reading(By.MRN, value="A12") in understand("a12", today=TODAY)
    assert understand("smith 02011980", today=TODAY)[0] == Reading(By.BIRTH_DATE, family="smith", born=BORN)
    assert understand("02011980", today=TODAY)[-1] == Reading(By.BIRTH_DATE, born=BORN)
    assert understand("1-1", today=TODAY) == []
    assert understand("--", today=TODAY) == []
    assert understand("smith 2/30/1980", today=TODAY)[0].born is None
    assert understand("a b c d e f", today=TODAY)[0] == Reading(By.NAME, family="a", given="bcd")
    assert understand("x", today=TODAY) == []
    assert understand("李", today=TODAY) != []
    assert sounds("smyth ann")[0].by is By.SOUND
    assert sounds("12") == sounds("ab") == []


@given(st.text(max_size=40))
def test_any_query_is_understood_without_error(text: str) -> None:
    for reading in understand(text, today=TODAY) + sounds(text):
        assert reading.family or reading.given or reading.value or reading.born
