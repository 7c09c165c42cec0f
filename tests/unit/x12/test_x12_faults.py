"""Planted faults: one random fault in a balanced 835 is found, or is of a kind that no rule can see.

1,000 faults in the tests, 10,000 in `make judge`.
"""

from __future__ import annotations

import io
import os
import random
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import pytest

from medguild.x12 import CountingNumbers, inspect_stream, load_remittances, write_remittances
from medguild.x12.records.common import Adjustment, Reference, Remark
from medguild.x12.records.remittance import ProviderAdjustment, Remittance
from tests.support_x12 import ENVELOPE
from tests.support_x12_records import npi, paid_claim, payment, remittance

TRIALS = 10_000 if int(os.environ.get("MEDGUILD_JUDGE_EXAMPLES", "50")) > 50 else 1_000
Segments = list[str]
Fault = Callable[[Segments, random.Random], str]
# what no rule can see, and why
UNDETECTABLE = {
    "group": "CO, OA and PI all lower the payment; which one is right, only the contract says. Where PR is one of the "
    "two, CLP05 tells.",
    "lost claim of nothing": "An 835 counts segments, not claims; a claim paid nothing leaves no gap in any sum, and a "
    "program that loses it before it counts leaves none in SE01.",
    "group at both": "A payer that changes PR and CLP05 alike says another thing consistently.",
    "amounts that agree": "Two adjustments that change by one amount in opposite directions split it otherwise.",
}


@lru_cache(maxsize=300)
def balanced(seed: int) -> bytes:
    """A payment with claims paid, denied, adjusted at claim level, reversed and corrected, and provider adjustments."""
    rng = random.Random(seed)
    claims = []
    for number in range(rng.randrange(2, 6)):
        services = []
        for at in range(rng.randrange(1, 4)):
            charge = rng.randrange(5_000, 90_000)
            contractual, patient = rng.randrange(1, charge // 3), rng.randrange(1, charge // 3)
            cuts = (Adjustment("CO", "45", contractual), Adjustment("PR", rng.choice("123"), patient))
            remarks = (Remark("HE", "N381"),)
            line_number = (Reference("6R", f"L{number}{at}"),)
            services.append(
                payment(charge, charge - contractual - patient, *cuts, remarks=remarks, references=line_number)
            )
        claims.append(paid_claim(f"PCN{seed}{number}", *services))
    claims.append(paid_claim(f"PCN{seed}X", payment(5_000, 0, Adjustment("CO", "29", 5_000)), status="4"))
    first = claims[0]
    back = [
        payment(
            -s.charge_cents, -s.paid_cents, *(Adjustment(a.group, a.reason, -a.amount_cents) for a in s.adjustments)
        )
        for s in first.services
    ]
    claims.append(paid_claim("OLD" + first.patient_control, *back, status="22"))
    claims.append(paid_claim("OLD" + first.patient_control, *first.services, payer_control="ICNNEW"))
    plb = (
        ProviderAdjustment(npi(1), ENVELOPE.created.date(), "L6", "", -rng.randrange(1, 500)),
        ProviderAdjustment(npi(1), ENVELOPE.created.date(), "WO", "PCN1", rng.randrange(1, 500)),
    )
    out = io.BytesIO()
    write_remittances(out, [remittance(*claims, plb=plb)], ENVELOPE, CountingNumbers())
    return out.getvalue()


AMOUNTS = {"BPR": (2,), "CLP": (3, 4, 5), "SVC": (2, 3), "CAS": (3,), "PLB": (4, 6)}


def amount_places(segments: Segments) -> list[tuple[int, int]]:
    found = []
    for at, segment in enumerate(segments):
        elements = segment.split("*")
        found += [(at, n) for n in AMOUNTS.get(elements[0], ()) if n < len(elements) and elements[n]]
    return found


def _changed(segments: Segments, at: int, number: int, text: str) -> None:
    elements = segments[at].split("*")
    elements[number] = text
    segments[at] = "*".join(elements)


def amount(segments: Segments, rng: random.Random) -> str:
    at, number = rng.choice(amount_places(segments))
    cents = round(float(segments[at].split("*")[number]) * 100) + rng.choice([-100, -10, -1, 1, 9, 10, 90, 100])
    _changed(segments, at, number, f"{cents / 100:.2f}")
    return f"amount {segments[at][:3]}{number:02d}"


def sign(segments: Segments, rng: random.Random) -> str:
    at, number = rng.choice(amount_places(segments))
    text = segments[at].split("*")[number]
    if float(text) == 0:
        return "nothing"
    _changed(segments, at, number, text[1:] if text.startswith("-") else "-" + text)
    return f"sign {segments[at][:3]}{number:02d}"


def lost(segments: Segments, rng: random.Random) -> str:
    """The receiver's count catches it as it came; here the count is put right, as a broken program would send it."""
    start, end = _inside(segments)
    at = rng.choice([n for n in range(start + 1, end) if segments[n][:3] in ("CLP", "SVC", "CAS", "PLB", "BPR")])
    name = segments.pop(at)[:3]
    _recount(segments)
    return f"lost {name}"


def lost_uncounted(segments: Segments, rng: random.Random) -> str:
    start, end = _inside(segments)
    return "lost, uncounted " + segments.pop(rng.randrange(start, end + 1))[:3]


def doubled_segment(segments: Segments, rng: random.Random) -> str:
    start, end = _inside(segments)
    at = rng.choice([n for n in range(start + 1, end) if segments[n][:3] in ("CLP", "SVC", "CAS", "PLB", "BPR")])
    segments.insert(at, segments[at])
    _recount(segments)
    return f"doubled {segments[at][:3]}"


def doubled_claim(segments: Segments, rng: random.Random) -> str:
    """A whole claim twice, and the payment raised with it: everything adds up."""
    start, end = _claim(segments, rng)
    paid = round(float(segments[start].split("*")[4]) * 100)
    segments[end:end] = segments[start:end]
    at = next(n for n, segment in enumerate(segments) if segment.startswith("BPR*"))
    total = round(float(segments[at].split("*")[2]) * 100) + paid
    if total <= 0:
        return "nothing"
    _changed(segments, at, 2, f"{total / 100:.2f}")
    _recount(segments)
    return "doubled claim"


def lost_claim(segments: Segments, rng: random.Random) -> str:
    start, end = _claim(segments, rng)
    paid_nothing = round(float(segments[start].split("*")[4]) * 100) == 0
    del segments[start:end]
    _recount(segments)
    return "lost claim of nothing" if paid_nothing else "lost claim"


def group(segments: Segments, rng: random.Random) -> str:
    """CO becomes PR or the reverse (CLP05 tells), or another group that patients do not owe (nothing tells)."""
    at = rng.choice([n for n, segment in enumerate(segments) if segment.startswith("CAS*")])
    old = segments[at].split("*")[1]
    new = rng.choice([one for one in ("CO", "OA", "PI", "PR") if one != old])
    _changed(segments, at, 1, new)
    return "swapped PR" if "PR" in (old, new) else "group"


def swapped_amounts(segments: Segments, rng: random.Random) -> str:
    """Charge and payment change places."""
    rows = [n for n, segment in enumerate(segments) if segment[:3] in ("CLP", "SVC")]
    at = rng.choice(rows)
    one, two = (3, 4) if segments[at].startswith("CLP") else (2, 3)
    elements = segments[at].split("*")
    _changed(segments, at, one, elements[two])
    _changed(segments, at, two, elements[one])
    return f"swapped {segments[at][:3]}"


FAULTS: tuple[Fault, ...] = (
    amount, sign, lost, lost_uncounted, doubled_segment, doubled_claim, lost_claim, group, swapped_amounts,
)  # fmt: skip


def _inside(segments: Segments) -> tuple[int, int]:
    """Positions of ST and SE."""
    return tuple(n for n, s in enumerate(segments) if s[:3] in ("ST*", "SE*"))  # type: ignore[return-value]


def _recount(segments: Segments) -> None:
    start, end = _inside(segments)
    _changed(segments, end, 1, str(end - start + 1))


def _claim(segments: Segments, rng: random.Random) -> tuple[int, int]:
    starts = [n for n, segment in enumerate(segments) if segment.startswith("CLP*")]
    start = rng.choice(starts)
    ends = ("CLP", "PLB", "SE*", "LX*")
    return start, next(n for n in range(start + 1, len(segments)) if segments[n][:3] in ends)


def plant(data: bytes, rng: random.Random) -> tuple[bytes, str]:
    segments = data.decode().split("~")[:-1]
    what = rng.choice(FAULTS)(segments, rng)
    return ("~".join(segments) + "~").encode(), what


def findings(data: bytes) -> list[str]:
    """Everything that is said of the file, warnings too: a warning is shown before anything is posted."""
    report = inspect_stream(io.BytesIO(data), "planted")
    found = [issue.rule for issue in report.issues]
    for interchange in report.interchanges:
        found += [issue.rule for issue in interchange.issues]
        for one in interchange.groups:
            found += [issue.rule for issue in one.issues]
            found += [issue.rule for transaction in one.transactions for issue in transaction.issues]
    return found


def may_post(data: bytes) -> bool:
    file = load_remittances(io.BytesIO(data))
    return all(file.may_post(one) for one in file.remittances) and bool(file.remittances)


@pytest.mark.parametrize("seed", range(20))
def test_the_clean_payment_is_clean(seed: int) -> None:
    assert findings(balanced(seed)) == []
    assert may_post(balanced(seed))


def test_one_planted_fault_is_always_found() -> None:
    rng = random.Random(835)
    found, unseen = Counter[str](), Counter[str]()
    for _ in range(TRIALS):
        data, what = plant(balanced(rng.randrange(200)), rng)
        if what == "nothing":
            continue
        if findings(data):
            found[what] += 1
        elif what in UNDETECTABLE:
            unseen[what] += 1
        else:
            pytest.fail(f"not found: {what}")
    assert set(unseen) <= {"group", "lost claim of nothing"}
    assert sum(found.values()) > TRIALS * 0.9
    assert {"doubled claim", "lost claim", "swapped PR", "amount BPR02"} <= set(found)


# the payment to the provider is right: who owes the rest is in doubt
WARNED_ONLY = {"amount CLP05", "sign CLP05", "swapped PR"}


def test_what_changes_the_money_is_never_posted() -> None:
    rng = random.Random(836)
    for _ in range(TRIALS // 4):
        data, what = plant(balanced(rng.randrange(200)), rng)
        if what == "nothing" or what in UNDETECTABLE or what in WARNED_ONLY:
            continue
        assert not may_post(data), what


def test_the_classes_that_no_rule_sees_are_few_and_reasoned() -> None:
    assert all(len(reason) > 40 for reason in UNDETECTABLE.values())
    one = paid_claim("PCN1", payment(10_000, 7_000, Adjustment("CO", "45", 2_000), Adjustment("OA", "23", 1_000)))
    other = paid_claim("PCN1", payment(10_000, 7_000, Adjustment("CO", "45", 1_500), Adjustment("OA", "23", 1_500)))
    for claim in (one, other):
        assert findings(_written(remittance(claim))) == []


def _written(one: Remittance) -> bytes:
    out = io.BytesIO()
    write_remittances(out, [one], ENVELOPE, CountingNumbers())
    return out.getvalue()
