"""How records of this wing are named to the rooms below: work, documents, ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medguild.foundation.documents.ports import register_subject
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.ledger.ports import Named, check_dimension, name_dimension, name_source
from medguild.foundation.work.ports import SubjectView, declare_subject
from medguild.revenue.charges.models import Charge
from medguild.revenue.claims.models import Claim, ClaimFile, ClaimLine
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.selectors import desk_denials


def _claim_url(claim_id: UUID) -> str:
    return reverse("claims:show", args=[claim_id])


def _claims(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    ids = list(ids)
    rows = Claim.objects.visible_to(actor).filter(pk__in=ids).select_related("patient")
    found = {claim.pk: _claim_view(claim, _claim_url(claim.pk)) for claim in rows}
    hidden = [claim_id for claim_id in ids if claim_id not in found]
    if hidden and actor.may(RemittancesRight.DESK):
        refused = {row.claim_id: row.claim for row in desk_denials(actor, hidden)}
        found |= {pk: _claim_view(claim, reverse("remittances:desk", args=[pk])) for pk, claim in refused.items()}
    return found


def _claim_view(claim: Claim, url: str) -> SubjectView:
    return SubjectView(f"{claim.number}, {claim.patient.label()}", url, claim.patient_id)


def _charges(actor: Actor, ids: Iterable[UUID]) -> Mapping[UUID, SubjectView]:
    rows = Charge.objects.visible_to(actor).filter(pk__in=list(ids)).select_related("patient")
    return {
        charge.pk: SubjectView(
            f"{charge.label()}, {charge.patient.label()}", reverse("charges:show", args=[charge.pk]), charge.patient_id
        )
        for charge in rows
    }


def _readable_files(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    return set(ClaimFile.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))


def _existing_lines(ids: Collection[UUID]) -> set[UUID]:
    rows = ClaimLine.objects.unscoped("the nightly check of the books")
    return set(rows.filter(pk__in=ids).values_list("pk", flat=True))


def _named_lines(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    rows = ClaimLine.objects.visible_to(actor).filter(pk__in=ids)
    return {line.pk: Named(line.label(), _claim_url(line.claim_id)) for line in rows}


def _named_charges(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    rows = Charge.objects.visible_to(actor).filter(pk__in=ids)
    return {charge.pk: Named(charge.label(), reverse("charges:show", args=[charge.pk])) for charge in rows}


declare_subject("claim", _("Claim"), _claims)
declare_subject("charge", _("Charge"), _charges)
register_subject("claim_file", _readable_files)
check_dimension("claim_line_id", _existing_lines)
name_dimension("claim_line_id", _named_lines)
name_source("charge", _named_charges)
