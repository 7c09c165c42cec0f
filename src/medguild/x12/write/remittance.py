"""Writes 835 files (005010X221A1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from medguild.x12.amounts import x12_amount, x12_quantity
from medguild.x12.balance import RemittanceBalance
from medguild.x12.errors import IssueLog, Unwritable
from medguild.x12.guides.x221 import X221
from medguild.x12.records.common import Dated
from medguild.x12.records.remittance import (
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceHeader,
    RemittanceParty,
    ServicePayment,
)
from medguild.x12.write.output import (
    ControlNumbers,
    Envelope,
    InterchangeWriter,
    SegmentWriter,
    WrittenFile,
    WrittenTransaction,
    day,
)

PLB_PAIRS = 6


def write_remittances(
    out: BinaryIO,
    remittances: Iterable[Remittance],
    envelope: Envelope,
    controls: ControlNumbers,
    *,
    check: bool = True,
) -> WrittenFile:
    """One interchange, one group, one ST per remittance. Raises Unwritable when one does not balance (if check)."""
    writer = InterchangeWriter(out, envelope, controls)
    with writer.open("HP", X221.code):
        for remittance in remittances:
            if check:
                check_balanced(remittance)
            control = writer.control()
            segments = SegmentWriter(envelope)
            _transaction(segments, remittance, control)
            claims = tuple(claim.patient_control for claim in remittance.claims)
            writer.add(WrittenTransaction(control, remittance.header.trace_number, claims), segments)
    return writer.file()


def check_balanced(remittance: Remittance) -> None:
    """Raises Unwritable with the first reason why the money does not add up."""
    log = IssueLog()
    balance = RemittanceBalance(log)
    for claim in remittance.claims:
        balance.add(claim)
    balance.finish(remittance.header, remittance.provider_adjustments, 2, unread=False)
    if log.has_errors:
        raise Unwritable(next(issue.text for issue in log if issue.is_error))


def _transaction(out: SegmentWriter, remittance: Remittance, control: str) -> None:
    header = remittance.header
    out.put("ST", "835", control)
    _payment(out, header)
    _party(out, "PR", header.payer)
    _party(out, "PE", header.payee)
    summaries = {summary.header_number: summary for summary in remittance.summaries}
    number = ""
    for at, claim in enumerate(remittance.claims):
        if not at or claim.header_number != number:
            number = claim.header_number
            out.put("LX", number or "1")
            summary = summaries.get(number)
            if summary and summary.ts3:
                out.put("TS3", *summary.ts3)
            if summary and summary.ts2:
                out.put("TS2", *summary.ts2)
        _claim(out, claim)
    _provider_adjustments(out, remittance.provider_adjustments)


def _payment(out: SegmentWriter, header: RemittanceHeader) -> None:
    bank = (*header.bank, *[""] * 11)[:11]
    out.put(
        "BPR", header.handling, x12_amount(header.payment_cents), header.credit_debit, header.method, *bank,
        day(header.payment_date),
    )  # fmt: skip
    trace = out.charset.identifier(header.trace_number, 50, "The trace number (TRN02)")
    out.put("TRN", "1", trace, header.trace_payer_id, header.trace_supplement)
    if header.receiver_id:
        out.put("REF", "EV", header.receiver_id)
    if header.version_id:
        out.put("REF", "F2", header.version_id)
    if header.production_date:
        out.put("DTM", "405", day(header.production_date))


def _party(out: SegmentWriter, role: str, party: RemittanceParty) -> None:
    out.put("N1", role, out.charset.name(party.name, 60, "A name"), party.id_qualifier if party.id else "", party.id)
    out.address(party.address)
    out.references(party.references)
    out.contacts(party.contacts)


def _claim(out: SegmentWriter, claim: RemittanceClaim) -> None:
    owed = claim.patient_responsibility_cents
    out.put(
        "CLP", out.charset.identifier(claim.patient_control, 38, "The patient control number (CLP01)"), claim.status,
        x12_amount(claim.charge_cents), x12_amount(claim.paid_cents), "" if owed is None else x12_amount(owed),
        claim.filing_indicator, out.charset.identifier(claim.payer_control, 50, "The payer's claim number (CLP07)"),
        claim.facility_code, claim.frequency, "", claim.drg, claim.drg_weight, claim.discharge_fraction,
    )  # fmt: skip
    if claim.adjustments:
        out.adjustments(claim.adjustments, one_per_group=False)
    for party in claim.parties:
        out.party(party)
    if claim.inpatient:
        out.put("MIA", *claim.inpatient)
    if claim.outpatient:
        out.put("MOA", *claim.outpatient)
    out.references(claim.references)
    _dates(out, claim.dates)
    out.contacts(claim.contacts)
    out.amounts(claim.amounts)
    out.quantities(claim.quantities)
    for service in claim.services:
        _service(out, service)


def _service(out: SegmentWriter, service: ServicePayment) -> None:
    out.put(
        "SVC", out.procedure(service.procedure), x12_amount(service.charge_cents), x12_amount(service.paid_cents),
        service.revenue_code, "" if service.units_paid is None else x12_quantity(service.units_paid),
        out.procedure(service.billed) if service.billed else "",
        "" if service.units_billed is None else x12_quantity(service.units_billed),
    )  # fmt: skip
    _dates(out, service.dates)
    if service.adjustments:
        out.adjustments(service.adjustments, one_per_group=False)
    out.references(service.references)
    out.amounts(service.amounts)
    if service.quantities:
        out.quantities(service.quantities)
    for remark in service.remarks:
        out.put("LQ", remark.qualifier, remark.code)


def _dates(out: SegmentWriter, dates: Iterable[Dated]) -> None:
    for dated in dates:
        if dated.start:
            out.date("DTM", dated.qualifier, "", dated.start)
        else:
            out.put("DTM", dated.qualifier, dated.text)


def _provider_adjustments(out: SegmentWriter, adjustments: tuple[ProviderAdjustment, ...]) -> None:
    """PLB: up to six pairs of the same provider and period in a segment."""
    at = 0
    while at < len(adjustments):
        first = adjustments[at]
        pairs: list[str] = []
        while at < len(adjustments) and len(pairs) < 2 * PLB_PAIRS:
            adjustment = adjustments[at]
            if (adjustment.provider_id, adjustment.fiscal_period_end) != (first.provider_id, first.fiscal_period_end):
                break
            reference = out.charset.identifier(adjustment.reference, 50, "A PLB reference")
            pairs += [out.composite(adjustment.reason, reference), x12_amount(adjustment.amount_cents)]
            at += 1
        out.put("PLB", first.provider_id, day(first.fiscal_period_end), *pairs)
