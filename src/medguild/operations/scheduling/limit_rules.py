"""When a cancellation is late, and how many visits may be overbooked. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from medguild.operations.scheduling.rules import CancelReason

# The patient gave the visit up before it began. What the practice cancels is a bump; a slip is nothing.
OF_THE_PATIENT = frozenset(
    {
        CancelReason.PATIENT_REQUEST,
        CancelReason.PATIENT_ILL,
        CancelReason.PATIENT_TRANSPORT,
        CancelReason.PATIENT_COST,
    }
)


def is_late(reason: str, *, notice_minutes: int, wanted_minutes: int) -> bool:
    """kpis.md `late_cancel_rate`: given up by the patient with less notice than the rule wants."""
    return reason in OF_THE_PATIENT and notice_minutes < wanted_minutes


def session_limit(*, minutes: int, step: int, capacity: int, percent: int) -> int:
    """How many visits may be squeezed into a session: a share of what it takes, rounded down, but one unless zero."""
    if percent <= 0:
        return 0
    return max(1, minutes // step * capacity * percent // 100)


@dataclass(frozen=True, slots=True)
class Use:
    """Overbooked visits that there are, and may be at most; `session_most` is None outside of sessions."""

    day_used: int
    day_most: int
    session_used: int = 0
    session_most: int | None = None

    @property
    def day_full(self) -> bool:
        return self.day_used >= self.day_most

    @property
    def session_full(self) -> bool:
        return self.session_most is not None and self.session_used >= self.session_most
