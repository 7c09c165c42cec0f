"""Panels of the front desk and of the schedule: what to mend before arrival, the drawer, what is free again."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from medguild.desk.today.parts import LINES, Line, Number, Panel, first_site, shown
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, local_date, span_of
from medguild.foundation.kernel.money import dollars
from medguild.operations.scheduling.numbers import free_again, missed_before
from medguild.operations.scheduling.selectors import appointments
from medguild.operations.scheduling.week import next_worked_day
from medguild.operations.visits.day import day_list, line_ref
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.ports import FlagTone
from medguild.operations.visits.rules import ArrivalState
from medguild.revenue.receipts.models import Drawer
from medguild.revenue.receipts.permissions import ReceiptsRight
from medguild.revenue.receipts.rules import DrawerStatus
from medguild.revenue.receipts.selectors import copays_left, drawer_view, my_drawer, receipts

_OWN = {"interpreter", "overbooked", "new_patient", "walk_in", "check_in_open"}
_COMING = (ArrivalState.EXPECTED, ArrivalState.LATE)
_WEEK = dt.timedelta(days=7)


def mend(actor: Actor, at: dt.datetime) -> Panel | None:
    """Cover, consent and balance of those still to come today, else of the next day on which somebody works."""
    site = first_site(actor, VisitsRight.CHECK_IN)
    if site is None:
        return None
    today = local_date(at, site.time_zone)
    day = today
    coming = [line for line in day_list(actor, site, day=day, at=at).everyone if line.state in _COMING]
    if not coming:
        day = next_worked_day(actor, site, after=today) or today
        coming = [line for line in day_list(actor, site, day=day, at=at).everyone if line.state in _COMING]
    wanting = [(line, [flag for flag in line.flags if flag.key not in _OWN]) for line in coming]
    wanting = [(line, flags) for line, flags in wanting if flags]
    href = f"{reverse('visits:arrivals_of', args=[site.unit_id])}?day={day}"
    due = sum(copays_left([line_ref(line, day) for line in coming]).values()) if actor.may(ReceiptsRight.TAKE) else None
    which = _("today") if day == today else date_format(day, "MONTH_DAY_FORMAT")
    return Panel(
        "mend", _("To mend before arrival"), "tool", href,
        numbers=[
            Number(_("Expected"), shown(len(coming)), href, unit=which),
            Number(_("With something open"), shown(len(wanting)), href),
            *([Number(_("Co-pays to take"), dollars(due), href)] if due is not None else []),
        ],
        lines=[
            Line(
                label=line.patient.label(), href=reverse("patients:detail", args=[line.patient.pk]), at=line.planned,
                zone=site.time_zone, badge=", ".join(str(flag.label) for flag in flags),
                tone="bad" if any(flag.tone is FlagTone.BAD for flag in flags) else "warn",
            )
            for line, flags in wanting[:LINES]
        ],
        empty=_("Everybody who comes next is ready."),
        patients=frozenset(line.patient.pk for line, _flags in wanting[:LINES]),
    )  # fmt: skip


def drawer(actor: Actor, at: dt.datetime) -> Panel | None:
    """What one has taken, and what must lie in one's drawer."""
    site = first_site(actor, ReceiptsRight.TAKE)
    if site is None:
        return None
    href, held = reverse("receipts:drawer_of", args=[site.unit_id]), my_drawer(actor, site.unit_id)
    view = drawer_view(held) if held is not None else None
    return Panel(
        "drawer", _("My drawer"), "cash", href,
        numbers=[
            Number(_("Taken"), dollars(view.taken), href),
            Number(_("Cash that must be in it"), dollars(view.expected), href),
        ]
        if view is not None
        else [],
        empty=_("No drawer is open. Open one before you take cash.") if view is None else "",
    )  # fmt: skip


def refill(actor: Actor, at: dt.datetime) -> Panel:
    """Cancelled times that nobody has taken, and tomorrow's visits of patients who have missed one before."""
    base, today = reverse("scheduling:list"), day_of(at)
    week = f"{base}?start_from={today}&start_to={today + _WEEK}&free_again=on"
    tomorrow = today + dt.timedelta(days=1)
    next_day = f"{base}?start_from={tomorrow}&start_to={tomorrow}&status=booked"
    first, last = span_of(tomorrow)
    free = free_again(appointments(actor).filter(start__gte=at, start__lt=span_of(today + _WEEK)[1]), at=at)
    booked = appointments(actor).filter(start__gte=first, start__lt=last, status="booked")
    risky = missed_before(booked)
    rows = list(free.order_by("start")[:LINES])
    return Panel(
        "refill", _("To fill and to confirm"), "calendar-plus", week,
        numbers=[
            Number(_("Cancelled and free again, 7 days"), shown(free.count()), week),
            Number(_("Visits tomorrow"), shown(booked.count()), next_day),
            Number(_("Of them missed a visit before"), shown(risky.count()), f"{next_day}&missed_before=on",
                   hint=_("Patients with a no-show in the last twelve months: ask them to confirm.")),
        ],
        lines=[
            Line(
                label=row.visit_type.name, detail=row.clinician.label(), at=row.start, zone=row.unit.site.time_zone,
                href=f"{reverse('scheduling:find')}?visit_type={row.visit_type_id}&clinician={row.clinician_id}"
                f"&site={row.unit_id}&start={local_date(row.start, row.unit.site.time_zone)}&days=7",
            )
            for row in rows
        ],
        empty=_("No cancelled time waits to be filled."),
    )  # fmt: skip


def desk_money(actor: Actor, at: dt.datetime) -> Panel:
    """What the desks have taken today, drawers that are open, what was over or short this week."""
    today, day_href = day_of(at), reverse("receipts:day")
    first, last = span_of(today)
    taken = receipts(actor).filter(taken_at__gte=first, taken_at__lt=last, voided_at__isnull=True)
    drawers = Drawer.objects.visible_to(actor, ReceiptsRight.CLOSE)
    closed = drawers.filter(status=DrawerStatus.CLOSED, closed_at__gte=first - _WEEK)
    sums = closed.aggregate(counted=Sum("counted"), expected=Sum("expected"), drawers=Count("pk"))
    off = (sums["counted"] or 0) - (sums["expected"] or 0)
    return Panel(
        "desk_money", _("Money at the desks"), "cash", day_href,
        numbers=[
            Number(_("Taken today"), dollars(taken.aggregate(sum=Sum("amount"))["sum"] or 0),
                   f"{reverse('receipts:list')}?taken_from={today}&taken_to={today}"),
            Number(_("Drawers open"), shown(drawers.filter(status=DrawerStatus.OPEN).count()), day_href),
            Number(_("Over or short, 7 days"), dollars(off) if sums["drawers"] else shown(None), day_href,
                   hint=_("Counted less expected of the drawers closed in the last seven days.")),
        ],
    )  # fmt: skip
