"""How payers pay and refuse, and how patients pay: the rates of the synthetic history, in one place.

After the published ranges of the KPI catalogue: first denials 5 to 12 % of claims, days in A/R 35 to 45, net collection
95 to 97 %, charge lag 1 to 3 days. The mix of reasons is our own guess from published denial surveys.
"""

from __future__ import annotations

from dataclasses import dataclass

from medguild.payers.payers.rules import PayerKind

NO_NOTE = 0.010  # visits that nobody wrote up
FOUND_WITHIN = 60  # days in which the list of visits without charge has made somebody do it
# Days from the visit to the signature, with weights.
SIGNATURE_LAG = ((0, 34), (1, 32), (2, 15), (3, 9), (4, 5), (6, 3), (9, 2))
CLAIM_LAG = ((0, 60), (1, 30), (2, 7), (5, 3))

CLEAN_CLAIMS = 0.962
WHOLE_CLAIM_DENIED = 0.112
LINE_DENIED = 0.035  # of a line of a claim that is not denied whole
OTHER_MONEY_WITH_INTEREST, OLD_OVERPAYMENT_TAKEN = 0.06, 0.05  # of remittances


@dataclass(frozen=True, slots=True)
class Payment:
    """Days from sending to payment (from, to), and what the patient's plan leaves to the patient."""

    days: tuple[int, int]
    copay_share: float = 0.0
    coinsurance_share: float = 0.0
    deductible: int = 0  # cents a year
    reduction: int = 0  # basis points taken off after allowing


PAYING = {
    PayerKind.COMMERCIAL: Payment((14, 34), copay_share=0.55, coinsurance_share=0.30, deductible=40_000),
    PayerKind.MEDICARE: Payment((15, 20), coinsurance_share=1.0, deductible=25_700, reduction=200),
    PayerKind.MEDICARE_ADVANTAGE: Payment((15, 29), copay_share=1.0),
    PayerKind.MEDICAID: Payment((19, 40)),
}
COPAYS = (1_500, 2_000, 2_500, 3_000, 4_000)
COINSURANCE = 2_000  # basis points
# Services that a plan pays in full.
WITHOUT_SHARE = frozenset("99381 99391 99392 99393 99394 99395 99396 99397 G0439 90471 90686".split())


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason of refusal: how often, how often it is overturned, and within how many days it is decided."""

    group: str
    reason: str
    remark: str
    weight: int
    overturned: float
    days: tuple[int, int]


REFUSALS = (
    Refusal("CO", "16", "N382", 22, 0.94, (18, 45)),
    Refusal("CO", "27", "", 13, 0.78, (18, 50)),
    Refusal("CO", "197", "", 9, 0.68, (25, 70)),
    Refusal("CO", "50", "", 9, 0.66, (30, 80)),
    Refusal("OA", "18", "", 9, 0.85, (10, 30)),
    Refusal("CO", "97", "M15", 9, 0.60, (20, 50)),
    Refusal("CO", "22", "", 9, 0.92, (15, 40)),
    Refusal("CO", "109", "", 7, 0.90, (15, 40)),
    Refusal("CO", "96", "", 5, 0.40, (20, 55)),
    Refusal("PR", "96", "N130", 4, 0.0, (20, 55)),
    Refusal("CO", "29", "", 4, 0.25, (15, 45)),
)
LINE_REASONS = frozenset({"16", "50", "97", "96", "197"})  # the others concern the whole claim
STAYS_OPEN = 0.06  # of refusals that were not overturned: nobody has decided

# Patients.
COPAY_TAKEN = 0.84
SELF_PAY_AT_DESK, SELF_PAY_LATER = 0.72, 0.62
PAYS_FIRST, FIRST_DAYS = 0.66, (9, 38)
PAYS_SECOND, SECOND_DAYS = 0.74, (45, 95)
BAD_DEBT_AFTER, SMALL_AFTER, SMALL_BELOW = 150, 75, 500
METHODS = (("card", 66), ("cash", 14), ("check", 20))
AT_DESK = (("card", 74), ("cash", 22), ("check", 4))
