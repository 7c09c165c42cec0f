"""Making a series, editing it from a number on, ending it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.models import Site
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.errors import ChangedMeanwhile
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.protocol import as_resource, lock_resources
from medguild.operations.scheduling.rules import CancelReason, Mode
from medguild.operations.scheduling.week_rules import instant, local_time
from medguild.operations.series.errors import MadeAlready, NothingToBook
from medguild.operations.series.lines import SKIPPED, Choice, Line, Take, Visiting, Work, carry_out
from medguild.operations.series.models import Occurrence, Series, SeriesRule
from medguild.operations.series.rules import Act, Held, Pattern, Standing, days, plan_edit
from medguild.operations.series.selectors import (
    forget_rules,
    live_occurrences,
    one_series,
    rule_of,
    rules_of,
    standing_of,
)

MADE = declare_event("series.made", gettext_lazy("Series booked"), icon="repeat")
EDITED = declare_event("series.edited", gettext_lazy("Series changed"), icon="repeat")
ENDED = declare_event("series.ended", gettext_lazy("Series ended"), icon="calendar-off")


@dataclass(frozen=True, slots=True)
class NewSeries:
    """What is to be booked again and again. `id` is chosen by the page, so that a second submit makes no second one."""

    visiting: Visiting
    pattern: Pattern
    id: UUID


def lines_of_new(pattern: Pattern, site: Site) -> list[Line]:
    """A line for each day of the pattern, at its wall-clock time in the zone of the site."""
    return [
        Line(number, Act.ADD, instant_at(site, day, pattern.minute))
        for number, day in enumerate(days(pattern), start=1)
    ]


def make_series(
    *, new: NewSeries, choices: Mapping[int, Choice], by: Actor, at: dt.datetime | None = None
) -> Series:  # fmt: skip
    """Book all visits of a pattern as chosen, or none. Raises NothingToBook, NotAll, NotVisible, NotAllowed."""
    moment, who = at or now(), new.visiting
    refuse_invisible(by, who.site.unit_id, SchedulingRight.BOOK)
    lines = lines_of_new(new.pattern, who.site)
    if all(choices.get(line.number, Choice()).take is Take.SKIP for line in lines):
        raise NothingToBook(_("Choose at least one visit."))
    series = Series(
        pk=new.id, patient=who.patient, unit_id=who.site.unit_id, visit_type=who.visit_type,
        mode=who.mode or Mode(who.visit_type.modes[0]), reason_category=who.about.category,
        reason=who.about.text.strip(), made_at=moment,
    )  # fmt: skip

    def finish() -> None:
        if Series.objects.unscoped("a page that was sent twice").filter(pk=series.pk).exists():
            raise MadeAlready(_("This series is booked already."))
        series.save(force_insert=True)
        _write_rule(series, new.pattern, who, since=1, at=moment)
        _tell(MADE, series, by, {"visits": len(lines)})

    def keep(line: Line, choice: Choice, visit: Appointment | None) -> None:
        _add_occurrence(series, line, visit)

    try:
        carry_out(lines, choices, Work(who, by, moment), keep, finish)
    except MadeAlready:
        return one_series(by, series.pk)
    return series


@dataclass(frozen=True, slots=True)
class Edit:
    """From the number `since` on the series follows `pattern`, with clinician and site of `visiting`."""

    series: Series
    since: int
    pattern: Pattern
    visiting: Visiting


def lines_of_edit(edit: Edit, *, at: dt.datetime | None = None) -> list[Line]:
    """What the edit means for each number from `since` on; what was moved or given up by itself is kept."""
    moment = at or now()
    present = {one.number: one for one in live_occurrences(edit.series) if one.number >= edit.since}
    site = edit.visiting.site
    held = [_held(one, edit.visiting, moment) for one in present.values()]
    steps = plan_edit(held, edit.pattern, edit.since)
    return [
        Line(
            step.number, step.act,
            instant_at(site, step.day, step.minute) if step.day and step.minute is not None else None,
            present.get(step.number),
        )
        for step in steps
    ]  # fmt: skip


def _held(one: Occurrence, visiting: Visiting, moment: dt.datetime) -> Held:
    rule = rule_of(one.series, one.number)
    wall = local_time(rule.unit.site.time_zone, int(one.planned.timestamp()) // 60)
    elsewhere = (rule.clinician_id, rule.unit_id) != (visiting.clinician.pk, visiting.site.unit_id)
    return Held(one.number, wall.date(), wall.hour * 60 + wall.minute, standing_of(one, rule, at=moment), elsewhere)


def edit_series(
    *,
    edit: Edit,
    choices: Mapping[int, Choice],
    by: Actor,
    drop_reason: CancelReason = CancelReason.PATIENT_REQUEST,
    by_practice: bool = False,
    at: dt.datetime | None = None,
) -> Series:
    """Carry an edit out, all of it or nothing. The rule that held before stays in the history of the series.

    `drop_reason` is why visits beyond the new end are given up. Raises NotAll, NothingToBook, NotVisible, NotAllowed.
    """
    moment, series, who = at or now(), edit.series, edit.visiting
    for unit_id in {series.unit_id, who.site.unit_id}:
        refuse_invisible(by, unit_id, SchedulingRight.BOOK)
    if not days(edit.pattern):
        raise NothingToBook(_("No day fits this rule. Change it."))
    lines = lines_of_edit(edit, at=moment)

    def finish() -> None:
        _refuse_changed(series)
        _replace_rules(series, edit.since, moment)
        _write_rule(series, edit.pattern, who, since=edit.since, at=moment)
        series.unit_id, series.ended_at = who.site.unit_id, None
        series.save(update_fields=["unit_id", "ended_at"])
        acts = [line.act for line in lines]
        _tell(EDITED, series, by, {"since": edit.since, **{act.value: acts.count(act) for act in Act}})

    def keep(line: Line, choice: Choice, visit: Appointment | None) -> None:
        _keep_edited(series, line, visit, moment)

    carry_out(lines, choices, Work(who, by, moment, drop_reason, by_practice), keep, finish)
    forget_rules(series)
    return series


def _refuse_changed(series: Series) -> None:
    """Lock the series; refuse when somebody has given it another rule since it was read."""
    Series.objects.unscoped("the right is checked").select_for_update(of=("self",)).get(pk=series.pk)
    known = {one.pk for one in rules_of(series)}
    forget_rules(series)
    if {one.pk for one in rules_of(series)} != known:
        raise ChangedMeanwhile(_("Somebody has just changed this series. Look at it again."))


def _keep_edited(series: Series, line: Line, visit: Appointment | None, moment: dt.datetime) -> None:
    one = line.occurrence
    if one is None:
        _add_occurrence(series, line, visit)
        return
    if line.act is Act.DROP:
        one.dropped_at = moment
    if line.planned is not None:
        one.planned = line.planned
    one.save(update_fields=["planned", "dropped_at"])


@transaction.atomic
def end_series(
    *,
    series: Series,
    since: int,
    reason: CancelReason,
    by: Actor,
    also_moved: bool = True,
    at: dt.datetime | None = None,
) -> list[Appointment]:
    """Give up all visits to come from a number on; with `also_moved` those too that were moved by themselves.

    Returns the cancelled visits. Raises NotVisible, NotAllowed, ChangedMeanwhile.
    """
    moment = at or now()
    refuse_invisible(by, series.unit_id, SchedulingRight.BOOK)
    wanted = {Standing.REGULAR, Standing.MOVED} if also_moved else {Standing.REGULAR}
    ended: list[Appointment] = []
    coming = [(one, one.appointment) for one in live_occurrences(series) if one.number >= since and one.appointment]
    # All people at once: visits that were moved may be with others, and taken one after the other they cross.
    lock_resources({as_resource(series.patient), *(visit.clinician.resource_id for _one, visit in coming)})
    for one, visit in coming:
        if standing_of(one, rule_of(series, one.number), at=moment) in wanted:
            ended.append(cancel_appointment(appointment=visit, reason=reason, by=by, at=moment))
    series.ended_at = moment
    series.save(update_fields=["ended_at"])
    _tell(ENDED, series, by, {"since": since, "visits": len(ended), "reason": reason})
    return ended


def instant_at(site: Site, day: dt.date, minute: int) -> dt.datetime:
    """The instant of a wall-clock minute at a site."""
    return dt.datetime.fromtimestamp(instant(site.time_zone, day, minute) * 60, dt.UTC)


def _add_occurrence(series: Series, line: Line, visit: Appointment | None) -> None:
    if line.planned is None:
        raise ValueError("an added occurrence has a time")
    Occurrence.objects.create(
        series=series, number=line.number, planned=line.planned, appointment=visit,
        skipped_for="" if visit is not None else SKIPPED,
    )  # fmt: skip


def _write_rule(series: Series, pattern: Pattern, who: Visiting, *, since: int, at: dt.datetime) -> SeriesRule:
    made: SeriesRule = SeriesRule.objects.create(
        series=series, since_number=since, clinician=who.clinician, unit_id=who.site.unit_id, every=pattern.every,
        step=pattern.step, weekdays=sorted(set(pattern.weekdays)), first_day=pattern.first, minute=pattern.minute,
        times=pattern.times, until=pattern.until, made_at=at,
    )  # fmt: skip
    return made


def _replace_rules(series: Series, since: int, at: dt.datetime) -> None:
    rows = SeriesRule.objects.unscoped("the series is visible").filter(series=series, replaced_at__isnull=True)
    rows.filter(since_number__gte=since).update(replaced_at=at)


def _tell(event: str, series: Series, by: Actor, data: Mapping[str, object]) -> None:
    record(
        event, subject=SubjectRef("series", series.pk, series.visit_type.name), by=by, patient_id=series.patient_id,
        unit_id=series.unit_id, data=dict(data),
    )  # fmt: skip
