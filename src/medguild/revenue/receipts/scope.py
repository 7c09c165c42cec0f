"""Whose balances an actor may be told: those of the own entity, or of the own record; never those of the circle."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.scoping import ScopedQuerySet
from medguild.foundation.organization.models import UnitPath
from medguild.foundation.organization.rules import UnitKind
from medguild.patients.accounts.models import GuarantorAccount

_DECIDED = "narrowed below to the actor's entities and own record"


def entities_in_scope(actor: Actor, right: str) -> frozenset[UUID]:
    """Entities in which the actor holds the right, at the entity itself, above it, or at a place under it."""
    units = actor.scope(right).units
    over = UnitPath.objects.filter(descendant_id__in=units, ancestor__kind=UnitKind.ENTITY, period__contains=today())
    return frozenset(over.values_list("ancestor_id", flat=True))


def accounts_in_scope(actor: Actor, right: str) -> ScopedQuerySet[GuarantorAccount]:
    """Accounts whose balance the actor may see: of the own entities, or guaranteed by the own record."""
    rows = GuarantorAccount.objects.unscoped(_DECIDED)
    scope = actor.scope(right)
    if scope.everything:
        return rows
    mine = Q(entity_id__in=entities_in_scope(actor, right)) | Q(guarantor_patient_id__in=scope.patients)
    return rows.filter(mine)


def account_in_scope(actor: Actor, account_id: UUID, right: str) -> GuarantorAccount:
    """Raises NotVisible, the same for a missing and a hidden account."""
    rows = accounts_in_scope(actor, right).select_related("guarantor_patient", "entity__entity")
    found: GuarantorAccount | None = rows.filter(pk=account_id).first()
    if found is None:
        raise NotVisible
    return found
