"""Fills the bench database: one group of 300 clinicians at 40 sites, a million patients, a million appointments."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import random
import time

from django.core.management import call_command
from django.db import connection, transaction

from medguild.demo import plan
from medguild.demo.group import LOADER, Group, build, build_site, hire
from medguild.demo.schedule import give_sessions, record_visit_types
from medguild.foundation.organization import services
from medguild.foundation.organization.models import SharingCircle
from medguild.foundation.organization.rules import UnitKind

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
# Every other slot is taken, from so many days ahead back into the past; what comes later is free for bookings.
_AHEAD = 19
FIRST = 53  # clinicians at the sites of the demo's plan: 50 of the group, one for each member office
CLINICIANS = 303
SITES = 40  # of the group, without the offices of members

_PATIENTS = """
insert into patients_patient (
    id, circle_id, home_unit_id, mrn, family_name, given_name, middle_name, suffix, preferred_name, previous_names,
    birth_date, sex, gender_identity, language, interpreter_needed, phone, other_phone, email, line1, line2, city, state,
    postal_code, revision, registered_at, family_key, given_key, phonetic_key, previous_keys, phone_digits,
    other_phone_digits)
select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, %(circle)s, %(unit)s, (10000000 + n)::text,
       initcap(f), initcap(g), '', '', '', '{}', date '1930-01-01' + (n %% 34000), 'unknown', '', 'en', false,
       '+1503555' || lpad((n %% 10000)::text, 4, '0'), '', '', n || ' Oak Street', '', 'Portland', 'OR', '97201', 1,
       timestamptz '2025-01-01', f, g, upper(f || ' ' || g), '{}', '503555' || lpad((n %% 10000)::text, 4, '0'), ''
  from (select n, (array['adams','baker','clark','davis','evans','flores','garcia','hall','irving','jones','king','lopez',
                         'miller','nguyen','owens','patel','quinn','reed','smith','taylor','vargas','white','young'])
                        [1 + n %% 23] || substr(md5(n::text), 1, 4) as f,
                  (array['ana','ben','carla','david','elena','felix','grace','hugo','iris','jack'])[1 + n %% 10]
                   || substr(md5((n * 7)::text), 1, 2) as g
          from generate_series(1, %(rows)s) n) made
"""
_APPOINTMENTS = """
insert into operations_appointment (
    id, patient_id, clinician_id, unit_id, entity_id, visit_type_id, session_id, start, "end", mode, status,
    reason_category, reason, origin, overbooked, overbook_reason, cancel_reason, cancel_note, booked_at)
select ('01910000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       ('01900000-0000-7000-8000-' || lpad(to_hex(1 + (n::bigint * 7919) %% %(rows)s), 12, '0'))::uuid,
       c.id, c.unit_id, %(entity)s, %(visit_type)s, null, slot, slot + interval '20 minutes', 'in_person',
       case when slot < now() then 'fulfilled' else 'booked' end,
       'other', '', 'import', false, '', '', '', slot - interval '9 days'
  from generate_series(0, %(rows)s - 1) n
  join lateral (select %(begin)s::timestamptz - (n / %(clinicians)s) * interval '40 minutes' as slot) s on true
  join (select row_number() over () - 1 as place, k.id, r.unit_id from foundation_clinician k
          join foundation_resource r on r.id = k.resource_id order by k.id limit %(clinicians)s) c
    on c.place = n %% %(clinicians)s
"""
_ALLOCATIONS = """
insert into operations_allocation (id, resource_id, lane, during, unit_id, appointment_id, active)
select ('01920000-0000-7000-8000-' || substr(a.id::text, 25))::uuid, k.resource_id, 0, tstzrange(a.start, a."end"),
       a.unit_id, a.id, true
  from operations_appointment a join foundation_clinician k on k.id = a.clinician_id
"""


def fill(today: dt.date) -> None:
    """Load once; a database that is there is brought up to date and used again."""
    call_command("migrate", interactive=False, verbosity=0)
    if not SharingCircle.objects.exists():
        _load(today)


def _load(today: dt.date) -> None:
    begun = time.monotonic()
    with transaction.atomic():
        group = build(size=plan.Size(0, FIRST), today=today, password="only-for-the-bench")
        _grow(group, today)
        group.visit_types = record_visit_types(group)
        for place, clinicians in group.clinicians.items():
            for clinician in clinicians:
                give_sessions(group, clinician, place, today)
        _rows(group, today)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    print(f"  loaded in {time.monotonic() - begun:.0f} s", flush=True)


def _grow(group: Group, today: dt.date) -> None:
    """More sites of the first entity, and clinicians for them in turn."""
    entity, rng = plan.GROUP[0], random.Random(plan.SEED)
    practice = services.open_unit(
        kind=UnitKind.PRACTICE, name="Bench practice", parent=group.units[entity.key], by=LOADER, start=group.start
    )
    there = sum(len(one.sites) for one in plan.GROUP)
    keys = [f"bench_{number}" for number in range(there, SITES)]
    for number, key in enumerate(keys):
        pattern = entity.sites[number % len(entity.sites)]
        site = dataclasses.replace(pattern, key=key, name=f"Bench site {number + 1}", practice="Bench practice")
        build_site(group, entity, site, practice)
    for number in range(FIRST, CLINICIANS):
        place = keys[number % len(keys)]
        group.clinicians.setdefault(place, []).append(hire(group, place, number, today, rng))


def _rows(group: Group, today: dt.date) -> None:
    values = {
        "rows": ROWS,
        "circle": group.circle_ids["main"],
        "unit": group.units["riverside"].pk,
        "entity": group.units["main"].pk,
        "visit_type": group.visit_types["follow-up"].pk,
        "begin": dt.datetime.combine(today + dt.timedelta(days=_AHEAD), dt.time(), tzinfo=dt.UTC),
        "clinicians": CLINICIANS,
    }
    with connection.cursor() as cursor:
        for name, sql in (("patients", _PATIENTS), ("appointments", _APPOINTMENTS), ("allocations", _ALLOCATIONS)):
            begun = time.monotonic()
            cursor.execute(sql, values)
            print(f"  {ROWS:,} {name} in {time.monotonic() - begun:.0f} s", flush=True)


def patient_id(number: int) -> str:
    return f"01900000-0000-7000-8000-{number:012x}"
