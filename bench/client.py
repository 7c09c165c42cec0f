"""A small HTTP client with kept-alive connections: a fixed number of requests from a fixed number of threads."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass
class Outcome:
    """Statuses and wall times of a run, in seconds."""

    statuses: dict[int, int] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    failed: int = 0

    def quantile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def get_once(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def run(
    port: int, calls: Sequence[Call], *, threads: int = 8, keep_bodies: bool = False, seconds: float = 120
) -> Outcome:
    """Send every call once, shared out over the threads; stops after `seconds`."""
    outcome, lock, until = Outcome(), threading.Lock(), time.monotonic() + seconds

    def work(mine: Sequence[Call]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for call in mine:
            if time.monotonic() > until:
                break
            begun = time.perf_counter()
            try:
                connection.request(call.method, call.path, body=call.body, headers=call.headers)
                response = connection.getresponse()
                body = response.read()
            except OSError:
                connection.close()
                with lock:
                    outcome.failed += 1
                continue
            taken = time.perf_counter() - begun
            with lock:
                outcome.statuses[response.status] = outcome.statuses.get(response.status, 0) + 1
                outcome.times.append(taken)
                if keep_bodies:
                    outcome.bodies.append(body)
        connection.close()

    pool = [threading.Thread(target=work, args=(calls[i::threads],)) for i in range(threads)]
    start_all(pool)
    return outcome


def start_all(pool: Sequence[threading.Thread]) -> None:
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()


def cpu_per_request(count: int, measure: Callable[[], float], work: Callable[[], Outcome]) -> tuple[float, Outcome]:
    """CPU milliseconds per request that `measure` saw grow while `work` ran."""
    before = measure()
    outcome = work()
    return (measure() - before) / count * 1000, outcome
