"""Institutional claims: read whole, written back the same, accepted by an independent judge."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from medguild.x12 import CountingNumbers, Envelope, Unwritable, claim_transactions
from medguild.x12.records.claim import ClaimTransaction
from medguild.x12.write.claim import write_claims, write_institutional_claims
from tests.support import shared_data
from tests.support_x12 import pyx12_errors

DATA = shared_data() / "x12"
OURS = Envelope("MEDGUILD", "CLEARINGHOUSE", datetime(2026, 3, 1, 9, 30), extended=True)
GOOD = [
    "stup_automobile_accident.837i",
    "stup_out_of_network_repriced_claim.837i",
    "stup_ppo_repriced_claim.837i",
]


def read(data: bytes) -> list[ClaimTransaction]:
    return [reader.read() for reader in claim_transactions(io.BytesIO(data))]


def write(transactions: list[ClaimTransaction]) -> bytes:
    out = io.BytesIO()
    write_institutional_claims(out, transactions, OURS, CountingNumbers())
    return out.getvalue()


def sample(name: str) -> list[ClaimTransaction]:
    return read(Path(DATA / name).read_bytes())


@pytest.mark.parametrize("name", GOOD)
def test_what_is_read_is_written_the_same_and_accepted(name: str) -> None:
    transactions = sample(name)
    written = write(transactions)
    again = read(written)
    assert [t.claims for t in again] == [t.claims for t in transactions]
    assert write(again) == written
    assert set(pyx12_errors(written)) <= set(pyx12_errors((DATA / name).read_bytes()))


def test_codes_keep_their_dates_and_amounts() -> None:
    (transaction,) = sample("stup_ppo_repriced_claim.837i")
    (claim,) = transaction.claims
    assert claim.institutional is not None
    assert claim.institutional.patient_status == "01"
    (occurrence,) = claim.institutional.listed("BH")
    assert (occurrence.code, occurrence.date_form, occurrence.date) == ("11", "D8", "20050706")
    assert [d.code for d in claim.diagnoses] == ["38181", "38900"]
    assert [(line.revenue_code, line.procedure.code, line.charge_cents) for line in claim.lines] == [
        ("0471", "92557", 17800),
        ("0471", "92567", 5950),
    ]
    assert claim.charge_cents == 23750


def test_professional_and_institutional_claims_do_not_mix() -> None:
    institutional = sample(GOOD[0])
    with pytest.raises(Unwritable, match="files of their own"):
        write_claims(io.BytesIO(), institutional, OURS, CountingNumbers())
    professional = sample("own_837p_secondary_cob.837")
    with pytest.raises(Unwritable, match="files of their own"):
        write(professional)


def test_a_line_without_revenue_code_and_a_claim_without_dates_are_refused() -> None:
    (transaction,) = sample("stup_ppo_repriced_claim.837i")
    (claim,) = transaction.claims
    bare = replace(claim, lines=tuple(replace(line, revenue_code="") for line in claim.lines))
    with pytest.raises(Unwritable, match="revenue code"):
        write([replace(transaction, claims=(bare,))])
    with pytest.raises(Unwritable, match="statement dates"):
        write([replace(transaction, claims=(replace(claim, dates=()),))])
