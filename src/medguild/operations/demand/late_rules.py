"""Why a clinic day runs late: each visit's delay split into causes that sum to it (docs/algorithms/late_running.md).

Pure. Times are seconds on one clock. Delay is a stock that visits add to and free time takes from: what is added is
named by what happened in it, what is taken goes from all causes in proportion.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from medguild.foundation.kernel.money import split


class Cause(enum.StrEnum):
    """TEMPLATE: the kind of visit usually takes longer than its slot. OVERBOOKING: more visits than the template holds
    (overbooked, walk-ins). VISIT_MIX: this visit took longer than its kind usually does. DOCUMENTATION: notes were
    written while the next patient was ready. PATIENT: came after the time. STAFF: was here, but not brought to a room.
    CLINICIAN_OTHER: all were ready; why the clinician was not is not known."""

    TEMPLATE = "template"
    OVERBOOKING = "overbooking"
    VISIT_MIX = "visit_mix"
    DOCUMENTATION = "documentation"
    PATIENT = "patient"
    STAFF = "staff"
    CLINICIAN_OTHER = "clinician_other"


Stock = dict[Cause, int]
ON_TIME = 5 * 60  # seconds after its time within which a visit still begins on time, as `on_time_start` counts sessions


@dataclass(frozen=True, slots=True)
class Served:
    """A visit that a clinician began. `planned` and `slot` are None for a walk-in; `typical` is how long its kind
    usually takes, None where too few are known."""

    began: int
    ended: int
    arrived: int
    planned: int | None = None
    slot: int | None = None
    roomed: int | None = None
    typical: int | None = None


@dataclass(frozen=True, slots=True)
class Delay:
    """How long after its time a visit began, and by which causes: they sum to `late`."""

    late: int
    causes: Mapping[Cause, int] = field(default_factory=dict)

    @property
    def is_late(self) -> bool:
        """Whether people would say that it began late: seconds are measured, but do not count."""
        return self.late > ON_TIME


def split_delays(visits: Iterable[Served], written: Iterable[int] = ()) -> list[tuple[Served, Delay]]:
    """The planned visits of a clinician's day in the order in which they began, each with its delay.

    `written` are instants at which the clinician saved or signed a note.
    """
    pens = sorted(written)
    stock: Stock = dict.fromkeys(Cause, 0)
    free_at = planned_until = None
    told: list[tuple[Served, Delay]] = []
    for visit in sorted(visits, key=lambda one: (one.began, one.planned or one.began)):
        if visit.planned is None or visit.slot is None:
            free_at = max(free_at or visit.ended, visit.ended)
            continue
        late = max(0, visit.began - visit.planned)
        _change(stock, late, _reasons(visit, visit.planned, free_at, pens), rest=Cause.OVERBOOKING)
        told.append((visit, Delay(late, dict(stock))))
        free_at = max(free_at or visit.ended, visit.ended)
        planned_until = max(planned_until or 0, visit.planned + visit.slot)
        _change(stock, max(0, free_at - planned_until), _overrun(visit, visit.slot), rest=Cause.OVERBOOKING)
    return told


def total(delays: Iterable[Delay]) -> Delay:
    """Delays added up, cause by cause."""
    stock: Stock = dict.fromkeys(Cause, 0)
    late = 0
    for one in delays:
        late += one.late
        for cause, seconds in one.causes.items():
            stock[cause] += seconds
    return Delay(late, stock)


def _change(stock: Stock, target: int, reasons: Stock, *, rest: Cause) -> None:
    """Bring the stock to the target: more by the reasons (what they do not explain is `rest`), less in proportion."""
    change = target - sum(stock.values())
    if change < 0:
        for cause, left in zip(stock, split(target, list(stock.values())), strict=True):
            stock[cause] = left
        return
    explained = sum(reasons.values())
    if explained > change:
        reasons = dict(zip(reasons, split(change, list(reasons.values())), strict=True))
        explained = change
    for cause, seconds in reasons.items():
        stock[cause] += seconds
    stock[rest] += change - explained


def _reasons(visit: Served, planned: int, free_at: int | None, pens: Sequence[int]) -> Stock:
    """What filled the time from which both the clock and the clinician were ready until the visit began."""
    at = max(planned, free_at if free_at is not None else planned)
    reasons: Stock = {}
    for cause, until in (
        (Cause.PATIENT, visit.arrived),
        (Cause.STAFF, visit.roomed),
        (Cause.DOCUMENTATION, _last_written(pens, at, visit.began)),
        (Cause.CLINICIAN_OTHER, visit.began),
    ):
        end = min(until, visit.began) if until is not None else at
        reasons[cause] = max(0, end - at)
        at = max(at, end)
    return reasons


def _last_written(pens: Sequence[int], start: int, end: int) -> int | None:
    return max((pen for pen in pens if start < pen <= end), default=None)


def _overrun(visit: Served, slot: int) -> Stock:
    """The time beyond the slot: as much as is usual for the kind lies in the template, the rest in this visit."""
    over = max(0, visit.ended - visit.began - slot)
    usual = min(over, max(0, (visit.typical or 0) - slot))
    return {Cause.TEMPLATE: usual, Cause.VISIT_MIX: over - usual}
