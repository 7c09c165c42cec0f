"""What nobody may forget: a co-pay that was expected and not taken, and a credit that is left when all is answered."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Coalesce

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.money import dollars
from medguild.foundation.ledger.selectors import balances_of
from medguild.foundation.work.services import need_item, settle
from medguild.operations.visits.models import Visit
from medguild.operations.visits.selectors import ref_of
from medguild.revenue.receipts.models import Receipt
from medguild.revenue.receipts.steps import copay_left
from medguild.revenue.receipts.work import COPAY_MISSED, CREDIT_LEFT

_HOUSE = "nobody's money is forgotten, whoever asks"


def watch_copay(*, visit_id: UUID, by: Actor, at: dt.datetime, gone: bool) -> None:
    """Once the patient has left (`gone`) a missing co-pay is work; as soon as it is taken the work is done."""
    visit = Visit.objects.unscoped(_HOUSE).select_related("site__site").filter(pk=visit_id).first()
    if visit is None:
        return
    left = copay_left(ref_of(visit))
    source = f"copay:{visit_id}"
    if not left:
        settle(source=source, outcome="taken", by=by, at=at)
    elif gone:
        need_item(
            work_type=COPAY_MISSED, unit_id=visit.site_id, by=by, subject=SubjectRef("visit", visit.pk),
            patient_id=visit.patient_id, summary=dollars(left), source=source, at=at,
        )  # fmt: skip


def watch_credit(*, account_id: UUID, by: Actor, at: dt.datetime) -> None:
    """Money that is left once no payer's answer is awaited and nothing is owed must be paid back: it becomes work.

    The first receipt with free money names it. When the credit is used or gone, the work is done.
    """
    stands = balances_of([account_id])[account_id]
    is_credit = stands.unapplied > 0 and stands.insurance <= 0 and stands.patient <= 0
    rows = Receipt.objects.unscoped(_HOUSE).filter(account_id=account_id)
    found = rows.annotate(applied=Coalesce(Sum("allocations__amount"), 0)).order_by("taken_at", "pk")
    free = [one for one in found if one.voided_at is None and one.amount > one.applied] if is_credit else []
    for one in found:
        if one not in free[:1]:
            settle(source=_source(one), outcome="no_credit", by=by, at=at)
    for one in free[:1]:
        need_item(
            work_type=CREDIT_LEFT, unit_id=one.site_id, by=by, subject=SubjectRef("receipt", one.pk, one.number),
            patient_id=one.patient_id, summary=dollars(stands.unapplied), source=_source(one), at=at,
        )  # fmt: skip


def _source(receipt: Receipt) -> str:
    return f"credit:{receipt.pk}"
