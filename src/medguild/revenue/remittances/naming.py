"""How remittances are named to the rooms below: work, documents, ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.documents.ports import register_subject
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.money import dollars
from medguild.foundation.ledger.ports import Named, name_source
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.revenue.remittances.models import Remittance, RemittanceFile


def _views(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    rows = Remittance.objects.visible_to(actor).filter(pk__in=list(ids))
    return {row.pk: SubjectView(_called(row), reverse("remittances:show", args=[row.pk])) for row in rows}


def _called(row: Remittance) -> str:
    return f"{row.payer_name or row.payer_identifier} {row.label()}, {dollars(row.amount)}".strip()


def _names(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    rows = Remittance.objects.visible_to(actor).filter(pk__in=ids)
    return {row.pk: Named(_called(row), reverse("remittances:show", args=[row.pk])) for row in rows}


def _readable(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    return set(RemittanceFile.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))


declare_subject("remittance", _("Remittance"), _views)
register_subject("remittance_file", _readable)
name_source("remittance", _names)
