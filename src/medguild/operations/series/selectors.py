"""Questions about series."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.series.models import Occurrence, Series, SeriesRule
from medguild.operations.series.rules import Every, Pattern, Standing

_VISIBLE = "the series is visible"


def series_visible(actor: Actor, right: str = SchedulingRight.READ) -> QuerySet[Series]:
    rows: QuerySet[Series] = Series.objects.visible_to(actor, right)
    return rows.select_related("patient", "visit_type", "unit__site")


def one_series(actor: Actor, series_id: UUID, right: str = SchedulingRight.READ) -> Series:
    """Raises NotVisible."""
    found = series_visible(actor, right).filter(pk=series_id).first()
    if found is None:
        raise NotVisible
    return found


def series_of(actor: Actor, patient_ids: Iterable[UUID]) -> QuerySet[Series]:
    """A patient's series that have not ended, under all linked ids, newest first."""
    return series_visible(actor).filter(patient_id__in=list(patient_ids), ended_at__isnull=True).order_by("-made_at")


def series_at(appointment: Appointment) -> Occurrence | None:
    """The place of a visit in its series; the caller sees the visit."""
    rows = Occurrence.objects.unscoped("the visit is visible").select_related("series__visit_type")
    found: Occurrence | None = rows.filter(appointment=appointment).first()
    return found


def live_occurrences(series: Series) -> list[Occurrence]:
    """All numbers that were not dropped, in order, with their visits."""
    rows = Occurrence.objects.unscoped(_VISIBLE).filter(series=series, dropped_at__isnull=True)
    found = list(
        rows.select_related("appointment__patient", "appointment__visit_type", "appointment__clinician__person",
                            "appointment__unit__site").order_by("number")
    )  # fmt: skip
    for one in found:
        one.series = series
    return found


def rules_of(series: Series) -> list[SeriesRule]:
    """All rules, replaced ones too, as they were made; read once per series."""
    kept: list[SeriesRule] | None = series.__dict__.get("_rules")
    if kept is None:
        rows = SeriesRule.objects.unscoped(_VISIBLE).filter(series=series)
        kept = list(
            rows.select_related("clinician__person", "clinician__resource", "unit__site").order_by("made_at", "pk")
        )
        series.__dict__["_rules"] = kept
    return kept


def forget_rules(series: Series) -> None:
    series.__dict__.pop("_rules", None)


def rule_of(series: Series, number: int) -> SeriesRule:
    """The rule that holds for a number."""
    holding = [one for one in rules_of(series) if one.replaced_at is None and one.since_number <= number]
    return max(holding, key=lambda one: one.since_number)


def standing_of(one: Occurrence, rule: SeriesRule, *, at: dt.datetime) -> Standing:
    """Where an occurrence stands, read from its visit."""
    visit = one.appointment
    if visit is None or visit.status == AppointmentStatus.CANCELLED:
        return Standing.GONE
    if visit.status != AppointmentStatus.BOOKED or visit.start <= at:
        return Standing.OVER
    there = (visit.start, visit.clinician_id, visit.unit_id) == (one.planned, rule.clinician_id, rule.unit_id)
    return Standing.REGULAR if there else Standing.MOVED


def pattern_of(rule: SeriesRule) -> Pattern:
    return Pattern(
        Every(rule.every), rule.step, rule.first_day, rule.minute, tuple(rule.weekdays), rule.times, rule.until
    )
