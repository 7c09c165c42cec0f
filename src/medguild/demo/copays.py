"""Co-pays of the demo: what plans ask at each visit, and the front desk that takes them by card."""

from __future__ import annotations

import datetime as dt

from medguild.demo import plan
from medguild.demo.group import LOADER, Group
from medguild.foundation.standards.rules import Dimension
from medguild.foundation.standards.services import set_standard
from medguild.operations.visits.models import Visit
from medguild.operations.visits.selectors import ref_of
from medguild.patients.accounts.models import GuarantorAccount
from medguild.payers.payers.models import Payer
from medguild.payers.payers.rules import PayerKind
from medguild.revenue.receipts.rules import Method, Purpose
from medguild.revenue.receipts.selectors import accounts_on
from medguild.revenue.receipts.services import take_payment
from medguild.revenue.receipts.standards import COPAY
from medguild.revenue.receipts.steps import copay_left

AMOUNTS = {PayerKind.COMMERCIAL: 2_500, PayerKind.MEDICARE_ADVANTAGE: 2_000}


def set_copays(group: Group, size: plan.Size, today: dt.date) -> None:
    for payer in Payer.objects.filter(kind__in=AMOUNTS).order_by("name"):
        for entity in plan.GROUP:
            set_standard(
                key=COPAY, unit=group.units[entity.key], value=AMOUNTS[PayerKind(payer.kind)], by=LOADER,
                dimension=Dimension.PAYER, target=str(payer.pk), start=group.start,
            )  # fmt: skip


def take_copay(visit: Visit, *, at: dt.datetime) -> None:
    """What is still to be taken of the visit's co-pay, by card: nobody need count a drawer for it."""
    ref = ref_of(visit)
    amount, account_id = copay_left(ref), accounts_on([ref]).get(ref)
    if not amount or account_id is None:
        return
    account = GuarantorAccount.objects.unscoped("the demo plays everybody's part").get(pk=account_id)
    take_payment(
        account=account, patient=visit.patient, site=visit.site.site, visit=visit, amount=amount, method=Method.CARD,
        purpose=Purpose.COPAY, reference="", by=LOADER, at=at,
    )  # fmt: skip
