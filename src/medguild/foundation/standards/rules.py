"""What a standard may be and which value holds: pure.

A value holds at a place of the tree, for everybody there or for one state, specialty, clinician or payer. Where several
match, the most specific level wins; inside one level the nearest unit wins.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from medguild.foundation.organization.rules import UnitKind

Value = int | Decimal | bool | str | dt.timedelta
Stored = int | bool | str


class Kind(enum.StrEnum):
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    TEXT = "text"
    DURATION = "duration"


class Mode(enum.StrEnum):
    """STANDARD: one value for the group. BOUNDED: may differ inside limits. LOCAL: may differ freely."""

    STANDARD = "standard"
    BOUNDED = "bounded"
    LOCAL = "local"


class Dimension(enum.StrEnum):
    """For whom a value holds at a place: everybody there, or one state, specialty, clinician or payer."""

    UNIT = "unit"
    STATE = "state"
    SPECIALTY = "specialty"
    CLINICIAN = "clinician"
    PAYER = "payer"


class Level(enum.StrEnum):
    """Levels of detail, general first. A unit's level is its kind; the other dimensions are levels of their own."""

    ENTERPRISE = "enterprise"
    STATE = "state"
    ENTITY = "entity"
    PRACTICE = "practice"
    SPECIALTY = "specialty"
    SITE = "site"
    DEPARTMENT = "department"
    CLINICIAN = "clinician"
    PAYER = "payer"


class DeviationStatus(enum.StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class WorkflowStatus(enum.StrEnum):
    DRAFT = "draft"
    IN_FORCE = "in_force"
    RETIRED = "retired"


DEVIATION_MOVES: Mapping[DeviationStatus, frozenset[DeviationStatus]] = {
    DeviationStatus.PROPOSED: frozenset(
        {DeviationStatus.APPROVED, DeviationStatus.REJECTED, DeviationStatus.WITHDRAWN}
    ),
    DeviationStatus.APPROVED: frozenset({DeviationStatus.ENDED, DeviationStatus.WITHDRAWN}),
    DeviationStatus.REJECTED: frozenset(),
    DeviationStatus.WITHDRAWN: frozenset(),
    DeviationStatus.ENDED: frozenset(),
}
# An ended deviation still explains the days on which it held: its period stops where it ended.
COUNTED = frozenset({DeviationStatus.APPROVED, DeviationStatus.ENDED})
WORKFLOW_MOVES: Mapping[WorkflowStatus, frozenset[WorkflowStatus]] = {
    WorkflowStatus.DRAFT: frozenset({WorkflowStatus.IN_FORCE, WorkflowStatus.RETIRED}),
    WorkflowStatus.IN_FORCE: frozenset({WorkflowStatus.RETIRED}),
    WorkflowStatus.RETIRED: frozenset({WorkflowStatus.IN_FORCE}),
}

USUAL_ORDER = tuple(Level)
_STRICTNESS = (Mode.STANDARD, Mode.BOUNDED, Mode.LOCAL)
_UNIT_LEVELS: Mapping[UnitKind, Level] = {kind: Level(kind.value) for kind in UnitKind}


class BadValue(ValueError):
    """A value does not fit its standard; the message says what would. `code` is stable."""

    def __init__(self, message: str, code: str = "bad_value") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of the group: lowest and highest value (inclusive), or the choices that are open."""

    least: Value | None = None
    most: Value | None = None
    choices: tuple[str, ...] = ()

    def hold(self, value: Value) -> bool:
        if self.choices and value not in self.choices:
            return False
        if self.least is not None and value < self.least:  # type: ignore[operator]
            return False
        return not (self.most is not None and value > self.most)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a standard allows: its mode, the levels that may vary without asking, and the limits."""

    mode: Mode
    levels: frozenset[Level]
    bounds: Bounds
    order: tuple[Level, ...] = USUAL_ORDER

    def may_vary_at(self, level: Level) -> bool:
        if level == Level.ENTERPRISE:
            return True
        return self.mode != Mode.STANDARD and level in self.levels

    def within_limits(self, value: Value, level: Level) -> bool:
        """Limits bind a bounded standard everywhere below the group's own value, and choices bind always."""
        if self.mode == Mode.BOUNDED or level == Level.ENTERPRISE:
            return self.bounds.hold(value)
        return not self.bounds.choices or value in self.bounds.choices


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that matches a context: its level, and how many units (`depth`) above the context's it is anchored."""

    level: Level
    depth: int
    value: Value
    unit_id: UUID
    target: str = ""
    deviation_id: UUID | None = None
    row_id: UUID | None = None


def level_of(dimension: Dimension, unit_kind: UnitKind) -> Level:
    return _UNIT_LEVELS[unit_kind] if dimension == Dimension.UNIT else Level(dimension.value)


def stricter(declared: Mode, marked: Mode | None) -> Mode:
    """The group may tighten what the house allows, never loosen it."""
    if marked is None:
        return declared
    return min(declared, marked, key=_STRICTNESS.index)


def pick(terms: Terms, candidates: Iterable[Candidate]) -> Candidate | None:
    """The value that holds, or None for the default. A value that is no longer allowed is passed over, so that
    tightening a standard takes effect at once; an approved deviation counts wherever it is."""
    counted = [candidate for candidate in candidates if _counts(terms, candidate)]
    return max(counted, key=lambda candidate: _rank(terms, candidate), default=None)


def _counts(terms: Terms, candidate: Candidate) -> bool:
    if candidate.level not in terms.order:
        return False
    if candidate.deviation_id is not None:
        return True
    return terms.may_vary_at(candidate.level) and terms.within_limits(candidate.value, candidate.level)


def _rank(terms: Terms, candidate: Candidate) -> tuple[int, int, bool]:
    """Level first, then nearness, then the deviation over the plain value that it stands beside."""
    return terms.order.index(candidate.level), -candidate.depth, candidate.deviation_id is not None


def may_move(
    moves: Mapping[DeviationStatus, frozenset[DeviationStatus]], now: DeviationStatus, to: DeviationStatus
) -> bool:
    return to in moves[now]


_UNITS: Mapping[str, int] = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "min": 60, "m": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hour": 3600, "hours": 3600, "d": 86400, "day": 86400, "days": 86400,
    "w": 604800, "week": 604800, "weeks": 604800,
}  # fmt: skip
_PART = re.compile(r"(\d+)\s*([a-z]+)")
_TRUE, _FALSE = frozenset({"yes", "true", "on", "1"}), frozenset({"no", "false", "off", "0"})


def parse_duration(text: str) -> dt.timedelta:
    """`30 min`, `2 h`, `1 day 4 hours`. Raises BadValue."""
    plain = text.strip().lower()
    parts = _PART.findall(plain)
    if not parts or _PART.sub("", plain).strip(" ,") or any(unit not in _UNITS for _, unit in parts):
        raise BadValue("Write a time span like 30 min, 4 h or 2 days.")
    return dt.timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in parts))


def show_duration(span: dt.timedelta) -> str:
    """The shortest exact wording that `parse_duration` reads back; whole seconds, not negative."""
    left = int(span.total_seconds())
    words = []
    for name, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {name}")
    return " ".join(words) or "0 min"


def parse(kind: Kind, text: str) -> Value:
    """A value as a person types it. Raises BadValue with words that say what would do."""
    plain = text.strip()
    if kind == Kind.INTEGER:
        return _integer(plain)
    if kind == Kind.DECIMAL:
        return _decimal(plain)
    if kind == Kind.BOOLEAN:
        return _boolean(plain)
    if kind == Kind.DURATION:
        return parse_duration(plain)
    if not plain:
        raise BadValue("Write a value.")
    return plain


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadValue("Write a whole number.") from None


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise BadValue("Write a number like 0.85.") from None
    if not number.is_finite():
        raise BadValue("Write a number like 0.85.")
    return number


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise BadValue("Choose yes or no.")


_TYPES: Mapping[Kind, type] = {
    Kind.INTEGER: int,
    Kind.DECIMAL: Decimal,
    Kind.BOOLEAN: bool,
    Kind.CHOICE: str,
    Kind.TEXT: str,
    Kind.DURATION: dt.timedelta,
}


def fits(kind: Kind, value: object) -> bool:
    """Whether a Python value is of the kind; a boolean is no integer."""
    return type(value) is _TYPES[kind]


def to_stored(value: Value) -> Stored:
    """The JSON form: decimals as text so that no digit is lost, durations as whole seconds."""
    if isinstance(value, dt.timedelta):
        return int(value.total_seconds())
    if isinstance(value, Decimal):
        return str(value)
    return value


def from_stored(kind: Kind, stored: object) -> Value:
    """The value of a JSON form. Raises BadValue where it is of another kind, as after a changed declaration."""
    if kind == Kind.DURATION and type(stored) is int:
        return dt.timedelta(seconds=stored)
    if kind == Kind.DECIMAL and isinstance(stored, str):
        return _decimal(stored)
    if kind not in (Kind.DURATION, Kind.DECIMAL) and fits(kind, stored):
        return stored  # type: ignore[return-value]
    raise BadValue("The stored value is of another kind.")


def adoption(values: Iterable[Value], group_value: Value) -> tuple[int, int]:
    """How many places hold the group's value, of how many."""
    held = list(values)
    return sum(1 for value in held if value == group_value), len(held)
