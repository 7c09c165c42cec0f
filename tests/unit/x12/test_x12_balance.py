"""Planted faults in balanced remittances are always found; the rules of claims likewise."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from medguild.x12 import inspect_stream, load_remittances
from medguild.x12.amounts import parse_cents, x12_amount
from medguild.x12.balance import WINDOW, ClaimBalance, RemittanceBalance
from medguild.x12.errors import IssueLog
from medguild.x12.records.claim import Claim, LineAdjudication, OtherPayer
from medguild.x12.records.common import Adjustment, Amount, Procedure
from medguild.x12.records.remittance import Remittance
from tests.support import shared_data
from tests.support_x12_records import PAYER, SELF, claim, line, paid_claim, payment, remittance

DATA = shared_data() / "x12"
BALANCED = (
    "own_835_reversal_correction.835", "own_835_denials_remarks.835", "own_835_two_payers_two_checks.835",
    "own_835_interest.835", "own_835_capitation.835", "own_835_claim_level_only.835", "own_835_secondary_oa23.835",
    "stup_multiple_claims_single_check.835", "stup_secondary_payments.835", "stup_era_sample.835",
    "stup_dollars_and_data_sent_together.835", "own_835_reversal_two_sets.835",
)  # fmt: skip
AMOUNTS = {
    "BPR": [2], "CLP": [3, 4], "SVC": [2, 3], "CAS": [3, 6, 9, 12, 15, 18], "PLB": [4, 6, 8, 10, 12, 14],
}  # fmt: skip
Segments = list[list[str]]


def segments_of(name: str) -> Segments:
    text = (DATA / name).read_text()
    return [part.strip().split("*") for part in text.split("~") if part.strip()]


def amounts_in(segments: Segments) -> list[tuple[int, int]]:
    return [
        (at, index)
        for at, segment in enumerate(segments)
        for index in AMOUNTS.get(segment[0], [])
        if index < len(segment) and segment[index]
    ]


def text_of(segments: Segments) -> bytes:
    """The file again, its segment counts corrected, so that only the money can tell."""
    start = 0
    for at, segment in enumerate(segments):
        if segment[0] == "ST":
            start = at
        if segment[0] == "SE":
            segment[1] = str(at - start + 1)
    return ("~".join("*".join(s) for s in segments) + "~").encode()


def wrong_amount(segments: Segments, rng: random.Random) -> bool:
    at, index = rng.choice(amounts_in(segments))
    segments[at][index] = x12_amount(parse_cents(segments[at][index]) + rng.choice([-1, 1, 100, -1000, 12345]))
    return True


def wrong_sign(segments: Segments, rng: random.Random) -> bool:
    at, index = rng.choice(amounts_in(segments))
    cents = parse_cents(segments[at][index])
    segments[at][index] = x12_amount(-cents)
    return cents != 0


def lost_segment(segments: Segments, rng: random.Random) -> bool:
    at = rng.choice([at for at, index in amounts_in(segments)])
    lost = segments.pop(at)
    return any(parse_cents(lost[i]) for i in AMOUNTS[lost[0]] if i < len(lost) and lost[i])


def doubled_claim(segments: Segments, rng: random.Random) -> bool:
    starts = [at for at, segment in enumerate(segments) if segment[0] == "CLP"]
    start = rng.choice(starts)
    end = next(at for at in range(start + 1, len(segments)) if segments[at][0] in ("CLP", "LX", "PLB", "SE"))
    segments[end:end] = [list(segment) for segment in segments[start:end]]
    return True


def swapped_group(segments: Segments, rng: random.Random) -> bool:
    """Found through CLP05 when the patient's part changes; CO for OA cannot be found by any rule."""
    places = [at for at, segment in enumerate(segments) if segment[0] == "CAS"]
    if not places:
        return False
    at = rng.choice(places)
    patient = segments[at][1] == "PR"
    segments[at][1] = "CO" if patient else "PR"
    claim_at = max(i for i in range(at) if segments[i][0] == "CLP")
    return len(segments[claim_at]) > 5 and bool(segments[claim_at][5])


@pytest.mark.parametrize("fault", [wrong_amount, wrong_sign, lost_segment, doubled_claim, swapped_group])
@pytest.mark.parametrize("name", BALANCED)
def test_a_planted_fault_is_found(name: str, fault: Callable[[Segments, random.Random], bool]) -> None:
    before = inspect_stream(io.BytesIO(text_of(segments_of(name))), name)
    assert before.ok
    known = {issue.rule for t in before.transactions for issue in t.issues}
    rng = random.Random(f"{name}{fault.__name__}")
    for _ in range(40):
        segments = segments_of(name)
        if not fault(segments, rng):
            continue
        after = inspect_stream(io.BytesIO(text_of(segments)), name)
        new = {issue.rule for t in after.transactions for issue in t.issues} - known
        assert new, segments


@pytest.mark.parametrize("name", BALANCED)
def test_wrong_money_is_never_posted(name: str) -> None:
    rng = random.Random(name)
    for _ in range(25):
        segments = segments_of(name)
        if not rng.choice([wrong_amount, wrong_sign])(segments, rng):
            continue
        file = load_remittances(io.BytesIO(text_of(segments)))
        assert not all(file.may_post(loaded) for loaded in file.remittances)


def check(whole: Remittance) -> tuple[RemittanceBalance, list[str]]:
    log = IssueLog()
    balance = RemittanceBalance(log)
    for one in whole.claims:
        balance.add(one)
    balance.finish(whole.header, whole.provider_adjustments, 2, unread=False)
    return balance, [issue.rule for issue in log]


CO = Adjustment("CO", "45", 5000)


def test_the_difference_is_that_of_the_outermost_level() -> None:
    good = paid_claim("A", payment(15000, 10000, CO))
    total = remittance(good)
    total = replace(total, header=replace(total.header, payment_cents=10003))
    assert check(total)[0].difference_cents == 3
    on_claim = remittance(replace(good, charge_cents=15001))
    assert (check(on_claim)[0].difference_cents, check(on_claim)[1]) == (1, ["835.claim"])
    two_lines = paid_claim("B", payment(15000, 10100, CO), payment(15000, 9900, CO))
    balance, rules = check(remittance(two_lines))
    assert (balance.difference_cents, rules) == (200, ["835.line", "835.line"])
    assert not balance.balanced


def test_line_and_claim_adjustments_may_stand_together() -> None:
    mixed = replace(
        paid_claim("A", payment(15000, 10000, CO)), adjustments=(Adjustment("PR", "1", 1000),), paid_cents=9000,
        patient_responsibility_cents=1000,
    )  # fmt: skip
    assert check(remittance(mixed))[1] == []
    assert check(remittance(replace(mixed, patient_responsibility_cents=5)))[1] == ["835.patient"]
    assert check(remittance(replace(mixed, patient_responsibility_cents=None)))[1] == ["835.patient"]
    owes_nothing = paid_claim("A", payment(15000, 10000, CO))
    assert check(remittance(replace(owes_nothing, patient_responsibility_cents=None)))[1] == []


def test_lines_that_do_not_add_up_are_a_warning() -> None:
    odd = replace(paid_claim("A", payment(15000, 10000, CO)), charge_cents=25000, adjustments=(CO,), paid_cents=15000)
    assert check(remittance(odd))[1] == ["835.lines"]


def test_method_negative_payment_and_unknown_group() -> None:
    good = remittance(paid_claim("A", payment(15000, 10000, CO)))
    assert check(replace(good, header=replace(good.header, method="NON")))[1] == ["835.method"]
    owed = remittance(paid_claim("A", payment(-15000, -10000, replace(CO, amount_cents=-5000)), status="22"))
    assert check(owed)[1] == ["835.negative", "835.reversal"]
    strange = paid_claim("A", payment(15000, 5000, replace(CO, group="XX"), replace(CO, group="XX")))
    assert check(remittance(strange))[1] == ["835.group"]


def test_reversal_before_or_after_its_correction() -> None:
    back = paid_claim("A", payment(-15000, -10000, replace(CO, amount_cents=-5000)), status="22")
    again = paid_claim("A", payment(15000, 10000, CO), payer_control="NEW")
    more = paid_claim("B", payment(15000, 10000, CO))
    assert check(remittance(back, again, more))[1] == []
    assert check(remittance(again, back, more))[1] == []
    assert check(remittance(back, more))[1] == ["835.method", "835.reversal"] or check(remittance(back, more))[1] == [
        "835.reversal"
    ]


def test_doubles_are_sought_among_recent_claims() -> None:
    many = [paid_claim(f"P{n}", payment(15000, 10000, CO)) for n in range(WINDOW + 10)]
    balance, rules = check(remittance(*many, many[-1]))
    assert (rules, balance.claims) == (["835.doubled"], WINDOW + 11)
    alike = replace(many[-1], services=(payment(15000, 10000, CO, code="99214"),))
    assert check(remittance(many[-1], alike))[1] == []


def claim_rules(one: Claim) -> list[str]:
    log = IssueLog()
    ClaimBalance(log).add(one)
    return [issue.rule for issue in log]


def cob(paid: int, line_paid: int, *adjusted: Adjustment, at_claim: tuple[Adjustment, ...] = ()) -> Claim:
    done = LineAdjudication("BHP01", line_paid, Procedure("HC", "99213"), Decimal(1), "", adjusted, date(2026, 1, 1))
    strange = replace(done, payer_id="SOMEONE")
    other = OtherPayer(SELF.party, PAYER, amounts=(Amount("D", paid),), adjustments=at_claim)
    return claim(lines=(line(10000, adjudications=(done, strange)),), other_payers=(other,))


def test_other_payers_must_add_up_per_line_and_claim() -> None:
    assert claim_rules(cob(5000, 5000, CO)) == []
    assert claim_rules(cob(4000, 5000, CO)) == ["837.cob-claim"]
    assert claim_rules(cob(4000, 5000, CO, at_claim=(Adjustment("PR", "1", 1000),))) == []
    assert claim_rules(cob(4000, 4000, CO)) == ["837.cob-line"]
    silent = claim(other_payers=(OtherPayer(SELF.party, PAYER),))
    assert claim_rules(silent) == []


def test_a_claim_is_the_sum_of_its_lines() -> None:
    log = IssueLog()
    balance = ClaimBalance(log)
    balance.add(claim())
    balance.add(claim("PCN1002", charge_cents=10500))
    assert (balance.claims, balance.services, balance.charge_cents) == (2, 2, 20500)
    assert (balance.balanced, balance.difference_cents) == (False, 500)
    assert [issue.rule for issue in log] == ["837.sum"]
