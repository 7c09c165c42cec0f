"""What is measured, and the targets. CPU milliseconds of web workers and PostgreSQL per request."""

from __future__ import annotations

import datetime as dt
import json
import random
import statistics
import uuid
from collections import Counter
from collections.abc import Callable, Iterator

from bench.booking_race import Door, race
from bench.client import Call, Outcome, cpu_per_request
from bench.client import run as send
from bench.data import ROWS, patient_id
from bench.processes import (
    Server,
    cpu_seconds,
    database_seconds,
    postgres_pids,
    proportional_memory,
    resident_memory,
)
from bench.results import Row, row
from medguild.config import embedded
from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import CircleMember, Unit
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import VisitType

_ROUNDS = 5
_PREFIXES = ("smit", "garc", "nguy", "pate", "mill", "jone", "clar", "hall")


def make_token() -> str:
    unit = Unit.objects.get(name="Larkspur Medical Group")
    return create_token(name="bench", role=Role.SCHEDULER, unit=unit, by=Actor.job("bench"))[1]


def run(real: Server, floor: Server, token: str) -> Iterator[list[Row]]:
    """Everything that goes through the API, one thing after the other."""
    bearer = {"Authorization": f"Bearer {token}"}
    database = postgres_pids(embedded.home() / "data")

    def spent(server: Server) -> Callable[[], float]:
        return lambda: cpu_seconds(server.pids) + database_seconds()

    def cost(server: Server, calls: list[Call], threads: int = 8) -> tuple[float, Outcome]:
        send(server.port, calls[: len(calls) // 5], threads=threads)  # warm
        return cpu_per_request(len(calls), spent(server), lambda: send(server.port, calls, threads=threads))

    circle = CircleMember.objects.get(entity__name="Larkspur Medical Group").circle_id
    ids = [patient_id(random.randrange(1, ROWS)) for _ in range(2_000)]
    queries = [random.choice(_PREFIXES) + random.choice("0123456789abcdef") for _ in range(1_000)]
    yield _beside_floor(
        "read one patient", 1.6,
        lambda at: cost(floor, [Call("GET", f"/patients/{one}") for one in ids[at::_ROUNDS]]),
        lambda at: cost(real, [Call("GET", f"/api/v1/patients/{one}", bearer) for one in ids[at::_ROUNDS]]),
    )  # fmt: skip
    yield _beside_floor(
        "prefix search of 15 rows", 1.2,
        lambda at: cost(floor, [Call("GET", f"/patients?q={one}&circle={circle}") for one in queries[at::_ROUNDS]]),
        lambda at: cost(real, [Call("GET", f"/api/v1/patients?q={one}", bearer) for one in queries[at::_ROUNDS]]),
    )  # fmt: skip
    yield _slots(real, bearer, cost)
    yield _booking(real, bearer, cost)
    yield _memory(real, "after all this")
    yield [row("PostgreSQL processes", len(database), "")]


def starts(real: Server, whole: Server) -> list[Row]:
    """Wall time, which a busy machine lengthens; the CPU time beside it is what a start takes."""
    return [
        row("first answer after start of the web server", real.started_in, "s", most=3),
        row("first answer after start of the web server: CPU of all processes", real.start_cpu, "s"),
        row("first answer after `medguild serve`", whole.started_in, "s", most=3),
        row("first answer after `medguild serve`: CPU of all processes", whole.start_cpu, "s"),
    ]


def run_race(real: Server, token: str) -> Iterator[list[Row]]:
    yield _race(real, token)
    yield _memory(real, "after the race")


def _memory(real: Server, when: str) -> list[Row]:
    """PSS of the process that has loaded the application and of its workers: pages that they share count once."""
    each = [f"{proportional_memory([pid]):.0f} (RSS {resident_memory(pid):.0f})" for pid in real.pids]
    return [
        row(f"memory of web workers together, {when}", proportional_memory(real.pids), "MB", most=200,
            detail=f"PSS in MB of parent and workers: {', '.join(each)}")
    ]  # fmt: skip


def _beside_floor(
    what: str,
    most: float,
    floor: Callable[[int], tuple[float, Outcome]],
    own: Callable[[int], tuple[float, Outcome]],
) -> list[Row]:
    """Floor and API take turns, so that both meet the same neighbours on the machine; the median of the turns counts."""
    turns = [(floor(at)[0], own(at)) for at in range(_ROUNDS)]
    base = statistics.median(bare for bare, _ in turns)
    cost = statistics.median(spent for _, (spent, _outcome) in turns)
    statuses = sum((Counter(outcome.statuses) for _, (_spent, outcome) in turns), Counter())
    return [
        row(f"{what}: floor", base, "CPU ms"),
        row(f"{what}: API with token, scope, read event", cost, "CPU ms", detail=str(dict(statuses))),
        row(f"{what}: ratio", cost / base, "x", most=most, detail=f"median of {_ROUNDS} turns"),
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
        row("free slots, one clinician, 14 days", single, "CPU ms", most=3, detail=str(first.statuses)),
        row("free slots, 50 clinicians, 14 days", fifty, "CPU ms", most=40, detail=str(second.statuses)),
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
        return [row("a booking", float("nan"), "CPU ms", detail="no slots found")]
    random.shuffle(calls)
    own, outcome = cost(real, calls)
    return [row("a booking", own, "CPU ms", most=6, detail=str(outcome.statuses))]


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
    report = race(door, patients, rounds=200, clients=32, seconds=900, kill_pid=real.pids[-1], kill_at=100)
    told, apart = report["answers"], report["distinct"]
    strange = sum(count for answer, count in told.items() if answer not in ("booked", "slot_taken"))
    return [
        row("race of 32 clients: rounds", float(report["rounds"]), "rounds", least=200, detail=json.dumps(report)),
        row("race: rounds without exactly one booking", report["rounds"] - report["rounds_with_exactly_one_booking"],
            "rounds", most=0),
        row("race: answers that are neither booked nor taken", strange, "", most=0),
        row("race: answers lost with the killed worker, learned by asking again",
            report["answers_learned_by_asking_again"], ""),
        row("race: refused on distinct slots", apart["asked"] - apart["booked"], "", most=0,
            detail=f"{apart['asked']} asked"),
    ]  # fmt: skip
