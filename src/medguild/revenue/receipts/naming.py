"""How receipts and drawers are named to the rooms below."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ledger.ports import Named, name_source
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.revenue.receipts.models import Drawer, Receipt
from medguild.revenue.receipts.permissions import ReceiptsRight


def _receipts(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    rows = Receipt.objects.visible_to(actor).filter(pk__in=ids)
    return {receipt.pk: Named(receipt.number, reverse("receipts:show", args=[receipt.pk])) for receipt in rows}


def _drawers(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    rows = Drawer.objects.visible_to(actor, ReceiptsRight.CLOSE).filter(pk__in=ids)
    return {drawer.pk: Named(drawer.label(), reverse("receipts:drawer", args=[drawer.pk])) for drawer in rows}


def _views(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    rows = Receipt.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("patient")
    return {
        one.pk: SubjectView(
            f"{one.number}, {one.patient.label()}", reverse("receipts:show", args=[one.pk]), one.patient_id
        )
        for one in rows
    }


declare_subject("receipt", _("Receipt"), _views)
name_source("receipt", _receipts)
name_source("drawer", _drawers)
