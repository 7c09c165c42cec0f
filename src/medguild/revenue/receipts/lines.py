"""The lines that receipts put into the books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from medguild.foundation.kernel.money import Cents
from medguild.foundation.ledger.rules import Chart, Line, credit, debit
from medguild.revenue.charges.models import Charge
from medguild.revenue.receipts.models import Receipt
from medguild.revenue.receipts.rules import Method, Share
from medguild.revenue.receipts.standing import live_lines


def received(receipt: Receipt) -> Line:
    """The money itself: cash lies in the drawer, the rest waits for its deposit."""
    code = Chart.DRAWER if receipt.method == Method.CASH else Chart.UNDEPOSITED
    return debit(
        receipt.entity_id, code, receipt.amount, site_id=receipt.site_id, patient_id=receipt.patient_id,
        account_id=receipt.account_id,
    )  # fmt: skip


def kept(receipt: Receipt, amount: Cents) -> Line:
    """Received and not applied; a negative amount leaves that state."""
    return credit(
        receipt.account.entity_id, Chart.UNAPPLIED, amount, site_id=receipt.site_id, patient_id=receipt.patient_id,
        account_id=receipt.account_id,
    )  # fmt: skip


def settling(receipt: Receipt, shares: Sequence[Share]) -> list[Line]:
    """What the patient no longer owes, charge by charge, in the books of the account's entity."""
    charges = _charges(shares)
    on_claim = live_lines(charge.pk for charge in charges.values())
    return [_settled(receipt, share, charges.get(share.charge_id), on_claim) for share in shares]


def _settled(receipt: Receipt, share: Share, charge: Charge | None, on_claim: Mapping[UUID, UUID]) -> Line:
    entity_id = receipt.account.entity_id
    if charge is None:
        return credit(
            entity_id, Chart.PATIENT_AR, share.amount, patient_id=receipt.patient_id, account_id=receipt.account_id
        )
    return credit(
        entity_id, Chart.PATIENT_AR, share.amount, site_id=charge.site_id, clinician_id=charge.rendering_id,
        patient_id=charge.patient_id, account_id=receipt.account_id, claim_line_id=on_claim.get(charge.pk),
        service_date=charge.service_date,
    )  # fmt: skip


def _charges(shares: Iterable[Share]) -> dict[UUID | None, Charge]:
    ids = [share.charge_id for share in shares if share.charge_id]
    rows = Charge.objects.unscoped("charges of the account that is paid").filter(pk__in=ids)
    return {charge.pk: charge for charge in rows}
