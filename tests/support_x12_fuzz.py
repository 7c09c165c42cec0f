"""Random damage to X12 files: never a crash, never a hang, never less than was sent without an error.

`fuzz(data, count, seed)` is what the tests call for every file, and what a longer run calls with more.
"""

from __future__ import annotations

import io
import random
import time

from medguild.x12 import inspect_stream
from medguild.x12.report import FileReport

SLOWEST = 5.0  # seconds of the processor, which a busy machine does not stretch by much


def inspect(data: bytes) -> FileReport:
    return inspect_stream(io.BytesIO(data), "mutant")


def size(report: FileReport) -> tuple[int, int, int]:
    transactions = report.transactions
    return len(transactions), sum(t.claims for t in transactions), sum(t.services for t in transactions)


def mutate(data: bytes, rng: random.Random) -> bytes:
    element, terminator = data[3:4], data[105:106]
    at = rng.randrange(len(data))
    kind = rng.randrange(12)
    if kind == 0:
        return data[:at] + data[at + 1 :]
    if kind == 1:
        return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
    if kind == 2:
        return data[:at] + bytes([rng.randrange(256)]) + data[at:]
    if kind == 3:
        return data[:at]
    if kind == 4:
        return data[:at] + data[at + rng.randrange(1, 200) :]
    if kind == 5:
        return (
            data[:at] + rng.choice([b"ISA", b"~", b"*", b":", b"IEA*1*1~", b"\n", b"ST*835*9~", b"SE*1*1~"]) + data[at:]
        )
    if kind == 6:
        return data[:at] + data[rng.randrange(len(data)) :]
    segments = data.split(terminator)
    one, two = rng.randrange(len(segments)), rng.randrange(len(segments))
    if kind == 7:
        del segments[one]
    elif kind == 8:
        segments.insert(two, segments[one])
    elif kind == 9:
        segments[one], segments[two] = segments[two], segments[one]
    elif kind == 10:
        parts = segments[one].split(element)
        del parts[rng.randrange(len(parts))]
        segments[one] = element.join(parts)
    else:
        parts = segments[one].split(element)
        parts[0] = rng.choice([b"CAS", b"SVC", b"CLP", b"LX", b"HL", b"CLM", b"NM1", b"XX", b"", b"SE", b"GE"])
        segments[one] = element.join(parts)
    return terminator.join(segments)


def fuzz(data: bytes, count: int, seed: int | str) -> int:
    """Damages the file count times. Returns the slowest reading in microseconds; raises AssertionError with the mutant.

    In a file that is wrong from the beginning, a shorter result cannot be told from the first wrong.
    """
    whole = inspect(data)
    expected = size(whole)
    rng = random.Random(seed)
    slowest = 0.0
    for number in range(count):
        mutant = mutate(data, rng)
        begun = time.process_time()
        report = inspect(mutant)
        slowest = max(slowest, time.process_time() - begun)
        if whole.ok and any(now < before for now, before in zip(size(report), expected, strict=True)):
            assert not report.ok, (number, mutant)
    assert slowest < SLOWEST, f"the slowest reading took {slowest:.2f} s of the processor"
    return round(slowest * 1_000_000)
