"""Memory stays flat however long the file: 5 against 40 MB in the tests, 200 MB in `make judge`.

Each reading runs in a process of its own, over a file that is generated as it is read.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

LONG = int(os.environ.get("MEDGUILD_JUDGE_EXAMPLES", "50")) > 50
SIZES = (20, 200) if LONG else (2, 12)  # MB
LIMIT = 60  # MB over the bare interpreter
SLOPE = 4  # MB that a file ten times as long may cost more; the allocator is not exact

READ = """
import io, resource, sys

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

bare = peak()
from medguild.x12 import claim_transactions, inspect_stream, remittances

kind, size = sys.argv[1], int(sys.argv[2]) * 1_000_000
ISA = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260102*0304*^*00501*000000001*0*P*:~"

if kind == "835":
    HEAD = ISA + (
        "GS*HP*SENDER*RECEIVER*20260102*0304*1*X*005010X221A1~ST*835*0001~BPR*I*{total}*C*CHK************20260102~TRN*1*T1*1999999999~"
        "N1*PR*PLAN~N3*1 ELM ST~N4*COLUMBUS*OH*432150001~PER*BL*SERVICES*TE*5555550199~"
        "N1*PE*GROUP*XX*1999999018~REF*TJ*999990001~LX*1~"
    )
    ONE = (
        "CLP*PCN{n}*1*150*90*10*12*ICN{n}*11*1~NM1*QC*1*SAMPLE*CASEY****MI*MBR{n}~SVC*HC:99213*100*60**1~"
        "DTM*472*20251201~CAS*CO*45*40~REF*6R*L{n}A~SVC*HC:36415*50*30**1~DTM*472*20251201~CAS*CO*45*10~CAS*PR*3*10~"
    )
    PER, FIXED = 10, 10
else:
    HEAD = ISA + (
        "GS*HC*SENDER*RECEIVER*20260102*0304*1*X*005010X222A1~ST*837*0001*005010X222A1~BHT*0019*00*B1*20260102*0304*CH~"
        "NM1*41*2*GROUP*****46*TST0001~PER*IC*DESK*TE*5555550100~NM1*40*2*HOUSE*****46*CLH0001~HL*1**20*1~"
        "NM1*85*2*GROUP*****XX*1999999018~N3*100 MAIN ST~N4*SPRINGFIELD*IL*627010001~REF*EI*999990001~"
    )
    ONE = (
        "HL*{level}*1*22*0~SBR*P*18*GRP1******CI~NM1*IL*1*SAMPLE*CASEY****MI*MBR0001~N3*12 ELM ST~"
        "N4*SPRINGFIELD*IL*627010001~DMG*D8*19800101*F~NM1*PR*2*PLAN*****PI*BHP01~"
        "CLM*PCN{n}*150***11:B:1*Y*A*Y*Y~HI*ABK:E119*ABF:I10~NM1*82*1*TESTER*DREW****XX*1999999026~"
        "PRV*PE*PXC*207Q00000X~LX*1~SV1*HC:99213*100*UN*1***1~DTP*472*D8*20251201~REF*6R*L{n}A~"
        "LX*2~SV1*HC:36415*50*UN*1***1~DTP*472*D8*20251201~REF*6R*L{n}B~"
    )
    PER, FIXED = 19, 10

claims = size // (len(ONE) + 20)

class Growing(io.RawIOBase):
    # the file, made piece by piece
    def __init__(self):
        self.number = -1
        self.left = b""
    def readable(self):
        return True
    def piece(self):
        self.number += 1
        n = self.number
        if n == 0:
            return HEAD.replace("{total}", str(90 * claims))
        if n <= claims:
            return ONE.replace("{n}", f"{n:09d}").replace("{level}", str(n + 1))
        if n == claims + 1:
            return f"SE*{FIXED + PER * claims + 1}*0001~GE*1*1~IEA*1*000000001~"
        return ""
    def read(self, wanted=-1):
        parts, length = [self.left], len(self.left)
        while length < wanted:
            more = self.piece().encode()
            if not more:
                break
            parts.append(more)
            length += len(more)
        data = b"".join(parts)
        self.left = data[wanted:]
        return data[:wanted]
    def readinto(self, buffer):
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

how = sys.argv[3]
stream = Growing()
if how == "inspect":
    report = inspect_stream(stream, "long")
    assert report.ok, report.lines()[:20]
    found = report.transactions[0].claims
elif kind == "835":
    found = sum(1 for reader in remittances(stream) for _ in reader)
else:
    found = sum(1 for reader in claim_transactions(stream) for _ in reader)
assert found == claims, (found, claims)
print(peak() - bare)
"""


def growth(kind: str, size: int, how: str) -> float:
    """Peak memory over that of the interpreter before anything was imported, in MB."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", READ, kind, str(size), how], capture_output=True, text=True, check=False, timeout=1_800
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return float(done.stdout)


@pytest.mark.parametrize(("kind", "how"), [("835", "read"), ("837P", "inspect")])
def test_memory_does_not_grow_with_the_file(kind: str, how: str) -> None:
    small, large = (growth(kind, size, how) for size in SIZES)
    assert large < LIMIT
    assert large - small < SLOPE
