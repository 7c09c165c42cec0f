"""Writes 837P and 837I files (005010X222A1, 005010X223A2): one billing provider per transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import BinaryIO

from medguild.x12.amounts import money
from medguild.x12.errors import Unwritable
from medguild.x12.guides.x222 import X222
from medguild.x12.guides.x223 import X223
from medguild.x12.records.claim import (
    REPLACEMENT,
    VOID,
    BillingProvider,
    Claim,
    ClaimHeader,
    ClaimTransaction,
    Patient,
    Subscriber,
)
from medguild.x12.write.claim_body import write_claim
from medguild.x12.write.output import (
    ControlNumbers,
    Envelope,
    InterchangeWriter,
    SegmentWriter,
    WrittenFile,
    WrittenTransaction,
    day,
)

MAX_CLAIMS = 100  # a payer rejects a transaction as a whole, so transactions are kept small
MAX_DIAGNOSES = 12
MAX_LINES = 50
MAX_POINTERS = 4
MAX_INSTITUTIONAL_DIAGNOSES = 25
MAX_INSTITUTIONAL_LINES = 999
NO_LINES, NO_DIAGNOSIS = "A claim has no service lines.", "A claim has no diagnosis."


def write_claims(
    out: BinaryIO, transactions: Iterable[ClaimTransaction], envelope: Envelope, controls: ControlNumbers
) -> WrittenFile:
    """One interchange, one group, one ST per transaction, in the order given; ST02 comes from `controls`.

    Raises Unwritable for what the payer would reject (see `check_writable`); the stream is then to be thrown away.
    """
    return _write(out, transactions, envelope, controls, X222.code)


def write_institutional_claims(
    out: BinaryIO, transactions: Iterable[ClaimTransaction], envelope: Envelope, controls: ControlNumbers
) -> WrittenFile:
    """Like `write_claims`, as an 837I (005010X223A2)."""
    return _write(out, transactions, envelope, controls, X223.code)


def _write(
    out: BinaryIO, transactions: Iterable[ClaimTransaction], envelope: Envelope, controls: ControlNumbers, guide: str
) -> WrittenFile:
    writer = InterchangeWriter(out, envelope, controls)
    with writer.open("HC", guide):
        for transaction in transactions:
            control = writer.control()
            segments = SegmentWriter(envelope)
            _transaction(segments, transaction, control, guide)
            claims = tuple(claim.control for claim in transaction.claims)
            writer.add(WrittenTransaction(control, transaction.header.reference, claims), segments)
    return writer.file()


def batches(header: ClaimHeader, claims: Iterable[Claim], limit: int = MAX_CLAIMS) -> Iterator[ClaimTransaction]:
    """Claims as transactions: one billing provider each, at most `limit` claims, order kept within a provider.

    Every transaction after the first gets a number appended to its reference (BHT03), which must be unique.
    """
    by_provider: dict[BillingProvider, list[Claim]] = {}
    for claim in claims:
        by_provider.setdefault(claim.billing, []).append(claim)
    number = 0
    for of_one in by_provider.values():
        for at in range(0, len(of_one), limit):
            number += 1
            reference = header.reference if number == 1 else f"{header.reference}-{number}"
            yield ClaimTransaction(replace(header, reference=reference), tuple(of_one[at : at + limit]))


def check_writable(claim: Claim) -> None:
    """Raises Unwritable with the first reason why a payer would reject or misread the claim."""
    if reason := _unfit(claim):
        raise Unwritable(reason)
    total = sum([line.charge_cents for line in claim.lines])
    if total != claim.charge_cents:
        text = f"The claim charge {money(claim.charge_cents)} is not the sum of its lines, {money(total)}."
        raise Unwritable(text)
    if claim.institutional is not None:
        _check_institutional(claim)
        return
    last = len(claim.diagnoses)
    for line in claim.lines:
        if not _point_to_some_of(last, line.pointers):
            raise Unwritable("A service line needs one to four pointers to diagnoses of its claim.")


@lru_cache(maxsize=4096)
def _point_to_some_of(last: int, pointers: tuple[int, ...]) -> bool:
    return 1 <= len(pointers) <= MAX_POINTERS and min(pointers) >= 1 and max(pointers) <= last


def _unfit(claim: Claim) -> str:
    """Why not, or nothing."""
    institutional = claim.institutional is not None
    most_lines = MAX_INSTITUTIONAL_LINES if institutional else MAX_LINES
    most_codes = MAX_INSTITUTIONAL_DIAGNOSES if institutional else MAX_DIAGNOSES
    if not claim.control:
        return "A claim has no control number (CLM01)."
    if not 1 <= len(claim.lines) <= most_lines:
        return f"A claim has more than {most_lines} service lines; split it." if claim.lines else NO_LINES
    if not 1 <= len(claim.diagnoses) <= most_codes:
        return f"A claim has more than {most_codes} diagnoses." if claim.diagnoses else NO_DIAGNOSIS
    if claim.frequency in (REPLACEMENT, VOID) and not claim.payer_control:
        return "A replacement or void needs the payer's claim number (REF*F8)."
    if (claim.subscriber.relationship == "18") == (claim.patient is not None):
        return "With relationship 18 the subscriber is the patient; otherwise the claim needs a patient of its own."
    return ""


def _check_institutional(claim: Claim) -> None:
    if not all(line.revenue_code for line in claim.lines):
        raise Unwritable("A service line of an institutional claim needs its revenue code.")
    if not any(dated.qualifier == "434" for dated in claim.dates):
        raise Unwritable("An institutional claim needs its statement dates (DTP*434).")


def _transaction(out: SegmentWriter, transaction: ClaimTransaction, control: str, guide: str) -> None:
    if not transaction.claims:
        raise Unwritable("A transaction without claims cannot be written.")
    billing = transaction.claims[0].billing
    if any(claim.billing is not billing and claim.billing != billing for claim in transaction.claims):
        raise Unwritable("A transaction holds claims of one billing provider; use `batches`.")
    if any((claim.institutional is not None) != (guide == X223.code) for claim in transaction.claims):
        raise Unwritable("Professional and institutional claims go into files of their own.")
    _header(out, transaction.header, control, guide)
    out.put("HL", "1", "", "20", "1")
    _billing(out, billing)
    level = 1
    above = 0
    subscriber: Subscriber | None = None
    dependants = False
    patient: Patient | None = None
    for claim in transaction.claims:
        check_writable(claim)
        if not _same(claim.subscriber, subscriber) or (claim.patient is not None) != dependants:
            level += 1
            above = level
            subscriber, dependants, patient = claim.subscriber, claim.patient is not None, None
            out.put("HL", str(level), "1", "22", "1" if claim.patient else "0")
            _subscriber(out, claim.subscriber)
        if claim.patient is not None and not _same(claim.patient, patient):
            level += 1
            patient = claim.patient
            out.put("HL", str(level), str(above), "23", "0")
            _patient(out, patient)
        write_claim(out, claim)


def _same(one: Subscriber | Patient, other: Subscriber | Patient | None) -> bool:
    """Whole records are compared only where the names agree: that is faster."""
    return one is other or (other is not None and one.party.last == other.party.last and one == other)


def _header(out: SegmentWriter, header: ClaimHeader, control: str, guide: str) -> None:
    if header.created is None:
        raise Unwritable("The transaction has no creation time (BHT04).")
    reference = out.charset.identifier(header.reference, 50, "The batch reference (BHT03)")
    clock = f"{header.created:%H%M%S}" if header.created.second else f"{header.created:%H%M}"
    out.put("ST", "837", control, guide)
    out.put("BHT", "0019", header.purpose, reference, day(header.created), clock, header.kind)
    out.party(header.submitter)
    out.contacts(header.contacts)
    out.party(header.receiver)


def _billing(out: SegmentWriter, billing: BillingProvider) -> None:
    if billing.taxonomy:
        out.put("PRV", "BI", "PXC", billing.taxonomy)
    if billing.currency:
        out.put("CUR", "85", billing.currency)
    out.party(billing.party)
    out.address(billing.address)
    tax_id = out.charset.identifier(billing.tax_id, 50, "The tax id")
    if not tax_id:
        raise Unwritable("The billing provider has no tax id (REF*EI).")
    out.put("REF", billing.tax_id_qualifier, tax_id)
    out.references(billing.references)
    out.contacts(billing.contacts)
    if billing.pay_to:
        out.put("NM1", "87", billing.party.kind)
        out.address(billing.pay_to)
    if billing.pay_to_plan:
        out.party(billing.pay_to_plan.party)
        out.address(billing.pay_to_plan.address)
        out.references(billing.pay_to_plan.references)


def _subscriber(out: SegmentWriter, subscriber: Subscriber) -> None:
    text = out.charset.text
    out.put(
        "SBR", subscriber.sequence, subscriber.relationship,
        out.charset.identifier(subscriber.group_number, 50, "The group number") if subscriber.group_number else "",
        text(subscriber.group_name, 60) if subscriber.group_name else "",
        subscriber.insurance_type, "", "", "", subscriber.filing_indicator,
    )  # fmt: skip
    if subscriber.pat:
        out.raw(("PAT", *subscriber.pat))
    out.party(subscriber.party)
    out.address(subscriber.address)
    _demographics(out, subscriber)
    if subscriber.references:
        out.references(subscriber.references)
    if subscriber.contacts:
        out.contacts(subscriber.contacts)
    out.party(subscriber.payer.party)
    out.address(subscriber.payer.address)
    out.references(subscriber.payer.references)


def _patient(out: SegmentWriter, patient: Patient) -> None:
    out.put("PAT", patient.relationship, *patient.pat)
    out.party(patient.party)
    out.address(patient.address)
    _demographics(out, patient)
    out.references(patient.references)
    out.contacts(patient.contacts)


def _demographics(out: SegmentWriter, person: Subscriber | Patient) -> None:
    if person.birth_date or person.sex:
        out.put("DMG", "D8", day(person.birth_date), person.sex or "U")
