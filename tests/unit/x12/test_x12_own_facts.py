"""What INDEX.md states of the sets beyond claims and remittances, and the two sets that no library judges."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from medguild.x12 import CountingNumbers, Envelope, EnvelopeReader, exit_code, inspect_files
from medguild.x12.bind.transactions import read_records, write_records
from medguild.x12.records.acknowledgment import Acknowledgment, InterchangeAcknowledgment
from medguild.x12.records.claim_acknowledgment import ClaimAcknowledgment
from medguild.x12.records.claim_status import ClaimStatusResponse
from medguild.x12.records.common import Contact, Dated, Party
from medguild.x12.records.eligibility_response import COPAYMENT, DEDUCTIBLE, REMAINING, EligibilityResponse
from medguild.x12.records.review_segments import DatedDiagnosis, FacilityType, ProfessionalService, ReviewDiagnoses
from medguild.x12.records.review_segments import ReviewRequest as Asked
from medguild.x12.records.services_review import (
    Decision,
    Requester,
    Reviewer,
    ReviewerName,
    ReviewEvent,
    ReviewPerson,
    ReviewProvider,
    ReviewService,
    ServicesReview,
    Subscriber,
)
from medguild.x12.records.shared import CodedProcedure, Demographics, Header, ProviderRole, Trace
from tests.support import shared_data

DATA = shared_data() / "x12"
GOLDEN = Path(__file__).parent / "golden"
ENVELOPE = Envelope("MEDGUILD", "CLEARINGHOUSE", datetime(2026, 1, 2, 3, 4), newline="\n")


def only(name: str, kind: str) -> object:
    with (DATA / name).open("rb") as stream:
        ((_, record),) = read_records(stream, kind)
    return record


def acknowledgments(name: str) -> list[InterchangeAcknowledgment]:
    with (DATA / name).open("rb") as stream:
        reader = EnvelopeReader(stream)
        for transaction in reader:
            for _ in transaction:
                pass
    return [InterchangeAcknowledgment.read(ta1) for i in reader.interchanges for ta1 in i.acknowledgments]


@pytest.mark.parametrize(
    "name",
    [
        "own_270_subscriber.270", "own_271_copay_ded_repeat.271", "own_277_status_paid_pend.277",
        "own_277ca_mixed.277ca", "own_999_partial.999", "own_ta1_rejected.ta1", "own_ta1_plus_999.edi",
    ],
)  # fmt: skip
def test_good_files_are_good(name: str) -> None:
    assert exit_code(inspect_files([DATA / name])) == 0


def test_an_empty_file_is_refused() -> None:
    assert exit_code(inspect_files([DATA / "own_empty.edi"])) == 2


def test_copayment_and_deductible() -> None:
    answer = only("own_271_copay_ded_repeat.271", "271")
    assert isinstance(answer, EligibilityResponse)
    (person,) = answer.people
    assert person.is_active
    assert [b.amount_cents for b in person.benefits if b.information == COPAYMENT] == [2500]
    deductibles = [b for b in person.benefits if b.information == DEDUCTIBLE]
    assert [b.amount_cents for b in deductibles if b.period != REMAINING] == [150000]
    assert [b.amount_cents for b in deductibles if b.period == REMAINING] == [35000]
    assert next(person.benefits).service_types == ("30", "98", "33")


def test_two_claims_and_their_status() -> None:
    answer = only("own_277_status_paid_pend.277", "277")
    assert isinstance(answer, ClaimStatusResponse)
    first, second = answer.claims
    assert [s.code.category for c in (first, second) for s in c.statuses if s.code] == ["F1", "P1"]
    assert (first.statuses[0].paid_cents, first.statuses[0].check_number) == (9000, "CHK1001")


def test_one_claim_is_taken_in_and_two_are_not() -> None:
    answer = only("own_277ca_mixed.277ca", "277CA")
    assert isinstance(answer, ClaimAcknowledgment)
    claims = list(answer.claims)
    assert [claim.accepted for claim in claims] == [True, False, False]
    assert sum(c.charge_cents for c in claims if c.accepted) == 10000
    assert sum(c.charge_cents for c in claims if not c.accepted) == 20000
    assert claims[0].payer_control == "ICNPCN2001"


def test_a_group_that_is_taken_in_partly() -> None:
    answer = only("own_999_partial.999", "999")
    assert isinstance(answer, Acknowledgment)
    assert answer.verdict is not None
    assert (answer.verdict.code, answer.verdict.received, answer.verdict.accepted) == ("P", "3", "2")
    assert [one.verdict.code for one in answer.responses if one.verdict] == ["A", "E", "R"]
    assert [error.claim for one in answer.responses for error in one.errors] == ["PCN1042", "PCN1045"]


def test_interchange_acknowledgments() -> None:
    (refused,) = acknowledgments("own_ta1_rejected.ta1")
    assert (refused.code, refused.note, refused.accepted) == ("R", "025", False)
    (taken,) = acknowledgments("own_ta1_plus_999.edi")
    assert (taken.code, taken.note, taken.accepted) == ("A", "000", True)
    both = only("own_ta1_plus_999.edi", "999")
    assert isinstance(both, Acknowledgment)
    assert both.verdict is not None
    assert both.verdict.code == "A"


# 278: no library judges it, so files were checked by hand, segment by segment, against the guide's public facts

PERSON = ReviewPerson(
    Party("IL", "1", "SAMPLE", "CASEY", id_qualifier="MI", id="MBR0001"),
    demographics=Demographics("D8", date(1980, 1, 1), "F"),
)
ASKING = ReviewProvider(
    Party("1P", "2", "MEDGUILD TEST GROUP", id_qualifier="XX", id="1999999018"),
    contact=Contact("IC", "AUTHORIZATIONS", (("TE", "5555550100"),)),
)
DOING = ReviewProvider(
    Party("SJ", "1", "TESTER", "DREW", id_qualifier="XX", id="1999999026"), role=ProviderRole("PE", "PXC", "207Q00000X")
)
SERVICE = ProfessionalService(CodedProcedure("HC", "71046"), 12500, "UN", Decimal(2))


def review(*, answered: bool) -> ServicesReview:
    trace = Trace("2" if answered else "1", "AUTHTRACE1", "9999999999")
    event = ReviewEvent(
        traces=(trace,),
        request=Asked("HS", "I", "73", FacilityType("11", "B")),
        decision=Decision("A1", "AUTH0001") if answered else None,
        diagnoses=ReviewDiagnoses((DatedDiagnosis("ABK", "J189"),)),
        services=(
            ReviewService(
                decision=Decision("A2", "AUTH0001") if answered else None,
                dates=(Dated("472", date(2026, 2, 1), date(2026, 2, 28)),),
                professional=SERVICE,
                providers=(DOING,),
            ),
        ),
    )
    reviewer = ReviewerName(Party("X3", "2", "BENCH HEALTH PLAN", id_qualifier="PI", id="BHP01"))
    subscriber = Subscriber(PERSON, events=(event,))
    header = Header("0007", "11" if answered else "13", "AUTH1", date(2026, 1, 2), "0304", "18" if answered else "")
    return ServicesReview(header, Reviewer((), reviewer, Requester((ASKING,), subscriber)))


# name of the golden file, and what each line of its transaction says
EXPLAINED = {
    "review_request.278": (False, [
        ("ST*278*0001*005010X217", "a services review, first of the file, by its guide"),
        ("BHT*0007*13*AUTH1*20260102*0304", "structure of a 278; 13 asks; our number; when"),
        ("HL*1**20*1", "who decides, with levels below"),
        ("NM1*X3*2*BENCH HEALTH PLAN*****PI*BHP01", "2010A: the utilization management organisation by its payer id"),
        ("HL*2*1*21*1", "who asks, below the first level"),
        ("NM1*1P*2*MEDGUILD TEST GROUP*****XX*1999999018", "2010B: the provider by NPI"),
        ("PER*IC*AUTHORIZATIONS*TE*5555550100", "whom to call"),
        ("HL*3*2*22*1", "the subscriber"),
        ("NM1*IL*1*SAMPLE*CASEY****MI*MBR0001", "2010C: name and member number"),
        ("DMG*D8*19800101*F", "birth date and sex"),
        ("HL*4*3*EV*1", "the event, below the subscriber because the subscriber is the patient"),
        ("TRN*1*AUTHTRACE1*9999999999", "our trace number, which the answer sends back"),
        ("UM*HS*I*73*11:B", "health services, initial, diagnostic medical; in an office (place of service)"),
        ("HI*ABK:J189", "the diagnosis in ICD-10-CM, without its point"),
        ("HL*5*4*SS*0", "a service of the event, nothing below"),
        ("DTP*472*RD8*20260201-20260228", "when it is to be given"),
        ("SV1*HC:71046*125*UN*2", "the procedure, its charge, two units"),
        ("NM1*SJ*1*TESTER*DREW****XX*1999999026", "2010F: who will give it"),
        ("PRV*PE*PXC*207Q00000X", "and with which taxonomy"),
        ("SE*20*0001", "twenty segments, ST and SE among them"),
    ]),
    "review_response.278": (True, [
        ("ST*278*0001*005010X217", "the same set answers"),
        ("BHT*0007*11*AUTH1*20260102*0304*18", "11 answers; 18: with everything that is needed"),
        ("HL*1**20*1", "who decides"),
        ("NM1*X3*2*BENCH HEALTH PLAN*****PI*BHP01", "2010A"),
        ("HL*2*1*21*1", "who asked"),
        ("NM1*1P*2*MEDGUILD TEST GROUP*****XX*1999999018", "2010B"),
        ("PER*IC*AUTHORIZATIONS*TE*5555550100", "whom to call"),
        ("HL*3*2*22*1", "the subscriber"),
        ("NM1*IL*1*SAMPLE*CASEY****MI*MBR0001", "2010C"),
        ("DMG*D8*19800101*F", "birth date and sex"),
        ("HL*4*3*EV*1", "the event"),
        ("TRN*2*AUTHTRACE1*9999999999", "2: the trace number of the request"),
        ("UM*HS*I*73*11:B", "what was asked for"),
        ("HCR*A1*AUTH0001", "certified in total, under this number"),
        ("HI*ABK:J189", "the diagnosis"),
        ("HL*5*4*SS*0", "the service"),
        ("HCR*A2*AUTH0001", "this one certified in part"),
        ("DTP*472*RD8*20260201-20260228", "for these days"),
        ("SV1*HC:71046*125*UN*2", "the procedure"),
        ("NM1*SJ*1*TESTER*DREW****XX*1999999026", "2010F"),
        ("PRV*PE*PXC*207Q00000X", "taxonomy"),
        ("SE*22*0001", "twenty-two segments"),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_review_is_written_as_the_checked_file(name: str) -> None:
    answered, lines = EXPLAINED[name]
    out = io.BytesIO()
    write_records(out, "278", [review(answered=answered)], ENVELOPE, CountingNumbers())
    golden = (GOLDEN / name).read_bytes()
    assert out.getvalue() == golden
    assert golden.decode().split("~\n")[2:-3] == [segment for segment, _ in lines]
    ((_, again),) = read_records(io.BytesIO(golden), "278")
    assert again == review(answered=answered)
    assert exit_code(inspect_files([GOLDEN / name])) == 0


TA1_LINES = [
    "ISA*00*          *00*          *ZZ*CLEARINGHOUSE  *ZZ*MEDGUILD       *260102*0304*^*00501*000000077*0*P*:",
    "TA1*000000905*260101*2359*R*025",  # of interchange 905, sent on the first of January: refused as a duplicate
    "IEA*0*000000077",  # no group inside: a TA1 is not counted
]


def test_an_interchange_acknowledgment_reads_as_the_checked_file() -> None:
    """A TA1 alone: of interchange 905, sent 1 January 23:59, refused (R) because the number was used before (025)."""
    golden = (GOLDEN / "refused.ta1").read_bytes()
    assert golden.decode().split("~\n")[:-1] == TA1_LINES
    reader = EnvelopeReader(io.BytesIO(golden))
    assert list(reader) == []
    ((ta1,),) = [interchange.acknowledgments for interchange in reader.interchanges]
    read = InterchangeAcknowledgment.read(list(ta1))
    assert read == InterchangeAcknowledgment("000000905", "260101", "2359", "R", "025")
    assert "*".join(read.elements()) == TA1_LINES[1]
    assert exit_code(inspect_files([GOLDEN / "refused.ta1"])) == 0
