"""Files for tests of the door."""

from __future__ import annotations

import io

from tests.support import shared_data

FOLDER = shared_data() / "x12"
BROKEN = (  # two segments short of its trailer's count, and cut
    b"ISA*00*          *00*          *ZZ*PAYER          *ZZ*US             *260101*1200*^*00501*000000007*0*P*:~"
    b"GS*HP*PAYER*US*20260101*1200*7*X*005010X221A1~ST*835*0001~"
)


def stream_of(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


def real(name: str) -> bytes:
    return (FOLDER / name).read_bytes()
