"""Writes one claim of an 837: loop 2300 and what hangs under it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from medguild.x12.amounts import x12_amount, x12_quantity
from medguild.x12.records.claim import (
    Claim,
    Diagnosis,
    Drug,
    Form,
    InstitutionalCode,
    LineAdjudication,
    OtherPayer,
    Provider,
    RawSegment,
    ServiceLine,
)
from medguild.x12.write.output import SegmentWriter, day

HI_CODES = 12
ATTENDING = "71"


def write_claim(out: SegmentWriter, claim: Claim) -> None:
    control = out.charset.identifier(claim.control, 38, "The claim control number (CLM01)")
    causes = ""
    if claim.related_causes:
        causes = out.composite(*(*claim.related_causes, "", "", "")[:3], claim.accident_state, claim.accident_country)
    rare: tuple[str, ...] = ()
    if claim.special_program or claim.delay_reason:
        rare = (claim.special_program, "", "", "", "", "", "", "", claim.delay_reason)
    out.put(
        "CLM", control, x12_amount(claim.charge_cents), "", "",
        out.composite(claim.place_of_service, claim.facility_qualifier, claim.frequency),
        claim.provider_signature, claim.accepts_assignment, claim.benefits_assigned, claim.release,
        claim.patient_signature, causes, *rare,
    )  # fmt: skip
    other, facts = claim.other, claim.institutional
    out.dates(claim.dates)
    if facts:
        out.put("CL1", facts.admission_type, facts.admission_source, facts.patient_status)
    if other:
        _raw(out, other, "PWK", "CN1", "AMT")
    if claim.patient_paid_cents is not None:
        out.put("AMT", "F5", x12_amount(claim.patient_paid_cents))
    out.references(claim.references)
    if other:
        _raw(out, other, "K3")
    for note in claim.notes:
        out.put("NTE", note.qualifier, out.charset.text(note.text, 80))
    if other:
        _raw(out, other, "CR1", "CR2", "CRC")
    if facts:
        for segment in facts.codes:
            out.put("HI", *(_institutional(out, code) for code in segment))
    else:
        for codes in (claim.diagnoses, claim.anesthesia, claim.conditions):
            if codes:
                _codes(out, codes)
    if other:
        _raw(out, other, "HCP")
    for provider in claim.providers:
        _provider(out, provider)
    for payer in claim.other_payers:
        _other_payer(out, payer)
    for number, line in enumerate(claim.lines, start=1):
        _line(out, number, line)


def _raw(out: SegmentWriter, segments: Iterable[RawSegment], *names: str) -> None:
    for name in names:
        for segment in segments:
            if segment[0] == name:
                out.raw(segment)


def _codes(out: SegmentWriter, codes: tuple[Diagnosis, ...]) -> None:
    """HI: every code is a composite of its own, twelve to a segment."""
    for at in range(0, len(codes), HI_CODES):
        out.put("HI", *[out.composite(code.qualifier, code.code) for code in codes[at : at + HI_CODES]])


def _institutional(out: SegmentWriter, code: InstitutionalCode) -> str:
    amount = "" if code.amount_cents is None else x12_amount(code.amount_cents)
    present = code.present_on_admission
    return out.composite(code.qualifier, code.code, code.date_form, code.date, amount, "", "", "", present)


def _provider(out: SegmentWriter, provider: Provider) -> None:
    out.party(provider.party)
    if provider.taxonomy:
        out.put("PRV", "AT" if provider.party.role == ATTENDING else "PE", "PXC", provider.taxonomy)
    out.address(provider.address)
    out.references(provider.references)
    out.contacts(provider.contacts)


def _other_payer(out: SegmentWriter, payer: OtherPayer) -> None:
    out.put(
        "SBR", payer.sequence, payer.relationship,
        out.charset.identifier(payer.group_number, 50, "The group number"), out.charset.text(payer.group_name, 60),
        payer.insurance_type, "", "", "", payer.filing_indicator,
    )  # fmt: skip
    out.adjustments(payer.adjustments, one_per_group=True)
    out.amounts(payer.amounts)
    out.put("OI", *payer.oi)
    if payer.inpatient:
        out.put("MIA", *payer.inpatient)
    if payer.outpatient:
        out.put("MOA", *payer.outpatient)
    out.party(payer.subscriber)
    out.address(payer.subscriber_address)
    out.references(payer.subscriber_references)
    out.party(payer.payer.party)
    out.address(payer.payer.address)
    if payer.paid_on:
        out.put("DTP", "573", "D8", day(payer.paid_on))
    out.references(payer.payer.references)
    for provider in payer.providers:
        _provider(out, provider)


def _line(out: SegmentWriter, number: int, line: ServiceLine) -> None:
    out.number("LX", number)
    quantity = "" if line.quantity is None else x12_quantity(line.quantity)
    if line.revenue_code:
        _institutional_service(out, line, quantity)
    else:
        _professional_service(out, line, quantity)
    other = line.other
    if other:
        _raw(out, other, "SV5", "PWK", "CR1", "CR3", "CRC")
    out.dates(line.dates)
    if other:
        _raw(out, other, "QTY", "MEA", "CN1")
    out.references(line.references)
    if line.amounts:
        out.amounts(line.amounts)
    if other:
        _raw(out, other, "K3")
    for note in line.notes:
        out.put("NTE", note.qualifier, out.charset.text(note.text, 80))
    if other:
        _raw(out, other, "PS1", "HCP")
    if line.drug:
        _drug(out, line.drug)
    for provider in line.providers:
        _provider(out, provider)
    for adjudication in line.adjudications:
        _adjudication(out, adjudication)
    for form in line.forms:
        _form(out, form)


def _professional_service(out: SegmentWriter, line: ServiceLine, quantity: str) -> None:
    marks: tuple[str, ...] = ()
    if line.emergency or line.epsdt or line.family_planning or line.copay_exempt:
        marks = ("", line.emergency, "", line.epsdt, line.family_planning, "", "", line.copay_exempt)
    out.put(
        "SV1", out.procedure(line.procedure), x12_amount(line.charge_cents), line.unit, quantity,
        line.place_of_service, "", out.composite(*_texts(line.pointers)), *marks,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _texts(pointers: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(map(str, pointers))


def _institutional_service(out: SegmentWriter, line: ServiceLine, quantity: str) -> None:
    procedure = out.procedure(line.procedure) if line.procedure.code else ""
    noncovered = "" if line.noncovered_cents is None else x12_amount(line.noncovered_cents)
    charge = x12_amount(line.charge_cents)
    out.put("SV2", line.revenue_code, procedure, charge, line.unit, quantity, "", noncovered)


def _drug(out: SegmentWriter, drug: Drug) -> None:
    out.put("LIN", "", drug.qualifier, out.charset.identifier(drug.code, 48, "The drug code"))
    if drug.quantity is not None:
        out.put("CTP", "", "", "", x12_quantity(drug.quantity), out.composite(drug.unit))
    out.references(drug.references)


def _adjudication(out: SegmentWriter, done: LineAdjudication) -> None:
    units = "" if done.units is None else x12_quantity(done.units)
    procedure = out.procedure(done.procedure) if done.procedure.code or not done.revenue_code else ""
    paid = x12_amount(done.paid_cents)
    out.put("SVD", done.payer_id, paid, procedure, done.revenue_code, units, done.bundled_line)
    out.adjustments(done.adjustments, one_per_group=True)
    if done.paid_on:
        out.put("DTP", "573", "D8", day(done.paid_on))
    out.amounts(done.amounts)


def _form(out: SegmentWriter, form: Form) -> None:
    out.put("LQ", form.list.qualifier, form.list.code)
    for answer in form.answers:
        out.raw(("FRM", *answer))
