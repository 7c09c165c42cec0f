"""32 clients that book from the same 100 slots, again and again, while a web worker and a database connection die.

Each attempt takes one of the slots by chance; what was booked is cancelled again as soon as half of them are taken, so
that there is always something to fight for. At the end the rows are asked whether anybody was booked twice, and the
server whether anybody waited in a circle.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import connection

from bench.booking_race import Client, Door, Tally
from bench.results import Row, row

CLIENTS, SLOTS, ATTEMPTS = 32, 100, 20_000
_EXPECTED = {"booked", "slot_taken", "patient_busy"}
# Two that overlap on a lane of one clinician, room or device, or of one patient at all.
_TWICE = """
    select count(*) from operations_allocation one
      join operations_allocation other on other.resource_id = one.resource_id and other.id > one.id
       and other.during && one.during and other.lane = one.lane and other.active
     where one.active and one.appointment_id = any(%s)
"""
_SAME_SLOT = """
    select count(*) from (select 1 from operations_appointment
                           where id = any(%s) and status = 'booked' group by clinician_id, start having count(*) > 1) x
"""
_DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()"
_ANY_BACKEND = """
    select pid from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name = 'medguild' limit 1
"""


@dataclass
class Field:
    """What is fought for, and what came of it."""

    door: Door
    slots: Sequence[str]
    patients: Sequence[str]
    left: int
    worker: int
    tally: Tally = field(default_factory=Tally)
    booked: list[str] = field(default_factory=list)
    ever: list[str] = field(default_factory=list)
    cancelled: Counter[str] = field(default_factory=Counter)
    killed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take_turn(self) -> int:
        """The number of attempts left, this one included; 0 when all are made."""
        with self.lock:
            self.left = max(-1, self.left - 1)
            return self.left + 1

    def give_back(self) -> str | None:
        """A visit to cancel, once half of the slots are taken."""
        with self.lock:
            return self.booked.pop(0) if len(self.booked) > len(self.slots) // 2 else None


def contest(door: Door, patients: Sequence[str], *, worker: int, attempts: int = ATTEMPTS) -> list[Row]:
    """Lines of the table. Kills the process `worker` after a third, and a database connection after two thirds."""
    slots = door.slots(SLOTS)[:SLOTS]
    fought = Field(door, slots, patients, attempts, worker)
    before, begun = _one(_DEADLOCKS), time.monotonic()
    connection.close()  # else the one that is ended may be ours
    crowd = [threading.Thread(target=_fight, args=(fought, number)) for number in range(CLIENTS)]
    for thread in crowd:
        thread.start()
    reaper = threading.Thread(target=_kill, args=(fought, attempts))
    reaper.start()
    for thread in [*crowd, reaper]:
        thread.join()
    seconds = time.monotonic() - begun
    strange = {told: count for told, count in fought.tally.answers.items() if told not in _EXPECTED}
    twice = _one(_TWICE, [fought.ever]) + _one(_SAME_SLOT, [fought.ever])
    said = {
        "answers": dict(fought.tally.answers), "cancelled": dict(fought.cancelled), "killed": fought.killed,
        "answers lost": fought.tally.lost, "learned by asking again": fought.tally.learned,
        "p50 ms": fought.tally.quantile(0.5), "p95 ms": fought.tally.quantile(0.95), "slots": len(slots),
        "seconds": round(seconds),
    }  # fmt: skip
    made = float(sum(fought.tally.answers.values()))
    return [
        row("contested: attempts of 32 clients on 100 slots", made, "", least=attempts, detail=json.dumps(said)),
        row("contested: booked twice", float(twice), "", most=0),
        row("contested: deadlocks", float(_one(_DEADLOCKS) - before), "", most=0),
        row("contested: answers that are neither booked nor taken", float(sum(strange.values())), "", most=0,
            detail=json.dumps(strange)),
    ]  # fmt: skip


def _fight(fought: Field, number: int) -> None:
    rng, client = random.Random(number), _Rebooker(fought.door)
    while fought.take_turn():
        if (visit := fought.give_back()) is not None:
            told = client.cancel(visit)
            with fought.lock:
                fought.cancelled[told] += 1
        code = client.book(rng.choice(fought.patients), rng.choice(fought.slots), fought.tally)
        if code == "booked":
            with fought.lock:
                fought.booked.append(client.made)
                fought.ever.append(client.made)


class _Rebooker(Client):
    """A client that remembers the visit it booked last, and can cancel one."""

    made = ""

    def _ask(self, key: str, body: bytes) -> str:
        headers = self.door.headers() | {"Idempotency-Key": key}
        self.connection.request("POST", "/api/v1/appointments", body=body, headers=headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 500:  # the connection to the database died under the request: nothing was kept
            raise http.client.HTTPException(response.status)
        told = json.loads(text or b"{}")
        if response.status == 201:
            self.made = told["id"]
            return "booked"
        return str(told.get("code", f"status_{response.status}"))

    def cancel(self, visit: str) -> str:
        """`cancelled`, or how it was refused; asked again with the same key until there is an answer."""
        key, body = str(uuid.uuid4()), json.dumps({"reason": "patient_request"})
        for _ in range(20):
            with suppress(OSError, http.client.HTTPException):
                headers = self.door.headers() | {"Idempotency-Key": key}
                self.connection.request("POST", f"/api/v1/appointments/{visit}/cancel", body=body, headers=headers)
                response = self.connection.getresponse()
                response.read()
                if response.status < 500:
                    return "cancelled" if response.status == 200 else f"status_{response.status}"
            self.connection.close()
            self.connection = self.door.connect()
            time.sleep(0.5)
        return "no_answer"


def _kill(fought: Field, attempts: int) -> None:
    """A web worker dies after a third of the attempts, a connection of the web to the database after two thirds."""
    _until(fought, attempts * 2 // 3)
    with suppress(ProcessLookupError):
        os.kill(fought.worker, signal.SIGKILL)
        fought.killed.append("web worker")
    _until(fought, attempts // 3)
    with suppress(TypeError):
        pid = _one(_ANY_BACKEND)
        _one("select pg_terminate_backend(%s)", [pid])
        fought.killed.append("database connection")
    connection.close()


def _until(fought: Field, left: int) -> None:
    while fought.left > left:
        time.sleep(0.05)


def _one(sql: str, values: Sequence[object] = ()) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        number: int = cursor.fetchone()[0]
    return number
