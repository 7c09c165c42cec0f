"""32 clients on one slot, round after round, and 32 clients on distinct slots: through the API, with stdlib threads.

    python -m bench.booking_race --url http://127.0.0.1:8000 --token mg_... --visit-type ID --clinician ID --site ID \\
        --patients ids.txt --rounds 200 [--kill PID --kill-at 100]

`--patients` names a file with one patient id a line, at least as many as clients. `--kill` ends one web worker with
SIGKILL in the middle of a round; clients that lose their answer ask again with the same Idempotency-Key. Prints JSON;
exit code 1 when a round did not end with exactly one booking, or a distinct slot was refused.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

CLIENTS = 32
TRIES = 20  # of a client that lost its answer, half a second apart
WINDOW = 60  # days of one search; the API allows 62


@dataclass(frozen=True, slots=True)
class Door:
    """Where the API is, and whose bookings are made."""

    host: str
    port: int
    token: str
    visit_type: str
    clinician: str
    site: str

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=30)

    def slots(self, count: int) -> list[str]:
        """Free starts from tomorrow on, at least `count` or as many as a year holds."""
        found: list[str] = []
        start = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
        while len(found) < count and start < dt.datetime.now(dt.UTC).date() + dt.timedelta(days=365):
            end = start + dt.timedelta(days=WINDOW)
            query = {"visit_type": self.visit_type, "clinician": self.clinician, "site": self.site}
            answer = self._get(f"/api/v1/slots?{urlencode(query | {'start': str(start), 'end': str(end)})}")
            found += [slot for opening in answer["openings"] for slot in opening["starts"]]
            start = end
        return found

    def _get(self, path: str) -> Any:
        connection = self.connect()
        connection.request("GET", path, headers=self.headers())
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != 200:
            raise SystemExit(f"GET {path.split('?')[0]} answered {response.status}: {body[:300]!r}")
        return json.loads(body)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

    def booking(self, patient: str, start: str) -> bytes:
        return json.dumps(
            {"patient": patient, "clinician": self.clinician, "visit_type": self.visit_type, "site": self.site,
             "start": start}
        ).encode()  # fmt: skip


@dataclass
class Tally:
    """What the answers were."""

    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lost: int = 0
    learned: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, code: str, seconds: float, lost: int) -> None:
        with self.lock:
            self.answers[code] += 1
            self.seconds.append(seconds)
            self.lost += lost
            self.learned += bool(lost) and code != "no_answer"

    def quantile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1) if ordered else 0.0


class Client:
    """One client with a connection that is kept alive."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.connection = door.connect()

    def book(self, patient: str, start: str, tally: Tally) -> str:
        """`booked`, or the code of the refusal. A lost answer is asked for again with the same key."""
        key, body, lost = str(uuid.uuid4()), self.door.booking(patient, start), 0
        begun = time.perf_counter()
        code = "no_answer"
        for _ in range(TRIES):
            try:
                code = self._ask(key, body)
                break
            except (OSError, http.client.HTTPException):
                lost += 1
                self.connection.close()
                self.connection = self.door.connect()
                time.sleep(0.5)
        tally.note(code, time.perf_counter() - begun, lost)
        return code

    def _ask(self, key: str, body: bytes) -> str:
        headers = self.door.headers() | {"Idempotency-Key": key}
        self.connection.request("POST", "/api/v1/appointments", body=body, headers=headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status == 201:
            return "booked"
        try:
            return str(json.loads(text)["code"])
        except (ValueError, KeyError):
            return f"status_{response.status}"


def together(clients: Sequence[Client], acts: Sequence[Callable[[Client], str]]) -> list[str]:
    """One act per client, started at the same moment."""
    barrier = threading.Barrier(len(acts))
    results = [""] * len(acts)

    def run(at: int) -> None:
        barrier.wait(timeout=30)
        results[at] = acts[at](clients[at])

    pool = [threading.Thread(target=run, args=(at,)) for at in range(len(acts))]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()
    return results


def race(
    door: Door,
    patients: Sequence[str],
    *,
    rounds: int = 200,
    clients: int = CLIENTS,
    distinct_rounds: int = 3,
    seconds: float = 300,
    kill_pid: int | None = None,
    kill_at: int = 0,
) -> dict[str, Any]:
    """Run the race and say what came of it; stops after `seconds`."""
    free = door.slots(rounds + clients * distinct_rounds)
    rounds = min(rounds, max(0, len(free) - clients * distinct_rounds))
    crowd = [Client(door) for _ in range(clients)]
    same, apart, until = Tally(), Tally(), time.monotonic() + seconds
    winners: Counter[int] = Counter()
    done = 0
    for number in range(rounds):
        if time.monotonic() > until:
            break
        if kill_pid is not None and number == kill_at:
            threading.Timer(0.01, os.kill, (kill_pid, signal.SIGKILL)).start()
        acts = [_booker(patients[at % len(patients)], free[number], same) for at in range(clients)]
        winners[together(crowd, acts).count("booked")] += 1
        done += 1
    for number in range(distinct_rounds):
        slots = free[rounds + number * clients : rounds + (number + 1) * clients]
        acts = [_booker(patients[at % len(patients)], slot, apart) for at, slot in enumerate(slots)]
        if acts:
            together(crowd, acts)
    offered = set(door.slots(rounds)) & set(free[:done])
    return {
        "clients": clients,
        "rounds": done,
        "rounds_with_exactly_one_booking": winners[1],
        "bookings_per_round": {str(count): times for count, times in sorted(winners.items())},
        "answers": dict(same.answers),
        "raced_slots_still_offered": len(offered),
        "answers_lost": same.lost,
        "answers_learned_by_asking_again": same.learned,
        "milliseconds": {"p50": same.quantile(0.5), "p95": same.quantile(0.95), "worst": same.quantile(1)},
        "distinct": {
            "asked": len(apart.seconds),
            "booked": apart.answers["booked"],
            "answers": dict(apart.answers),
            "milliseconds": {"p50": apart.quantile(0.5), "p95": apart.quantile(0.95)},
        },
        "ok": winners[1] == done > 0
        and set(same.answers) <= {"booked", "slot_taken"}
        and apart.answers["booked"] == len(apart.seconds) > 0
        and not offered,
    }


def _booker(patient: str, start: str, tally: Tally) -> Callable[[Client], str]:
    return lambda client: client.book(patient, start, tally)


def main() -> None:
    parser = argparse.ArgumentParser(description="Many clients on one slot, through the API.")
    for name in ("url", "token", "visit-type", "clinician", "site", "patients"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--kill", type=int, default=None, help="process id of a web worker")
    parser.add_argument("--kill-at", type=int, default=100, help="round in which it is killed")
    given = parser.parse_args()
    place = urlsplit(given.url)
    door = Door(
        place.hostname or "127.0.0.1", place.port or 80, given.token, given.visit_type, given.clinician, given.site
    )
    patients = Path(given.patients).read_text(encoding="utf-8").split()
    if len(patients) < given.clients:
        raise SystemExit(f"{len(patients)} patients are too few for {given.clients} clients")
    report = race(
        door, patients, rounds=given.rounds, clients=given.clients, seconds=given.seconds, kill_pid=given.kill,
        kill_at=given.kill_at,
    )  # fmt: skip
    print(json.dumps(report, indent=2))
    sys.exit(0 if report["ok"] else 1)


if __name__ == "__main__":
    main()
