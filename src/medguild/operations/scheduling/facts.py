"""What a booking must know of clinician, kind of visit, site and patient: one question, before anything is locked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.kernel.sql import planned_cursor

_FACTS = """
    select clinician.id, clinician.resource_id, kind.id, kind.code, kind.name, kind.minutes, kind.modes, kind.active,
           place.unit_id, place.time_zone, place.state, entity.id, member.circle_id,
           patient.id, coalesce(patient.survivor_id, patient.id), patient.circle_id, patient.deceased_on is not null,
           whole.day,
           exists (select 1
                     from foundation_licence held
                    where held.clinician_id = clinician.id and held.state = place.state and held.period @> whole.day)
      from foundation_site place
      cross join lateral (select (%s::timestamptz at time zone place.time_zone)::date as day) whole
      join foundation_clinician clinician on clinician.id = %s
      join operations_visittype kind on kind.id = %s
      left join patients_patient patient on patient.id = %s
      left join lateral (
          select unit.id
            from foundation_unitpath path
            join foundation_unit unit on unit.id = path.ancestor_id and unit.kind = 'entity'
           where path.descendant_id = place.unit_id and path.period @> whole.day
           limit 1) entity on true
      left join foundation_circlemember member on member.entity_id = entity.id and member.period @> whole.day
     where place.unit_id = %s
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """`day` is the local day at the site; `licensed`: the clinician holds a licence of the site's state on that day.

    `patient_resource` is the id under which the patient is allocated: of linked records the survivor's. The patient's
    columns are empty for a hold, which is for nobody yet.
    """

    clinician_id: UUID
    resource_id: UUID
    visit_type_id: UUID
    code: str
    name: str
    minutes: int
    modes: list[str]
    active: bool
    unit_id: UUID
    zone: str
    state: str
    entity_id: UUID | None
    circle_id: UUID | None
    patient_id: UUID | None
    patient_resource: UUID | None
    patient_circle: UUID | None
    deceased: bool
    day: dt.date
    licensed: bool


def load_facts(
    *, clinician_id: UUID, visit_type_id: UUID, unit_id: UUID, start: dt.datetime, patient_id: UUID | None = None
) -> Facts | None:
    """The facts, or None when clinician, kind or site do not exist. Nothing of it is told to whom may not see it."""
    with planned_cursor() as cursor:
        cursor.execute(_FACTS, [start, clinician_id, visit_type_id, patient_id, unit_id])
        row = cursor.fetchone()
    return Facts(*row) if row else None
