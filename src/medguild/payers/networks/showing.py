"""How answers and rows of a network are put before people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from medguild.foundation.kernel.actor import Actor
from medguild.payers.networks.models import NetworkClinician, NetworkGroup
from medguild.payers.networks.permissions import NetworksRight
from medguild.payers.networks.rules import Answer
from medguild.payers.networks.selectors import Participation
from medguild.payers.networks.words import ANSWERS, PARTS, REASONS, STANDINGS, TONES


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a network's list; `keeps` when the reader may end it."""

    row: Any
    standing: Any
    tone: str
    keeps: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One part of the answer in words."""

    part: Any
    answer: Any
    tone: str
    reason: Any
    period: DateRange | None


@dataclass(frozen=True, slots=True)
class Whole:
    """The answer in words, part by part."""

    answer: Any
    tone: str
    tier: int | None
    network: str
    parts: list[Told]


_STANDING_TONES = {"in": "ok", "pending": "warn", "out": "neutral"}


def listed(row: NetworkGroup | NetworkClinician, actor: Actor) -> Listed:
    scope = actor.scope(NetworksRight.MANAGE)
    keeps = row.period.upper is None and (scope.everything or row.entity_id in scope.units)
    return Listed(row, dict(STANDINGS)[row.standing], _STANDING_TONES[row.standing], keeps)


def told(found: Participation) -> Whole:
    return Whole(
        ANSWERS[found.answer],
        TONES[found.answer],
        found.tier,
        found.network_name,
        [
            Told(
                PARTS[one.part], ANSWERS[one.answer] if one.answer is Answer.UNKNOWN else "", TONES[one.answer],
                REASONS[one.why], DateRange(one.since, one.until) if one.since else None,
            )
            for one in found.findings
        ],
    )  # fmt: skip
