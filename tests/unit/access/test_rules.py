from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.permissions import AccessRight, declare, emergency_rights, known_rights, rights_of
from medguild.foundation.access.rules import (
    IDLE_LIMIT,
    LONGEST_SESSION,
    RECORD_ROLES,
    SECOND_FACTOR_ROLES,
    Role,
    good_reason,
    needs_second_factor,
    session_over,
)

NOON = dt.datetime(2026, 5, 5, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def test_a_session_ends_when_idle_and_when_old_however_busy() -> None:
    assert not session_over(NOON, NOON, NOON + IDLE_LIMIT)
    assert session_over(NOON, NOON, NOON + IDLE_LIMIT + SECOND)
    end = NOON + LONGEST_SESSION
    assert not session_over(NOON, end, end)
    assert session_over(NOON, end, end + SECOND)


@pytest.mark.parametrize("reason", ["", " ", "emergency", "a b c d e f g h i", "\n\n\n\n\n\n\n\n\n\n\n"])
def test_reasons_that_help_no_reviewer(reason: str) -> None:
    assert not good_reason(reason)


def test_a_reason_in_a_few_words() -> None:
    assert good_reason("Chest pain, no history here")


def test_any_role_that_asks_for_a_second_factor_is_enough() -> None:
    assert needs_second_factor(frozenset({Role.BILLER, Role.ADMINISTRATOR}))
    assert not needs_second_factor(frozenset({Role.BILLER}))
    assert RECORD_ROLES.isdisjoint(SECOND_FACTOR_ROLES)


def test_the_role_presets_of_the_house_are_there() -> None:
    assert len(Role) == 21


def test_every_right_is_held_by_somebody_and_no_right_is_held_by_patients_by_accident() -> None:
    for right, holders in known_rights().items():
        assert holders, right
    assert "organization.read" not in rights_of(Role.PATIENT)
    assert "access.manage" in rights_of(Role.ADMINISTRATOR)
    assert "access.manage" not in rights_of(Role.FRONT_DESK)
    assert all(right in known_rights() for right in emergency_rights())


def test_a_right_that_was_not_declared_cannot_be_held() -> None:
    with pytest.raises(KeyError):
        declare(AccessRight, {Role.NURSE: ["access.invented"]})
