"""What an answer comes to, in a line for people: accepted or rejected, active or not. No names and no claim numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from medguild.x12.amounts import money
from medguild.x12.records.acknowledgment import (
    ACCEPTED,
    PARTLY,
    REJECTED,
    WITH_ERRORS,
    Acknowledgment,
    InterchangeAcknowledgment,
)
from medguild.x12.records.claim_acknowledgment import ClaimAcknowledgment
from medguild.x12.records.eligibility_response import EligibilityResponse

GROUP_WORDS = {
    ACCEPTED: "accepted",
    WITH_ERRORS: "accepted with errors",
    PARTLY: "partly accepted",
    REJECTED: "rejected",
}
INTERCHANGE_WORDS = {"A": "accepted", "E": "accepted with errors", "R": "rejected"}


def told(kind: str, record: Any) -> list[str]:
    """Lines about a whole record; none for sets that answer nothing."""
    return _TOLD[kind](record) if kind in _TOLD else []


def interchange_answer(ta1: tuple[str, ...]) -> str:
    """A TA1 in words; its note code follows when it is no plain acceptance."""
    answer = InterchangeAcknowledgment.read(list(ta1))
    said = INTERCHANGE_WORDS.get(answer.code, f"answered with {answer.code or 'nothing'}")
    note = f", note {answer.note}" if answer.note not in ("", "000") else ""
    return f"Interchange {answer.control} was {said}{note}."


def _of_group(record: Acknowledgment) -> list[str]:
    accepted = sum(1 for one in record.responses if one.verdict and one.verdict.accepted)
    rejected = len(record.responses) - accepted
    lines = []
    if record.group and record.verdict:
        said = GROUP_WORDS.get(record.verdict.code, "rejected")
        lines.append(f"Group {record.group.control} was {said}.")
    verdict = record.verdict
    counts = f"{accepted} accepted, {rejected} rejected"
    if verdict and verdict.received:
        counts += f", of {verdict.received} received ({verdict.accepted or '0'} accepted in total)"
    return [*lines, f"Transactions answered: {counts}."]


def _of_claims(record: ClaimAcknowledgment) -> list[str]:
    claims = list(record.claims)
    taken = [claim for claim in claims if claim.accepted]
    refused = [claim for claim in claims if not claim.accepted]
    return [
        f"Claims accepted: {len(taken)} ({money(sum(claim.charge_cents for claim in taken))}); "
        f"rejected: {len(refused)} ({money(sum(claim.charge_cents for claim in refused))})."
    ]


def _of_cover(record: EligibilityResponse) -> list[str]:
    found: Counter[str] = Counter()
    for person in record.people:
        if person.rejections:
            found["not answered"] += 1
        else:
            found["active" if person.is_active else "not active"] += 1
    if not found:
        return ["Nobody's cover is answered."]
    return ["Cover: " + ", ".join(f"{count} {word}" for word, count in sorted(found.items())) + "."]


_TOLD: dict[str, Callable[[Any], list[str]]] = {"999": _of_group, "277CA": _of_claims, "271": _of_cover}
