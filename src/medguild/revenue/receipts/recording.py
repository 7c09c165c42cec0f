"""Events of receipts and drawers, and how their rows are locked."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.patients.accounts.models import GuarantorAccount
from medguild.revenue.receipts.models import Drawer, Receipt

TAKEN = declare_event("receipt.taken", _("Payment taken"), icon="cash")
APPLIED = declare_event("receipt.applied", _("Payment applied"), icon="arrows-exchange")
VOIDED = declare_event("receipt.voided", _("Receipt voided"), icon="receipt-off")
DRAWER_OPENED = declare_event("drawer.opened", _("Drawer opened"), icon="lock-open")
DRAWER_CLOSED = declare_event("drawer.closed", _("Drawer counted and closed"), icon="lock")


def lock_account(account_id: UUID) -> GuarantorAccount:
    """One at a time applies money of an account: what it owes is read under this lock."""
    rows = GuarantorAccount.objects.unscoped("the caller has found this account in its own scope")
    held: GuarantorAccount = rows.select_for_update(no_key=True).get(pk=account_id)
    return held


def next_number(sequence: str) -> int:
    """The next value of one of our sequences; gaps are possible and mean nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(%s::regclass)", [sequence])
        value: int = cursor.fetchone()[0]
    return value


def tell(event: str, receipt: Receipt, by: Actor, at: dt.datetime, **data: Any) -> None:
    record(
        event,
        subject=SubjectRef("receipt", receipt.pk, receipt.number),
        by=by,
        patient_id=receipt.patient_id,
        unit_id=receipt.site_id,
        occurred_at=at,
        data={
            "account_id": receipt.account_id,
            "visit_id": receipt.visit_id,
            "amount": receipt.amount,
            "method": receipt.method,
            **data,
        },
    )


def tell_drawer(event: str, drawer: Drawer, by: Actor, at: dt.datetime, **data: Any) -> None:
    record(
        event,
        subject=SubjectRef("drawer", drawer.pk, drawer.label()),
        by=by,
        unit_id=drawer.site_id,
        occurred_at=at,
        data=data,
    )
