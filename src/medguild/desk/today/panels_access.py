"""Panels of access and of the month: visits, no-shows, third next available, fill, absences, one's own numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.desk.today.parts import LINES, Line, Number, Panel, shown
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, span_of
from medguild.foundation.organization.selectors import clinicians_at, sites_visible
from medguild.operations.chart.selectors import clinician_of
from medguild.operations.scheduling.numbers import average_days, no_show_rate, template_fill, third_next_available
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus
from medguild.operations.scheduling.selectors import absences, appointments, visit_types
from medguild.operations.visits.numbers import flow_numbers, visits_between
from medguild.operations.visits.selectors import visits_kept

_MONTH = dt.timedelta(days=30)
_FILL = dt.timedelta(days=28)
_DAY = dt.timedelta(days=1)
_FULL, _LOW = 100, 80


def access(actor: Actor, at: dt.datetime) -> Panel:
    """Visits, no-shows, third next available, fill over 100 beside under 80."""
    today = day_of(at)
    units = [site.unit_id for site in sites_visible(actor, SchedulingRight.READ)]
    clinicians = list(clinicians_at(units, on=today).values_list("pk", flat=True)[:40])
    fills = [fill for fill in template_fill(actor=actor, start=today - _FILL, end=today) if fill.percent is not None]
    odd = sorted((fill for fill in fills if not _LOW <= (fill.percent or 0) <= _FULL), key=lambda f: -(f.percent or 0))
    names = _names([fill.clinician_id for fill in odd], today, units)
    day_href = reverse("scheduling:day")
    return Panel(
        "access", _("Access"), "calendar-time", reverse("scheduling:list"),
        numbers=[
            _booked(actor, today), _no_shows(actor, today, at), _third(actor, clinicians, today, at),
            Number(_("Templates over 100 %"), shown(sum(1 for f in odd if (f.percent or 0) > _FULL)), day_href),
            Number(_("Templates under 80 %"), shown(sum(1 for f in odd if (f.percent or 0) < _LOW)), day_href),
        ],
        lines=[
            Line(
                label=names.get(fill.clinician_id, "–"), badge=f"{fill.percent:.0f} %",
                tone="bad" if (fill.percent or 0) > _FULL else "warn",
                detail=_("of the template booked, 4 weeks"),
                href=_rows(today - _FILL, today - _DAY, clinician=str(fill.clinician_id)),
            )
            for fill in odd[:LINES]
        ],
    )  # fmt: skip


def _names(ids: Collection[UUID], today: dt.date, units: Collection[UUID]) -> dict[UUID, str]:
    return {one.pk: one.label() for one in clinicians_at(units, on=today).filter(pk__in=list(ids))}


def _rows(first: dt.date, last: dt.date, **more: str) -> str:
    """The address of the appointments behind a number."""
    given = {"start_from": str(first), "start_to": str(last), **more}
    return f"{reverse('scheduling:list')}?" + "&".join(f"{name}={value}" for name, value in given.items())


def _booked(actor: Actor, today: dt.date) -> Number:
    first, last = span_of(today)
    rows = appointments(actor).filter(start__gte=first, start__lt=last)
    return Number(_("Appointments today"), shown(rows.count()), _rows(today, today),
                  hint=_("All of the day, also cancelled and missed ones."))  # fmt: skip


def _no_shows(actor: Actor, today: dt.date, at: dt.datetime, clinicians: Collection[UUID] | None = None) -> Number:
    rate = no_show_rate(actor=actor, start=today - _MONTH, end=today, clinicians=clinicians, at=at)
    more = {"clinician": str(next(iter(clinicians)))} if clinicians else {}
    return Number(
        _("No-show rate, 30 days"), shown(rate.percent), _rows(today - _MONTH, today - _DAY, expected="on", **more),
        unit="%",
        hint=_("%(missed)s missed of %(booked)s booked, less timely cancellations and visits moved by the practice.")
        % {"missed": rate.numerator, "booked": rate.denominator},
    )  # fmt: skip


def _third(actor: Actor, clinicians: Collection[UUID], today: dt.date, at: dt.datetime) -> Number:
    kinds = visit_types(actor)
    kind = kinds.filter(code="follow-up").first() or kinds.first()
    if kind is None:
        return Number(_("Third next available"), shown(None), reverse("scheduling:find"))
    found = third_next_available(actor=actor, visit_type_id=kind.pk, clinicians=clinicians, on=today, at=at)
    href = f"{reverse('scheduling:find')}?visit_type={kind.pk}&days=14"
    return Number(
        _("Third next available"), shown(average_days(found)), href, unit=_("days"),
        hint=_("Calendar days to the third open slot, averaged over clinicians; lucky gaps are left out."),
    )  # fmt: skip


def openings(actor: Actor, at: dt.datetime) -> Panel:
    """Where there is still room today and tomorrow."""
    today, numbers = day_of(at), []
    for day, label in ((today, _("Free today")), (today + _DAY, _("Free tomorrow"))):
        fills = template_fill(actor=actor, start=day, end=day + _DAY)
        free = sum(max(0, fill.bookable - fill.booked) for fill in fills)
        href = f"{reverse('scheduling:find')}?start={day}&days=7"
        numbers.append(Number(label, shown(round(free / 60, 1)), href, unit=_("hours")))
    return Panel("openings", _("Room in the schedule"), "calendar-plus", reverse("scheduling:find"), numbers=numbers)


def practice_day(actor: Actor, at: dt.datetime) -> Panel:
    """Today over all sites: who came of those booked, who is away."""
    today = day_of(at)
    first, last = span_of(today)
    came = visits_kept(actor).filter(arrived_at__gte=first, arrived_at__lt=last)
    rows = appointments(actor).filter(start__gte=first, start__lt=last)
    booked = rows.exclude(status=AppointmentStatus.CANCELLED)
    away = [row for row in absences(actor, since=at) if row.during.lower < last]
    bookable = sum(fill.bookable for fill in template_fill(actor=actor, start=today, end=today + _DAY))
    taken = sum(int((row.end - row.start).total_seconds()) // 60 for row in booked)
    return Panel(
        "practice_day", _("The practice today"), "building-hospital", reverse("scheduling:day"),
        numbers=[
            Number(_("Came"), shown(came.count()), f"{reverse('visits:list')}?arrived_from={today}&arrived_to={today}"),
            Number(_("Still booked"), shown(rows.filter(status=AppointmentStatus.BOOKED).count()),
                   _rows(today, today, status="booked")),
            Number(_("No-shows"), shown(rows.filter(status=AppointmentStatus.NO_SHOW).count()),
                   _rows(today, today, status="no_show")),
            Number(_("Cancelled"), shown(rows.filter(status=AppointmentStatus.CANCELLED).count()),
                   _rows(today, today, status="cancelled")),
            Number(_("Booked of the template"), shown(round(100 * taken / bookable) if bookable else None),
                   reverse("scheduling:day"), unit="%"),
            Number(_("Clinicians away"), shown(len(away)), reverse("scheduling:templates")),
        ],
        lines=[
            Line(label=row.clinician.label(), href=reverse("scheduling:templates"), badge=_("Away"), tone="warn")
            for row in away[:LINES]
        ],
    )  # fmt: skip


def my_month(actor: Actor, at: dt.datetime) -> Panel | None:
    """A clinician's five numbers of the last thirty days; nothing to enter."""
    me = clinician_of(actor)
    if me is None:
        return None
    today = day_of(at)
    start, end = span_of(today - _MONTH)[0], span_of(today - _DAY)[1]
    flow = flow_numbers(visits_between(actor, start=start, end=end, clinicians=[me.pk]))
    rows = f"{reverse('visits:list')}?arrived_from={today - _MONTH}&arrived_to={today - _DAY}&clinician={me.pk}"
    return Panel(
        "my_month", _("My last 30 days"), "chart-bar", rows,
        numbers=[
            Number(_("Visits"), shown(flow.visits), rows),
            _no_shows(actor, today, at, [me.pk]),
            _third(actor, [me.pk], today, at),
            Number(_("Wait to room, median"), shown(flow.wait_median), rows, unit=_("min")),
            Number(_("Whole visit, median"), shown(flow.cycle_median), rows, unit=_("min")),
        ],
    )  # fmt: skip
