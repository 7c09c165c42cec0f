"""Writes one claim of an 837P: loop 2300 and what hangs under it."""

from __future__ import annotations

from collections.abc import Iterable

from medguild.x12.amounts import x12_amount, x12_quantity
from medguild.x12.records.claim import (
    Claim,
    Diagnosis,
    Form,
    LineAdjudication,
    OtherPayer,
    Provider,
    RawSegment,
    ServiceLine,
)
from medguild.x12.write.output import SegmentWriter, day

HI_CODES = 12


def write_claim(out: SegmentWriter, claim: Claim) -> None:
    control = out.charset.identifier(claim.control, 38, "The claim control number (CLM01)")
    causes = ""
    if claim.related_causes:
        causes = out.composite(*(*claim.related_causes, "", "", "")[:3], claim.accident_state, claim.accident_country)
    out.put(
        "CLM", control, x12_amount(claim.charge_cents), "", "",
        out.composite(claim.place_of_service, claim.facility_qualifier, claim.frequency),
        claim.provider_signature, claim.accepts_assignment, claim.benefits_assigned, claim.release,
        claim.patient_signature, causes, claim.special_program, *[""] * 7, claim.delay_reason,
    )  # fmt: skip
    out.dates(claim.dates)
    _raw(out, claim.other, "PWK", "CN1")
    if claim.patient_paid_cents is not None:
        out.put("AMT", "F5", x12_amount(claim.patient_paid_cents))
    out.references(claim.references)
    _raw(out, claim.other, "K3")
    for note in claim.notes:
        out.put("NTE", note.qualifier, out.charset.text(note.text, 80))
    _raw(out, claim.other, "CR1", "CR2", "CRC")
    for codes in (claim.diagnoses, claim.anesthesia, claim.conditions):
        _codes(out, codes)
    _raw(out, claim.other, "HCP")
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
        out.put("HI", *(out.composite(code.qualifier, code.code) for code in codes[at : at + HI_CODES]))


def _provider(out: SegmentWriter, provider: Provider) -> None:
    out.party(provider.party)
    if provider.taxonomy:
        out.put("PRV", "PE", "PXC", provider.taxonomy)
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
    out.put("LX", str(number))
    quantity = "" if line.quantity is None else x12_quantity(line.quantity)
    out.put(
        "SV1", out.procedure(line.procedure), x12_amount(line.charge_cents), line.unit, quantity,
        line.place_of_service, "", out.composite(*map(str, line.pointers)), "", line.emergency, "", line.epsdt,
        line.family_planning, "", "", line.copay_exempt,
    )  # fmt: skip
    _raw(out, line.other, "SV5", "PWK", "CR1", "CR3", "CRC")
    out.dates(line.dates)
    _raw(out, line.other, "QTY", "MEA", "CN1")
    out.references(line.references)
    out.amounts(line.amounts)
    _raw(out, line.other, "K3")
    for note in line.notes:
        out.put("NTE", note.qualifier, out.charset.text(note.text, 80))
    _raw(out, line.other, "PS1", "HCP")
    _drug(out, line)
    for provider in line.providers:
        _provider(out, provider)
    for adjudication in line.adjudications:
        _adjudication(out, adjudication)
    for form in line.forms:
        _form(out, form)


def _drug(out: SegmentWriter, line: ServiceLine) -> None:
    drug = line.drug
    if drug is None:
        return
    out.put("LIN", "", drug.qualifier, out.charset.identifier(drug.code, 48, "The drug code"))
    if drug.quantity is not None:
        out.put("CTP", "", "", "", x12_quantity(drug.quantity), out.composite(drug.unit))
    out.references(drug.references)


def _adjudication(out: SegmentWriter, done: LineAdjudication) -> None:
    units = "" if done.units is None else x12_quantity(done.units)
    out.put(
        "SVD", done.payer_id, x12_amount(done.paid_cents), out.procedure(done.procedure), "", units, done.bundled_line
    )
    out.adjustments(done.adjustments, one_per_group=True)
    if done.paid_on:
        out.put("DTP", "573", "D8", day(done.paid_on))
    out.amounts(done.amounts)


def _form(out: SegmentWriter, form: Form) -> None:
    out.put("LQ", form.list.qualifier, form.list.code)
    for answer in form.answers:
        out.raw(("FRM", *answer))
