"""What is measured, and the targets. CPU milliseconds of web workers and PostgreSQL per request."""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bench.booking_race import Door, race
from bench.client import Call, Outcome, cpu_per_request
from bench.client import run as send
from bench.data import ROWS, patient_id
from bench.processes import Server, cpu_seconds, postgres_pids, proportional_memory
from medguild.config import embedded
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import CircleMember, Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import VisitType

_PREFIXES = ("smit", "garc", "nguy", "pate", "mill", "jone", "clar", "hall")
Row = dict[str, Any]


def make_token() -> str:
    unit = Unit.objects.get(name="Larkspur Medical Group")
    return create_token(name="bench", role=Role.SCHEDULER, unit=unit, by=Actor.job("bench"))[1]


def run(real: Server, floor: Server, token: str, until: datetime) -> list[Row]:
    bearer = {"Authorization": f"Bearer {token}"}
    database = postgres_pids(embedded.home() / "data")

    def spent(server: Server) -> Callable[[], float]:
        return lambda: cpu_seconds(server.pids) + cpu_seconds(postgres_pids(embedded.home() / "data"))

    def cost(server: Server, calls: list[Call], threads: int = 8) -> tuple[float, Outcome]:
        send(server.port, calls[: len(calls) // 5], threads=threads)  # warm
        return cpu_per_request(len(calls), spent(server), lambda: send(server.port, calls, threads=threads))

    ids = [patient_id(random.randrange(1, ROWS)) for _ in range(4_000)]
    queries = [random.choice(_PREFIXES) + random.choice("0123456789abcdef") for _ in range(2_000)]
    rows: list[Row] = [
        _row("first answer after start", real.started_in, "s", most=3.0),
        _row("memory of web workers together", proportional_memory(real.pids), "MB", most=200),
    ]
    base, _ = cost(floor, [Call("GET", f"/patients/{one}") for one in ids])
    own, outcome = cost(real, [Call("GET", f"/api/v1/patients/{one}", bearer) for one in ids])
    rows += _pair("read one patient", base, own, outcome, 1.6)
    circle = CircleMember.objects.get(entity__name="Larkspur Medical Group").circle_id
    base, _ = cost(floor, [Call("GET", f"/patients?q={one}&circle={circle}") for one in queries])
    own, outcome = cost(real, [Call("GET", f"/api/v1/patients?q={one}", bearer) for one in queries])
    rows += _pair("prefix search of 15 rows", base, own, outcome, 1.2)
    rows += _slots(real, bearer, cost)
    rows += _booking(real, bearer, cost)
    rows += _race(real, token)
    rows.append(_row("PostgreSQL processes", len(database), ""))
    return rows


def _row(what: str, value: float, unit: str, *, most: float | None = None, detail: str = "") -> Row:
    ok = None if most is None else value <= most
    target = "" if most is None else f"at most {most:g}"
    return {"what": what, "value": round(value, 3), "unit": unit, "ok": ok, "target": target, "detail": detail}


def _pair(what: str, base: float, own: float, outcome: Outcome, most: float) -> list[Row]:
    return [
        _row(f"{what}: floor", base, "CPU ms"),
        _row(f"{what}: API with token, scope, read event", own, "CPU ms", detail=str(outcome.statuses)),
        _row(f"{what}: ratio", own / base, "x", most=most),
    ]


def _slots(real: Server, bearer: dict[str, str], cost: Callable[..., tuple[float, Outcome]]) -> list[Row]:
    today = dt.datetime.now(dt.UTC).date()
    start, end = today + dt.timedelta(days=1), today + dt.timedelta(days=15)
    kind = VisitType.objects.get(code="follow-up").pk
    everybody = [str(pk) for pk in Clinician.objects.values_list("pk", flat=True)]
    tail = f"&visit_type={kind}&start={start}&end={end}"
    one = [Call("GET", f"/api/v1/slots?clinician={random.choice(everybody)}{tail}", bearer) for _ in range(400)]
    many = [Call("GET", f"/api/v1/slots?clinician={','.join(everybody[:50])}{tail}", bearer) for _ in range(60)]
    single, first = cost(real, one)
    fifty, second = cost(real, many)
    return [
        _row("free slots, one clinician, 14 days", single, "CPU ms", most=3, detail=str(first.statuses)),
        _row("free slots, 50 clinicians, 14 days", fifty, "CPU ms", most=40, detail=str(second.statuses)),
    ]


def _booking(real: Server, bearer: dict[str, str], cost: Callable[..., tuple[float, Outcome]]) -> list[Row]:
    """Distinct free slots of distinct clinicians for distinct patients."""
    today = dt.datetime.now(dt.UTC).date()
    kind = VisitType.objects.get(code="follow-up").pk
    calls: list[Call] = []
    for clinician in Clinician.objects.values_list("pk", flat=True):
        path = f"/api/v1/slots?clinician={clinician}&visit_type={kind}&start={today + dt.timedelta(days=20)}&end={today + dt.timedelta(days=48)}"
        found = send(real.port, [Call("GET", path, bearer)], threads=1, keep_bodies=True)
        openings = json.loads(found.bodies[0]).get("openings", []) if found.bodies else []
        for opening, start in [(one, one["starts"][0]) for one in openings if one["starts"]][:14]:
            body = {
                "patient": patient_id(random.randrange(1, ROWS)), "clinician": opening["clinician"],
                "visit_type": str(kind), "site": opening["site"], "start": start,
            }  # fmt: skip
            headers = {**bearer, "Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
            calls.append(Call("POST", "/api/v1/appointments", headers, json.dumps(body).encode()))
    if not calls:
        return [_row("a booking", float("nan"), "CPU ms", detail="no slots found")]
    random.shuffle(calls)
    own, outcome = cost(real, calls)
    return [_row("a booking", own, "CPU ms", most=6, detail=str(outcome.statuses))]


def _race(real: Server, token: str) -> list[Row]:
    """32 clients on one slot, 200 times, a worker killed half-way; then on distinct slots."""
    clinician = Clinician.objects.filter(resource__unit__name="Riverside").select_related("resource").first()
    if clinician is None:
        return []
    door = Door(
        "127.0.0.1", real.port, token, str(VisitType.objects.get(code="follow-up").pk), str(clinician.pk),
        str(clinician.resource.unit_id),
    )  # fmt: skip
    patients = [patient_id(number) for number in range(1, 2_000)]
    report = race(door, patients, rounds=200, clients=32, seconds=300, kill_pid=real.pids[-1], kill_at=100)
    return [
        _row("race of 32 clients: rounds", float(report["rounds"]), "rounds", detail=json.dumps(report)),
        _row("race of 32 clients: rounds without exactly one booking", float(not report["ok"]), "", most=0),
    ]
