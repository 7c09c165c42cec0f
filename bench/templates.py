"""A change of a template that makes 2,000 booked visits move: the preview, and applying it.

A clinician with 2,000 visits is made in a transaction that is taken back, so the database stays as it was. Beside the
whole time stands what the database needed for the statements of the preview, and how many these are.

    MEDGUILD_STATE=/path/of/a/loaded/demo MEDGUILD_DEMO=1 python -m bench.templates
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
    django.setup()

from django.db import connection, transaction
from stdnum import luhn

from bench.results import Row, row
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization import staffing
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import AffiliationKind, ClinicianKind
from medguild.operations.scheduling.models import Session
from medguild.operations.scheduling.templating import Block, add_session
from medguild.operations.templates.applying import apply_version
from medguild.operations.templates.drafting import begin_version, blocks_of, write_version
from medguild.operations.templates.moving import carry_out, choose
from medguild.operations.templates.previewing import plan_of, preview_version
from medguild.operations.templates.rules import Choice

HOUSE = Actor.job("bench")
VISITS = 2_000
_MOVED = 100
_DAY = 21  # visits a day: seven hours of twenty minutes
_BOOK = """
with slots as (
    select row_number() over (order by day, n) as number, day, n
      from (select %(start)s::date + offs as day from generate_series(0, 400) offs) days
      join generate_series(0, %(day)s - 1) n on extract(isodow from day) < 6
     order by day, n limit %(visits)s),
patients as (select row_number() over () as number, id from (
    select id from patients_patient where circle_id = %(circle)s and survivor_id is null order by id limit %(visits)s) p),
made as (
    insert into operations_appointment (
        id, patient_id, clinician_id, unit_id, entity_id, visit_type_id, session_id, start, "end", mode, status,
        reason_category, reason, origin, overbooked, overbook_reason, cancel_reason, cancel_note, booked_at)
    select ('01940000-0000-7000-9000-' || lpad(to_hex(%(visits)s * 1000000 + s.number), 12, '0'))::uuid, p.id, %(clinician)s, %(unit)s,
           %(entity)s, %(kind)s, null, at, at + interval '20 minutes', 'in_person', 'booked', 'other', '', 'import',
           false, '', '', '', now() - interval '3 days'
      from slots s
      join patients p on p.number = 1 + s.number %% (select count(*) from patients)
      cross join lateral (
           select (s.day + interval '8 hours' + s.n * interval '20 minutes') at time zone %(zone)s as at) moment
    returning id, start, "end", patient_id)
insert into operations_allocation (id, resource_id, lane, during, unit_id, appointment_id, active)
select ('01950000-0000-7000-9000-' || substr(id::text, 25))::uuid, %(resource)s, 0, tstzrange(start, "end"),
       %(unit)s, id, true
  from made
"""


@dataclass
class Asked:
    """What was asked of the database."""

    statements: int = 0
    seconds: float = 0.0


@contextmanager
def watched() -> Iterator[Asked]:
    """Count statements and the time until their answers were here."""
    found = Asked()

    def ask(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            found.statements += 1
            found.seconds += time.perf_counter() - begun

    with connection.execute_wrapper(ask):
        yield found


def measure(visits: int = VISITS) -> list[Row]:
    """Lines of the table: preview, second preview, applying, one move."""
    with transaction.atomic():
        try:
            return _measure(visits)
        finally:
            transaction.set_rollback(True)


def _measure(visits: int) -> list[Row]:
    clinician, start = _clinician(visits)
    other = _other_site(clinician)
    version = begin_version(clinician=clinician, start=start, by=HOUSE)
    version = write_version(
        version=version, blocks=[replace(block, unit_id=other) for block in blocks_of(version)], by=HOUSE
    )
    preview_version(version=version, by=HOUSE)  # statements are planned, zones are known
    few = _few()
    begun, cpu = time.perf_counter(), time.process_time()
    with watched() as asked:
        version = preview_version(version=version, by=HOUSE)
    whole, python = time.perf_counter() - begun, time.process_time() - cpu
    plan = plan_of(version)
    must_move = version.effect["affected"]
    if plan is None or must_move < 0.9 * visits:  # visits on days that are closed stand outside before as well
        raise RuntimeError(f"{must_move} visits must move instead of {visits}")
    choose(plan=plan, choice=Choice.ACCEPT, by=HOUSE)
    begun = time.perf_counter()
    apply_version(version=version, by=HOUSE)
    applied = time.perf_counter() - begun
    moved = _move_some(plan.pk)
    return [
        row(f"template change, {must_move:,} visits: preview", 1000 * whole, "ms", most=3000),
        row("  of that CPU of Python", 1000 * python, "ms"),
        row("  of that until the database had answered", 1000 * asked.seconds, "ms"),
        row("  ratio to the raw SQL it needs", whole / asked.seconds, "x"),
        row(f"  statements (with 1 visit: {few})", asked.statements, ""),
        row("  visits with a proposal", version.effect["proposed"], ""),
        row("template change: applied, before the visits move", 1000 * applied, "ms"),
        row("template change: one visit moved by the job", 1000 * moved, "ms"),
    ]


def _move_some(plan_id: UUID) -> float:
    """The time per visit; the list is cut so that the bench ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from operations_plannedmove where plan_id = %s and id not in ("
            "select id from operations_plannedmove where plan_id = %s order by was_start limit %s)",
            [plan_id, plan_id, _MOVED],
        )
    begun = time.perf_counter()
    tried = carry_out(plan_id=plan_id)
    return (time.perf_counter() - begun) / max(1, tried)


def _few() -> int:
    """Statements of a preview that makes one visit move."""
    other, start = _clinician(1)
    version = begin_version(clinician=other, start=start, by=HOUSE)
    site = _other_site(other)
    version = write_version(
        version=version, blocks=[replace(block, unit_id=site) for block in blocks_of(version)], by=HOUSE
    )
    with watched() as asked:
        preview_version(version=version, by=HOUSE)
    return asked.statements


def _template() -> Session:
    """A session of an entity with several sites: its place, entity and kinds are taken over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select path.ancestor_id from foundation_unitpath path join foundation_site site"
            " on site.unit_id = path.descendant_id join operations_session held on held.entity_id = path.ancestor_id"
            " group by 1 order by count(distinct site.unit_id) desc, 1 limit 1"
        )
        entity_id = cursor.fetchone()[0]
    sessions = Session.objects.unscoped("bench").select_related("unit__site", "clinician")
    found: Session = sessions.filter(entity_id=entity_id).order_by("pk")[0]
    return found


def _other_site(clinician: Clinician) -> UUID:
    sites = Site.objects.exclude(unit_id=clinician.resource.unit_id).filter(
        unit__paths_up__ancestor_id=_template().entity_id
    )
    return sites.order_by("pk")[0].unit_id


def _clinician(visits: int) -> tuple[Clinician, dt.date]:
    """A clinician who works every weekday, with so many visits from next Monday on."""
    like = _template()
    site = like.unit.site
    today = dt.datetime.now(dt.UTC).date()
    monday = today + dt.timedelta(days=7 - today.weekday())
    since = today - dt.timedelta(days=400)
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(npi), '1999000000') from foundation_clinician")
        npi = _npi(str(cursor.fetchone()[0])[:9])
    person = staffing.join(given_name="Ben", family_name=f"Bench{npi}", by=HOUSE, start=since)
    staffing.affiliate(person=person, unit=like.unit, kind=AffiliationKind.EMPLOYED, by=HOUSE, start=since)
    clinician = staffing.enrol_clinician(
        person=person, kind=ClinicianKind.PHYSICIAN, npi=npi, specialty=like.clinician.specialty,
        taxonomy="207Q00000X", home=like.unit, by=HOUSE, start=since,
    )  # fmt: skip
    staffing.record_licence(
        clinician=clinician, state=site.state, number=npi, start=since, end=today + dt.timedelta(days=900), by=HOUSE
    )
    kinds = list(like.visit_types.unscoped("bench"))
    for weekday in range(5):
        add_session(
            clinician=clinician, site=site, start=since, by=HOUSE,
            block=Block(
                weekday=weekday, start_minute=480, end_minute=900, step_minutes=20,
                visit_types={one.visit_type_id: 20 for one in kinds},
            ),
        )  # fmt: skip
    values: dict[str, Any] = {
        "start": monday, "day": _DAY, "visits": visits, "clinician": clinician.pk, "unit": like.unit_id,
        "entity": like.entity_id, "kind": kinds[0].visit_type_id, "zone": site.time_zone,
        "resource": clinician.resource_id, "circle": _circle(like.entity_id),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BOOK, values)
    return clinician, monday


def _circle(entity_id: UUID) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("select circle_id from foundation_circlemember where entity_id = %s limit 1", [entity_id])
        found: UUID = cursor.fetchone()[0]
    return found


def _npi(above: str) -> str:
    """A number that passes its check digit, above all that are there."""
    body = str(int(above) + 1)
    return body + luhn.calc_check_digit("80840" + body)


if __name__ == "__main__":
    for line in measure():
        print(f"{line['what']:<60} {line['value']:>12} {line['unit']:<6}")
