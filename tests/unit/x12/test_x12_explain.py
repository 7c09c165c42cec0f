"""Files in plain words: every real file can be told, and one claim can be told alone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from bench.x12_files import claims
from medguild.x12 import Unreadable
from medguild.x12.explain import explain
from tests.support import shared_data

DATA = shared_data() / "x12"
FILES = sorted(p for p in DATA.iterdir() if p.suffix != ".md")


def told(name: str, claim: str = "") -> str:
    with (DATA / name).open("rb") as stream:
        return "\n".join(explain(stream, claim))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_real_file_can_be_told(path: Path) -> None:
    try:
        text = told(path.name)
    except Unreadable:
        assert path.stat().st_size == 0
        return
    assert text.startswith("Interchange ")
    assert "{" not in text


def test_every_claim_of_a_long_file_is_told_with_its_subscriber() -> None:
    told_lines = list(explain(BytesIO(claims(300))))
    assert sum(line.endswith("[2000B]") for line in told_lines) == 300
    assert sum(line.endswith("[2300]") for line in told_lines) == 300


def test_a_remittance_says_who_paid_what_and_why_not_more() -> None:
    text = told("own_835_reversal_correction.835")
    assert "Payment of 110.00 by electronic transfer on 2026-01-02" in text
    assert "Claim PCN0001: reversal, charge -200.00, paid -100.00, payer's number ICNORIG1" in text
    assert "Adjusted (patient owes it): 20.00 for reason 2" in text


def test_a_benefit_answer_says_amounts_and_periods() -> None:
    text = told("own_271_copay_ded_repeat.271")
    assert "Benefit: co-payment, 25.00, service types 98, in network" in text
    assert "Benefit: deductible, 350.00, remaining, service types 30, in network" in text
    assert "Benefit: coinsurance, 20%, service types 30, out of network" in text


def test_one_claim_is_told_with_the_levels_above_it_and_no_other() -> None:
    text = told("own_837p_multi_claims_dependents.837", "PCN1001")
    assert text.count("Claim [2300]") == 1
    assert "Claim PCN1001: charge 100.00" in text
    assert "Billing provider: MEDGUILD TEST GROUP" in text
    assert "PCN1002" not in text
    remittance = told("own_835_reversal_correction.835", "PCN0002")
    assert "Claim PCN0002" in remittance
    assert "PCN0001" not in remittance
    assert "Payment of 110.00" in remittance


def test_a_claim_that_is_not_there_is_not_invented() -> None:
    assert "Claim" not in told("own_835_interest.835", "NOBODY").replace("Claim payment", "")
