"""Files as large as one wants, for measuring the codec: 837P and 835 with the mix of a primary care group.

Names, member numbers, streets and claim numbers differ from claim to claim; payers, providers, procedures, fees and
days of service repeat, as they do in a month's file. The same count and seed give the same bytes.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from datetime import date, timedelta

from medguild.x12.check.external import luhn_npi

_ISA = "ISA*00*          *00*          *ZZ*BENCH          *ZZ*CLEARINGHOUSE  *260102*0304*^*00501*000000001*0*T*:~"
_FIRST = "ALEX BLAIR CASEY DANA ELLIS FRANKIE GRAY HARPER INDIGO JULES KIT LANE MORGAN NOEL OAKLEY PARKER QUINN".split()
_LAST = "ALDER BIRCH CEDAR DOGWOOD ELM FIR GINKGO HAZEL IRONWOOD JUNIPER LAUREL MAPLE OAK PINE ROWAN SPRUCE".split()
_STREETS = "ASH BROOK CANAL DEPOT EAST FERRY GARDEN HILL ISLAND LAKE MILL NORTH ORCHARD POND RIVER STATION".split()
_TOWNS = [("ALBANY", "NY", "12207"), ("TROY", "NY", "12180"), ("SALEM", "MA", "01970"), ("DOVER", "NH", "03820")]
_PAYERS = [
    ("FIRST HEALTH PLAN", "60054"),
    ("SECOND MUTUAL", "87726"),
    ("THIRD CARE", "62308"),
    ("FOURTH COOP", "SX109"),
]
_FEES = [("99213", 14500), ("99214", 20500), ("93000", 4275), ("36415", 1200), ("81002", 1550), ("90471", 3010),
         ("G0439", 18990), ("80053", 3640), ("85025", 2695), ("99396", 23100), ("J3420", 875), ("96372", 2550)]  # fmt: skip
_ICD = "I10 E119 E785 J069 M545 Z0000 Z23 K219 F411 N390 J45909 E039 R5383 R079 L309 G43909 H6690 B349".split()
_FIRST_DAY = date(2025, 11, 3)
_DENIED_ONE_IN, _REVERSED_ONE_IN = 12, 60


def claims(count: int, seed: int = 1) -> bytes:
    """An 837P of one transaction with this many claims of as many subscribers."""
    return _file("HC", "005010X222A1", "1", claim_transaction(count, seed).replace(_CONTROL, "0001"))


def remittance(count: int, seed: int = 1) -> bytes:
    """A balanced 835 with this many claims, some denied, some reversed and corrected."""
    return _file("HP", "005010X221A1", "1", payment_transaction(count, seed).replace(_CONTROL, "0001"))


_IN_A_TRANSACTION = 500


def stream_of(kind: str, size: int) -> Stream:
    """A file of about `size` bytes: 837P or 835."""
    if kind == "835":
        return Stream(size, "HP", "005010X221A1", payment_transaction(_IN_A_TRANSACTION))
    return Stream(size, "HC", "005010X222A1", claim_transaction(_IN_A_TRANSACTION))


class Stream(io.RawIOBase):
    """A file of about `size` bytes that nobody holds: one transaction again and again under new control numbers."""

    def __init__(self, size: int, function: str, guide: str, transaction: str) -> None:
        self.count = max(1, size // len(transaction))
        self._pieces = self._parts(function, guide, transaction)
        self._left = b""
        self.given = 0

    def _parts(self, function: str, guide: str, transaction: str) -> Iterator[bytes]:
        yield _head(function, guide).encode()
        before, between, after = transaction.split(_CONTROL)
        for number in range(1, self.count + 1):
            yield f"{before}{number:04d}{between}{number:04d}{after}".encode()
        yield _tail(str(self.count)).encode()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self._left) < size or size < 0:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._left += piece
        end = len(self._left) if size < 0 else size
        found, self._left = self._left[:end], self._left[end:]
        self.given += len(found)
        return found


_CONTROL = "\0"  # stands for ST02 and SE02


def claim_transaction(count: int, seed: int = 1) -> str:
    """ST to SE."""
    chance = random.Random(seed)
    npis = _npis(chance, 40)
    segments = [
        f"ST*837*{_CONTROL}*005010X222A1", "BHT*0019*00*B1*20260102*0304*CH", "NM1*41*2*BENCH GROUP*****46*BENCH",
        "PER*IC*BILLING OFFICE*TE*5185550100", "NM1*40*2*CLEARINGHOUSE*****46*CLEARINGHOUSE", "HL*1**20*1",
        "PRV*BI*PXC*207Q00000X", f"NM1*85*2*BENCH GROUP*****XX*{npis[0]}", "N3*1 MAIN STREET", "N4*ALBANY*NY*122070001",
        "REF*EI*141234567",
    ]  # fmt: skip
    for number in range(1, count + 1):
        segments += _claim(chance, number, npis)
    return _closed(segments)


def _claim(chance: random.Random, number: int, npis: list[str]) -> list[str]:
    town, state, postal = chance.choice(_TOWNS)
    payer, payer_id = chance.choice(_PAYERS)
    day = f"{_FIRST_DAY + timedelta(days=chance.randrange(40)):%Y%m%d}"
    born = f"{date(1940, 1, 1) + timedelta(days=chance.randrange(28_000)):%Y%m%d}"
    services = chance.sample(_FEES, chance.choice((1, 2, 2, 2, 3, 3)))
    codes = chance.sample(_ICD, chance.choice((1, 2, 3)))
    total = sum(fee for _, fee in services)
    person = f"{chance.choice(_LAST)}*{chance.choice(_FIRST)}"
    segments = [
        f"HL*{number + 1}*1*22*0", "SBR*P*18*******CI", f"NM1*IL*1*{person}****MI*W{scattered(number)}",
        f"N3*{chance.randrange(1, 900)} {chance.choice(_STREETS)} STREET", f"N4*{town}*{state}*{postal}",
        f"DMG*D8*{born}*{chance.choice('FM')}", f"NM1*PR*2*{payer}*****PI*{payer_id}",
        f"CLM*PCN{scattered(number)}*{_money(total)}***11:B:1*Y*A*Y*Y",
        f"REF*D9*2026{scattered(number)}BENCH", "HI*" + "*".join(f"{'ABF' if at else 'ABK'}:{code}" for at, code in enumerate(codes)),
        f"NM1*82*1*{chance.choice(_LAST)}*TERRY****XX*{chance.choice(npis[1:])}", "PRV*PE*PXC*207Q00000X",
    ]  # fmt: skip
    for line, (code, fee) in enumerate(services, start=1):
        modifier = ":25" if code.startswith("992") and len(services) > 1 else ""
        pointer = ":".join(str(at) for at in range(1, min(line, len(codes)) + 1))
        segments += [
            f"LX*{line}", f"SV1*HC:{code}{modifier}*{_money(fee)}*UN*1***{pointer}", f"DTP*472*D8*{day}",
            f"REF*6R*{number}L{line}",
        ]  # fmt: skip
    return segments


def payment_transaction(count: int, seed: int = 1) -> str:
    """ST to SE of a remittance that balances, a recoupment and interest among the provider adjustments."""
    chance = random.Random(seed)
    npis = _npis(chance, 40)
    claims: list[str] = []
    paid = 0
    for number in range(1, count + 1):
        segments, cents = _paid_claim(chance, number, npis)
        if number % _REVERSED_ONE_IN == 0:  # paid by an earlier file, taken back and paid again by this one
            claims += _reversed(segments)
            cents = 0
        claims += segments
        paid += cents
    adjustments = 5000 - 125
    header = [
        f"ST*835*{_CONTROL}", f"BPR*I*{_money(paid - adjustments)}*C*ACH*CTX*01*011000015*DA*123456*1512345678**01*"
        "011000028*DA*654321*20260105", "TRN*1*EFT0001*1512345678", "DTM*405*20260104", "N1*PR*FIRST HEALTH PLAN",
        "N3*PO BOX 1", "N4*ALBANY*NY*12207", "REF*2U*60054", "PER*BL*PROVIDER LINE*TE*8005550100",
        f"N1*PE*BENCH GROUP*XX*{npis[0]}", "REF*TJ*141234567", "LX*1",
    ]  # fmt: skip
    plb = f"PLB*{npis[0]}*20261231*WO:PCN0000001*{_money(5000)}*L6:INT*{_money(-125)}"
    return _closed([*header, *claims, plb])


def _paid_claim(chance: random.Random, number: int, npis: list[str]) -> tuple[list[str], int]:
    services = chance.sample(_FEES, chance.choice((1, 2, 2, 2, 3, 3)))
    denied = number % _DENIED_ONE_IN == 0
    day = f"{_FIRST_DAY + timedelta(days=chance.randrange(40)):%Y%m%d}"
    lines: list[str] = []
    total = paid = owed = 0
    for line, (code, fee) in enumerate(services, start=1):
        allowed = 0 if denied else fee * 7 // 10
        copay = 0 if denied else chance.choice((0, 0, allowed // 5))
        lines += [f"SVC*HC:{code}*{_money(fee)}*{_money(allowed - copay)}**1", f"DTM*472*{day}"]
        lines.append(f"CAS*CO*{'29' if denied else '45'}*{_money(fee - allowed)}")
        if copay:
            lines.append(f"CAS*PR*2*{_money(copay)}")
        lines.append(f"REF*6R*{number}L{line}")
        lines.append("LQ*HE*N30" if denied else f"AMT*B6*{_money(allowed)}")
        total, paid, owed = total + fee, paid + allowed - copay, owed + copay
    person = f"{chance.choice(_LAST)}*{chance.choice(_FIRST)}"
    head = [
        f"CLP*PCN{scattered(number)}*{'4' if denied else '1'}*{_money(total)}*{_money(paid)}*"
        f"{_money(owed) if owed else ''}*12*ICN{scattered(number)}*11*1",
        f"NM1*QC*1*{person}****MI*W{scattered(number)}",
        f"NM1*82*1*{chance.choice(_LAST)}*TERRY****XX*{chance.choice(npis)}", f"REF*EA*M{number:06d}", f"DTM*232*{day}", f"DTM*050*{day}",
    ]  # fmt: skip
    return head + lines, paid


def _reversed(segments: list[str]) -> list[str]:
    """The same claim taken back: every amount negated."""
    found = []
    for segment in segments:
        part = segment.split("*")
        if part[0] == "CLP":
            part[2] = "22"
            part[3:6] = [_negative(amount) for amount in part[3:6]]
        elif part[0] == "SVC":
            part[2:4] = [_negative(amount) for amount in part[2:4]]
        elif part[0] == "CAS":
            part[3] = _negative(part[3])
        found.append("*".join(part))
    return [segment for segment in found if not segment.startswith("AMT")]


def _negative(amount: str) -> str:
    return f"-{amount}" if amount not in ("", "0") else amount


def _npis(chance: random.Random, count: int) -> list[str]:
    stems = (f"1{chance.randrange(10**8):08d}" for _ in range(count))
    return [next(f"{stem}{digit}" for digit in range(10) if luhn_npi(f"{stem}{digit}")) for stem in stems]


def scattered(number: int) -> str:
    """A number of seven digits that looks like none of its neighbours."""
    return f"{number * 7_368_787 % 9_999_991:07d}"


def _money(cents: int) -> str:
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{cents // 100}.{cents % 100:02d}".rstrip("0").rstrip(".") if cents else "0"


def _closed(segments: list[str]) -> str:
    return "~".join([*segments, f"SE*{len(segments) + 1}*{_CONTROL}"]) + "~"


def _head(function: str, guide: str) -> str:
    return f"{_ISA}GS*{function}*BENCH*CLEARINGHOUSE*20260102*0304*1*X*{guide}~"


def _tail(count: str) -> str:
    return f"GE*{count}*1~IEA*1*000000001~"


def _file(function: str, guide: str, count: str, transaction: str) -> bytes:
    return (_head(function, guide) + transaction + _tail(count)).encode()
