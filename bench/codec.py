"""The X12 codec as ratios to a bare streaming split of the same file in the same run, beside pyx12 and x12sdk.

The bare split reads 64 KB at a time, splits at the terminator, then at the element separator, and keeps nothing. All
figures are CPU time of one process, each the fastest of several rounds that take turns.

    python -m bench.codec         # only this table
    python -m bench.codec speed   # only the ratios, two minutes
    python -m bench.codec long    # only streams of 2 GB and a million damages, to their ends: about half an hour
"""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from x12sdk.io import X12ModelReader

from bench.results import Row, row
from bench.x12_files import claims, remittance
from medguild.x12 import (
    ClaimReader,
    CountingNumbers,
    Envelope,
    EnvelopeReader,
    RemittanceReader,
    inspect_stream,
    write_claims,
    write_remittances,
)
from medguild.x12.envelope import TransactionSet
from tests.support_x12 import pyx12_errors
from tests.support_x12_fuzz import fuzz

COUNT = 5_000
FEW = 500  # the other libraries take the same time per claim, so they read a smaller file beside its own bare split
ROUNDS = 9
CHUNK = 1 << 16
SMALL, LARGE = 200, 2_000  # megabytes
PATIENCE = int(os.environ.get("BENCH_PATIENCE", "600"))  # seconds for one reading of a stream, and for damaging
LONG_PATIENCE = 7_200
MUTATIONS, AT_ONCE = 1_000_000, 500
_ENVELOPE = Envelope("BENCH", "CLEARINGHOUSE", datetime(2026, 1, 2, 3, 4))
Work = Callable[[], object]


def measure() -> Iterator[list[Row]]:
    yield from speed()
    for megabytes in (SMALL, LARGE):
        yield _memory(megabytes, PATIENCE)
    yield _damaged(PATIENCE)


def speed() -> Iterator[list[Row]]:
    for kind, made in (("837P", claims), ("835", remittance)):
        yield _speed(kind, made(COUNT))
        yield _others(kind, made(FEW))


def long() -> Iterator[list[Row]]:
    yield _memory(LARGE, LONG_PATIENCE)
    yield _damaged(LONG_PATIENCE)


def bare(data: bytes) -> None:
    stream, rest = io.BytesIO(data), ""
    while chunk := stream.read(CHUNK):
        segments = (rest + chunk.decode()).split("~")
        rest = segments.pop()
        for segment in segments:
            segment.split("*")


def reader_of(transaction: TransactionSet) -> RemittanceReader | ClaimReader:
    return RemittanceReader(transaction) if transaction.kind == "835" else ClaimReader(transaction)


def typed(data: bytes) -> None:
    """Claim records one by one, money in cents, balanced."""
    for transaction in EnvelopeReader(io.BytesIO(data)):
        for _ in reader_of(transaction):
            pass


def _speed(kind: str, data: bytes) -> list[Row]:
    held = [reader_of(transaction).read() for transaction in EnvelopeReader(io.BytesIO(data))]
    write = write_remittances if kind == "835" else write_claims
    base, read, judged, written = fastest(
        lambda: bare(data),
        lambda: typed(data),
        lambda: inspect_stream(io.BytesIO(data), "bench"),
        lambda: write(io.BytesIO(), held, _ENVELOPE, CountingNumbers()),  # type: ignore[operator]
    )
    size = f"{COUNT:,} claims, {len(data) / 1e6:.1f} MB, {data.count(b'~'):,} segments"
    return [
        row(f"{kind}: bare split", base * 1000, "CPU ms", detail=size),
        row(f"{kind}: typed claims, time to bare split", read / base, "x", most=10, detail=_rate(COUNT, read)),
        row(f"{kind}: typed and SNIP 1-4 (inspect)", judged / base, "x", most=40, detail=_rate(COUNT, judged)),
        row(f"{kind}: written, time to reading", written / read, "x", most=1, detail=_rate(COUNT, written)),
    ]


def _others(kind: str, data: bytes) -> list[Row]:
    logging.disable(logging.CRITICAL)
    pyx12_errors(data)  # loads its maps
    base, valid, models = fastest(lambda: bare(data), lambda: pyx12_errors(data), lambda: _models(data), rounds=3)
    logging.disable(logging.NOTSET)
    return [
        row(f"{kind}: pyx12 validation, time to bare split", valid / base, "x", detail=_rate(FEW, valid)),
        row(f"{kind}: x12sdk models, time to bare split", models / base, "x", detail=_rate(FEW, models)),
    ]


def _models(data: bytes) -> None:
    with X12ModelReader(data.decode()) as reader:
        list(reader.models())


def fastest(*works: Work, rounds: int = ROUNDS) -> list[float]:
    """CPU seconds of each, the least of all rounds; they take turns, so that all meet the same neighbours."""
    least = [float("inf")] * len(works)
    for _ in range(rounds):
        for at, work in enumerate(works):
            before = time.process_time()
            work()
            least[at] = min(least[at], time.process_time() - before)
    return least


def _damaged(patience: float) -> list[Row]:
    """Files of a few claims damaged a million times, or as often as the time allows; a failure ends the bench."""
    files = (claims(4), remittance(4))
    begun, done, slowest = time.monotonic(), 0, 0
    while done < MUTATIONS and time.monotonic() - begun < patience:
        for number, data in enumerate(files):
            slowest = max(slowest, fuzz(data, AT_ONCE, seed=done + number))
        done += AT_ONCE * len(files)
    detail = f"{done:,} of {MUTATIONS:,} damages in {time.monotonic() - begun:.0f} s: no crash, nothing shorter untold"
    return [row("damaged files: slowest reading", slowest / 1e6, "s", most=1, detail=detail)]


def _rate(count: int, seconds: float) -> str:
    return f"{count / seconds:,.0f} claims/s"


def _memory(megabytes: int, patience: float) -> list[Row]:
    """Peak memory of a process that reads a stream, over that of the interpreter alone."""
    rows = []
    for kind in ("837P", "835"):
        command = [sys.executable, "-m", "bench.codec_memory", kind, str(megabytes), str(patience)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        over, read, seconds = float(said[0]), int(said[1]), float(said[2])
        detail = f"{read:,} of {megabytes} MB in {seconds:.0f} s"
        rows.append(
            row(f"{kind}: peak memory over the interpreter, {megabytes} MB", over, "MB", most=60, detail=detail)
        )
    return rows


PARTS = {"": measure, "speed": speed, "long": long}

if __name__ == "__main__":
    for rows in PARTS["".join(sys.argv[1:])]():
        for one in rows:
            mark = {True: "ok  ", False: "MISS", None: "    "}[one["ok"]]
            print(f"{mark} {one['what']:<62} {one['value']:>10} {one['unit']:<8} {one['detail']}", flush=True)
