"""Panels of the running day: work, arrivals, who is here, the clinician's list, access."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.desk.today.parts import LINES, Line, Number, Panel, first_site, shown
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, local_date, span_of
from medguild.foundation.work.ownership import who_owns_what
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.selectors import handoff_count, live_items, my_work, needs_visible, subjects_of
from medguild.foundation.work.words import owner_of
from medguild.operations.chart.cosigning import waiting_for
from medguild.operations.chart.permissions import ChartRight
from medguild.operations.chart.selectors import clinician_of, unsigned_notes, unwritten_visits
from medguild.operations.visits.day import clinician_day, day_list
from medguild.operations.visits.models import Visit
from medguild.operations.visits.permissions import VisitsRight
from medguild.operations.visits.rules import WAITING, VisitStatus, WaitTone, wait_tone, whole_minutes
from medguild.operations.visits.selectors import on_the_board
from medguild.operations.visits.standards import wait_limit
from medguild.operations.visits.words import STATUS_WORDS

_COUNTED = 500


def work(actor: Actor, at: dt.datetime) -> Panel:
    """What is mine, most urgent first."""
    rows = my_work(actor, at=at)
    items = list(rows[:LINES])
    subjects = subjects_of(actor, items)
    lines = []
    patients = set()
    for item in items:
        view = subjects.get(item.subject_id) if item.subject_id else None
        if view is not None and view.patient_id is not None:
            patients.add(view.patient_id)
        lines.append(
            Line(
                label=work_types.get(item.work_type).label,
                href=reverse("work:item", args=[item.pk]),
                detail=" · ".join(str(words) for words in (view.label if view else "", item.summary) if words),
                badge=_("Past due") if item.due_at < at else "",
                tone="bad" if item.due_at < at else "neutral",
                at=item.due_at,
            )
        )
    return Panel(
        "work", _("My work"), "checklist", reverse("work:mine"),
        numbers=[
            Number(_("To do"), shown(rows.count()), reverse("work:mine")),
            Number(_("Overdue"), shown(rows.filter(due_at__lt=at).count()), f"{reverse('work:mine')}?late=on"),
            Number(_("Due today"), shown(rows.filter(due_at__gte=at, due_at__lt=span_of(day_of(at))[1]).count()),
                   f"{reverse('work:mine')}?today=on"),
            Number(_("Hand-offs to accept"), shown(handoff_count(actor)), reverse("work:handoffs")),
        ],
        lines=lines, empty=_("Nothing waits for you."), patients=frozenset(patients),
    )  # fmt: skip


def arrivals(actor: Actor, at: dt.datetime) -> Panel | None:
    """The next 90 minutes at one's site, with what must be mended before the patient is here."""
    site = first_site(actor, VisitsRight.CHECK_IN) or first_site(actor, VisitsRight.READ)
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
        for line in day.soon[:LINES]
    ]
    return Panel(
        "arrivals", _("Next 90 minutes at %(site)s") % {"site": site.unit.label()}, "door-enter", href,
        numbers=[
            Number(_("Expected soon"), shown(len(day.soon)), href),
            Number(_("Here now"), shown(len(day.here)), reverse("visits:board_of", args=[site.unit_id])),
            Number(_("Later today"), shown(len(day.later)), href),
        ],
        lines=lines, empty=_("Nobody is expected in the next 90 minutes."),
        patients=frozenset(line.patient.pk for line in day.soon[:LINES]),
    )  # fmt: skip


def board(actor: Actor, at: dt.datetime) -> Panel | None:
    """Who is here, longest in the present step first; who waits longer than the site's standard."""
    site = first_site(actor, VisitsRight.READ)
    if site is None:
        return None
    here: Sequence[Visit] = sorted(on_the_board(actor, site.unit_id), key=lambda visit: visit.since)
    limit = wait_limit(site.unit_id)
    waits = {visit.pk: _wait(visit, limit, at) for visit in here}
    href = reverse("visits:board_of", args=[site.unit_id])
    lines = [
        Line(
            label=visit.patient.label(),
            href=reverse("visits:show", args=[visit.pk]),
            detail=_where(visit),
            badge=_("%(n)s min") % {"n": whole_minutes(visit.since, at)},
            tone=waits[visit.pk],
        )
        for visit in here[:LINES]
    ]
    return Panel(
        "board", _("Here now at %(site)s") % {"site": site.unit.label()}, "layout-kanban", href,
        numbers=[
            Number(_("Here now"), shown(len(here)), href),
            Number(_("Waiting over %(n)s min") % {"n": limit},
                   shown(sum(1 for tone in waits.values() if tone != "neutral")), href,
                   hint=_("Arrived or in a room, longer than the standard of the site.")),
        ],
        lines=lines, empty=_("Nobody is here at the moment."),
        patients=frozenset(visit.patient_id for visit in here[:LINES]),
    )  # fmt: skip


def _where(visit: Visit) -> str:
    """Which step, where, and with whom: why somebody waits."""
    room = visit.room.name if visit.room is not None else ""
    return " · ".join(filter(None, [str(STATUS_WORDS[VisitStatus(visit.status)]), room, visit.clinician.label()]))


def _wait(visit: Visit, limit: int, at: dt.datetime) -> str:
    if VisitStatus(visit.status) not in WAITING:
        return "neutral"
    tone = wait_tone(whole_minutes(visit.since, at), limit)
    return {WaitTone.CALM: "neutral", WaitTone.LONG: "warn", WaitTone.TOO_LONG: "bad"}[tone]


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
            # The page of the visit opens the note, or begins it where there is none.
            href=reverse("visits:show", args=[line.visit.pk]) if line.visit else href,
            detail=line.reason,
            at=line.planned,
            badge=_("Next") if line is day.following else "",
            tone="info",
        )
        for line in day.lines[:LINES]
    ]
    return Panel(
        "clinician_day", _("My day"), "stethoscope", href,
        numbers=[
            Number(_("Patients today"), shown(len(day.lines)), href),
            Number(_("Running behind"), shown(day.running), href, unit=_("min")),
        ],
        lines=lines, empty=_("No patients today."), patients=frozenset(line.patient.pk for line in day.lines[:LINES]),
    )  # fmt: skip


def sign_off(actor: Actor, at: dt.datetime) -> Panel | None:
    """Notes of mine that are not signed, oldest first."""
    clinician = clinician_of(actor)
    if clinician is None or not actor.may(ChartRight.WRITE):
        return None
    notes, others = unsigned_notes(actor, clinician), waiting_for(actor, clinician)
    unwritten = unwritten_visits(actor, clinician)
    begun = [*(note.started_at for note in notes), *(visit.since for visit in unwritten)]
    waits = sorted([*begun, *(one.asked_at for one in others)])
    href = reverse("chart:day")
    lines = [_to_sign(note.visit, note.started_at, "", at) for note in notes]
    lines += [_not_begun(visit, at) for visit in unwritten]
    lines += [_to_sign(one.note.visit, one.asked_at, _("To co-sign"), at) for one in others]
    return Panel(
        "sign_off", _("To sign"), "signature", href,
        numbers=[
            Number(_("Unsigned notes"), shown(len(begun)), f"{href}#unsigned"),
            Number(_("To co-sign"), shown(len(others)), f"{href}#cosign"),
            Number(_("Oldest"), shown((at - waits[0]).days if waits else None), href, unit=_("days")),
        ],
        lines=[line for line, _patient in lines[:LINES]],
        empty=_("Every note is signed."), patients=frozenset(patient for _line, patient in lines[:LINES]),
    )  # fmt: skip


def _not_begun(visit: Visit, at: dt.datetime) -> tuple[Line, UUID]:
    """There is no note to open yet: the day's list begins it."""
    line, patient = _to_sign(visit, visit.since, _("Not begun"), at)
    return dataclasses.replace(line, href=f"{reverse('chart:day')}#unsigned"), patient


def _to_sign(visit: Visit, since: dt.datetime, detail: str, at: dt.datetime) -> tuple[Line, UUID]:
    old = _("Older than a day") if at - since > dt.timedelta(days=1) else ""
    line = Line(
        label=visit.patient.label(), href=reverse("chart:note", args=[visit.pk]), at=since, badge=old, tone="warn",
        detail=detail,
    )  # fmt: skip
    return line, visit.patient_id


def owners(actor: Actor, at: dt.datetime) -> Panel:
    """Types of work that nobody answers for, or whose role nobody holds."""
    ownership = who_owns_what(actor, on=day_of(at))
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
            for row in red[:LINES]
        ],
        empty=_("Every hand-off has an owner."),
    )  # fmt: skip


def promises(actor: Actor, at: dt.datetime) -> Panel:
    """Work that is past its time, by the one who answers for it, the most first."""
    late = live_items(actor).filter(due_at__lt=at)
    href = f"{reverse('work:team')}?late=on"
    by_owner = Counter(str(owner_of(item)) for item in late[:_COUNTED])
    return Panel(
        "promises", _("Promises not kept"), "hourglass", href,
        numbers=[Number(_("Overdue"), shown(late.count()), href)],
        lines=[Line(label=who, href=href, badge=str(count), tone="bad") for who, count in by_owner.most_common(LINES)],
        empty=_("Nothing is overdue."),
    )  # fmt: skip
