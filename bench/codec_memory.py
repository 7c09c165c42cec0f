"""Reads a generated stream as typed claims and prints: peak MB over the bare interpreter, MB read, seconds.

python -m bench.codec_memory 837P|835 MEGABYTES SECONDS
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path


def peak_megabytes() -> float:
    """Of this process alone; what a parent used before does not count."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else float("nan")


BARE = peak_megabytes()  # before anything of ours is imported

from bench.x12_files import stream_of  # noqa: E402
from medguild.x12 import EnvelopeReader  # noqa: E402
from medguild.x12.read.claim import ClaimReader  # noqa: E402
from medguild.x12.read.remittance import RemittanceReader  # noqa: E402


def main(kind: str, megabytes: int, patience: float) -> None:
    """Stops when the time is over; a flat line shows itself long before the end."""
    stream = stream_of(kind, megabytes * 1_000_000)
    begun = time.monotonic()
    for transaction in EnvelopeReader(stream):
        for _ in RemittanceReader(transaction) if kind == "835" else ClaimReader(transaction):
            pass
        if time.monotonic() - begun > patience:
            break
    print(round(peak_megabytes() - BARE, 1), stream.given // 1_000_000, round(time.monotonic() - begun, 1))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
