"""What the calendar of a site costs: 24 clinicians with 20 visits each on a day, among all the others.

CPU milliseconds of Python and of the database for the page, what it draws, the question whether anything changed (asked
each moment by every screen) and the answer after a move; and how long a move takes to another screen, over HTTP.

    MEDGUILD_STATE=/path/of/a/loaded/demo MEDGUILD_DEMO=1 python -m bench.calendar     # beside `medguild demo --load-only`
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
    django.setup()

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg.types.range import DateRange
from stdnum import luhn

from bench.pages import Cost, _meter
from bench.processes import serve
from bench.results import Row, row
from medguild.config.web import calm_collector
from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import grant_role
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import at_local
from medguild.foundation.organization import services, staffing
from medguild.foundation.organization.models import Site, Unit
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import AffiliationKind, ClinicianKind, UnitKind
from medguild.operations.scheduling.models import Allocation, Appointment, Session, SessionVisitType, VisitType
from medguild.operations.scheduling.services import move_appointment
from medguild.patients.identity.models import Patient

_HOUSE = Actor.job("bench")
_WHY = "the bench makes and counts its own"
_NAME, _EMAIL = "Bench calendar", "calendar@bench.example"
_START = dt.date(2024, 1, 1)
_TICKET = "Medguild-Ticket"
_CLINICIANS, _VISITS = 24, 20
_TURNS, _MOVES = 30, 20
_EVERY = 0.7  # seconds between two questions of a screen, as in frontend/js/calendar/live.js
_BUSIEST = "select unit_id from operations_session group by 1 order by count(*) desc limit 1"
_RAW = """
    select a.id, a.start, a."end", a.status, a.clinician_id, a.room_id, p.family_name, p.given_name, t.name
      from operations_appointment a
      join patients_patient p on p.id = a.patient_id
      join operations_visittype t on t.id = a.visit_type_id
     where a.unit_id = %s and a.start >= %s and a.start < %s and a.status <> 'cancelled'
     order by a.start
"""
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True, slots=True)
class Place:
    site: Site
    day: dt.date


def prepare(today: dt.date) -> Place:
    """A site with a full day to come; filled anew when its day is over."""
    day = today + dt.timedelta(days=1)
    unit = Unit.objects.filter(kind=UnitKind.SITE, name=_NAME).first()
    with transaction.atomic():
        unit = unit or _open()
        site = Site.objects.select_related("unit").get(unit=unit)
        start = at_local(day, dt.time(8), site.time_zone)
        of_the_day = {"start__gte": start, "start__lt": start + dt.timedelta(hours=12)}
        if not Appointment.objects.unscoped(_WHY).filter(unit=unit, **of_the_day).exists():
            _fill(site, start)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze operations_appointment")
    return Place(site, day)


def _open() -> Unit:
    """Beside the busiest site, so that its logins see this one too."""
    pattern = Site.objects.select_related("unit").get(unit_id=_one(_BUSIEST))
    parent = Unit.objects.get(placements_below__unit=pattern.unit, placements_below__period__endswith__isnull=True)
    unit = services.open_unit(kind=UnitKind.SITE, name=_NAME, parent=parent, by=_HOUSE, start=_START)
    site = services.furnish_site(
        unit=unit, line1="1 Main Street", city="Portland", state=pattern.state, postal_code="972010001",
        time_zone=pattern.time_zone, specialty="family_medicine", by=_HOUSE,
    )  # fmt: skip
    entity = _one("select entity_id from operations_session limit 1")
    kind = VisitType.objects.get(pk=_one("select visit_type_id from operations_sessionvisittype limit 1"))
    clinicians = [_enrol(unit, number, pattern.state) for number in range(_CLINICIANS)]
    sessions = [
        Session(
            clinician=one, unit=unit, entity_id=entity, weekday=weekday,
            start_minute=8 * 60, end_minute=17 * 60, anchor=dt.date(2024, 1, 1), period=DateRange(_START, None),
            step_minutes=20,
        )
        for one in clinicians for weekday in range(7)
    ]  # fmt: skip
    Session.objects.bulk_create(sessions)
    SessionVisitType.objects.bulk_create(SessionVisitType(session=one, visit_type=kind, minutes=20) for one in sessions)
    return site.unit


def _enrol(unit: Unit, number: int, state: str) -> Clinician:
    person = staffing.join(given_name="Ana", family_name=f"Bench{number:02d}", suffix="MD", by=_HOUSE, start=_START)
    staffing.affiliate(person=person, unit=unit, kind=AffiliationKind.EMPLOYED, by=_HOUSE, start=_START)
    clinician = staffing.enrol_clinician(
        person=person, kind=ClinicianKind.PHYSICIAN, npi=_npi(number), specialty="family_medicine",
        taxonomy="207Q00000X", home=unit, by=_HOUSE, start=_START,
    )  # fmt: skip
    staffing.record_licence(
        clinician=clinician, state=state, number=f"B{number}", start=_START, end=dt.date(2040, 1, 1), by=_HOUSE
    )
    return clinician


def _npi(number: int) -> str:
    body = f"1998{number:05d}"
    return body + luhn.calc_check_digit("80840" + body)


def _fill(site: Site, start: dt.datetime) -> None:
    sessions = Session.objects.unscoped(_WHY).filter(unit=site.unit, weekday=start.astimezone().weekday())
    sessions = sessions.select_related("clinician__resource")
    patients = iter(_free_patients(start))
    kind = (
        SessionVisitType.objects.unscoped(_WHY).filter(session__unit=site.unit).values_list("visit_type", flat=True)[0]
    )
    visits, held = [], []
    for session in sessions:
        for place in range(_VISITS):
            begin = start + place * dt.timedelta(minutes=20)
            visit = Appointment(
                patient_id=next(patients), clinician=session.clinician, unit=site.unit, entity_id=session.entity_id,
                visit_type_id=kind, session=session, start=begin, end=begin + dt.timedelta(minutes=20), booked_at=begin,
            )  # fmt: skip
            visits.append(visit)
            for resource in (session.clinician.resource_id, visit.patient_id):
                during = DateTimeTZRange(visit.start, visit.end)
                held.append(Allocation(resource_id=resource, during=during, unit=site.unit, appointment=visit))
    Appointment.objects.bulk_create(visits)
    Allocation.objects.bulk_create(held)


def _free_patients(start: dt.datetime) -> list[UUID]:
    """Enough patients of one circle who have nothing else on the day: the races of the bench book some of them."""
    busy = Allocation.objects.unscoped(_WHY).filter(
        during__overlap=DateTimeTZRange(start, start + dt.timedelta(days=1))
    )
    circle = _one("select circle_id from patients_patient group by 1 order by count(*) desc limit 1")
    free = Patient.objects.unscoped(_WHY).filter(circle_id=circle).exclude(pk__in=busy.values("resource_id"))
    return list(free.order_by("id").values_list("pk", flat=True)[: _CLINICIANS * _VISITS])


def measure() -> list[Row]:
    """Lines of the table, in process."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.FORCE_SECOND_FACTOR = False
    place = prepare(dt.datetime.now(dt.UTC).date())
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # one connection, whose process is watched
    desk = Client(headers={"host": "127.0.0.1"})
    desk.force_login(_login(), backend=_BACKEND)
    spent = _meter()
    calm_collector()
    day = f"?day={place.day}"
    site = [place.site.unit_id]
    feed, ask, news = reverse("calendar:feed", args=site) + day, reverse("calendar:ask"), reverse("calendar:news")
    told = desk.get(feed).json()
    ticket, known = told["ticket"], {one["id"]: one["stamp"] for one in told["visits"]}
    rows = [
        _row("calendar: frame of the page", spent, lambda: desk.get(reverse("calendar:page", args=site) + day)),
        _row("calendar: what it draws, 24 clinicians, 480 visits", spent, lambda: desk.get(feed), most=60),
        _row("calendar: the same as a table", spent, lambda: desk.get(reverse("scheduling:day_of", args=site) + day)),
        _row("calendar: has anything changed? no", spent, lambda: _fresh().get(ask, headers={_TICKET: ticket})),
    ]
    sql = _raw(place, spent)
    rows[1]["detail"] += f"; {rows[1]['value'] / sql:.1f} times the raw SQL it needs ({sql:.1f} ms)"
    _shift(place)
    rows.append(
        _row(
            "calendar: what changed? one visit",
            spent,
            lambda: desk.post(news, known, content_type="application/json", headers={_TICKET: ticket}),
        )
    )
    return rows


def _fresh() -> Client:
    """Without a cookie, as the screen asks."""
    return Client(headers={"host": "127.0.0.1"})


def _row(what: str, spent: Callable[[], Cost], call: Callable[[], Any], most: float | None = None) -> Row:
    """The 95th percentile of the CPU of some turns."""
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    queries = len(captured)  # the next request empties the log
    if answer.status_code not in (200, 204):
        raise RuntimeError(f"{what}: {answer.status_code}")
    costs = []
    for _ in range(_TURNS):
        before = spent()
        call()
        after = spent()
        costs.append(Cost(after.python - before.python, after.database - before.database))
    costs.sort(key=lambda cost: cost.all)
    worst, usual = costs[int(len(costs) * 0.95)], costs[len(costs) // 2]
    detail = (
        f"median {usual.all:.1f} (Python {usual.python:.1f}, database {usual.database:.1f}), "
        f"{queries} queries, {len(answer.content) // 1024} KB"
    )
    return row(what, worst.all, "CPU ms", most=most, detail=detail)


def _raw(place: Place, spent: Callable[[], Cost]) -> float:
    """The least that must be asked: the visits of the day with patients and kinds, and the sessions."""
    start = at_local(place.day, dt.time(), place.site.time_zone)
    values = [place.site.unit_id, start, start + dt.timedelta(days=1)]
    costs = []
    with connection.cursor() as cursor:
        for _ in range(_TURNS):
            before = spent()
            cursor.execute(_RAW, values)
            cursor.fetchall()
            cursor.execute("select * from operations_session where unit_id = %s and weekday = %s",
                           [place.site.unit_id, place.day.weekday()])  # fmt: skip
            cursor.fetchall()
            after = spent()
            costs.append(Cost(after.python - before.python, after.database - before.database).all)
    return sorted(costs)[len(costs) // 2]


def follow(port: int) -> list[Row]:
    """Wall seconds from the answer to a move until another screen has the visit at its new time, over HTTP.

    The screen asks as the browser does: a question without a cookie, a rest, and the news when something has changed.
    """
    place = prepare(dt.datetime.now(dt.UTC).date())
    client = Client()
    client.force_login(_login(), backend=_BACKEND)
    token = "b" * 32
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    signed_in = {"Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={token}", "X-CSRFToken": token}
    base = f"http://127.0.0.1:{port}"
    feed = f"{base}{reverse('calendar:feed', args=[place.site.unit_id])}?day={place.day}"
    told = json.loads(_get(feed, signed_in))
    ticket, known = told["ticket"], {one["id"]: one["stamp"] for one in told["visits"]}
    waits = []
    rng = random.Random(7)
    for _ in range(_MOVES):
        moved: dict[str, float] = {}
        mover = threading.Timer(_EVERY + rng.random() * _EVERY, _timed_shift, [place, moved])
        mover.start()
        while True:
            time.sleep(_EVERY)
            if not _get(base + reverse("calendar:ask"), {_TICKET: ticket}):
                continue
            body = json.dumps(known).encode()
            told = json.loads(_get(base + reverse("calendar:news"), {_TICKET: ticket, **signed_in}, body))
            ticket = told["ticket"]
            known |= {one["id"]: one["stamp"] for one in told.get("visits", ())}
            if told.get("visits"):
                break
        seen = time.monotonic()
        mover.join()
        waits.append(max(0.0, seen - moved["at"]))
    waits.sort()
    worst, usual = waits[int(len(waits) * 0.95)], waits[len(waits) // 2]
    detail = f"median {usual:.2f} s, longest {waits[-1]:.2f} s; wall time"
    return [row("calendar: a move shows on another screen", worst, "s", most=1.0, detail=detail)]


def _get(address: str, headers: dict[str, str], body: bytes | None = None) -> bytes:
    with urlopen(Request(address, data=body, headers=headers), timeout=30) as answer:  # noqa: S310 - our own server
        body: bytes = answer.read()
    return body


def _timed_shift(place: Place, moved: dict[str, float]) -> None:
    _shift(place)
    moved["at"] = time.monotonic()
    connection.close()


def _shift(place: Place) -> None:
    """The last visit of somebody goes to the free afternoon, or back."""
    start = at_local(place.day, dt.time(14, 40), place.site.time_zone)
    free = at_local(place.day, dt.time(16), place.site.time_zone)
    visits = Appointment.objects.unscoped(_WHY).filter(unit=place.site.unit)
    visits = visits.select_related("clinician", "patient", "unit__site", "session", "room")
    last = visits.filter(start__in=[start - dt.timedelta(minutes=20), free]).order_by("clinician_id").first()
    if last is None:
        raise RuntimeError("the day of the bench is not as it was filled")
    to = start - dt.timedelta(minutes=20) if last.start == free else free
    move_appointment(appointment=last, start=to, by=_HOUSE)


def _login() -> User:
    """A scheduler of the group: of the demo, or made for the bench."""
    found = User.objects.filter(email=_EMAIL).first()
    if found is not None:
        return found
    made = User.objects.create_user(_EMAIL, display_name="Bench")
    top = Unit.objects.get(kind=UnitKind.ENTERPRISE)
    grant_role(user=made, role=Role.SCHEDULER, unit=top, by=_HOUSE, start=_START)
    return made


def _one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


if __name__ == "__main__":
    from medguild.config.cli import reach_database

    reach_database()
    server = serve("medguild.config.wsgi.application", 18_105, "/api/v1/openapi.json")
    try:
        lines = follow(18_105)
    finally:
        server.stop()
    for line in [*lines, *measure()]:
        print(f"{line['what']:<60} {line['value']:>9.2f} {line['unit']:<7} {line['detail']}", flush=True)
