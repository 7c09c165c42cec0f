"""What can never be written: it is refused with what to do, never cut, split or half written."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

import pytest

from medguild.x12 import CountingNumbers, Envelope, Unwritable, claim_transactions, write_claims
from medguild.x12.records.claim import Claim, ClaimTransaction
from medguild.x12.records.common import Adjustment
from tests.support import shared_data

DATA = shared_data() / "x12"
ENVELOPE = Envelope("SENDER", "RECEIVER", datetime(2026, 3, 1, 9, 30))


def read(name: str) -> ClaimTransaction:
    with (DATA / name).open("rb") as stream:
        (transaction,) = [reader.read() for reader in claim_transactions(stream)]
    return transaction


def write(transaction: ClaimTransaction) -> bytes:
    out = io.BytesIO()
    write_claims(out, [transaction], ENVELOPE, CountingNumbers())
    return out.getvalue()


def secondary(count: int, *, at_claim: bool) -> ClaimTransaction:
    """A secondary claim with `count` reasons under CO, at the claim or at its line."""
    transaction = read("own_837p_secondary_cob.837")
    claim: Claim = transaction.claims[0]
    reasons = tuple(Adjustment("CO", str(number), 100) for number in range(1, count + 1))
    if at_claim:
        payers = (replace(claim.other_payers[0], adjustments=reasons),)
        lines = (replace(claim.lines[0], adjudications=()),)
        return replace(transaction, claims=(replace(claim, other_payers=payers, lines=lines),))
    done = replace(claim.lines[0].adjudications[0], adjustments=reasons)
    lines = (replace(claim.lines[0], adjudications=(done,)),)
    return replace(transaction, claims=(replace(claim, lines=lines),))


@pytest.mark.parametrize("at_claim", [True, False])
def test_six_reasons_of_a_group_are_one_segment_and_seven_are_refused(at_claim: bool) -> None:
    assert write(secondary(6, at_claim=at_claim)).count(b"~CAS*CO*") == 1
    with pytest.raises(Unwritable, match="More than 6 reasons"):
        write(secondary(7, at_claim=at_claim))


@pytest.mark.parametrize("postal", ["4321^0001", "Ñ3215"])
def test_no_separator_and_no_foreign_letter_in_data(postal: str) -> None:
    transaction = read("own_837p_secondary_cob.837")
    claim = transaction.claims[0]
    assert claim.billing.address
    billing = replace(claim.billing, address=replace(claim.billing.address, postal_code=postal))
    with pytest.raises(Unwritable, match=r"of N4 holds a delimiter|N4 holds a letter"):
        write(replace(transaction, claims=(replace(claim, billing=billing),)))
