"""Panels of the running day: work, arrivals, who is here, the clinician's list, access."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.desk.today.parts import Line, Number, Panel, shown
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.selectors import clinicians_at, sites_visible
from medguild.foundation.work.ownership import who_owns_what
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.selectors import handoff_count, my_work, needs_visible, subjects_of
from medguild.operations.chart.permissions import ChartRight
from medguild.operations.chart.selectors import clinician_of, unsigned_notes
from medguild.operations.scheduling.numbers import average_days, no_show_rate, template_fill, third_next_available
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.selectors import appointments, visit_types
from medguild.operations.visits.day import clinician_day, day_list
from medguild.operations.visits.models import Visit
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.selectors import on_the_board

_LINES = 8


def work(actor: Actor, at: dt.datetime) -> Panel:
    """What is mine, most urgent first."""
    rows = my_work(actor, on=at.date())
    items = list(rows[:_LINES])
    subjects = subjects_of(actor, items)
    lines = []
    patients = set()
    for item in items:
        view = subjects.get(item.pk)
        if view is not None and view.patient_id is not None:
            patients.add(view.patient_id)
        lines.append(
            Line(
                label=work_types.get(item.work_type).label,
                href=reverse("work:item", args=[item.pk]),
                detail=view.label if view else item.summary,
                badge=_("Overdue") if item.due_at < at else "",
                tone="bad" if item.due_at < at else "neutral",
                at=item.due_at,
            )
        )
    return Panel(
        "work", _("My work"), "checklist", reverse("work:mine"),
        numbers=[
            Number(_("Open"), shown(rows.count()), reverse("work:mine")),
            Number(_("Overdue"), shown(rows.filter(due_at__lt=at).count()), reverse("work:mine")),
            Number(_("Hand-offs to accept"), shown(handoff_count(actor)), reverse("work:handoffs")),
        ],
        lines=lines, empty=_("Nothing waits for you."), patients=frozenset(patients),
    )  # fmt: skip


def arrivals(actor: Actor, at: dt.datetime) -> Panel | None:
    """The next 90 minutes at one's site, with what must be mended before the patient is here."""
    site = _first_site(actor, VisitsRight.CHECK_IN) or _first_site(actor, VisitsRight.READ)
    if site is None:
        return None
    day = day_list(actor, site, day=local_date(at, site.time_zone), at=at)
    href = reverse("visits:arrivals_of", args=[site.unit_id])
    lines = [
        Line(
            label=line.patient.label(),
            href=reverse("visits:show", args=[line.visit.pk]) if line.visit else href,
            detail=line.clinician.label(),
            badge=str(line.flags[0].label) if line.flags else "",
            tone="warn" if line.flags else "neutral",
            at=line.planned,
            zone=site.time_zone,
        )
        for line in day.soon[:_LINES]
    ]
    return Panel(
        "arrivals", _("Next 90 minutes at %(site)s") % {"site": site.unit.label()}, "door-enter", href,
        numbers=[
            Number(_("Expected soon"), shown(len(day.soon)), href),
            Number(_("Here now"), shown(len(day.here)), reverse("visits:board_of", args=[site.unit_id])),
            Number(_("Later today"), shown(len(day.later)), href),
        ],
        lines=lines, empty=_("Nobody is expected in the next 90 minutes."),
        patients=frozenset(line.patient.pk for line in day.soon[:_LINES]),
    )  # fmt: skip


def board(actor: Actor, at: dt.datetime) -> Panel | None:
    """Who is here, longest in the present step first."""
    site = _first_site(actor, VisitsRight.READ)
    if site is None:
        return None
    here: Sequence[Visit] = sorted(on_the_board(actor, site.unit_id), key=lambda visit: visit.since)
    href = reverse("visits:board_of", args=[site.unit_id])
    lines = [
        Line(
            label=visit.patient.label(),
            href=reverse("visits:show", args=[visit.pk]),
            detail=visit.clinician.label(),
            badge=_("%(n)s min") % {"n": int((at - visit.since).total_seconds()) // 60},
        )
        for visit in here[:_LINES]
    ]
    return Panel(
        "board", _("Here now at %(site)s") % {"site": site.unit.label()}, "layout-kanban", href, lines=lines,
        empty=_("Nobody is here at the moment."), patients=frozenset(visit.patient_id for visit in here[:_LINES]),
    )  # fmt: skip


def day_of_clinician(actor: Actor, at: dt.datetime) -> Panel | None:
    """The next patient, the rest of the day, and how far it runs behind."""
    clinician = clinician_of(actor)
    if clinician is None:
        return None
    day = clinician_day(actor, clinician, at=at)
    href = reverse("chart:day")
    lines = [
        Line(
            label=line.patient.label(),
            href=reverse("chart:note", args=[line.visit.pk]) if line.visit else href,
            detail=line.reason,
            at=line.planned,
            badge=_("Next") if line is day.following else "",
            tone="info",
        )
        for line in day.lines[:_LINES]
    ]
    return Panel(
        "clinician_day", _("My day"), "stethoscope", href,
        numbers=[
            Number(_("Patients today"), shown(len(day.lines)), href),
            Number(_("Running behind"), shown(day.running), href, unit=_("min")),
        ],
        lines=lines, empty=_("No patients today."), patients=frozenset(line.patient.pk for line in day.lines[:_LINES]),
    )  # fmt: skip


def sign_off(actor: Actor, at: dt.datetime) -> Panel | None:
    """Notes of mine that are not signed, oldest first."""
    clinician = clinician_of(actor)
    if clinician is None or not actor.may(ChartRight.WRITE):
        return None
    notes = unsigned_notes(actor, clinician)
    return Panel(
        "sign_off", _("To sign"), "signature", reverse("chart:day"),
        numbers=[Number(_("Unsigned notes"), shown(len(notes)), reverse("chart:day"))],
        lines=[
            Line(
                label=note.visit.patient.label(), href=reverse("chart:note", args=[note.visit_id]), at=note.started_at,
                badge=_("Older than a day") if at - note.started_at > dt.timedelta(days=1) else "", tone="warn",
            )
            for note in notes[:_LINES]
        ],
        empty=_("Every note is signed."), patients=frozenset(note.visit.patient_id for note in notes[:_LINES]),
    )  # fmt: skip


def access(actor: Actor, at: dt.datetime) -> Panel:
    """Visits, no-shows, third next available, fill over 100 beside under 80."""
    today = at.date()
    units = [site.unit_id for site in sites_visible(actor, SchedulingRight.READ)]
    month = no_show_rate(actor=actor, start=today - dt.timedelta(days=30), end=today, at=at)
    fills = template_fill(actor=actor, start=today - dt.timedelta(days=28), end=today)
    percents = [fill.percent for fill in fills if fill.percent is not None]
    book, calendar = reverse("scheduling:find"), reverse("scheduling:day")
    kinds = visit_types(actor)
    follow_up = kinds.filter(code="follow-up").first() or kinds.first()
    third = None
    if follow_up is not None:
        clinicians = list(clinicians_at(units, on=today).values_list("pk", flat=True)[:40])
        third = average_days(
            third_next_available(actor=actor, visit_type_id=follow_up.pk, clinicians=clinicians, on=today, at=at)
        )
    day_start = dt.datetime.combine(today, dt.time(), tzinfo=dt.UTC)
    booked = appointments(actor).filter(start__gte=day_start, start__lt=day_start + dt.timedelta(days=1))
    return Panel(
        "access", _("Access"), "calendar-time", calendar,
        numbers=[
            Number(_("Booked today"), shown(booked.count()), calendar),
            Number(_("No-show rate, 30 days"), shown(month.percent), calendar, unit="%",
                   hint=_("No-shows per booked visits, less timely cancellations and visits moved by the practice.")),
            Number(_("Third next available"), shown(third), book, unit=_("days"),
                   hint=_("Calendar days to the third open slot, averaged over clinicians; lucky gaps are left out.")),
            Number(_("Templates over 100 %"), shown(sum(1 for p in percents if p > 100)), calendar),
            Number(_("Templates under 80 %"), shown(sum(1 for p in percents if p < 80)), calendar),
        ],
    )  # fmt: skip


def openings(actor: Actor, at: dt.datetime) -> Panel:
    """Where there is still room today and tomorrow."""
    today = at.date()
    numbers = []
    for offset, label in ((0, _("Free today")), (1, _("Free tomorrow"))):
        day = today + dt.timedelta(days=offset)
        fills = template_fill(actor=actor, start=day, end=day + dt.timedelta(days=1))
        free = sum(max(0, fill.bookable - fill.booked) for fill in fills)
        numbers.append(Number(label, shown(round(free / 60, 1)), reverse("scheduling:find"), unit=_("hours")))
    return Panel("openings", _("Room in the schedule"), "calendar-plus", reverse("scheduling:find"), numbers=numbers)


def owners(actor: Actor, at: dt.datetime) -> Panel:
    """Types of work that nobody answers for, or whose role nobody holds."""
    ownership = who_owns_what(actor, on=at.date())
    href = reverse("work:owners")
    red = [row for row in ownership.rows if row.red]
    return Panel(
        "owners", _("Who owns what"), "users-group", href,
        numbers=[
            Number(_("Places without an owner"), shown(ownership.red_cells), href),
            Number(_("Work that waits for an owner"), shown(len(needs_visible(actor))), href),
        ],
        lines=[
            Line(
                label=row.work_type.label, href=href, badge=_("Somebody is missing"), tone="bad",
                detail=", ".join(cell.unit.label() for cell in row.cells if cell.red),
            )
            for row in red[:_LINES]
        ],
        empty=_("Every hand-off has an owner."),
    )  # fmt: skip


def _first_site(actor: Actor, right: str) -> Site | None:
    return sites_visible(actor, right).first()
