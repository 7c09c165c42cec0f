"""Statuses of the registers kept here, and when a review is due: pure."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping


class RegulationStatus(enum.StrEnum):
    NEW = "new"
    ASSESSED = "assessed"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"


class AdoptionStatus(enum.StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    LIVE = "live"
    RETIRED = "retired"
    REJECTED = "rejected"


REGULATION_MOVES: Mapping[str, frozenset[str]] = {
    RegulationStatus.NEW: frozenset({RegulationStatus.ASSESSED, RegulationStatus.NOT_APPLICABLE}),
    RegulationStatus.ASSESSED: frozenset(
        {RegulationStatus.IN_PROGRESS, RegulationStatus.DONE, RegulationStatus.NOT_APPLICABLE}
    ),
    RegulationStatus.IN_PROGRESS: frozenset({RegulationStatus.DONE, RegulationStatus.ASSESSED}),
    RegulationStatus.DONE: frozenset({RegulationStatus.ASSESSED}),
    RegulationStatus.NOT_APPLICABLE: frozenset({RegulationStatus.ASSESSED}),
}
ADOPTION_MOVES: Mapping[str, frozenset[str]] = {
    AdoptionStatus.PROPOSED: frozenset({AdoptionStatus.APPROVED, AdoptionStatus.REJECTED}),
    AdoptionStatus.APPROVED: frozenset({AdoptionStatus.LIVE, AdoptionStatus.REJECTED}),
    AdoptionStatus.LIVE: frozenset({AdoptionStatus.RETIRED}),
    AdoptionStatus.RETIRED: frozenset(),
    AdoptionStatus.REJECTED: frozenset({AdoptionStatus.PROPOSED}),
}
FOUR_QUESTIONS = ("changes_work", "who_uses", "metrics", "new_risk")


def unanswered(answers: Mapping[str, str]) -> list[str]:
    """Which of the four adoption questions have no answer."""
    return [question for question in FOUR_QUESTIONS if not answers.get(question, "").strip()]


def may_move(moves: Mapping[str, frozenset[str]], now: str, to: str) -> bool:
    return to in moves.get(now, frozenset())


def review_due(review_on: dt.date | None, today: dt.date) -> bool:
    return review_on is not None and review_on <= today
