"""Writing 835 files: balanced, readable as the same records, valid for pyx12."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from medguild.x12 import CountingNumbers, Unwritable, inspect_stream, load_remittances, write_remittances
from medguild.x12.records.common import (
    Adjustment,
    Amount,
    Contact,
    Dated,
    Party,
    Procedure,
    Reference,
    Remark,
)
from medguild.x12.records.remittance import ProviderAdjustment, ProviderSummary, Remittance, RemittanceParty
from tests.support_x12 import ENVELOPE, pyx12_errors, read_transactions
from tests.support_x12_records import npi, paid_claim, payment, remittance, remittances

CO, PR = Adjustment("CO", "45", 5000), Adjustment("PR", "3", 1000)
YEAR_END = date(2026, 12, 31)


def write(*found: Remittance, check: bool = True) -> bytes:
    out = io.BytesIO()
    write_remittances(out, found, ENVELOPE, CountingNumbers(), check=check)
    return out.getvalue()


def read(data: bytes) -> list[Remittance]:
    found = []
    for one in read_transactions(data):
        assert isinstance(one, Remittance)
        found.append(replace(one, header=replace(one.header, control="")))
    return found


def assert_valid(data: bytes, *, second_plb: bool = False) -> None:
    report = inspect_stream(io.BytesIO(data), "written")
    assert report.ok, report.lines()
    errors = pyx12_errors(data)
    if second_plb:  # pyx12 refuses a second PLB segment, which the guide allows
        errors = [text for text in errors if "FOOTER" not in text]
    assert errors == []


PAID = paid_claim("PCN1", payment(15000, 9000, CO, PR))
DENIED = paid_claim("PCN2", payment(8000, 0, Adjustment("CO", "29", 8000), remarks=(Remark("HE", "N382"),)), status="4")
REVERSED = paid_claim(
    "PCN3", payment(-20000, -10000, Adjustment("CO", "45", -8000), Adjustment("PR", "2", -2000)), status="22"
)
CORRECTED = paid_claim("PCN3", payment(20000, 12000, Adjustment("CO", "45", 6000), Adjustment("PR", "2", 2000)))


def test_paid_denied_reversed_and_offset() -> None:
    plb = (
        ProviderAdjustment(npi(1), YEAR_END, "WO", "ICN9", 2500),
        ProviderAdjustment(npi(1), YEAR_END, "L6", "", -321),
    )
    whole = remittance(PAID, DENIED, REVERSED, CORRECTED, plb=plb)
    data = write(whole)
    assert read(data) == [whole]
    assert_valid(data)
    loaded = load_remittances(io.BytesIO(data))
    assert loaded.may_post(loaded.remittances[0])
    assert whole.header.payment_cents == 9000 - 10000 + 12000 - 2500 + 321


def test_two_payments_in_one_file() -> None:
    first, second = remittance(PAID), remittance(DENIED, trace_number="CHK2")
    data = write(first, second)
    assert read(data) == [first, second]
    assert_valid(data)


def test_every_field_of_a_claim_survives() -> None:
    service = payment(
        15000, 9000, CO, PR, revenue_code="0450", billed=Procedure("HC", "99214", ("25",)),
        references=(Reference("6R", "LINE1"),), amounts=(Amount("B6", 10000),),
        remarks=(Remark("HE", "M127"), Remark("HE", "N382")),
    )  # fmt: skip
    full = paid_claim(
        "PCN1", service,
        parties=(
            Party("QC", "1", "SAMPLE", "CASEY", "Q", "JR", "MI", "MBR0001"),
            Party("74", "1", "SAMPLE", "CASEY", id_qualifier="C", id="MBR0002"),
            Party("82", "1", "TESTER", "DREW", id_qualifier="XX", id=npi(2)),
        ),
        outpatient=("", "", "MA01"), references=(Reference("EA", "MRN1"),),
        dates=(Dated("232", date(2025, 12, 1)), Dated("050", date(2025, 12, 9))), amounts=(Amount("AU", 10000),),
        contacts=(Contact("CX", "HELP", (("TE", "5555550199"),)),),
    )  # fmt: skip
    whole = replace(
        remittance(full, receiver_id="TST0001", version_id="V1", trace_supplement="SUPP"),
        summaries=(ProviderSummary("1", (npi(1), "11", "20261231", "1", "150"), ()),),
    )
    data = write(whole)
    assert read(data) == [whole]
    assert_valid(data)


def test_a_claim_level_only_remittance_with_six_reasons_and_a_quantity() -> None:
    reasons = tuple(Adjustment("CO", code, 1000) for code in ("45", "96", "97", "16", "50", "18", "22"))
    bare = paid_claim("PCN1", charge_cents=10000, paid_cents=3000, adjustments=reasons)
    data = write(remittance(bare))
    assert data.count(b"CAS*CO") == 2
    assert read(data) == [remittance(bare)]
    assert_valid(data)


def test_many_provider_adjustments_take_several_segments() -> None:
    plb = tuple(ProviderAdjustment(npi(1), YEAR_END, "CS", f"R{n}", 100) for n in range(8))
    plb += (ProviderAdjustment(npi(2), YEAR_END, "CS", "R9", 100),)
    data = write(remittance(PAID, plb=plb))
    assert data.count(b"PLB*") == 3
    assert read(data) == [remittance(PAID, plb=plb)]
    assert_valid(data, second_plb=True)


@pytest.mark.parametrize(
    "broken",
    [
        replace(remittance(PAID), header=replace(remittance(PAID).header, payment_cents=9001)),
        remittance(replace(PAID, paid_cents=9100)),
        remittance(paid_claim("PCN1", payment(15000, 9100, CO, PR))),
        remittance(PAID, PAID),
        remittance(REVERSED),
    ],
)
def test_what_does_not_balance_is_refused(broken: Remittance) -> None:
    with pytest.raises(Unwritable):
        write(broken)
    assert read(write(broken, check=False)) == [broken]


def test_the_key_of_a_remittance_does_not_depend_on_its_wrapping() -> None:
    one = read(write(remittance(PAID)))[0].header
    assert one.key == ("1999999999", npi(1), "CHK1", 9000, date(2026, 1, 2))
    assert replace(one, trace_payer_id="", payer=RemittanceParty("P", "XV", "PAYER1")).payer_id == "PAYER1"
    assert replace(one, trace_payer_id="", payer=RemittanceParty(references=(Reference("2U", "9"),))).payer_id == "9"
    assert (one.payee.npi, one.payee.tax_id, one.payer.npi) == (npi(1), "999990001", "")


def test_helpers_of_the_records() -> None:
    assert (REVERSED.is_reversal, DENIED.is_denial, PAID.is_denial) == (True, True, False)
    assert (PAID.adjusted_cents, PAID.services[0].service_date) == (6000, date(2025, 12, 1))
    assert (PAID.patient is not None, PAID.subscriber, PAID.rendering) == (True, None, None)
    assert replace(PAID, outpatient=("", "", "MA01", "MA18")).remark_codes == ("MA01", "MA18")
    assert replace(PAID, inpatient=("0", "", "", "", "MA02")).remark_codes == ("MA02",)
    assert payment(1, 1).line_control == ""
    assert Party("QC", "1", "B", "A", id_qualifier="XX", id="1").full_name == "A B"


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(remittances())
def test_whole_remittances_read_back_and_are_valid(whole: Remittance) -> None:
    data = write(whole)
    assert read(data) == [whole]
    assert_valid(data, second_plb=len(whole.provider_adjustments) > 6)
    assert write(*read(data)) == data
