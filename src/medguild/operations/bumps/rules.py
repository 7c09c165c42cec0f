"""Visits that we cannot keep: why, what becomes of them, and who is called first. Pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from typing import Protocol, TypeVar

from medguild.operations.scheduling.rules import ReasonCategory

TWICE = 2


class Cause(enum.StrEnum):
    CLINICIAN_AWAY = "clinician_away"
    TEMPLATE_CHANGED = "template_changed"
    SITE_CLOSED = "site_closed"
    OTHER = "other"


class BumpStatus(enum.StrEnum):
    OPEN = "open"
    MOVED = "moved"
    CANCELLED = "cancelled"
    KEPT = "kept"  # what was in the way is gone: it stays as booked


class Contact(enum.StrEnum):
    """What came of an attempt to reach the patient."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    WRITTEN = "written"


# A new problem and what was prepared for suffer most from waiting; a check-up least.
NEEDS = {
    ReasonCategory.ACUTE.value: 0,
    ReasonCategory.PROCEDURE.value: 1,
    ReasonCategory.RESULTS.value: 1,
    ReasonCategory.CHRONIC.value: 2,
    ReasonCategory.FOLLOW_UP.value: 2,
    ReasonCategory.OTHER.value: 3,
    ReasonCategory.PREVENTIVE.value: 4,
}
NEAR = dt.timedelta(days=2)


class Waiting(Protocol):
    """A visit on the list; a row says so."""

    @property
    def times_before(self) -> int: ...
    @property
    def need(self) -> str: ...
    @property
    def visit_start(self) -> dt.datetime: ...
    @property
    def booked_at(self) -> dt.datetime: ...


W = TypeVar("W", bound=Waiting)
S = TypeVar("S")


def turn(one: Waiting, *, at: dt.datetime) -> tuple[int, int, int, dt.datetime]:
    """Smaller comes first: visits of the next two days; then the need; then who was bumped before; then who has waited
    longest since booking. Nothing about the payer or the person."""
    near = 0 if one.visit_start - at <= NEAR else 1
    return near, NEEDS.get(one.need, 3), -one.times_before, one.booked_at


def in_turn(rows: Iterable[W], *, at: dt.datetime) -> list[W]:
    return sorted(rows, key=lambda one: turn(one, at=at))


class Why(enum.StrEnum):
    """What puts a visit where it stands in the list, for the page."""

    NEAR = "near"
    NEED = "need"
    BEFORE = "before"
    WAITED = "waited"


def reasons(one: Waiting, *, at: dt.datetime) -> list[Why]:
    near, need, before, _ = turn(one, at=at)
    found = [Why.NEAR] if near == 0 else []
    found += [Why.NEED] if need <= 1 else []
    found += [Why.BEFORE] if before < 0 else []
    return found or [Why.WAITED]


def spread(found: Iterable[tuple[int, S, int]], most: int) -> list[tuple[int, S, int]]:
    """The first `most` by how far they are from what was wanted, in order of time."""
    return sorted(sorted(found, key=lambda one: one[0])[:most], key=lambda one: one[2])
