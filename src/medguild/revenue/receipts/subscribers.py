"""What receipts hear: when a debt arises or falls, money that waits is applied to it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.subscribers import subscribe
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ledger.models import Posting
from medguild.revenue.charges.models import Charge
from medguild.revenue.receipts.applying import apply_unapplied
from medguild.revenue.receipts.models import Receipt
from medguild.revenue.receipts.watching import watch_copay, watch_credit

_HOUSE = "money is applied for every account concerned"
# Events after which what an account owes is decided; money that is left then is a credit, before it is paid ahead.
_DECIDED = frozenset({"remittance.posted", "remittance.placed", "charge.voided"})


@subscribe("remittance.posted", "remittance.placed", name="revenue.apply_after_remittance")
def after_remittance(event: EventRecord) -> None:
    """The accounts whose receivables the remittance moved, as its postings tell."""
    rows = Posting.objects.unscoped(_HOUSE).filter(
        entry__source_type=event.subject.type, entry__source_id=event.subject.id, account_id__isnull=False
    )
    _apply(rows.order_by("account_id").values_list("account_id", flat=True).distinct(), event)


@subscribe("charge.captured", "charge.released", "charge.voided", name="revenue.apply_after_charge")
def after_charge(event: EventRecord) -> None:
    if event.subject.id is None:
        return
    rows = Charge.objects.unscoped(_HOUSE).filter(pk=event.subject.id, account_id__isnull=False)
    _apply(rows.values_list("account_id", flat=True), event)


def _apply(account_ids: Iterable[UUID | None], event: EventRecord) -> None:
    """Accounts that never paid anything have nothing to apply."""
    by = _hearing(event)
    paying = Receipt.objects.unscoped(_HOUSE).filter(account_id__in=[one for one in account_ids if one])
    for account_id in paying.order_by("account_id").values_list("account_id", flat=True).distinct():
        apply_unapplied(account_id=account_id, by=by)
        if event.type in _DECIDED:
            watch_credit(account_id=account_id, by=by, at=event.occurred_at)


@subscribe("visit.checked_out", name="revenue.missed_copay")
def after_leaving(event: EventRecord) -> None:
    if event.subject.id is not None:
        watch_copay(visit_id=event.subject.id, by=_hearing(event), at=event.occurred_at, gone=True)


@subscribe("receipt.taken", "receipt.voided", name="revenue.copay_and_credit")
def after_receipt(event: EventRecord) -> None:
    """A taken co-pay ends its work; a voided receipt ends the credit that it left."""
    by = _hearing(event)
    visit_id, account_id = event.data.get("visit_id"), event.data.get("account_id")
    if visit_id:
        watch_copay(visit_id=UUID(str(visit_id)), by=by, at=event.occurred_at, gone=False)
    if account_id and event.type == "receipt.voided":
        watch_credit(account_id=UUID(str(account_id)), by=by, at=event.occurred_at)


def _hearing(event: EventRecord) -> Actor:
    return Actor.job("revenue.receipts", cause=f"event:{event.id}")
