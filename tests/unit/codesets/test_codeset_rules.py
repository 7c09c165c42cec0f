"""Codes as they are written and looked up, and files of codes with all their faults."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.foundation.codesets.bundled import BUNDLES, DATA, read_bundle
from medguild.foundation.codesets.rules import (
    CodeRow,
    Difference,
    LineError,
    System,
    difference,
    key_of,
    looks_like_code,
    prefix_query,
    rank_of,
    read_codes,
    words_of,
)


@given(st.text(max_size=40))
def test_keys_and_words_are_stable(text: str) -> None:
    assert key_of(key_of(text)) == key_of(text)
    assert words_of(words_of(text)) == words_of(text)
    assert "." not in key_of(text)
    assert set(words_of(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


def test_codes_and_words_as_people_write_them() -> None:
    assert key_of(" e11.9 ") == "E119"
    assert words_of("M\u00e9ni\u00e8re's disease, right ear") == "meniere s disease right ear"
    assert prefix_query("Type-2 diab") == "type:* & 2:* & diab:*"
    assert prefix_query(" & | ! ") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [("e11", True), ("E", True), ("99213", True), ("pain", False), ("type 2", False), ("", False)],
)
def test_what_may_be_a_code(text: str, expected: bool) -> None:
    assert looks_like_code(text) is expected


def test_common_things_rank_first() -> None:
    assert rank_of(CodeRow("I10", "Essential hypertension")) < rank_of(CodeRow("I15.0", "Renovascular hypertension"))


def read(text: str) -> tuple[list[CodeRow], list[LineError]]:
    return read_codes(io.StringIO(text, newline=""))


def test_a_good_file_is_read_whole() -> None:
    rows, errors = read(
        "code,label,valid_from,valid_to,selectable,unit\n"
        "A1,First,2026-01-01,2026-07-01,,hour\n"
        'B,"Second, with comma",,,no,\n'
    )
    assert errors == []
    assert rows == [
        CodeRow("A1", "First", {"unit": "hour"}, True, dt.date(2026, 1, 1), dt.date(2026, 7, 1)),
        CodeRow("B", "Second, with comma", {}, False),
    ]


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("", 1, "missing"),
        ("code,name\nA,b\n", 1, "'label'"),
        ("code,label\n", 1, "no codes"),
        ("code,label\n,x\n", 2, "code is empty"),
        ("code,label\nA,\n", 2, "label is empty"),
        ("code,label\nA.1,x\na1,y\n", 3, "already in line 2"),
        ("code,label\nA,x,y\n", 2, "more cells"),
        ("code,label,valid_from\nA,x,1.2.2026\n", 2, "write dates"),
        ("code,label,valid_from,valid_to\nA,x,2026-02-01,2026-02-01\n", 2, "after valid_from"),
        (f"code,label\n{'A' * 41},x\n", 2, "too long"),
    ],
)
def test_faults_are_told_by_line(text: str, line: int, word: str) -> None:
    _, errors = read(text)
    assert [error.line for error in errors] == [line] if word != "missing" else [1, 1]
    assert word in errors[0].message


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    rows, errors = read("code,label\n" + text.replace('"', "").replace("\x00", ""))
    assert rows or errors


def test_a_difference_counts_by_key() -> None:
    before = {"A1": "one", "B": "two", "C": "three"}
    rows = [CodeRow("a.1", "one"), CodeRow("B", "other"), CodeRow("D", "new")]
    assert difference(before, rows) == Difference(added=1, removed=1, changed=1)


@pytest.mark.parametrize("bundle", BUNDLES, ids=[bundle.file for bundle in BUNDLES])
def test_bundled_files_are_whole(bundle) -> None:  # type: ignore[no-untyped-def]
    rows = read_bundle(bundle)
    keys = [key_of(row.code) for row in rows]
    assert rows
    assert len(set(keys)) == len(keys)
    assert all(row.label.strip() and row.code.strip() for row in rows)


def test_every_bundled_file_is_loaded_and_named_in_the_index() -> None:
    files = {path.name for path in DATA.glob("*.csv")}
    assert files == {bundle.file for bundle in BUNDLES}
    index = (DATA / "INDEX.md").read_text()
    assert all(name in index for name in files)
    assert len({bundle.system for bundle in BUNDLES}) == len(BUNDLES)


def test_group_codes_say_who_bears_an_amount() -> None:
    groups = {row.code: row for bundle in BUNDLES if bundle.system == System.CLAIM_GROUP for row in read_bundle(bundle)}
    assert groups["PR"].attributes["patient_may_be_billed"] == "Y"
    assert groups["CO"].attributes["patient_may_be_billed"] == "N"
