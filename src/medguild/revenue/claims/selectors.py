"""Questions about claims: lists, one claim, and what a remittance needs to find its claim."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.revenue.claims.models import Claim, ClaimFile, ClaimFinding, ClaimLine
from medguild.revenue.claims.permissions import ClaimsRight
from medguild.revenue.claims.rules import ClaimStatus

_SHOWN = "the claim is visible"
_MATCHING = "a remittance is matched whoever imports it; the caller is told of its own entity's money only"


def claims(actor: Actor, right: str = ClaimsRight.READ) -> QuerySet[Claim]:
    """Claims that the actor may see, with patient, payer and site."""
    return Claim.objects.visible_to(actor, right).select_related("patient", "payer", "site", "rendering__person")


def claim_for(actor: Actor, claim_id: UUID, right: str = ClaimsRight.READ) -> Claim:
    """One claim with lines, findings and file. Raises NotVisible."""
    lines = Prefetch("lines", ClaimLine.objects.unscoped(_SHOWN).select_related("charge").order_by("number"))
    findings = Prefetch("findings", ClaimFinding.objects.unscoped(_SHOWN).order_by("severity", "line"))
    found = (
        claims(actor, right)
        .select_related("coverage__plan", "entity", "billing_identity", "account", "file", "replaces")
        .prefetch_related(lines)
        .prefetch_related(findings)
        .filter(pk=claim_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def replacement_of(claim_id: UUID) -> Claim | None:
    """The claim that stands in place of this one; asks no scope, it has the same place and patient."""
    rows = Claim.objects.unscoped(_SHOWN).filter(replaces_id=claim_id).exclude(status=ClaimStatus.VOID)
    found: Claim | None = rows.order_by("-created_at").first()
    return found


def counts_by_status(actor: Actor) -> dict[str, int]:
    """How many claims stand in each status, void ones left out."""
    rows = Claim.objects.visible_to(actor).exclude(status=ClaimStatus.VOID)
    return dict(rows.values_list("status").annotate(Count("pk")).values_list("status", "pk__count"))


def with_open_denial(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Of these claims, those of which a payer refused an amount that nobody has settled yet: not decided anew, not
    answered by a new claim, not written off, not asked of the patient, not closed. Whatever state the claim is in.
    """
    open_ones = Claim.objects.unscoped("limited by the rows").filter(
        denials__pk__isnull=False, denials__settled_at__isnull=True
    )
    return rows.filter(pk__in=open_ones.values("pk"))


def files(actor: Actor) -> QuerySet[ClaimFile]:
    return ClaimFile.objects.visible_to(actor).select_related("entity").order_by("-written_at")


def claim_by_number(number: str) -> Claim | None:
    """The claim that a payer answers (CLP01). Payers may return only the first 20 characters; ours are shorter."""
    rows = Claim.objects.unscoped(_MATCHING).select_related("payer", "coverage")
    return rows.filter(number=number.strip().upper()).first()
