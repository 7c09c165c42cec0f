"""What a booking must know of clinician, kind of visit, site and patient: one question, before anything is locked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.kernel.sql import planned_cursor
from medguild.operations.scheduling.needs.rules import Required
from medguild.operations.scheduling.rules import Mode
from medguild.payers.networks.rules import WITHOUT_NETWORK

_WITHOUT_NETWORK = ", ".join(f"'{kind}'" for kind in sorted(WITHOUT_NETWORK))
# Care happens where the patient is: at the site, or for a remote visit in the state that was said, else at home.
# `licensed` and `network_entities` are the quick yes of what most visits are; everything else is judged by the rules of
# credentialing and of networks, which alone say no (see `verdicts`, `network_check`).
_FACTS = f"""
    select clinician.id, clinician.resource_id, kind.id, kind.code, kind.name, kind.minutes, kind.modes,
           kind.patient_kind, kind.active,
           place.unit_id, place.time_zone, place.state, entity.id, member.circle_id,
           patient.id, coalesce(patient.survivor_id, patient.id), patient.circle_id, patient.deceased_on is not null,
           whole.day,
           exists (select 1
                     from foundation_licence held
                    where held.clinician_id = clinician.id and held.state = care.state and held.period @> whole.day),
           how.mode, how.home, terms.privilege_id, insured.plan_id, insured.standing, insured.entities,
           kind.booked_by, kind.shortest_minutes, kind.longest_minutes,
           case when kind.patient_kind <> 'any' and patient.id is not null then exists (
               select 1
                 from patients_patient same
                 join operations_appointment seen on seen.patient_id = same.id and seen.status = 'fulfilled'
                      and seen.entity_id = entity.id
                      and seen.start < asked.start and seen.start >= asked.start - interval '3 years'
                 join foundation_clinician colleague
                      on colleague.id = seen.clinician_id and colleague.specialty = clinician.specialty
                where same.id = coalesce(patient.survivor_id, patient.id)
                   or same.survivor_id = coalesce(patient.survivor_id, patient.id)) end,
           kind.prep_minutes > 0 or kind.clean_up_minutes > 0 or how.mode = 'e_consult'
               or exists (select 1 from operations_visitneed need where need.visit_type_id = kind.id)
      from foundation_site place
      cross join (select %s::timestamptz as start) asked
      cross join lateral (select (asked.start at time zone place.time_zone)::date as day) whole
      join foundation_clinician clinician on clinician.id = %s
      join operations_visittype kind on kind.id = %s
      left join patients_patient patient on patient.id = %s
      cross join lateral (
          select coalesce(%s, kind.modes[1]) as mode, coalesce(%s, patient.state, '') as home) how
      cross join lateral (select case when how.mode = 'in_person' then place.state else how.home end as state) care
      left join operations_visittypeterms terms on terms.visit_type_id = kind.id
      left join lateral (
          select unit.id
            from foundation_unitpath path
            join foundation_unit unit on unit.id = path.ancestor_id and unit.kind = 'entity'
           where path.descendant_id = place.unit_id and path.period @> whole.day
           limit 1) entity on true
      left join foundation_circlemember member on member.entity_id = entity.id and member.period @> whole.day
      left join lateral (
          select plan.id as plan_id,
                 case when payer.kind = 'self_pay' then 'no_plan'
                      when plan.id is null then 'unknown'
                      when not plan.period @> whole.day then ''
                      when plan.kind in ({_WITHOUT_NETWORK}) then 'in'
                      when not exists (
                          select 1 from payers_networkplan used where used.plan_id = plan.id) then 'unknown'
                      else '' end as standing,
                 array(select listed.entity_id
                         from payers_networkplan used
                         join payers_network network on network.id = used.network_id and network.period @> whole.day
                         join payers_networkclinician listed on listed.network_id = used.network_id
                         join payers_networkgroup whole_group
                              on whole_group.network_id = used.network_id and whole_group.entity_id = listed.entity_id
                        where used.plan_id = plan.id and used.period @> whole.day and plan.period @> whole.day
                          and listed.clinician_id = clinician.id and listed.standing = 'in'
                          and listed.period @> whole.day and (listed.open_panel or kind.patient_kind <> 'new')
                          and whole_group.site_id is null and whole_group.standing = 'in'
                          and whole_group.period @> whole.day
                          and not exists (
                              select 1 from payers_networkgroup here
                               where here.network_id = used.network_id and here.entity_id = listed.entity_id
                                 and here.site_id = place.unit_id)) as entities
            from patients_coverage coverage
            join payers_payer payer on payer.id = coverage.payer_id
            left join payers_plan plan on plan.id = coverage.plan_id
           where coverage.patient_id in (
                     select other.id from patients_patient other
                      where other.id = coalesce(patient.survivor_id, patient.id)
                         or other.survivor_id = coalesce(patient.survivor_id, patient.id))
             and coverage.line = 'health' and coverage.rank = 'primary' and coverage.period @> whole.day
           order by coverage.patient_id <> patient.id
           limit 1) insured on true
     where place.unit_id = %s
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """`day` is the local day at the site; `licensed`: the clinician holds a licence of `care_state` on that day.

    `home_state` is where the patient will be in a remote visit, empty when nobody knows. `plan_standing` is what is
    known of the primary coverage's plan (None: no coverage; empty: ask its networks); under the entities of
    `network_entities` the visit surely is in network.
    `established`: seen by this entity in this specialty within three years; None where the kind of visit does not ask.
    `demanding`: the visit takes more than clinician, patient and the session's room; then `required` says what.
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
    patient_kind: str
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
    mode: str
    home_state: str
    privilege_id: UUID | None
    plan_id: UUID | None
    plan_standing: str | None
    network_entities: list[UUID] | None
    booked_by: list[str]
    shortest: int | None
    longest: int | None
    established: bool | None
    demanding: bool
    required: Required | None = None

    @property
    def care_state(self) -> str:
        """Where the patient is during the visit."""
        return self.state if self.mode == Mode.IN_PERSON else self.home_state


def load_facts(
    *,
    clinician_id: UUID,
    visit_type_id: UUID,
    unit_id: UUID,
    start: dt.datetime,
    patient_id: UUID | None = None,
    mode: str | None = None,
    patient_state: str = "",
) -> Facts | None:
    """The facts, or None when clinician, kind or site do not exist. Nothing of it is told to whom may not see it.

    `mode` None is the first of the kind's; `patient_state` is what was said of where the patient will be.
    """
    with planned_cursor() as cursor:
        cursor.execute(_FACTS, [start, clinician_id, visit_type_id, patient_id, mode, patient_state or None, unit_id])
        row = cursor.fetchone()
    return Facts(*row) if row else None
