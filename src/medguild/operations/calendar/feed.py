"""What a calendar screen draws: columns, stretches of time, visits; plain values for JSON, only what is shown.

A handful of queries, whatever the number of visits. Times are wall-clock times of the site (`2026-11-23T09:20`):
the screen shows the site's clocks, wherever its browser is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import ResourceKind
from medguild.foundation.organization.selectors import resources_at
from medguild.foundation.organization.words import specialty_words
from medguild.foundation.ui.instants import day_text
from medguild.operations.calendar import ticket
from medguild.operations.calendar.changes import bounds, look, since, stamp
from medguild.operations.calendar.ground import Ground, ground_of, wall_spans
from medguild.operations.calendar.rules import Span, Stretch, TimeState, hours_of, mark_of
from medguild.operations.scheduling.models import Allocation, Appointment, Hold, Session
from medguild.operations.scheduling.rules import AppointmentStatus, Minute
from medguild.operations.scheduling.week_rules import instant, local_time
from medguild.patients.identity.rules.names import full_name

Json = dict[str, Any]
_COLUMNS = (
    "id", "patient_id", "clinician_id", "room_id", "start", "end", "status", "overbooked", "mode", "unit_id",
    "visit_type__name", "visit_type__colour", "patient__family_name", "patient__given_name", "patient__middle_name",
    "patient__suffix", "patient__interpreter_needed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer for a screen, and whose data it shows."""

    content: Json
    patients: list[UUID] = field(default_factory=list)


def whole(actor: Actor, span: Span, *, at: dt.datetime) -> Shown:
    """Everything that a screen of the span needs. The actor may read the site's schedule."""
    version = look(span, at=at)  # before the rows: see there
    ground = ground_of(actor, span, at=at)
    visits, patients = _visits(actor, span)
    there = ground.working | {UUID(one["clinician"]) for one in visits}
    people = _clinicians(there | _of_the_site(actor, span, set(span.clinicians) - there))
    wall = _wall(span)
    stretches = [_stretch(one, wall) for one in ground.stretches]
    content = {
        "clinicians": people,
        "rooms": _rooms(actor, span),
        "closed": [{"day": day_text(day), "words": words} for day, words in ground.closed.items()],
        "hours": _hours(ground, visits, span),
        "ground": stretches,
        "visits": visits,
        "holds": _holds(actor, span, at, wall),
        "ticket": ticket.write(span, version, _digest(stretches)),
    }
    return Shown(content, patients)


def news(actor: Actor, span: Span, seen: str, ground_seen: str, *, known: Mapping[str, int], at: dt.datetime) -> Shown:
    """What has changed since a version: visits whose stamp is not the `known` one, the ids of all, holds.

    The ground is told where it differs. A screen that is up to date gets a new ticket and nothing else.
    """
    version = look(span, at=at)
    wall = _wall(span)
    stretches = [_stretch(one, wall) for one in ground_of(actor, span, at=at).stretches]
    ground = _digest(stretches)
    content: Json = {"ticket": ticket.write(span, version, ground)}
    if ground != ground_seen:
        content["ground"] = stretches
    if version == seen:
        return Shown(content)
    became = since(span, known)
    visits, patients = _visits(actor, span, became.changed) if became.changed else ([], [])
    content |= {
        "here": [str(one) for one in became.here],
        "visits": visits,
        "holds": _holds(actor, span, at, wall),
    }
    return Shown(content, patients)


def _visits(actor: Actor, span: Span, only: Collection[UUID] | None = None) -> tuple[list[Json], list[UUID]]:
    start, end = bounds(span)
    rows = Appointment.objects.visible_to(actor).filter(unit_id=span.site_id, start__gte=start, start__lt=end)
    rows = rows.exclude(status=AppointmentStatus.CANCELLED)
    if span.clinicians:
        rows = rows.filter(clinician_id__in=span.clinicians)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    found = list(rows.order_by("start").annotate(stamp=stamp()).values_list(*_COLUMNS, "stamp"))
    more = _more_resources(actor, [row[0] for row in found])
    wall = _wall(span)
    return [_visit(row, wall, more.get(row[0], ())) for row in found], [row[1] for row in found]


def _visit(row: Sequence[Any], wall: Callable[[Minute], str], more: Iterable[str]) -> Json:
    (
        pk, _patient, clinician, room, start, end, status, overbooked, mode, unit, kind, colour, family, given, middle,
        suffix, interpreter, written,
    ) = row  # fmt: skip
    return {
        "id": str(pk),
        "clinician": str(clinician),
        "room": str(room) if room else "",
        "more": list(more),
        "start": wall(int(start.timestamp()) // 60),
        "end": wall(int(end.timestamp()) // 60),
        "minutes": int((end - start).total_seconds()) // 60,
        "who": full_name(family, given, middle, suffix),
        "what": kind,
        "colour": colour,
        "status": status,
        "mode": mode,
        "overbooked": overbooked,
        "interpreter": interpreter,
        "stamp": written,
        "seen": mark_of(start, end, clinician, unit, room, status),
    }


def _more_resources(actor: Actor, visits: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Rooms and equipment that visits hold besides the clinician and the room on the visit itself."""
    held = Allocation.objects.visible_to(actor).filter(appointment_id__in=list(visits), active=True)
    bookable = Resource.objects.unscoped("the allocation is visible").exclude(kind=ResourceKind.CLINICIAN)
    found: dict[UUID, list[str]] = {}
    for visit, resource in held.filter(resource_id__in=bookable.values("pk")).values_list(
        "appointment_id", "resource_id"
    ):
        found.setdefault(visit, []).append(str(resource))
    return found


def _clinicians(ids: Iterable[UUID]) -> list[Json]:
    rows = Clinician.objects.filter(pk__in=list(ids)).select_related("person")
    return [
        {"id": str(one.pk), "name": one.label(), "specialty": one.specialty, "field": specialty_words(one.specialty)}
        for one in rows.order_by("person__family_name", "person__given_name")
    ]


def _of_the_site(actor: Actor, span: Span, asked: Collection[UUID]) -> set[UUID]:
    """Of those who were asked for, who ever has sessions at the site: any other id names nobody."""
    if not asked:
        return set()
    rows = Session.objects.visible_to(actor).filter(unit_id=span.site_id, clinician_id__in=list(asked))
    return set(rows.values_list("clinician_id", flat=True))


def _rooms(actor: Actor, span: Span) -> list[Json]:
    rows = resources_at(actor, span.site_id, on=span.start).exclude(kind=ResourceKind.CLINICIAN)
    return [{"id": str(one.pk), "name": one.name, "kind": one.kind} for one in rows]


def _holds(actor: Actor, span: Span, at: dt.datetime, wall: Callable[[Minute], str]) -> list[Json]:
    """Times that somebody is about to book."""
    start, end = bounds(span)
    rows = Hold.objects.visible_to(actor).filter(
        expires_at__gt=at, unit_id=span.site_id, start__gte=start, start__lt=end
    )
    if span.clinicians:
        rows = rows.filter(clinician_id__in=span.clinicians)
    return [
        {"id": str(one.pk), "clinician": str(one.clinician_id), "start": wall(int(one.start.timestamp()) // 60),
         "end": wall(int(one.end.timestamp()) // 60), "own": one.holder_id == actor.id}
        for one in rows
    ]  # fmt: skip


def _stretch(one: Stretch, wall: Callable[[Minute], str]) -> Json:
    return {
        "clinician": str(one.clinician_id), "room": str(one.room_id) if one.room_id else "",
        "start": wall(one.start), "end": wall(one.end), "state": one.state.value, "words": one.words,
    }  # fmt: skip


def _hours(ground: Ground, visits: Sequence[Json], span: Span) -> list[int]:
    """First and last hour that the screen shows, as minutes of the day."""
    told = [one for one in ground.stretches if one.state is not TimeState.ELSEWHERE]
    booked = [(_of_day(one["start"]), _of_day(one["start"]) + one["minutes"]) for one in visits]
    return list(hours_of([*wall_spans(told, span), *booked]))


def _of_day(wall: str) -> int:
    return int(wall[11:13]) * 60 + int(wall[14:16])


def _wall(span: Span) -> Callable[[Minute], str]:
    """Instants as wall-clock times; days without a change of the clocks need no time zone arithmetic."""
    first, last = instant(span.zone, span.start, 0), instant(span.zone, span.end, 0)
    if last - first != span.days * 24 * 60:
        return lambda minute: local_time(span.zone, minute).strftime("%Y-%m-%dT%H:%M")
    days = [(span.start + dt.timedelta(days=one)).isoformat() for one in range(span.days)]

    def wall(minute: Minute) -> str:
        day, rest = divmod(minute - first, 24 * 60)
        if not 0 <= day < span.days:
            return local_time(span.zone, minute).strftime("%Y-%m-%dT%H:%M")
        return f"{days[day]}T{rest // 60:02d}:{rest % 60:02d}"

    return wall


def _digest(stretches: Sequence[Json]) -> str:
    told = repr(sorted(tuple(one.values()) for one in stretches))
    return hashlib.blake2s(told.encode(), digest_size=8).hexdigest()
