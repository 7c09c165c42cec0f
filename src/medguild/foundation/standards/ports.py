"""Rooms declare the standards they use; upper wings put outcome numbers beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.standards.rules import (
    USUAL_ORDER,
    Bounds,
    Dimension,
    Kind,
    Level,
    Mode,
    Terms,
    Value,
    fits,
    stricter,
)

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Standard:
    """A number or switch that may differ by place.

    `levels` may vary without asking (inside `bounds` where the mode is bounded); anything else needs an approved
    deviation. `order` is general to specific and may be changed where, say, specialty should beat site. `area` groups
    the catalogue. `money` says that a whole number means cents: people read and write dollars.
    """

    key: str
    label: Text
    kind: Kind
    default: Value
    mode: Mode = Mode.STANDARD
    levels: tuple[Level, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)
    order: tuple[Level, ...] = USUAL_ORDER
    unit: Text = ""
    money: bool = False
    help: Text = ""
    area: Text = ""
    choice_labels: tuple[tuple[str, Text], ...] = ()

    def __post_init__(self) -> None:
        if not fits(self.kind, self.default):
            raise ValueError(f"{self.key}: the default is not of kind {self.kind}")
        if not self.bounds.hold(self.default):
            raise ValueError(f"{self.key}: the default lies outside the bounds")
        if self.money and self.kind != Kind.INTEGER:
            raise ValueError(f"{self.key}: money is a whole number of cents")
        if self.kind == Kind.CHOICE and not self.bounds.choices:
            raise ValueError(f"{self.key}: a choice needs choices")
        if self.mode == Mode.STANDARD and self.levels:
            raise ValueError(f"{self.key}: a standard that may vary is bounded or local")
        if not set(self.levels) <= set(self.order):
            raise ValueError(f"{self.key}: a level that may vary is missing in the order")

    def terms(self, marked: Mode | None = None) -> Terms:
        """What is allowed, once the group's mark has tightened it."""
        return Terms(stricter(self.mode, marked), frozenset(self.levels), self.bounds, self.order)


standards: Registry[Standard] = Registry("standard")


def declare_standard(standard: Standard) -> str:
    """Make a standard known and return its key."""
    standards.register(standard.key, standard)
    return standard.key


@dataclass(frozen=True, slots=True)
class Outcome:
    """A number shown beside a standard per practice: `read(unit_ids, on)` answers in one batch, text per unit.

    `keys` are the standards that it speaks of. Units left out of the answer are shown as unknown.
    """

    key: str
    label: Text
    keys: tuple[str, ...]
    read: Callable[[Sequence[UUID], dt.date], Mapping[UUID, str]]


outcomes: Registry[Outcome] = Registry("outcome")


def outcomes_for(key: str) -> Iterable[Outcome]:
    return [outcome for outcome in outcomes if key in outcome.keys]


Choices = Callable[[Actor], Sequence[tuple[str, str]]]
"""Targets that an actor may choose for a dimension: (target, how it is called)."""

target_choices: Registry[Choices] = Registry("standard target")


def offer_targets(dimension: Dimension, choices: Choices) -> None:
    """Say which states, specialties, clinicians or payers may be named by a setting."""
    target_choices.register(dimension.value, choices)
