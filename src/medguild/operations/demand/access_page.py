"""What the page of access shows: third next available with its trend, and how practices stand to their targets."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site, Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.ui.instants import day_text
from medguild.foundation.ui.parts import Chart, Series
from medguild.operations.demand.records import Measure, visits_between
from medguild.operations.demand.selectors import AccessNumbers, access_by_site, practices_of
from medguild.operations.demand.showing import (
    Cell,
    Cut,
    Grid,
    Line,
    Stat,
    change_text,
    change_tone,
    judged,
    number_text,
)
from medguild.operations.demand.standards import Targets, targets_of
from medguild.operations.demand.third_next import Point, ThirdNextAt, mean_days, samples, third_next, trend
from medguild.operations.scheduling.change_numbers import ChangeRates, change_rates
from medguild.operations.scheduling.models import VisitType
from medguild.operations.scheduling.numbers import Rate
from medguild.operations.scheduling.rules import PatientKind

_WEEKS = 26


@dataclass(frozen=True, slots=True)
class AccessPage:
    stats: Sequence[Stat]
    chart: Chart | None
    grids: Sequence[Grid]
    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class _Found:
    """What was asked and what came of it."""

    kind: VisitType
    cut: Cut
    now: Mapping[UUID, AccessNumbers]
    changes: tuple[ChangeRates, ChangeRates]
    third: Sequence[ThirdNextAt]
    targets: Mapping[UUID, Targets]

    def target(self, unit_id: UUID) -> int:
        held = self.targets[unit_id]
        return held.third_next_new if self.kind.patient_kind == PatientKind.NEW else held.third_next


def access_page(actor: Actor, sites: Sequence[Site], kind: VisitType, *, days: int, at: dt.datetime) -> AccessPage:
    """Numbers of the last whole `days` against those of the same length before; third next available is of now."""
    end = local_date(at, sites[0].time_zone)
    start = end - dt.timedelta(days=days)
    earlier = start - (end - start)
    one = sites[0].unit_id if len(sites) == 1 else None
    found = _Found(
        kind=kind,
        cut=Cut(start, end, one),
        now=access_by_site(actor, start=start, end=end, sites=sites),
        changes=(
            change_rates(visits_between(actor, start=start, end=end, sites=sites)),
            change_rates(visits_between(actor, start=earlier, end=start, sites=sites)),
        ),
        third=third_next(visit_type_id=kind.pk, sites=sites, at=at),
        targets=targets_of([site.unit_id for site in sites]),
    )
    before = access_by_site(actor, start=earlier, end=start, sites=sites)
    points = trend(samples(actor, since=end - dt.timedelta(weeks=_WEEKS), sites=sites, visit_type_id=kind.pk))
    grids = [_by_practice(found, sites, end)] if one is None else []
    return AccessPage(
        stats=_stats(found, sum(before.values(), AccessNumbers()), points, sites),
        chart=_chart(found, points, sites),
        grids=[*grids, _by_clinician(found, sites)],
        start=start,
        end=end - dt.timedelta(days=1),
    )


def free_times(kind_id: UUID, *, site: UUID | None = None, clinician: UUID | None = None) -> str:
    query = {"visit_type": kind_id, "site": site, "clinician": clinician, "days": 14}
    return f"{reverse('scheduling:find')}?{urlencode({key: value for key, value in query.items() if value})}"


def _stats(found: _Found, before: AccessNumbers, points: Sequence[Point], sites: Sequence[Site]) -> list[Stat]:
    whole, cut = sum(found.now.values(), AccessNumbers()), found.cut
    targets = found.targets[sites[0].unit_id]
    third = mean_days(found.third)
    # Samples are of one weekday; now may be another, with fewer clinic days close ahead.
    latest, earlier = (points[-1].days, points[-5].days) if len(points) > 4 else (None, None)
    none = sum(one.days is None for one in found.third)
    return [
        Stat(
            _("Third next available"), number_text(third), free_times(found.kind.pk, site=cut.site_id), _("days"),
            change_text(latest, earlier), change_tone(latest, earlier, less_is_better=True),
            _("Calendar days to the third open time now, on average over clinicians; %(none)s have none in sight."
              " Change: the last sample against the one four weeks before. Target: %(target)s.")
            % {"none": none, "target": found.target(sites[0].unit_id)},
        ),
        Stat(
            _("Wait of new patients"), number_text(whole.new_lag.value), cut.rows(Measure.NEW), _("days"),
            change_text(whole.new_lag.value, before.new_lag.value),
            change_tone(whole.new_lag.value, before.new_lag.value, less_is_better=True),
            _("Days from the request to the first visit, on average over new patients who came. Target: %(target)s.")
            % {"target": targets.new_lag},
        ),
        Stat(
            _("Same-day visits"), number_text(whole.same_day_share.percent), cut.rows(Measure.SAME_DAY), "%",
            change_text(whole.same_day_share.percent, before.same_day_share.percent),
            change_tone(whole.same_day_share.percent, before.same_day_share.percent, less_is_better=False),
            _("Visits that were asked for and kept on one day, of all kept. Target: %(target)s %%.")
            % {"target": targets.same_day},
        ),
        Stat(
            _("Evenings and weekends"), number_text(whole.off_hours_share.percent), cut.rows(Measure.OFF_HOURS), "%",
            change_text(whole.off_hours_share.percent, before.off_hours_share.percent),
            change_tone(whole.off_hours_share.percent, before.off_hours_share.percent, less_is_better=False),
            _("Visits before 8, from 17 on or at weekends, of all kept. Target: %(target)s %%.")
            % {"target": targets.off_hours},
        ),
        Stat(_("Visits kept"), f"{whole.kept:,}", cut.rows(Measure.KEPT)),
        *_changes(found),
    ]  # fmt: skip


def _changes(found: _Found) -> list[Stat]:
    """How often plans are upset, by patients and by us."""
    after, before = found.changes
    return [
        _rate(_("Cancelled late"), after.late, before.late, found.cut.rows(Measure.LATE_CANCELLED),
              _("Cancelled by patients later than the rule asks, of these and all visits that were not cancelled.")),
        _rate(_("Moved or cancelled by us"), after.bumped, before.bumped, found.cut.rows(Measure.BUMPED),
              _("Of all visits booked for these days.")),
        _rate(_("Overbooked"), after.overbooked, before.overbooked, found.cut.rows(Measure.OVERBOOKED),
              _("Visits squeezed in, of all that were not cancelled.")),
    ]  # fmt: skip


def _rate(label: str, after: Rate, before: Rate, href: str, hint: str) -> Stat:
    return Stat(
        label, number_text(after.percent), href, "%", change_text(after.percent, before.percent),
        change_tone(after.percent, before.percent, less_is_better=True), hint,
    )  # fmt: skip


def _chart(found: _Found, points: Sequence[Point], sites: Sequence[Site]) -> Chart | None:
    if len(points) < 2:
        return None
    rows = reverse("demand:samples")
    site = {"site": str(found.cut.site_id)} if found.cut.site_id else {}
    return Chart(
        key="third-next",
        title=_("Third next available, week by week"),
        kind="line",
        categories=[day_text(point.day) for point in points],
        series=[Series(found.kind.name, [point.days for point in points])],
        unit=_("days"),
        target=found.target(sites[0].unit_id),
        target_label=_("Target"),
        hrefs=[
            f"{rows}?{urlencode({'day_from': point.day, 'day_to': point.day, 'visit_type': found.kind.pk} | site)}"
            for point in points
        ],
        summary=_("Asked on the same weekday each week; lucky gaps are left out because the third open time counts."),
        category_label=_("Day"),
    )


def _by_practice(found: _Found, sites: Sequence[Site], on: dt.date) -> Grid:
    practices = practices_of(sites, on=on)
    members: dict[UUID, list[Site]] = defaultdict(list)
    for site in sites:
        members[practices[site.unit_id].pk].append(site)
    lines = [_practice_line(practices[group[0].unit_id], group, found) for group in members.values()]
    return Grid(
        title=_("By practice"),
        head=_("Practice"),
        columns=[
            _("Third next, days"), _("New patients wait, days"), _("Same day, %"), _("Evening and weekend, %"),
            _("Visits kept"),
        ],
        lines=sorted(lines, key=lambda line: str(line.label)),
        note=_("Targets are standards of the practice."),
    )  # fmt: skip


def _practice_line(practice: Unit, group: Sequence[Site], found: _Found) -> Line:
    """Numbers open the visits of all its sites; free times are opened site by site."""
    units = {site.unit_id for site in group}
    first = group[0].unit_id
    numbers = sum((found.now.get(unit, AccessNumbers()) for unit in units), AccessNumbers())
    targets = found.targets[first]
    alone = first if len(units) == 1 else None
    cut = Cut(found.cut.start, found.cut.end, alone, practice_id=None if alone else practice.pk)
    free = free_times(found.kind.pk, site=alone) if alone else ""
    third = mean_days([one for one in found.third if one.unit_id in units])
    return Line(
        practice.name,
        [
            judged(third, found.target(first), less_is_better=True, href=free),
            judged(numbers.new_lag.value, targets.new_lag, less_is_better=True, href=cut.rows(Measure.NEW)),
            judged(numbers.same_day_share.percent, targets.same_day, less_is_better=False,
                   href=cut.rows(Measure.SAME_DAY)),
            judged(numbers.off_hours_share.percent, targets.off_hours, less_is_better=False,
                   href=cut.rows(Measure.OFF_HOURS)),
            Cell(f"{numbers.kept:,}", cut.rows(Measure.KEPT)),
        ],
    )  # fmt: skip


def _by_clinician(found: _Found, sites: Sequence[Site]) -> Grid:
    names = {site.unit_id: site.unit.name for site in sites}
    rows = Clinician.objects.filter(pk__in={one.clinician_id for one in found.third}).select_related("person")
    labels = {row.pk: row.label() for row in rows}
    ordered = sorted(found.third, key=lambda one: (one.days is not None, -(one.days or 0), labels[one.clinician_id]))
    return Grid(
        title=_("Third next available by clinician: %(kind)s") % {"kind": found.kind.name},
        head=_("Clinician"),
        columns=[_("Site"), _("Days")],
        lines=[
            Line(labels[one.clinician_id], [Cell(names[one.unit_id]), _days_cell(one, found)]) for one in ordered[:60]
        ],
        note=_("Longest wait first. A number opens the free times."),
        empty=_("No template has this kind of visit."),
        words=(0,),
    )


def _days_cell(one: ThirdNextAt, found: _Found) -> Cell:
    href = free_times(found.kind.pk, site=one.unit_id, clinician=one.clinician_id)
    if one.days is None:
        return Cell(_("none in sight"), href, "bad", _("Target missed"))
    return judged(one.days, found.target(one.unit_id), less_is_better=True, href=href)
