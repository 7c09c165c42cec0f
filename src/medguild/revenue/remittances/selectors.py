"""Questions about remittances, scoped to the entities of the actor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.money import Cents
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.foundation.organization.selectors import units_visible
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.selectors import items_visible
from medguild.patients.identity.rules.names import name_key
from medguild.revenue.claims.adjudication import ANSWERABLE
from medguild.revenue.claims.models import Claim
from medguild.revenue.remittances.models import (
    Denial,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
    RemittanceLine,
)
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.rules import WAITING, ClaimState, RemittanceStatus
from medguild.revenue.remittances.work import answered_by

_SHOWN = "the remittance is visible"
_WAITING = sorted(status.value for status in WAITING)


def remittances(actor: Actor, right: str = RemittancesRight.READ) -> QuerySet[Remittance]:
    """Payments of the actor's entities, the latest first."""
    return (
        Remittance.objects.visible_to(actor, right).select_related("payer", "entity", "file").order_by("-received_at")
    )


def waiting(actor: Actor) -> QuerySet[Remittance]:
    """What waits in quarantine, and payments whose key another one has; the oldest first."""
    return remittances(actor).filter(status__in=_WAITING).order_by("received_at")


def remittance_for(actor: Actor, remittance_id: UUID, right: str = RemittancesRight.READ) -> Remittance:
    """One payment with what stands beside its claims. Raises NotVisible."""
    others = ProviderAdjustment.objects.unscoped(_SHOWN).order_by("number")
    rows = remittances(actor, right).select_related("conflicts_with", "entry")
    found = rows.prefetch_related(Prefetch("provider_adjustments", others)).filter(pk=remittance_id).first()
    if found is None:
        raise NotVisible
    return found


def answers_of(actor: Actor, remittance_id: UUID) -> QuerySet[RemittanceClaim]:
    """What a payment says of its claims."""
    rows = RemittanceClaim.objects.visible_to(actor).filter(remittance_id=remittance_id)
    return rows.select_related("claim__patient").order_by("number")


def answer_for(actor: Actor, remittance_id: UUID, claim_id: UUID) -> tuple[RemittanceClaim, list[RemittanceLine]]:
    """One claim of a payment with its lines. Raises NotVisible."""
    rows = answers_of(actor, remittance_id).select_related("remittance__payer", "remittance__entity")
    found = rows.filter(pk=claim_id).first()
    if found is None:
        raise NotVisible
    lines = RemittanceLine.objects.unscoped(_SHOWN).filter(remittance_claim=found).select_related("claim_line")
    return found, list(lines.order_by("number"))


_BY_EFFECT = """
with lines as (
    select line.charge, line.adjustments
      from revenue_remittanceline line
      join revenue_remittanceclaim claim on claim.id = line.remittance_claim_id
     where claim.remittance_id = %(id)s)
select 'charge', coalesce(sum(charge), 0)::bigint from lines
union all
select coalesce(reason ->> 'effect', ''), sum((reason ->> 'amount')::bigint)::bigint
  from lines cross join lateral jsonb_array_elements(adjustments) as reason
 group by 1"""


def adjusted_by_effect(remittance_id: UUID) -> dict[str, Cents]:
    """What a payment that the caller has found visible was charged (`charge`), and took off by effect."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_EFFECT, {"id": remittance_id})
        return dict(cursor.fetchall())


def files(actor: Actor) -> QuerySet[RemittanceFile]:
    return RemittanceFile.objects.visible_to(actor).select_related("entity").order_by("-received_at")


def suspended_claims(actor: Actor, right: str = RemittancesRight.READ) -> QuerySet[RemittanceClaim]:
    """Claims of posted payments whose money waits because no claim of ours was found; the oldest first."""
    rows = RemittanceClaim.objects.visible_to(actor, right).filter(state=ClaimState.SUSPENSE)
    return rows.select_related("remittance__payer", "remittance__entity").order_by("remittance__received_at", "number")


def suspended_claim(actor: Actor, claim_id: UUID, right: str = RemittancesRight.POST) -> RemittanceClaim:
    """Raises NotVisible; also for one that has found its claim."""
    found: RemittanceClaim | None = suspended_claims(actor, right).filter(pk=claim_id).first()
    if found is None:
        raise NotVisible
    return found


def unknown_payees(actor: Actor) -> QuerySet[Remittance]:
    """Posted payments whose payee is not known; their money waits in suspense."""
    return remittances(actor).filter(status=RemittanceStatus.POSTED, payee_known=False).order_by("received_at")


def entities_to_post(actor: Actor) -> QuerySet[Unit]:
    return units_visible(actor, RemittancesRight.POST, kind=UnitKind.ENTITY)


def denials(actor: Actor, *, settled: bool = False) -> QuerySet[Denial]:
    """Refused amounts that the payer has not decided anew (or also those), the latest first."""
    rows = Denial.objects.visible_to(actor)
    rows = rows if settled else rows.filter(settled_at__isnull=True)
    return rows.select_related(
        "claim__patient", "claim__payer", "claim__site", "remittance_claim__remittance__payer", "line"
    ).order_by("-remittance_claim__adjudicated_on", "pk")


@dataclass(frozen=True, slots=True)
class DenialCell:
    """Open denials of one category and payer; `total` in cents."""

    category: str
    payer_id: UUID
    payer: str
    claims: int
    total: Cents


def denial_matrix(actor: Actor) -> list[DenialCell]:
    """Open denials by category and payer of the claim."""
    rows = Denial.objects.visible_to(actor).filter(settled_at__isnull=True)
    cells = (
        rows.order_by("category", "claim__payer__name")
        .values_list("category", "claim__payer_id", "claim__payer__name")
        .annotate(claims=Count("claim_id", distinct=True), total=Sum("amount"))
    )
    return [DenialCell(*cell) for cell in cells]


def work_by_source(actor: Actor, sources: Iterable[str]) -> dict[str, WorkItem]:
    """The work that was opened for denials, as far as the actor may see it."""
    rows = items_visible(actor).filter(source__in=set(sources))
    return {item.source: item for item in rows if item.source}


def adjudications_of_claim(actor: Actor, claim_id: UUID) -> list[RemittanceClaim]:
    """What payers said of one claim, oldest first."""
    rows = RemittanceClaim.objects.visible_to(actor).filter(claim_id=claim_id)
    return list(rows.select_related("remittance__payer").order_by("applied_at", "number"))


def denial_cases(actor: Actor, claim_id: UUID) -> list[list[Denial]]:
    """Denials of one claim by the work that was opened for them, oldest first."""
    rows = Denial.objects.visible_to(actor).filter(claim_id=claim_id).select_related("claim", "line")
    found: dict[str, list[Denial]] = {}
    for row in rows.order_by("remittance_claim__applied_at", "pk"):
        found.setdefault(row.source, []).append(row)
    return list(found.values())


def denial_for(actor: Actor, denial_id: UUID) -> list[Denial]:
    """A denial with those of the same case, in order of their lines. Raises NotVisible."""
    rows = Denial.objects.visible_to(actor).select_related(
        "claim__patient", "claim__payer", "claim__site", "line__claim_line", "remittance_claim__remittance"
    )
    found = rows.filter(pk=denial_id).first()
    if found is None:
        raise NotVisible
    return list(rows.filter(source=found.source).order_by("line__number", "pk"))


def desk_denials(actor: Actor, claim_ids: Iterable[UUID]) -> QuerySet[Denial]:
    """Denials of these claims that the actor answers at the claim's site, seen without the payments they came in."""
    rows = Denial.objects.unscoped("limited to what the actor answers, and to sites of the right").filter(
        claim_id__in=list(claim_ids), category__in=answered_by(actor.roles)
    )
    scope = actor.scope(RemittancesRight.DESK)
    rows = rows if scope.everything else rows.filter(claim__site_id__in=scope.units)
    return rows.select_related("claim__patient", "claim__payer", "claim__site", "claim__coverage", "line").order_by(
        "remittance_claim__applied_at", "pk"
    )


def candidates(actor: Actor, held: RemittanceClaim) -> list[Claim]:
    """Claims to which money in suspense may belong: the same member and charge first, then the same charge and name.

    Only claims that were sent, to which the actor may post; at most ten.
    """
    rows = Claim.objects.unscoped("limited to entities where the actor posts").filter(status__in=sorted(ANSWERABLE))
    scope = actor.scope(RemittancesRight.POST)
    rows = rows if scope.everything else rows.filter(entity_id__in=scope.units)
    words = held.patient_name.upper().replace(",", " ").split()
    alike = Q(payer_control=held.payer_control) if held.payer_control else Q(pk=None)
    if held.member_id:
        alike |= Q(coverage__member_id=held.member_id)
    for word in words[:4]:
        if len(word) > 2:
            alike |= Q(charge=abs(held.charge), patient__family_key=name_key(word))
    rows = rows.filter(alike).select_related("patient", "payer").order_by("-service_from", "pk")[:_MOST_CANDIDATES]
    return sorted(rows, key=lambda claim: claim.charge != abs(held.charge))


_MOST_CANDIDATES = 10
