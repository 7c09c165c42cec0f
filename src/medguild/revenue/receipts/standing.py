"""What an account stands at, charge by charge: the postings of the books, gathered under the charge they are for.

A posting belongs to a charge through its claim line, through the charge that is its source, or, for what patients paid,
through the allocations of the receipt. What none of these explains is gathered under no charge.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from medguild.foundation.kernel.money import Cents
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.ports import PAYMENT
from medguild.foundation.ledger.rules import Chart
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.models import ClaimLine
from medguild.revenue.receipts.models import Allocation
from medguild.revenue.receipts.rules import Debt

SOURCE = "receipt"
# Accounts on which a charge comes to rest without anybody paying it.
ADJUSTMENTS = (
    Chart.CONTRACTUAL, Chart.PAYER_REDUCTION, Chart.WITHHOLD, Chart.INTEREST, Chart.DENIAL_WRITE_OFF,
    Chart.SMALL_BALANCE, Chart.BAD_DEBT, Chart.ASSISTANCE,
)  # fmt: skip
_TOLD = [code.value for code in (Chart.CHARGES, Chart.INSURANCE_AR, Chart.PATIENT_AR, *ADJUSTMENTS)]
_KNOWN = "the caller has found this account in its own scope"


@dataclass(slots=True)
class ChargeStanding:
    """One charge in cents; `charge` None gathers what no charge explains.

    `share` is what came to the patient, `paid` what of it was paid, `adjustments` by account of the books.
    charged = pending + adjusted + share + what payers paid, and share = paid + left.
    """

    charge: Charge | None
    charged: Cents = 0
    pending: Cents = 0
    share: Cents = 0
    paid: Cents = 0
    adjustments: dict[str, Cents] = field(default_factory=dict)
    since: dt.date | None = None

    @property
    def left(self) -> Cents:
        return self.share - self.paid

    @property
    def adjusted(self) -> Cents:
        return sum(self.adjustments.values())

    @property
    def is_empty(self) -> bool:
        return not (self.charged or self.pending or self.share or self.paid or self.adjusted)

    @property
    def service_date(self) -> dt.date | None:
        return self.charge.service_date if self.charge else self.since

    def debt(self) -> Debt:
        charge = self.charge
        return Debt(
            charge.pk if charge else None,
            self.left,
            self.service_date,
            charge.visit_id if charge else None,
            settled=self.pending <= 0,
        )


def standings(account_id: UUID) -> list[ChargeStanding]:
    """Every charge of an account as the books tell it, oldest first; what no charge explains comes first.

    The patient's parts (`left`) sum to the account's balance on PATIENT_AR. Asks no scope.
    """
    charges = {charge.pk: charge for charge in _charges(account_id)}
    lines = _charge_of_line(charges)
    found: dict[UUID | None, ChargeStanding] = {None: ChargeStanding(None)}
    found |= {charge_id: ChargeStanding(charge) for charge_id, charge in charges.items()}
    for row in _postings(account_id, lines):
        charge_id = lines.get(row["claim_line_id"]) or _source_charge(row, charges)
        _add(found[charge_id], row)
    for charge_id, cents in allocated(account_id).items():
        found[charge_id if charge_id in charges else None].paid += cents
    return sorted(
        (one for one in found.values() if not one.is_empty),
        key=lambda one: (one.charge is not None, one.service_date or dt.date.min, str(one.charge and one.charge.pk)),
    )


def allocated(account_id: UUID) -> dict[UUID | None, Cents]:
    """What receipts have settled, per charge."""
    rows = Allocation.objects.unscoped(_KNOWN).filter(account_id=account_id).order_by()
    return dict(rows.values_list("charge_id").annotate(total=Sum("amount")))


def debts(account_id: UUID) -> list[Debt]:
    return [standing.debt() for standing in standings(account_id)]


def _charges(account_id: UUID) -> Iterable[Charge]:
    rows = Charge.objects.unscoped(_KNOWN).filter(account_id=account_id)
    return rows.select_related("patient", "coverage__payer", "rendering__person", "site")


def _charge_of_line(charges: Mapping[UUID, Charge]) -> dict[UUID | None, UUID]:
    rows = ClaimLine.objects.unscoped(_KNOWN).filter(charge_id__in=list(charges))
    return dict(rows.values_list("pk", "charge_id"))


def _postings(account_id: UUID, lines: Mapping[UUID | None, UUID]) -> Iterable[Mapping[str, Any]]:
    mine = Q(account_id=account_id) | Q(claim_line_id__in=[line_id for line_id in lines if line_id])
    rows = Posting.objects.unscoped(_KNOWN).filter(mine, ledger_account__code__in=_TOLD)
    return rows.values(
        "amount", "claim_line_id", "service_date", "booked_on", "entry__type", "entry__source_type",
        "entry__source_id", "ledger_account__code",
    )  # fmt: skip


def _source_charge(row: Mapping[str, Any], charges: Mapping[UUID, Charge]) -> UUID | None:
    source = row["entry__source_id"] if row["entry__source_type"] == "charge" else None
    return source if source in charges else None


def _add(standing: ChargeStanding, row: Mapping[str, Any]) -> None:
    code, amount = row["ledger_account__code"], int(row["amount"])
    if code == Chart.CHARGES:
        standing.charged -= amount
    elif code == Chart.INSURANCE_AR:
        standing.pending += amount
    elif code != Chart.PATIENT_AR:
        standing.adjustments[code] = standing.adjustments.get(code, 0) + amount
    elif row["entry__source_type"] == SOURCE:
        return  # told by the allocations
    elif row["entry__type"] == PAYMENT:
        standing.paid -= amount
    else:
        standing.share += amount
    day = row["service_date"] or row["booked_on"]
    standing.since = min(day, standing.since or day)


def live_lines(charge_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The claim line on which each charge stands now (else its last one), for postings about it."""
    rows = ClaimLine.objects.unscoped(_KNOWN).filter(charge_id__in=list(charge_ids))
    found: dict[UUID, UUID] = {}
    for charge_id, line_id in rows.order_by("live", "pk").values_list("charge_id", "pk"):
        found[charge_id] = line_id
    return found


def by_charge(amounts: Iterable[tuple[UUID | None, Cents]]) -> dict[UUID | None, Cents]:
    """Sums per charge, those of zero left out."""
    sums: dict[UUID | None, Cents] = defaultdict(int)
    for charge_id, cents in amounts:
        sums[charge_id] += cents
    return {charge_id: cents for charge_id, cents in sums.items() if cents}
