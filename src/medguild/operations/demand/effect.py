"""What a change of a clinician's template did: waits, staff, quality, experience and revenue before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Site
from medguild.operations.demand.fill import clinician_fills
from medguild.operations.demand.lateness import clinic_days, late_numbers
from medguild.operations.demand.outcomes import Outcome, measures_for, outcomes
from medguild.operations.demand.records import Measure, measured, visits_between
from medguild.operations.demand.rules import Share
from medguild.operations.demand.third_next import samples, trend

DAYS, FEWEST_DAYS = 28, 7
Number = float | None


def effect_of_change(
    actor: Actor, *, clinician_id: UUID, sites: Collection[Site], on: dt.date, days: int = DAYS
) -> dict[str, tuple[Number, Number]]:
    """Numbers of a clinician at sites, of so many days before and from a day on: (before, after).

    Keys: `third_next` (days, mean of samples), `delay_minutes` (minutes a visit began late), `late_share` (% of
    visits), `kept` (visits kept), `fill` (booked per bookable minutes, %), `overbooked` (hours a week), `note_late` (%
    of notes not signed in two days), `returned` (% of visits after which the patient came back within a week), and
    those of `ports.visit_measures` that the actor may be told, each with how many it is of as `KEY.of`. None where
    nothing was measured.
    """
    span = dt.timedelta(days=days)
    before, after = (_half(actor, clinician_id, sites, start, start + span) for start in (on - span, on))
    return {key: (before[key], after[key]) for key in before}


def _half(
    actor: Actor, clinician_id: UUID, sites: Collection[Site], start: dt.date, end: dt.date
) -> Mapping[str, Number]:
    late = late_numbers(clinic_days(actor, start=start, end=end, sites=sites).filter(clinician_id=clinician_id))[()]
    fills = clinician_fills(actor, start=start, end=end, sites=sites, clinicians=[clinician_id])
    fill = next(iter(fills), None)
    rows = visits_between(actor, start=start, end=end, sites=sites).filter(clinician_id=clinician_id)
    came = outcomes(actor, measured(rows, Measure.KEPT), "clinician_id").get((clinician_id,), Outcome())
    asked = trend(samples(actor, since=start, sites=sites).filter(day__lt=end, clinician_id=clinician_id))
    days = [point.days for point in asked if point.days is not None]
    return {
        "third_next": round(sum(days) / len(days), 1) if days else None,
        "delay_minutes": late.minutes_a_visit,
        "late_share": Share(late.late_visits, late.visits).percent,
        "kept": came.visits,
        "fill": fill.percent if fill else None,
        "overbooked": round(fill.overbooked / 60 / ((end - start).days / 7), 1) if fill else None,
        "note_late": came.note_late_share,
        "returned": came.returned_share,
        **{one.key: came.per(one) for one in measures_for(actor)},
        **{f"{one.key}.of": came.base(one) for one in measures_for(actor)},
    }
