"""What the typed readers make of real files, and what they say about lost pieces."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest

from medguild.x12 import Unreadable, claim_transactions, load_remittances, remittances
from medguild.x12.records.claim import Claim, ClaimTransaction
from medguild.x12.records.common import Adjustment
from medguild.x12.records.remittance import Remittance
from tests.support import shared_data
from tests.support_x12 import read_transactions, read_with_issues

DATA = shared_data() / "x12"


def text(name: str) -> str:
    return (DATA / name).read_text("latin-1")


def one_remittance(name: str) -> Remittance:
    found = read_transactions((DATA / name).read_bytes())[0]
    assert isinstance(found, Remittance)
    return found


def claims_of(name: str) -> list[Claim]:
    found: list[Claim] = []
    for transaction in read_transactions((DATA / name).read_bytes()):
        assert isinstance(transaction, ClaimTransaction)
        found += transaction.claims
    return found


def test_a_remittance_with_reversal_and_correction() -> None:
    whole = one_remittance("own_835_reversal_correction.835")
    header = whole.header
    assert (header.payer.name, header.payee.npi, header.payee.tax_id) == (
        "BENCH HEALTH PLAN",
        "1999999018",
        "999990001",
    )
    assert (header.trace_number, header.trace_payer_id, header.payer_id) == ("EFT1", "1999999999", "1999999999")
    assert (header.payment_cents, header.credit_debit, header.method, header.handling) == (11000, "C", "ACH", "I")
    assert (header.payment_date, header.production_date) == (date(2026, 1, 2), date(2026, 1, 1))
    assert header.bank[0] == "CCP"
    back, again, plain = whole.claims
    assert (back.is_reversal, back.payer_control, back.paid_cents) == (True, "ICNORIG1", -10000)
    assert (again.payer_control, again.frequency, again.patient_responsibility_cents) == ("ICNCORR1", "7", 2000)
    assert plain.patient is not None
    assert plain.patient.full_name
    line = again.services[0]
    assert (line.procedure.code, line.charge_cents, line.paid_cents, line.units_paid) == (
        "99213",
        20000,
        12000,
        Decimal(1),
    )
    assert line.service_date == date(2025, 12, 1)
    assert line.adjustments == (Adjustment("CO", "45", 6000), Adjustment("PR", "2", 2000))
    assert [claim.position for claim in whole.claims] == [12, 19, 26]
    assert whole.claims[1].services[0].position == 22


def test_remarks_quantities_and_provider_adjustments() -> None:
    denials = one_remittance("own_835_denials_remarks.835")
    assert [r.code for c in denials.claims for s in c.services for r in s.remarks] == ["M127", "N382"]
    level = one_remittance("own_835_claim_level_only.835").claims[0]
    assert [a.group for a in level.adjustments] == ["CO"] * 6 + ["PR"] * 2
    assert [a.quantity for a in level.adjustments if a.quantity is not None]
    plb = one_remittance("own_835_interest.835").provider_adjustments
    assert [(p.reason, p.amount_cents, p.fiscal_period_end) for p in plb] == [("L6", -321, date(2026, 12, 31))]
    hospital = one_remittance("stup_dollars_and_data_sent_together.835")
    assert hospital.claims[0].inpatient[0] == "0"
    assert hospital.claims[1].remark_codes == ("MA02",)
    assert [s.header_number for s in hospital.summaries] == ["110212", "130212"]
    assert hospital.summaries[0].ts2


def test_claims_of_subscriber_and_dependants() -> None:
    found = claims_of("own_837p_multi_claims_dependents.837")
    who = [(c.control, c.patient_party.first, c.patient is None, c.subscriber.relationship) for c in found]
    assert who == [
        ("PCN1001", "CASEY", True, "18"), ("PCN1002", "KAI", False, ""), ("PCN1003", "KAI", False, ""),
        ("PCN1004", "NOEL", False, ""), ("PCN1005", "NOEL", False, ""),
    ]  # fmt: skip
    first = found[0]
    assert (first.billing.npi, first.billing.tax_id, first.billing.taxonomy) == (
        "1999999018",
        "999990001",
        "207Q00000X",
    )
    assert first.billing.address is not None
    assert first.billing.address.postal_code == "627010001"
    assert (first.subscriber.member_id, first.subscriber.payer.id, first.subscriber.group_number) == (
        "MBR0001", "BHP01", "GRP100",
    )  # fmt: skip
    assert first.subscriber.birth_date == date(1980, 1, 1)
    assert first.rendering is not None
    assert (first.rendering.npi, first.rendering.taxonomy) == ("1999999026", "207Q00000X")
    assert [d.code for d in first.diagnoses] == ["E119", "I10"]
    assert found[1].patient is not None
    assert (found[1].patient.relationship, found[1].patient.birth_date) == ("19", date(2010, 1, 1))
    assert [line.charge_cents for line in found[1].lines] == [6000, 4000]
    assert (found[1].lines[0].service_date, found[1].lines[0].line_control) == (date(2025, 12, 1), "")
    assert found[0].billing is found[4].billing


def test_a_replacement_and_a_secondary_claim() -> None:
    replaced, voided = claims_of("own_837p_replacement_void.837")
    assert (replaced.frequency, replaced.payer_control, replaced.prior_authorization) == ("7", "ICNORIG7", "")
    assert (voided.frequency, voided.payer_control) == ("8", "ICNORIG8")
    (secondary,) = claims_of("own_837p_secondary_cob.837")
    (other,) = secondary.other_payers
    assert (other.paid_cents, other.payer.id, other.payer_control, other.filing_indicator) == (8000, "BPR01", "", "MB")
    (done,) = secondary.lines[0].adjudications
    assert (done.paid_cents, done.payer_id, done.paid_on) == (8000, "BPR01", date(2025, 12, 20))
    assert sum(a.amount_cents for a in done.adjustments) == 12000


def test_drugs_ambulance_and_accidents() -> None:
    drug = claims_of("stup_drug_administered_in_the_physician_office.837p")[0].lines[1].drug
    assert drug is not None
    assert drug.qualifier == "N4"
    assert drug.quantity is not None
    ambulance = claims_of("stup_ambulance.837p")[0]
    assert [segment[0] for segment in ambulance.other] == ["CR1", "CRC", "CRC"]
    assert ambulance.provider("PW") is not None
    accident = claims_of("lfh_demo.autoaccident.837p")[0]
    assert (accident.related_causes, accident.accident_state) == (("AA",), "CA")
    ordered = claims_of("stup_oxygen.837p")[0].lines[0]
    assert [p.party.role for p in ordered.providers] == ["DK"]
    assert ordered.forms


def test_the_header_of_claims() -> None:
    with (DATA / "own_837p_50_lines.837").open("rb") as stream:
        (reader,) = list(claim_transactions(stream))
    assert reader.header.reference == "BATCH1"
    assert reader.header.created == datetime(2026, 1, 2, 3, 4)
    assert (reader.header.submitter.id, reader.header.receiver.id) == ("TST0001", "CLH0001")


@pytest.mark.parametrize("clock", ["", "99", "2561", "03040", "0304XX"])
def test_odd_times_of_creation_do_not_stop_reading(clock: str) -> None:
    data = text("own_837p_50_lines.837").replace("*20260102*0304*CH", f"*20260102*{clock}*CH")
    (transaction,) = read_transactions(data.encode())
    assert isinstance(transaction, ClaimTransaction)
    assert transaction.header.created is not None


def test_streaming_hands_out_only_what_it_supports() -> None:
    both = text("own_835_interest.835") + text("own_837p_50_lines.837") + text("own_4010_835.835")
    assert [len(list(r)) for r in remittances(io.BytesIO(both.encode()))] == [1]
    assert [len(list(r)) for r in claim_transactions(io.BytesIO(both.encode()))] == [1]


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("own_835_interest.835", "BPR*I*93.21", "BPX*I*93.21", "segment.unexpected"),
        ("own_835_interest.835", "BPR*I*93.21", "BPX*I*93.21", "value.amount"),
        ("own_835_interest.835", "TRN*1*EFT1", "TRN*1*OTHER*1~TRN*1*EFT1", "segment.unexpected"),
        ("own_835_interest.835", "TRN*1*EFT1*1999999999~", "", "835.trace"),
        ("own_835_interest.835", "LX*1~CLP", "LX*1~CAS*CO*1*5~CLP", "835.lost"),
        ("own_835_interest.835", "LX*1~CLP", "LX*1~N1*PR*AGAIN~CLP", "segment.place"),
        ("own_835_interest.835", "NM1*QC", "LQ*HE*M1~NM1*QC", "835.lost"),
        ("own_835_interest.835", "SVC*HC:99214*150*90**1~", "", "835.lost"),
        ("own_835_interest.835", "SVC*HC:99214*150*90**1~DTM*472*", "DTM*151*", "835.lost"),
        ("own_835_interest.835", "SVC*HC:99214*150*90**1~", "REF*6R*1~SVC*HC:99214*150*90**1~", "835.lost"),
        ("own_835_interest.835", "SVC*HC:99214*150*90**1~", "AMT*B6*90~SVC*HC:99214*150*90**1~", "835.lost"),
        ("own_835_interest.835", "DTM*472", "NM1*82*1*X~DTM*472", "segment.place"),
        ("own_835_interest.835", "*-3.21~SE", "*-3.21*WO:1~SE", "value.amount"),
        ("own_835_interest.835", "DTM*405*20260101", "DTM*405*20260199", "value.date"),
        ("own_837p_50_lines.837", "SV1*HC:97110*10*UN*1***1:2:3:4~", "", "value.amount"),
        ("own_837p_50_lines.837", "LX*1~", "LX*1~CLP*1*2~", "segment.unexpected"),
        ("own_837p_50_lines.837", "HL*2*1*22*0~", "HL*2*1*20*1~", "hl.parent"),
        ("own_837p_50_lines.837", "HL*2*1*22*0~", "HL*2*1*19*1~", "hl.level"),
        ("own_837p_50_lines.837", "HL*2*1*22*0~", "HL*2*1*19*1~", "837.lost"),
        ("own_837p_50_lines.837", "HL*2*1*22*0~", "HL*3*1*22*0~", "hl.number"),
        ("own_837p_50_lines.837", "HL*2*1*22*0~", "HL*2*1*22*1~", "hl.child"),
        ("own_837p_50_lines.837", "HL*1**20*1~", "HL*1**20*0~", "hl.child"),
        ("own_837p_50_lines.837", "N3*12 ELM ST~", "N3*12 ELM ST~SV5*1~", "segment.place"),
        ("own_837p_50_lines.837", "PRV*PE*PXC", "LQ*HE*1~PRV*PE*PXC", "segment.place"),
        ("own_837p_50_lines.837", "NM1*IL*1", "NM1*IL*1*A*B****MI*C~NM1*IL*1", "loop.repeat"),
        ("own_837p_secondary_cob.837", "OI***Y***Y~", "OI***Y***Y~K3*X~", "segment.place"),
        ("own_837p_secondary_cob.837", "*PI*BPR01~", "*PI*BPR01~K3*X~", "segment.place"),
        ("own_837p_secondary_cob.837", "DTP*573", "K3*X~DTP*573", "segment.place"),
        ("stup_drug_administered_in_the_physician_office.837p", "CTP*", "K3*X~CTP*", "segment.place"),
        ("stup_oxygen.837p", "FRM*", "K3*X~FRM*", "segment.place"),
        ("stup_oxygen.837p", "NM1*DK*1", "NM1*DK*1*A~K3*X~NM1*DK*1", "segment.place"),
    ],
)  # fmt: skip
def test_lost_and_misplaced_pieces_are_told_without_a_guide(name: str, old: str, new: str, rule: str) -> None:
    data = text(name)
    assert old in data
    assert rule in read_with_issues(data.replace(old, new, 1).encode())[1]


def test_codes_that_cannot_be_split_are_kept() -> None:
    data = text("own_837p_secondary_cob.837").replace("*80*HC:99214**1~CAS", "*80***X~CAS").replace("ABF:I10", ":I10")
    (transaction,), rules = read_with_issues(data.encode())
    assert isinstance(transaction, ClaimTransaction)
    (claim,) = transaction.claims
    assert claim.lines[0].adjudications[0].procedure.code == ""
    assert len(claim.diagnoses) == 1
    assert "value.quantity" in rules


def test_loading_a_file_for_import() -> None:
    with (DATA / "own_835_two_payers_two_checks.835").open("rb") as stream:
        file = load_remittances(stream)
    assert [file.may_post(loaded) for loaded in file.remittances] == [True, True]
    assert [(r.control, r.position, r.balanced) for r in file.remittances] == [("0001", 3, True), ("0002", 22, True)]
    assert (file.issues, file.other_kinds, file.blocks) == ((), (), False)


@pytest.mark.parametrize(
    "name",
    [
        "own_4010_835.835", "own_835_se_count.835", "own_835_truncated.835", "own_835_unbalanced_bpr.835",
        "own_835_unbalanced_line.835", "tiger_sample_835.835", "oopf_examplefromnth.835",
        "moov_example_5010_835_sample1.835", "lfh_tertiary_payment.835", "tiger_5010_835_example_2.835",
    ],
)  # fmt: skip
def test_bad_files_are_never_posted(name: str) -> None:
    with (DATA / name).open("rb") as stream:
        file = load_remittances(stream)
    assert file.remittances
    assert not any(file.may_post(loaded) for loaded in file.remittances)


@pytest.mark.parametrize(
    "name", ["lfh_cob_contractural_adjustment.835", "lfh_secondary_payment.835", "own_835_delims_gs_us.835"]
)
def test_balanced_files_with_only_flaws_of_form_may_be_posted(name: str) -> None:
    with (DATA / name).open("rb") as stream:
        file = load_remittances(stream)
    assert all(file.may_post(loaded) for loaded in file.remittances)


def test_a_broken_envelope_blocks_the_whole_file() -> None:
    data = text("own_835_two_payers_two_checks.835").replace("GE*2*1", "GE*3*1") + text("own_999_partial.999")
    file = load_remittances(io.BytesIO(data.encode()))
    assert file.blocks
    assert file.other_kinds == ("999",)
    assert not any(file.may_post(loaded) for loaded in file.remittances)


def test_what_is_no_x12_cannot_be_loaded() -> None:
    with pytest.raises(Unreadable, match="empty"):
        load_remittances(io.BytesIO(b""))
