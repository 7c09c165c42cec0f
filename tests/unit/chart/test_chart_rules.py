from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.operations.chart import rules
from medguild.operations.chart.rules import DiagnosisLine, NoteContent, ServiceLine, Signature

DAY = dt.date(2026, 11, 2)
MOMENT = dt.datetime(2026, 11, 2, 18, 30, 0, 5, tzinfo=dt.UTC)
LINE = ServiceLine(1, "99213", ("25",), 1, (1, 2), "person", "clinician")
NOTE = NoteContent(
    "note", "visit", "patient", "author", DAY, "Cough", "Three days", "Clear", "Viral; rest",
    (DiagnosisLine(1, "J06.9", "Upper respiratory infection"), DiagnosisLine(2, "R05.1", "Acute cough")), (LINE,),
)  # fmt: skip
SIGNED = Signature(NOTE, "author", MOMENT)


def codes(note: NoteContent, *, blocking: bool) -> list[str]:
    return [gap.code for gap in rules.gaps(note) if gap.blocking is blocking]


def test_a_whole_note_has_no_gap() -> None:
    assert rules.gaps(NOTE) == []


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (replace(NOTE, assessment=" \n"), "no_assessment"),
        (replace(NOTE, diagnoses=()), "no_diagnosis"),
        (replace(NOTE, services=(replace(LINE, pointers=()),)), "no_pointer"),
        (replace(NOTE, services=(replace(LINE, pointers=(3,)),)), "pointer_to_nothing"),
        (replace(NOTE, services=(replace(LINE, rendering=""),)), "no_rendering"),
    ],
)
def test_what_refuses_a_signature(note: NoteContent, code: str) -> None:
    assert codes(note, blocking=True) == [code]


def test_a_note_without_services_may_be_signed_and_says_so() -> None:
    note = replace(NOTE, services=(), diagnoses=(), reason="")
    assert codes(note, blocking=True) == []
    assert codes(note, blocking=False) == ["no_service", "no_diagnosis", "no_reason"]


def test_blocking_gaps_come_first() -> None:
    found = rules.gaps(replace(NOTE, reason="", assessment="", services=()))
    assert [gap.blocking for gap in found] == [True, False, False]


@pytest.mark.parametrize(
    ("modifiers", "problem"),
    [
        ((), None),
        (("25", "LT"), None),
        (("25", "25"), "modifier_twice"),
        (("2",), "modifier_form"),
        (("lt",), "modifier_form"),
        (("25", "59", "LT", "RT", "GT"), "too_many_modifiers"),
    ],
)
def test_modifiers(modifiers: tuple[str, ...], problem: str | None) -> None:
    assert rules.modifier_problem(modifiers) == problem


@pytest.mark.parametrize(
    ("pointers", "problem"),
    [
        ((1,), None),
        ((3, 1, 2), None),
        ((), "no_pointer"),
        ((1, 1), "pointer_twice"),
        ((4,), "pointer_to_nothing"),
        ((1, 2, 3, 4, 5), "too_many_pointers"),
    ],
)
def test_pointers_to_three_diagnoses(pointers: tuple[int, ...], problem: str | None) -> None:
    assert rules.pointer_problem(pointers, [1, 2, 3]) == problem


@pytest.mark.parametrize(
    ("typed", "kept"), [("e119", "E11.9"), ("E11.9", "E11.9"), (" i10 ", "I10"), ("s72001a", "S72.001A"), ("", "")]
)
def test_diagnosis_codes_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert rules.clean_diagnosis(typed) == kept
    assert rules.clean_diagnosis(kept) == kept


def test_service_codes() -> None:
    assert rules.clean_code(" g2 212\n") == "G2212"
    assert rules.valid_service_code("99213")
    assert not rules.valid_service_code("9921")
    assert not rules.valid_service_code("g2212")


def test_units() -> None:
    assert [rules.valid_units(n) for n in (0, 1, 999, 1000)] == [False, True, True, False]


@given(st.lists(st.integers(1, 12), unique=True, min_size=1), st.data())
def test_taking_a_diagnosis_out_keeps_pointers_on_the_same_diagnoses(orders: list[int], data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(orders))
    pointers = data.draw(st.lists(st.sampled_from(orders), unique=True, max_size=4))
    moves = rules.renumbered([order for order in orders if order != gone])
    back = {new: old for old, new in moves.items()}
    assert sorted(moves.values()) == list(range(1, len(orders)))
    assert [back[pointer] for pointer in rules.repointed(pointers, moves)] == [p for p in pointers if p != gone]


def test_the_signed_text_is_readable_and_holds_everything() -> None:
    text = json.loads(rules.canonical_text(SIGNED))
    assert text["form"] == "note/1"
    assert text["signed_at"] == "2026-11-02T18:30:00.000005+00:00"
    assert text["note"]["services"][0]["pointers"] == [1, 2]
    assert rules.digest(SIGNED) == rules.digest(Signature(replace(NOTE), "author", MOMENT))


def test_the_text_does_not_depend_on_the_time_zone_or_the_line_ends() -> None:
    elsewhere = MOMENT.astimezone(dt.timezone(dt.timedelta(hours=-7)))
    unix, dos = replace(NOTE, exam="a\nb"), replace(NOTE, exam="a\r\nb")
    assert rules.digest(Signature(unix, "author", MOMENT)) == rules.digest(Signature(dos, "author", elsewhere))


@given(st.sampled_from(["reason", "history", "exam", "assessment", "author_id", "patient_id"]), st.text(max_size=40))
def test_any_other_content_gives_another_digest(name: str, text: str) -> None:
    other = replace(NOTE, **{name: text})
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    changed = normal != getattr(NOTE, name)
    assert (rules.digest(Signature(other, "author", MOMENT)) != rules.digest(SIGNED)) is changed


def test_lines_are_under_the_signature_too() -> None:
    variants = [
        replace(NOTE, services=()),
        replace(NOTE, services=(replace(LINE, units=2),)),
        replace(NOTE, diagnoses=NOTE.diagnoses[::-1]),
    ]
    digests = {rules.digest(Signature(note, "author", MOMENT)) for note in variants}
    assert rules.digest(SIGNED) not in digests
    assert len(digests) == len(variants)
