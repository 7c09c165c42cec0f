"""What the event log costs: the same requests with events recorded and with recording taken out, CPU of both sides."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client

from bench.data import patient_id
from bench.results import Row, row
from medguild.foundation.events import services
from medguild.foundation.kernel.ids import new_id

_READS = 500
_ROUNDS = 6
_DAY = "tests/browser/day/test_one_day.py"


def _nothing(*args: Any, **kwargs: Any) -> UUID:
    return new_id()


@contextmanager
def silence() -> Iterator[None]:
    """No event is written. The functions' code is exchanged, because callers hold the functions themselves."""
    functions = (services.record, services.record_many, services.record_reads)
    codes = [(one, one.__code__, one.__kwdefaults__) for one in functions]
    for one in functions:
        one.__code__, one.__kwdefaults__ = _nothing.__code__, None
    try:
        yield
    finally:
        for one, code, defaults in codes:
            one.__code__, one.__kwdefaults__ = code, defaults


def seconds_here() -> float:
    """CPU time of this thread and of the database backend that serves it, to the nanosecond."""
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    return time.thread_time() + int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9


def measure(token: str) -> list[Row]:
    return [*_single_read(token), *_day()]


def _single_read(token: str) -> list[Row]:
    client = Client(HTTP_HOST="127.0.0.1", HTTP_AUTHORIZATION=f"Bearer {token}")

    def reads() -> float:
        before = seconds_here()
        for number in range(1, _READS):
            client.get(f"/api/v1/patients/{patient_id(number)}")
        return seconds_here() - before

    reads()
    told, untold = [], []
    for _ in range(_ROUNDS):
        told.append(reads())
        with silence():
            untold.append(reads())
    share = min(told) / min(untold) - 1
    return [row("events: added to a single read", share * 100, "%", detail=f"{_READS} reads, best of {_ROUNDS}")]


def _day() -> list[Row]:
    """The browser plays its day; `bench.twins` repeats each request with and without events on the way."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "day.json"
        command = [sys.executable, "-m", "pytest", _DAY, "-q", "-k", "desktop", "-p", "bench.day_plugin"]
        environment = {**os.environ, "BENCH_DAY": str(found), "MEDGUILD_TEST_DB": "test_bench_day"}
        played = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
        if played.returncode or not found.exists():
            return [row("events: added to the browser's day", float("nan"), "%", detail=played.stdout[-3000:])]
        day = json.loads(found.read_text())
    detail = f"{day['requests']} requests, {day['told'] * 1000:.0f} ms with and {day['untold'] * 1000:.0f} ms without"
    return [row("events: added to the browser's day", (day["told"] / day["untold"] - 1) * 100, "%", most=10,
                detail=detail)]  # fmt: skip
