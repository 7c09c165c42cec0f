"""Does the money add up? SNIP type 3, in integer cents.

835 (005010X221A1, section 1.10.2), where a positive adjustment lowers the payment:
    line         SVC02 - CAS of the line = SVC03
    claim        CLP03 - all CAS of claim and lines = CLP04
    transaction  sum of CLP04 - sum of PLB = BPR02
    (warning)    sum of SVC03 - CAS of the claim alone = CLP04, where there are lines
837: CLM02 = sum of SV102; per other payer: SV102 - CAS of the line = SVD02, AMT*D = sum of SVD02 - CAS of the claim.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable

from medguild.x12.amounts import money
from medguild.x12.errors import IssueLog
from medguild.x12.records.claim import Claim, OtherPayer
from medguild.x12.records.remittance import ProviderAdjustment, RemittanceClaim, RemittanceHeader

GROUPS = frozenset(("CO", "OA", "PI", "PR", "CR"))
WINDOW = 256  # claims remembered for comparing: doubles stand close together, and memory stays flat
CLAIM_NUMBERS = 5_000  # claim numbers remembered: the guide's advice is to send no more claims in one transaction
HOLD = "Post nothing; ask the payer for a corrected remittance."


class RemittanceBalance:
    """Adds up one 835, claim by claim. All amounts are cents; read the totals after `finish`."""

    def __init__(self, log: IssueLog) -> None:
        self.claims = self.services = 0
        self.charge_cents = self.paid_cents = self.plb_cents = self.payment_cents = 0
        self.adjustment_cents: Counter[str] = Counter()
        self.total_difference = self.claim_difference = self.line_difference = 0
        self.broken = False
        self._log = log
        self._recent: OrderedDict[tuple[object, ...], list[object]] = OrderedDict()
        self._corrected: OrderedDict[str, None] = OrderedDict()
        self._reversed: dict[str, int] = {}

    @property
    def balanced(self) -> bool:
        return not self.broken

    @property
    def difference_cents(self) -> int:
        """What is missing at the outermost level that does not balance: transaction, else claims, else lines."""
        return self.total_difference or self.claim_difference or self.line_difference

    def add(self, claim: RemittanceClaim) -> None:
        self.claims += 1
        self.services += len(claim.services)
        self.charge_cents += claim.charge_cents
        self.paid_cents += claim.paid_cents
        patient = adjusted = 0
        for adjustment in claim.adjustments:
            adjusted += adjustment.amount_cents
            patient += self._count(adjustment.group, adjustment.amount_cents, claim.position, "2100")
        at_claim, lines_paid = adjusted, 0
        for service in claim.services:
            line = 0
            for adjustment in service.adjustments:
                line += adjustment.amount_cents
                patient += self._count(adjustment.group, adjustment.amount_cents, service.position, "2110")
            adjusted += line
            lines_paid += service.paid_cents
            if service.charge_cents - line != service.paid_cents:
                self._line(service.charge_cents, line, service.paid_cents, service.position)
        if claim.charge_cents - adjusted != claim.paid_cents:
            self._claim(claim, adjusted)
        if claim.services and lines_paid - at_claim != claim.paid_cents:
            text = (
                f"Lines less claim adjustments pay {money(lines_paid - at_claim)}, the claim {money(claim.paid_cents)}."
            )
            self._say("835.lines", text, claim.position, "CLP", "CLP04")
        stated = claim.patient_responsibility_cents
        if stated != patient and (stated is not None or patient > 0):  # absent stands for 0
            said = "nothing" if stated is None else money(stated)
            text = f"CLP05 says the patient owes {said}, the PR adjustments say {money(patient)}."
            self._say("835.patient", text, claim.position, "CLP", "CLP05")
        self._compare(claim)

    def _count(self, group: str, cents: int, position: int, loop: str) -> int:
        if group not in GROUPS and group not in self.adjustment_cents:
            text = (
                f"Adjustment group {group[:5] or 'empty'} is unknown, but it decides who owes the money. Ask the payer."
            )
            self._say("835.group", text, position, "CAS", "CAS01", loop)
        self.adjustment_cents[group] += cents
        return cents if group == "PR" else 0

    def _line(self, charge: int, adjusted: int, paid: int, position: int) -> None:
        difference = paid - (charge - adjusted)
        self.line_difference += abs(difference)
        self.broken = True
        text = (
            f"The line does not balance: charge {money(charge)} less adjustments {money(adjusted)} is "
            f"{money(charge - adjusted)}, paid is {money(paid)}, difference {money(difference)}. {HOLD}"
        )
        self._say("835.line", text, position, "SVC", "SVC03", "2110")

    def _claim(self, claim: RemittanceClaim, adjusted: int) -> None:
        expected = claim.charge_cents - adjusted
        difference = claim.paid_cents - expected
        self.claim_difference += abs(difference)
        self.broken = True
        text = (
            f"The claim does not balance: charge {money(claim.charge_cents)} less adjustments {money(adjusted)} is "
            f"{money(expected)}, paid is {money(claim.paid_cents)}, difference {money(difference)}. {HOLD}"
        )
        self._say("835.claim", text, claim.position, "CLP", "CLP04")

    def _compare(self, claim: RemittanceClaim) -> None:
        """The same claim twice, and reversals that no correction follows."""
        key = (claim.patient_control, claim.payer_control, claim.status, claim.paid_cents)
        content = _content(claim)
        if self._recent.get(key) == content:
            text = f"The same claim stands twice in this transaction. {HOLD}"
            self._say("835.doubled", text, claim.position, "CLP", "CLP01")
        self._recent[key] = content
        if len(self._recent) > WINDOW:
            self._recent.popitem(last=False)
        control = claim.patient_control
        if claim.is_reversal:
            if control not in self._corrected:
                self._reversed.setdefault(control, claim.position)
            return
        if self._reversed:
            self._reversed.pop(control, None)
        self._corrected[control] = None
        if len(self._corrected) > WINDOW:
            self._corrected.popitem(last=False)

    def finish(
        self, header: RemittanceHeader, adjustments: Iterable[ProviderAdjustment], position: int, *, unread: bool
    ) -> None:
        """position is that of BPR; unread says that some amount could not be read."""
        self.plb_cents = sum(a.amount_cents for a in adjustments)
        self.payment_cents = header.payment_cents
        self.broken |= unread
        expected = self.paid_cents - self.plb_cents
        self.total_difference = self.payment_cents - expected
        if self.total_difference:
            self.broken = True
            text = (
                f"The payment does not balance: claims {money(self.paid_cents)} less provider adjustments "
                f"{money(self.plb_cents)} is {money(expected)}, the payment (BPR02) is {money(self.payment_cents)}, "
                f"difference {money(self.total_difference)}. {HOLD}"
            )
            self._say("835.total", text, position, "BPR", "BPR02", "HEADER")
        if self.payment_cents < 0:
            self.broken = True
            text = f"The payment is negative ({money(self.payment_cents)}); money owed belongs into PLB. {HOLD}"
            self._say("835.negative", text, position, "BPR", "BPR02", "HEADER")
        if (header.method == "NON") != (self.payment_cents == 0):
            text = f"Payment method {header.method or 'empty'} does not fit a payment of {money(self.payment_cents)}."
            self._say("835.method", text, position, "BPR", "BPR04", "HEADER")
        for at in self._reversed.values():
            text = "The claim is reversed here, but no correction follows in this transaction."
            self._say("835.reversal", text, at, "CLP", "CLP02")

    def _say(self, rule: str, text: str, position: int, segment: str, element: str, loop: str = "2100") -> None:
        self._log.add(rule, text, position=position, segment=segment, loop=loop, element=element)


def _content(claim: RemittanceClaim) -> list[object]:
    """What makes two claims of one number the same: the people, the days and the lines.

    Holding on to whole claims would cost more than all of the adding up.
    """
    content: list[object] = [claim.charge_cents, claim.parties, claim.dates]
    for line in claim.services:
        content += line.procedure, line.charge_cents, line.paid_cents, line.dates
    return content


class ClaimBalance:
    """Adds up one 837P, claim by claim."""

    def __init__(self, log: IssueLog) -> None:
        self.claims = self.services = self.charge_cents = self.difference_cents = 0
        self.broken = False
        self._log = log
        self._numbers: set[tuple[str, str]] = set()  # of the last claims, and of as many before them
        self._before: set[tuple[str, str]] = set()

    @property
    def balanced(self) -> bool:
        return not self.broken

    def add(self, claim: Claim) -> None:
        self.claims += 1
        self.services += len(claim.lines)
        self._remember(claim)
        self.charge_cents += claim.charge_cents
        lines = 0
        for line in claim.lines:
            lines += line.charge_cents
        if lines != claim.charge_cents:
            self.broken = True
            self.difference_cents += claim.charge_cents - lines
            text = (
                f"The claim charge is {money(claim.charge_cents)}, its lines add up to {money(lines)}, difference "
                f"{money(claim.charge_cents - lines)}. Correct the lines or the charge before sending."
            )
            self._say("837.sum", text, claim.position, "CLM", "CLM02", "2300")
        for payer in claim.other_payers:
            self._other_payer(claim, payer)

    def _remember(self, claim: Claim) -> None:
        """A void and the claim that takes its place may share a number; two claims of one frequency may not."""
        key = (claim.control, claim.frequency)
        if (key in self._numbers or key in self._before) and claim.control:
            text = (
                "The claim number (CLM01) was used before in this transaction, so answers to one claim could be taken "
                "for the other. Give each claim its own number."
            )
            self._say("837.claim-twice", text, claim.position, "CLM", "CLM01", "2300")
            return
        if len(self._numbers) >= CLAIM_NUMBERS:
            self._before, self._numbers = self._numbers, set()
        self._numbers.add(key)

    def _other_payer(self, claim: Claim, payer: OtherPayer) -> None:
        """Only payers that adjudicated lines can be checked; others report at claim level or not at all."""
        paid = 0
        seen = False
        for line in claim.lines:
            for done in line.adjudications:
                if done.payer_id != payer.payer.id:
                    continue
                seen = True
                paid += done.paid_cents
                adjusted = sum(a.amount_cents for a in done.adjustments)
                if line.charge_cents - adjusted != done.paid_cents:
                    text = (
                        f"Charge {money(line.charge_cents)} less the other payer's adjustments {money(adjusted)} is "
                        f"not what it paid, {money(done.paid_cents)}. Copy all adjustments from its remittance."
                    )
                    self._say("837.cob-line", text, line.position, "SVD", "SVD02", "2430")
        stated = payer.paid_cents
        if not seen or stated is None:
            return
        expected = paid - sum(a.amount_cents for a in payer.adjustments)
        if stated != expected:
            text = f"The other payer paid {money(stated)} (AMT*D), its lines and adjustments give {money(expected)}."
            self._say("837.cob-claim", text, claim.position, "AMT", "AMT02", "2320")

    def _say(self, rule: str, text: str, position: int, segment: str, element: str, loop: str) -> None:
        self._log.add(rule, text, position=position, segment=segment, loop=loop, element=element)
