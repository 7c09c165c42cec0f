"""Rules on a whole claim record (SNIP type 4), as named predicates."""

from __future__ import annotations

from collections.abc import Callable

from medguild.x12.errors import IssueLog
from medguild.x12.records.claim import REPLACEMENT, VOID, Claim


def replacement_needs_payer_control(claim: Claim, log: IssueLog) -> None:
    if claim.frequency in (REPLACEMENT, VOID) and not claim.payer_control:
        text = (
            "Frequency 7 or 8 needs the payer's claim number (REF*F8), or the payer files a new claim. "
            "Take it from the remittance of the first claim."
        )
        log.add("837.f8", text, position=claim.position, segment="CLM", loop="2300", element="CLM05")


def pointers_point_to_diagnoses(claim: Claim, log: IssueLog) -> None:
    last = len(claim.diagnoses)
    for line in claim.lines:
        if any(not 1 <= pointer <= last for pointer in line.pointers):
            text = f"A diagnosis pointer names none of the claim's {last} diagnoses. Correct SV107."
            log.add("837.pointer", text, position=line.position, segment="SV1", loop="2400", element="SV107")


def lines_are_numbered(claim: Claim, log: IssueLog) -> None:
    for expected, line in enumerate(claim.lines, start=1):
        if line.number != str(expected):
            text = f"LX01 is {line.number[:6] or 'empty'}, expected {expected}."
            log.add("837.lx", text, position=line.position, segment="LX", loop="2400", element="LX01")
            return


CLAIM_RULES: tuple[Callable[[Claim, IssueLog], None], ...] = (
    replacement_needs_payer_control,
    pointers_point_to_diagnoses,
    lines_are_numbered,
)


def check_claim(claim: Claim, log: IssueLog) -> None:
    for rule in CLAIM_RULES:
        rule(claim, log)
