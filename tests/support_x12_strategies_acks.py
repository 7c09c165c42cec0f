"""Hypothesis strategies for whole 277CA, 278, 999 and 837I transactions; see support_x12_strategies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from medguild.x12.records import acknowledgment as ack
from medguild.x12.records import claim_acknowledgment as ca
from medguild.x12.records import services_review as review
from medguild.x12.records.claim import Claim, Diagnosis, Institutional, InstitutionalCode, Provider
from medguild.x12.records.common import Amount, Dated, Party, Procedure, Quantity, Reference
from medguild.x12.records.review_segments import (
    AdmissionCodes,
    DatedDiagnosis,
    FacilityType,
    InstitutionalService,
    ProfessionalService,
    ReviewDiagnoses,
    ReviewRequest,
)
from medguild.x12.records.shared import (
    BilledService,
    CodedProcedure,
    DeliveryLimit,
    Message,
    ProviderRole,
    Rejection,
    Status,
    StatusCode,
)
from tests.support_x12_records import addresses, cents, claims, days, names, npi
from tests.support_x12_strategies import (
    codes,
    dated,
    demographics,
    few,
    header,
    ids,
    maybe,
    member,
    numbers,
    numbers_to_call,
    organisation,
    procedures,
    provider_party,
    relative,
    trace,
)

# 277CA

ACCEPTED = StatusCode("A2", "20")
REFUSED = (StatusCode("A7", "562", "85"), StatusCode("A3", "21"), StatusCode("A6", "164"))


@st.composite
def verdicts(draw: Any, party: Any, at_least: int = 1) -> ca.PatientLevel:
    """A patient with claims, each taken in or refused."""
    found = []
    for _ in range(draw(st.integers(at_least, 3))):
        good = draw(st.booleans())
        action, code = ("WQ", ACCEPTED) if good else ("U", draw(st.sampled_from(REFUSED)))
        status = Status(
            code, draw(days), action, draw(cents), second=draw(maybe(st.just(REFUSED[1]))) if not good else None
        )
        references = draw(few(st.builds(Reference, st.just("1K"), ids), 1)) if good else ()
        lines = () if good else draw(few(line_verdicts, 2))
        found.append(ca.ClaimVerdict(draw(trace("2")), (status,), references, draw(dated("472")), lines))
    return ca.PatientLevel(ca.PatientName(draw(party)), tuple(found))


line_verdicts = st.builds(
    ca.ServiceLineVerdict,
    st.builds(BilledService, procedures, cents, units=maybe(numbers)),
    st.builds(Status, st.sampled_from(REFUSED), days, st.just("U")).map(lambda one: (one,)),
    few(st.builds(Reference, st.just("FJ"), ids), 1),
    maybe(dated("472")),
)


@st.composite
def claim_acknowledgments(draw: Any) -> ca.ClaimAcknowledgment:
    providers = []
    for _ in range(draw(st.integers(1, 2))):
        patients = draw(few(verdicts(member("QC")), 3, 1))
        found = [claim for patient in patients for claim in patient.claims]
        quantities, amounts = _totals(found, "QA", "QC")
        status = Status(StatusCode("A1", "19", "PR"), action="WQ", charge_cents=sum(c.charge_cents for c in found))
        reference = Reference("TJ", "999990001")
        level = ca.LevelVerdict(draw(trace("1")), (status,), (reference,), quantities, amounts)
        name = ca.ProviderName(draw(provider_party("85")))
        providers.append(ca.BillingProviderLevel((name,), level, patients))
    everything = [claim for p in providers for patient in p.patients for claim in patient.claims]
    quantities, amounts = _totals(everything, "90", "AA")
    charge = sum(claim.charge_cents for claim in everything)
    status = Status(StatusCode("A1", "19", "PR"), draw(days), "WQ", charge)
    batch = ca.LevelVerdict(draw(trace("2")), (status,), (), quantities, amounts)
    receiver = ca.InformationReceiver(ca.ReceiverName(draw(organisation("41", "46"))), batch, tuple(providers))
    when = (Dated("050", draw(days)), Dated("009", draw(days)))
    source = ca.InformationSource(
        ca.SourceName(draw(organisation("PR", "PI") | organisation("AY", "46"))),
        (ca.Transmission(draw(trace("1")), when),),
        (receiver,),
    )
    return ca.ClaimAcknowledgment(draw(header("0085", "08", "TH")), (source,))


def _totals(found: list[ca.ClaimVerdict], good: str, bad: str) -> tuple[tuple[Quantity, ...], tuple[Amount, ...]]:
    accepted = [claim for claim in found if claim.accepted]
    refused = [claim for claim in found if not claim.accepted]
    quantities = [Quantity(q, Decimal(len(some))) for q, some in ((good, accepted), (bad, refused)) if some]
    sums = [Amount(q, sum(c.charge_cents for c in some)) for q, some in (("YU", accepted), ("YY", refused)) if some]
    return tuple(quantities), tuple(sums)


# 278


def reviewers(role: str, taxonomy_role: str) -> Any:
    return st.builds(
        review.ReviewProvider, provider_party(role), few(st.builds(Reference, st.just("EI"), st.just("999990001")), 1),
        maybe(addresses), maybe(numbers_to_call), role=maybe(st.just(ProviderRole(taxonomy_role, "PXC", "207Q00000X"))),
    )  # fmt: skip


diagnoses = st.builds(
    ReviewDiagnoses,
    st.tuples(st.just(DatedDiagnosis("ABK", "E119")))
    | st.tuples(st.just(DatedDiagnosis("ABK", "E119")), st.just(DatedDiagnosis("ABF", "I10", "D8", "20250501"))),
)
professional = st.builds(
    ProfessionalService, st.builds(CodedProcedure, st.just("HC"), codes), maybe(cents), st.just("UN"), numbers
)
institutional = st.builds(
    InstitutionalService, st.just("0471"), st.builds(CodedProcedure, st.just("HC"), codes), unit=st.just("UN"),
    quantity=numbers,
)  # fmt: skip
requests = st.builds(
    ReviewRequest, st.sampled_from(["AR", "HS", "SC"]), st.sampled_from("IRN"), st.sampled_from(["1", "2", "3"]),
    maybe(st.builds(FacilityType, st.sampled_from(["11", "21"]), st.just("B"))), release=st.sampled_from(["", "Y"]),
)  # fmt: skip
decisions = st.builds(review.Decision, st.sampled_from(["A1", "A2", "A6"]), ids) | st.builds(
    review.Decision, st.just("A3"), reason=st.just("0V")
)


def services(*, answered: bool) -> Any:
    with_one = st.one_of(
        st.fixed_dictionaries({"professional": professional}), st.fixed_dictionaries({"institutional": institutional})
    )
    return with_one.flatmap(
        lambda one: st.builds(
            review.ReviewService,
            traces=few(trace("2" if answered else "1", originator=True), 1),
            request=requests,
            decision=decisions if answered else st.none(),
            dates=few(dated("472"), 1),
            message=maybe(st.builds(Message, names)),
            providers=few(reviewers("SJ", "PE"), 1),
            **{name: st.just(value) for name, value in one.items()},
        )
    )


def events(*, answered: bool) -> Any:
    return st.builds(
        review.ReviewEvent,
        traces=few(trace("2" if answered else "1", originator=True), 1),
        request=requests,
        decision=decisions if answered else st.none(),
        dates=few(dated("435"), 1),
        diagnoses=maybe(diagnoses),
        delivery=maybe(st.builds(DeliveryLimit, st.just("VS"), numbers)),
        admission=maybe(st.just(AdmissionCodes("1", "1"))),
        message=maybe(st.builds(Message, names)),
        providers=few(reviewers("71", "AT"), 1),
        services=few(services(answered=answered), 2),
    )


@st.composite
def reviews(draw: Any) -> review.ServicesReview:
    answered = draw(st.booleans())
    of_dependent = draw(st.booleans())
    found = draw(few(events(answered=answered), 2, 1))
    person = review.ReviewPerson(draw(member()), (), draw(maybe(addresses)), demographics=draw(maybe(demographics)))
    child = None
    if of_dependent:
        relation = review.InsuredRelation("N", "19")
        name = review.ReviewPerson(draw(relative("QC")), demographics=draw(demographics), relation=relation)
        child = review.Dependent(name, found)
    rejections = (Rejection("N", "44", "C"),) if answered and draw(st.booleans()) else ()
    asking = replace(draw(reviewers("1P", "RF")), rejections=rejections)
    subscriber = review.Subscriber(person, child, () if of_dependent else found)
    requester = review.Requester((asking,), subscriber)
    name = review.ReviewerName(draw(organisation("X3", "PI 46")), draw(maybe(numbers_to_call)) if answered else None)
    top = draw(header("0007", "11" if answered else "13", "18" if answered else ""))
    return review.ServicesReview(top, review.Reviewer((), name, requester))


# 999


@st.composite
def acknowledgments(draw: Any) -> ack.Acknowledgment:
    found = []
    for number in range(draw(st.integers(1, 4))):
        verdict = draw(st.sampled_from("AER"))
        errors = draw(few(segment_errors(), 3, 1)) if verdict != "A" else ()
        said = ack.SetVerdict(verdict, "5" if errors else "")
        found.append(ack.SetResponse(ack.SetReference("837", f"{number + 1:04d}", "005010X222A1"), errors, said))
    accepted = sum(one.verdict is not None and one.verdict.accepted for one in found)
    worst = "A" if accepted == len(found) else "P" if accepted else "R"
    if worst == "A" and any(one.errors for one in found):
        worst = "E"
    group = ack.GroupReference("HC", str(draw(st.integers(1, 999_999_999))), "005010X222A1")
    size = str(len(found))
    return ack.Acknowledgment(group, tuple(found), ack.GroupVerdict(worst, size, size, str(accepted)))


@st.composite
def segment_errors(draw: Any) -> ack.SegmentError:
    where = str(draw(st.integers(2, 99_999)))
    context = ack.ErrorContext(ack.ContextName("CLM01", draw(ids)))
    if draw(st.booleans()):
        return ack.SegmentError(ack.SegmentNote("SBR", where, "2000", draw(st.sampled_from("123567"))), (context,))
    notes = []
    for _ in range(draw(st.integers(1, 2))):
        place = ack.ElementPlace(str(draw(st.integers(1, 17))), draw(st.sampled_from(["", "2"])))
        error = draw(st.sampled_from(["1", "4", "5", "6", "7", "8"]))
        notes.append(ack.ElementError(ack.ElementNote(place, draw(st.sampled_from(["", "67"])), error, draw(ids))))
    return ack.SegmentError(ack.SegmentNote("NM1", where, "2310", "8"), (context,), tuple(notes))


# 837I

ATTENDING = Provider(Party("71", "1", "TESTER", "DREW", id_qualifier="XX", id=npi(2)), "207Q00000X")
OCCURRENCES = (InstitutionalCode("BH", "11", "D8", "20250601"),)
VALUES = (InstitutionalCode("BE", "A2", amount_cents=15031), InstitutionalCode("BE", "09", amount_cents=100))
CONDITIONS = (InstitutionalCode("BG", "05"), InstitutionalCode("BG", "67"))
PROCEDURE = (InstitutionalCode("BBR", "0DB60ZX", "D8", "20250602"),)


@st.composite
def stays(draw: Any) -> Claim:
    """A professional claim as a hospital would send it."""
    one: Claim = draw(claims())
    begun = draw(days)
    ended = min(begun + timedelta(days=draw(st.integers(0, 30))), date(2026, 12, 31))
    secondary = [InstitutionalCode("ABF", "I10", present_on_admission=draw(st.sampled_from(["", "Y", "N"])))] * draw(
        st.integers(0, 3)
    )
    hi = [(InstitutionalCode("ABK", "E119", present_on_admission=draw(st.sampled_from(["", "Y"]))),)]
    hi += [(InstitutionalCode("ABJ", "R079"),)] if draw(st.booleans()) else []
    hi += [tuple(secondary)] if secondary else []
    hi += [found for found in (PROCEDURE, OCCURRENCES, VALUES, CONDITIONS) if draw(st.booleans())]
    rows = []
    for row in one.lines:
        done = tuple(replace(a, revenue_code="0471") for a in row.adjudications)
        procedure = draw(st.sampled_from([row.procedure, Procedure("", "")]))
        rows.append(
            replace(
                row, revenue_code="0471", procedure=procedure, pointers=(), emergency="", adjudications=done,
                dates=draw(st.sampled_from([row.dates, ()])),
            )
        )  # fmt: skip
    admitted = draw(st.sampled_from([(), (Dated("435", begun),)]))
    return replace(
        one,
        place_of_service=draw(st.sampled_from(["11", "13"])),
        facility_qualifier="A",
        provider_signature="",
        dates=(Dated("434", begun, ended), *admitted),
        diagnoses=tuple(Diagnosis(c.qualifier, c.code) for codes in hi for c in codes if c.qualifier in ("ABK", "ABF")),
        institutional=Institutional(
            draw(st.sampled_from(["1", "3"])), "1", draw(st.sampled_from(["01", "30"])), tuple(hi)
        ),
        providers=(ATTENDING, *(p for p in one.providers if p.party.role == "DN")),
        lines=tuple(rows),
    )
