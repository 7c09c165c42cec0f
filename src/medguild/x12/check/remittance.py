"""Situational rules of remittances (SNIP type 4): what is missing or odd though the money may add up.

Predicates look at the header, a claim or a service; none of them forbids posting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from medguild.x12.catalogue import declare
from medguild.x12.check.places import segment_of
from medguild.x12.errors import IssueLog
from medguild.x12.records.remittance import RemittanceClaim, RemittanceHeader, ServicePayment
from medguild.x12.tokens import Segment

SITUATIONAL = 4
ELECTRONIC = ("ACH", "BOP", "FWT")
BANK_FIELDS = (1, 2, 7, 8)  # in RemittanceHeader.bank: BPR06, BPR07, BPR12, BPR13
NEEDS_REMARK = frozenset(("16", "17", "125", "148", "226", "227", "234", "252", "A1"))
MONEY_DENIED = "4"
SERVICE_FROM, CLAIM_FROM = ("472", "150"), "232"

HeaderCheck = Callable[[RemittanceHeader], bool]
ClaimCheck = Callable[[RemittanceClaim], bool]
ServiceCheck = Callable[[RemittanceClaim, ServicePayment], bool]


def electronic_without_bank(header: RemittanceHeader) -> bool:
    if header.method not in ELECTRONIC:
        return False
    return not all(len(header.bank) > at and header.bank[at] for at in BANK_FIELDS)


def payee_without_npi(header: RemittanceHeader) -> bool:
    return not header.payee.npi


def payee_without_tax_id(header: RemittanceHeader) -> bool:
    return bool(header.payee.npi) and not header.payee.tax_id


def denied_but_paid(claim: RemittanceClaim) -> bool:
    return claim.status == MONEY_DENIED and claim.paid_cents > 0


def reversal_not_negated(claim: RemittanceClaim) -> bool:
    return claim.is_reversal and (claim.charge_cents > 0 or claim.paid_cents > 0)


def negative_without_reversal(claim: RemittanceClaim) -> bool:
    return not claim.is_reversal and claim.charge_cents < 0


def no_payer_number(claim: RemittanceClaim) -> bool:
    return not claim.payer_control


def claim_without_service_date(claim: RemittanceClaim) -> bool:
    if any(dated.qualifier == CLAIM_FROM for dated in claim.dates):
        return False
    return not all(any(d.qualifier in SERVICE_FROM for d in service.dates) for service in claim.services)


def claim_adjustment_of_nothing(claim: RemittanceClaim) -> bool:
    return any(a.amount_cents == 0 for a in claim.adjustments)


def service_adjustment_of_nothing(claim: RemittanceClaim, service: ServicePayment) -> bool:
    return any(a.amount_cents == 0 for a in service.adjustments)


def reason_without_remark(claim: RemittanceClaim, service: ServicePayment) -> bool:
    if service.remarks or claim.remark_codes:
        return False
    return any(a.reason in NEEDS_REMARK for a in service.adjustments)


def reason_twice(claim: RemittanceClaim, service: ServicePayment) -> bool:
    reasons = [(a.group, a.reason) for a in service.adjustments]
    return len(reasons) != len(set(reasons))


# id, severity, (loop and) element, what is wrong and what to do, predicate
HEADER_RULES: tuple[tuple[str, str, str, str, HeaderCheck], ...] = (
    ("835.bank", "warning", "HEADER BPR12",
     "An electronic payment names no bank account. Match it by its trace number.",
     electronic_without_bank),
    ("835.payee-npi", "warning", "1000B N104", "The payee is not named by NPI. Check that the money is meant for you.",
     payee_without_npi),
    ("835.payee-tax", "warning", "1000B REF02",
     "The payee's tax number (REF*TJ) is missing. Check which entity was paid.",
     payee_without_tax_id),
)  # fmt: skip
CLAIM_RULES: tuple[tuple[str, str, str, str, ClaimCheck], ...] = (
    ("835.denied-paid", "warning", "CLP02", "The claim is called denied, but money was paid. Look at its lines.",
     denied_but_paid),
    ("835.reversal-sign", "warning", "CLP03", "A reversal must negate the amounts of the first payment. Ask the payer.",
     reversal_not_negated),
    ("835.negative-claim", "warning", "CLP02", "A negative charge is only for reversals (status 22). Ask the payer.",
     negative_without_reversal),
    ("835.payer-number", "warning", "CLP07", "The payer's claim number is missing; a correction cannot name it.",
     no_payer_number),
    ("835.service-date", "warning", "DTM02", "Neither claim nor lines have a service date. Match by line number.",
     claim_without_service_date),
    ("835.cas-zero", "warning", "CAS03", "An adjustment of 0.00 says nothing; it is ignored.",
     claim_adjustment_of_nothing),
)  # fmt: skip
SERVICE_RULES: tuple[tuple[str, str, str, str, ServiceCheck], ...] = (
    ("835.line-cas-zero", "warning", "CAS03", "An adjustment of 0.00 says nothing; it is ignored.",
     service_adjustment_of_nothing),
    ("835.remark", "warning", "LQ02", "The reason needs a remark code that says what is missing. Ask the payer.",
     reason_without_remark),
    ("835.reason-twice", "warning", "CAS02", "One reason stands twice at a line. The amounts are added together.",
     reason_twice),
)  # fmt: skip
for _row in (*HEADER_RULES, *CLAIM_RULES, *SERVICE_RULES):
    declare(_row[0], SITUATIONAL, _row[1], _row[3].partition(".")[0])


def check_header(header: RemittanceHeader, log: IssueLog, places: Mapping[str, int]) -> None:
    """places: where the header (its BPR) and loop 1000B begin."""
    for rule, _, place, text, broken_header in HEADER_RULES:
        if broken_header(header):
            loop, element = place.split()
            segment = segment_of(element)
            log.add(rule, text, position=places.get(loop, 1), segment=segment, loop=loop, element=element)


def check_claim(claim: RemittanceClaim, log: IssueLog, block: Sequence[Segment] = (), start: int = 0) -> None:
    """block are the segments from CLP on, which stands at position start. A finding points at the segment it names."""
    for rule, _, element, text, broken_claim in CLAIM_RULES:
        if broken_claim(claim):
            at = _position(block, start, claim.position, segment_of(element))
            log.add(rule, text, position=at, segment=segment_of(element), loop="2100", element=element)
    for service in claim.services:
        for rule, _, element, text, broken_service in SERVICE_RULES:
            if broken_service(claim, service):
                at = _position(block, start, service.position, segment_of(element))
                log.add(rule, text, position=at, segment=segment_of(element), loop="2110", element=element)


def _position(block: Sequence[Segment], start: int, begin: int, segment: str) -> int:
    """The first such segment of the claim itself or of the service that begins there; without one, the beginning."""
    for at in range(max(begin - start, 0), len(block)):
        if block[at][0] == segment:
            return start + at
        if block[at][0] == "SVC" and start + at != begin:
            break
    return begin
