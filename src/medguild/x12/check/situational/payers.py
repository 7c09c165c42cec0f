"""Who pays first, who paid what, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from medguild.x12.check.situational.rules import claim_rule, line_rule, payer_rule
from medguild.x12.records.claim import REPLACEMENT, VOID, Claim, OtherPayer, ServiceLine
from medguild.x12.records.common import Adjustment

PRIMARY, UNKNOWN = "P", "U"
MEDICARE = frozenset(("MA", "MB"))
EARLIER = {"S": 1, "T": 2}
GROUP_LIMIT = 6


@claim_rule(
    "837.f8", "error", "2300 CLM05",
    "Frequency 7 or 8 needs the payer's claim number (REF*F8), or the payer files a new claim. "
    "Take it from the remittance of the first claim.",
)  # fmt: skip
def replacement_without_payer_number(claim: Claim) -> bool:
    return claim.frequency in (REPLACEMENT, VOID) and not claim.payer_control


@claim_rule(
    "837.f8-original", "warning", "2300 REF02",
    "An original claim carries the payer's number of an older one (REF*F8). Use frequency 7 or 8, or leave it out.",
    about="references",
)  # fmt: skip
def original_with_payer_number(claim: Claim) -> bool:
    return claim.frequency == "1" and bool(claim.payer_control)


@claim_rule(
    "837.frequency", "warning", "2300 CLM05-3",
    "The frequency is unusual for a professional claim: 1 is original, 7 replaces, 8 voids.",
)  # fmt: skip
def frequency_unusual(claim: Claim) -> bool:
    return claim.institutional is None and claim.frequency not in ("1", "6", REPLACEMENT, VOID)


@claim_rule(
    "837.medicare-secondary", "error", "2000B SBR05",
    "Medicare is not the first payer, so it wants the reason (SBR05, such as 12 or 47). "
    "Ask the patient why another pays first.",
)  # fmt: skip
def medicare_secondary_without_reason(claim: Claim) -> bool:
    subscriber = claim.subscriber
    if claim.institutional or subscriber.filing_indicator not in MEDICARE:
        return False
    return subscriber.sequence != PRIMARY and not subscriber.insurance_type


@claim_rule(
    "837.insurance-type", "warning", "2000B SBR05",
    "SBR05 is only for Medicare as a later payer. Leave it out.",
)  # fmt: skip
def insurance_type_without_medicare(claim: Claim) -> bool:
    subscriber = claim.subscriber
    late_medicare = subscriber.filing_indicator in MEDICARE and subscriber.sequence != PRIMARY
    return bool(subscriber.insurance_type) and not late_medicare


@claim_rule(
    "837.filing-indicator", "error", "2000B SBR09",
    "The kind of insurance (SBR09) is missing. Add it at the plan.",
)  # fmt: skip
def filing_indicator_missing(claim: Claim) -> bool:
    return not claim.subscriber.filing_indicator


@claim_rule(
    "837.sequence", "error", "2320 SBR01",
    "Two payers of the claim stand at the same place (primary, secondary, ...). Give each its own.",
    about="other_payers",
)  # fmt: skip
def payers_at_one_place(claim: Claim) -> bool:
    if not claim.other_payers:
        return False
    places = [claim.subscriber.sequence, *(payer.sequence for payer in claim.other_payers)]
    known = [place for place in places if place != UNKNOWN]
    return len(known) != len(set(known))


@claim_rule(
    "837.no-earlier-payer", "error", "2320 SBR01",
    "The claim goes to a secondary or tertiary payer, but the payers before it are missing. Add loop 2320 for each.",
)  # fmt: skip
def earlier_payers_missing(claim: Claim) -> bool:
    return len(claim.other_payers) < EARLIER.get(claim.subscriber.sequence, 0)


@claim_rule(
    "837.payer-id-twice", "error", "2330B NM109",
    "Two other payers have the same payer number, so line payments cannot be told apart. Correct one of them.",
    about="other_payers",
)  # fmt: skip
def payer_number_twice(claim: Claim) -> bool:
    numbers = Counter(payer.payer.id for payer in claim.other_payers)
    return any(count > 1 for count in numbers.values())


@payer_rule(
    "837.cob-date", "error", "2330B DTP03",
    "Another payer has paid or adjusted, but the date is missing (DTP*573 in loop 2330B or 2430). "
    "Take it from its remittance.",
)  # fmt: skip
def decided_without_date(claim: Claim, payer: OtherPayer) -> bool:
    lines = [a for line in claim.lines for a in line.adjudications if a.payer_id == payer.payer.id]
    decided = payer.paid_cents is not None or bool(payer.adjustments) or bool(lines)
    return decided and payer.paid_on is None and not (lines and all(a.paid_on for a in lines))


@payer_rule(
    "837.cob-paid", "warning", "2320 AMT02",
    "Another payer adjusted the claim, but it is not said what it paid (AMT*D). Add the amount, 0 if nothing was paid.",
)  # fmt: skip
def adjusted_without_payment(claim: Claim, payer: OtherPayer) -> bool:
    return bool(payer.adjustments) and payer.paid_cents is None


@payer_rule(
    "837.cob-over", "warning", "2320 AMT02",
    "Another payer is said to have paid more than was charged. Check the amount against its remittance.",
)  # fmt: skip
def paid_more_than_charged(claim: Claim, payer: OtherPayer) -> bool:
    return payer.paid_cents is not None and payer.paid_cents > claim.charge_cents


@payer_rule(
    "837.cas-claim", "error", "2320 CAS01",
    "More than six reasons stand under one adjustment group of the claim. "
    "Put them onto the lines, or add some together.",
)  # fmt: skip
def too_many_reasons(claim: Claim, payer: OtherPayer) -> bool:
    return _crowded(payer.adjustments)


@payer_rule(
    "837.cas-twice", "error", "2320 CAS02",
    "One reason stands twice under the same adjustment group. Add the amounts together.",
)  # fmt: skip
def reason_twice(claim: Claim, payer: OtherPayer) -> bool:
    return _doubled(payer.adjustments)


@payer_rule(
    "837.cas-zero", "warning", "2320 CAS03",
    "An adjustment of 0.00 says nothing. Leave it out.",
)  # fmt: skip
def adjustment_of_nothing(claim: Claim, payer: OtherPayer) -> bool:
    return any(adjustment.amount_cents == 0 for adjustment in payer.adjustments)


@line_rule(
    "837.svd-payer", "error", "2430 SVD01",
    "A line names a payer that is none of the claim's other payers. Correct SVD01 or add loop 2330B.",
    about="adjudications",
)  # fmt: skip
def line_names_unknown_payer(claim: Claim, line: ServiceLine) -> bool:
    known = {payer.payer.id for payer in claim.other_payers}
    return any(done.payer_id not in known for done in line.adjudications)


@line_rule(
    "837.svd-twice", "error", "2430 SVD01",
    "One payer stands twice at a line for the same service. Keep its last decision.",
    about="adjudications",
)  # fmt: skip
def line_decided_twice(claim: Claim, line: ServiceLine) -> bool:
    seen = [(done.payer_id, done.procedure, done.bundled_line) for done in line.adjudications]
    return len(seen) != len(set(seen))


@line_rule(
    "837.svd-cas", "error", "2430 CAS01",
    "A line's adjustments have one reason twice, or more than six reasons in a group. Add the amounts together.",
    about="adjudications",
)  # fmt: skip
def line_adjustments_crowded(claim: Claim, line: ServiceLine) -> bool:
    return any(_crowded(done.adjustments) or _doubled(done.adjustments) for done in line.adjudications)


def _crowded(adjustments: Sequence[Adjustment]) -> bool:
    return any(count > GROUP_LIMIT for count in Counter(a.group for a in adjustments).values())


def _doubled(adjustments: Sequence[Adjustment]) -> bool:
    reasons = [(a.group, a.reason) for a in adjustments]
    return len(reasons) != len(set(reasons))
