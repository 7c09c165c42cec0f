"""What a visit that needs more takes: which room of the kind, which devices, whom. Runs under the locks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.sql import planned_cursor
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.rules import ResourceKind
from medguild.operations.scheduling.errors import SlotTaken
from medguild.operations.scheduling.models import Allocation, Appointment
from medguild.operations.scheduling.needs.rules import Candidate, Chosen, Lane, Need, Required, assign, lane_at
from medguild.operations.scheduling.protocol import Claim, as_resource, drop_expired_holds, lock_resources
from medguild.operations.scheduling.rules import Busy, Minute, free_lane, overlapping

_MOST_LANES = 200
_PEOPLE = (ResourceKind.STAFF, ResourceKind.CLINICIAN)


@dataclass(frozen=True, slots=True)
class Asked:
    """A visit as its needs see it: where and when, with whom, and the room that is asked for or usual."""

    required: Required
    unit_id: UUID
    zone: str
    day: dt.date
    span: tuple[Minute, Minute]
    clinician: UUID
    room: Resource | None = None
    usual_room: UUID | None = None
    joined: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class _Spans:
    """What is taken of one resource, as the look under the locks found it."""

    busy: Sequence[Busy]

    def between(self, start: Minute, end: Minute) -> list[Busy]:
        return overlapping(self.busy, start, end)


def take_needs(asked: Asked, busy: Mapping[UUID, Sequence[Busy]]) -> tuple[list[Claim], UUID | None]:
    """A claim on each resource that the visit takes besides clinician and patient, and the room among them.

    None of these is ever overbooked. Raises SlotTaken with what is lacking.
    """
    pools = _preferred(asked)
    if asked.joined is not None:
        chosen = _join(asked, pools, busy)
    else:
        lane = lane_at(
            asked.required, {resource: _Spans(spans) for resource, spans in busy.items()}, zone=asked.zone,
            day=asked.day, start=asked.span[0], end=asked.span[1], without=(asked.clinician,),
        )  # fmt: skip
        found = assign(asked.required.needs, pools, lane)
        if found is None:
            raise SlotTaken(_lacking(asked, pools, lane))
        chosen = found
    claims = [Claim(one.resource_id, one.lane, *asked.required.padding(one.need)) for one in chosen]
    return claims, next((one.resource_id for one in chosen if one.need.kind == "room"), None)


def _both(asked: Asked, pools: Sequence[Sequence[Candidate]]) -> list[tuple[Need, Sequence[Candidate]]]:
    return list(zip(asked.required.needs, pools, strict=True))


def _preferred(asked: Asked) -> list[list[Candidate]]:
    """The candidates of each need: of rooms only the one that is asked for, else the session's own first."""
    pools = []
    for need, pool in _both(asked, asked.required.pool(asked.unit_id)):
        if need.kind == "room" and asked.room is not None:
            wanted = asked.room.pk
            pool = [one for one in pool if one.resource_id == wanted]
            if not pool:
                raise Refusal(
                    _("%(room)s is not a %(kind)s. Choose another room, or none.")
                    % {"room": asked.room.name, "kind": need.name},
                    code="room_unfit", field="room",
                )  # fmt: skip
        pools.append(sorted(pool, key=lambda one: one.resource_id != asked.usual_room))
    return pools


def _join(asked: Asked, pools: Sequence[Sequence[Candidate]], busy: Mapping[UUID, Sequence[Busy]]) -> list[Chosen]:
    """One more patient of a group: in its room if there is a place left, with its devices and staff."""
    chosen: dict[UUID, Chosen] = {}
    for need, pool in _both(asked, pools):
        before, after = asked.required.padding(need)
        start, end = asked.span[0] - before, asked.span[1] + after
        for one in pool:
            if one.resource_id not in (asked.joined or ()) or one.resource_id in chosen:
                continue
            spans = busy.get(one.resource_id, ())
            lane = free_lane(spans, start, end, one.capacity if need.kind == "room" else _MOST_LANES)
            if lane is None:
                raise SlotTaken(_("The group's room is full: %(room)s.") % {"room": one.name})
            if need.kind != "room":
                _refuse_taken_by_others(asked, one, start, end)
            chosen[one.resource_id] = Chosen(need, one.resource_id, lane)
    return list(chosen.values())


_HELD_BY_OTHERS = """
    select exists (
        select 1
          from operations_allocation taken
          left join operations_appointment visit on visit.id = taken.appointment_id
          left join operations_hold hold on hold.id = taken.hold_id
          left join foundation_clinician who on who.id = coalesce(visit.clinician_id, hold.clinician_id)
         where taken.active and taken.resource_id = %s and taken.during && tstzrange(to_timestamp(%s), to_timestamp(%s))
           and (who.resource_id, coalesce(visit.start, hold.start))
               is distinct from (%s::uuid, to_timestamp(%s)))
"""


def _refuse_taken_by_others(asked: Asked, one: Candidate, start: Minute, end: Minute) -> None:
    """The group shares its devices and staff as long as it lasts: who stays longer may not keep them from others."""
    with planned_cursor() as cursor:
        cursor.execute(
            _HELD_BY_OTHERS, [one.resource_id, start * 60, end * 60, asked.clinician, asked.span[0] * 60]
        )  # fmt: skip
        (is_taken,) = cursor.fetchone()
    if is_taken:
        raise SlotTaken(_("%(what)s has been given to another visit. Choose another time.") % {"what": one.name})


_TAKEN_BY_OTHERS = """
    select taken.name
      from operations_allocation mine
      join foundation_resource taken on taken.id = mine.resource_id and taken.id <> %s
           and taken.kind in ('equipment', 'staff', 'clinician')
      join operations_allocation other on other.resource_id = mine.resource_id and other.active
           and other.during && mine.during and other.appointment_id is distinct from mine.appointment_id
      left join operations_appointment visit on visit.id = other.appointment_id
     where mine.appointment_id = %s and greatest(mine.lane, other.lane) >= taken.capacity
       and (visit.start, visit.clinician_id) is distinct from (%s::timestamptz, %s::uuid)
     limit 1
"""


def staff_of(appointment: Appointment) -> list[UUID]:
    """The staff whom a visit takes, clinicians who help among them: people, to be locked with clinician and patient
    when it takes them again."""
    rows = Resource.objects.unscoped("the appointment is visible").filter(kind__in=_PEOPLE)
    held = Allocation.objects.unscoped("the appointment is visible").filter(appointment=appointment)
    return list(rows.filter(pk__in=held.values("resource_id")).values_list("pk", flat=True))


def take_again(appointment: Appointment, *, at: dt.datetime) -> None:
    """Under the locks of the people: make sure that all that a visit gave back can be taken again.

    The exclusion constraint guards each lane; but a group shares its devices and staff in lanes of their own, and there
    only this sees that another visit has them now. Raises SlotTaken.
    """
    held = Allocation.objects.unscoped("the appointment is visible").filter(appointment=appointment)
    resources = set(held.values_list("resource_id", flat=True))
    people = {appointment.clinician.resource_id, as_resource(appointment.patient), *staff_of(appointment)}
    lock_resources(resources - people)
    drop_expired_holds(resources, at=at)
    with planned_cursor() as cursor:
        own = appointment.clinician.resource_id  # may be overbooked; who helps may not
        cursor.execute(_TAKEN_BY_OTHERS, [own, appointment.pk, appointment.start, appointment.clinician_id])
        row = cursor.fetchone()
    if row is not None:
        raise SlotTaken(_("%(what)s has been given to another visit. Choose another time.") % {"what": row[0]})


def _lacking(asked: Asked, pools: Sequence[Sequence[Candidate]], lane: Lane) -> str:
    """What there is too little of, in the words of the house."""
    for need, pool in _both(asked, pools):
        if not pool:
            return _("This site has no %(what)s on this day. Choose another site.") % {"what": need.name}
        if sum(lane(need, one) is not None for one in pool) < need.number:
            return _("No %(what)s is free at this time. Choose another time.") % {"what": need.name}
    return _("The rooms, devices and staff that this visit needs are not free together at this time.")
