"""Where a clinician may practise on a day: licence, compact, or registration for telehealth; and when to warn."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medguild.people.credentialing.member_list import MemberLine, UnreadableLine, read_members, written
from medguild.people.credentialing.rules import (
    WARNINGS,
    Basis,
    CredentialKind,
    Held,
    Lack,
    judge_state,
    reaches,
    warning_due,
)

DAY = dt.date(2026, 6, 1)
BEFORE, AFTER = DAY - dt.timedelta(days=100), DAY + dt.timedelta(days=100)


def held(kind: CredentialKind, state: str = "WA", start: dt.date = BEFORE, end: dt.date | None = AFTER) -> Held:
    reached = frozenset({"OR", "WA"}) if kind is CredentialKind.COMPACT else frozenset()
    return Held(kind, state, start, end, reached)


LICENCE, COMPACT, TELEHEALTH = CredentialKind.LICENCE, CredentialKind.COMPACT, CredentialKind.TELEHEALTH


@pytest.mark.parametrize(
    ("credentials", "remote", "basis", "lack"),
    [
        ([held(LICENCE)], False, Basis.LICENCE, None),
        ([held(LICENCE), held(COMPACT, "OR")], False, Basis.LICENCE, None),
        ([held(COMPACT, "OR")], False, Basis.COMPACT, None),
        ([held(TELEHEALTH)], True, Basis.TELEHEALTH, None),
        ([held(TELEHEALTH)], False, None, Lack.REMOTE_ONLY),
        ([held(LICENCE, "OR")], True, None, Lack.NONE),
        ([held(LICENCE, end=DAY)], False, None, Lack.EXPIRED),
        ([held(LICENCE, start=AFTER, end=None)], False, None, Lack.NOT_YET),
        ([held(LICENCE, end=DAY), held(TELEHEALTH)], True, Basis.TELEHEALTH, None),
        ([held(TELEHEALTH, end=DAY)], False, None, Lack.NONE),
        ([], True, None, Lack.NONE),
    ],
)
def test_where_a_clinician_may_practise(
    credentials: list[Held], remote: bool, basis: Basis | None, lack: Lack | None
) -> None:
    found = judge_state(credentials, "WA", DAY, remote=remote)
    assert (found.basis, found.lack, found.ok) == (basis, lack, basis is not None)


def test_the_longest_of_a_kind_says_until_when() -> None:
    later = AFTER + dt.timedelta(days=1)
    assert judge_state([held(LICENCE), held(LICENCE, end=later)], "WA", DAY, remote=False).until == later
    assert judge_state([held(LICENCE), held(LICENCE, end=None)], "WA", DAY, remote=False).until is None


def test_a_compact_counts_while_the_home_state_is_a_member() -> None:
    assert reaches("OR", {"OR", "WA"}) == {"OR", "WA"}
    assert reaches("OR", {"OR", "WA"}, "WA") == {"WA"}
    assert reaches("OR", {"OR", "WA"}, "ID") == frozenset()
    assert reaches("OR", {"WA"}) == frozenset()


@given(st.integers(min_value=-400, max_value=400))
def test_a_warning_is_the_nearest_step_that_has_been_reached(days: int) -> None:
    due = warning_due(DAY + dt.timedelta(days=days), DAY)
    if days > WARNINGS[0]:
        assert due is None
    else:
        assert due in WARNINGS
        assert due >= min(days, 0) if days > 0 else due == 0
        assert not any(days <= other < due for other in WARNINGS)


def test_each_step_warns_once() -> None:
    steps = {warning_due(DAY + dt.timedelta(days=days), DAY) for days in range(-5, 130)}
    assert steps == {None, *WARNINGS}


def test_a_list_of_states_is_read_and_written() -> None:
    text = "OR, 2024-01-01\n\nwa; 2023-07-01; 2026-01-01\n"
    rows = read_members(text)
    assert rows == [
        MemberLine("OR", dt.date(2024, 1, 1)),
        MemberLine("WA", dt.date(2023, 7, 1), dt.date(2026, 1, 1)),
    ]
    assert read_members(written(rows)) == rows


@pytest.mark.parametrize("line", ["Oregon, 2024-01-01", "OR", "OR, soon", "OR, 2024-01-01, 2025-01-01, 2026-01-01"])
def test_a_line_that_is_not_understood_is_named(line: str) -> None:
    with pytest.raises(UnreadableLine) as wrong:
        read_members(f"WA, 2024-01-01\n{line}")
    assert (wrong.value.number, wrong.value.line) == (2, line)
