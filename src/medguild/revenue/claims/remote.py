"""What payers' rules for remote visits put on a claim: its place of service, and modifiers of its services."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from medguild.operations.scheduling.rules import REMOTE
from medguild.operations.visits.rules import PatientPlace
from medguild.operations.visits.selectors import patient_places
from medguild.payers.remote.rules import RemoteTerms, with_modifiers
from medguild.payers.remote.selectors import remote_terms
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.claims.rules import Frequency


@dataclass(frozen=True, slots=True)
class RemoteVisit:
    """A claim's visit was by video or phone: what the payer asks (None: nothing is on file), where the patient was."""

    terms: RemoteTerms | None
    place: PatientPlace | None


def remote_visits(claims: Collection[Claim], lines: Mapping[UUID, list[ClaimLine]]) -> dict[UUID, RemoteVisit]:
    """Of the claims those for remote visits; two queries more if there is any. Charges come with their visits."""
    visits = {claim: held[0].charge.visit for claim in claims if (held := lines[claim.pk])}
    remote = {claim: visit for claim, visit in visits.items() if visit is not None and visit.mode in REMOTE}
    if not remote:
        return {}
    asked = {claim: (claim.payer_id, visit.mode, claim.service_from) for claim, visit in remote.items()}
    terms = remote_terms(set(asked.values()))
    places = patient_places({visit.pk for visit in remote.values()})
    return {claim.pk: RemoteVisit(terms.get(asked[claim]), places.get(visit.pk)) for claim, visit in remote.items()}


def code_remote(claim: Claim, lines: list[ClaimLine], visit: RemoteVisit | None) -> None:
    """Once: whoever corrects the claim afterwards has the last word. Unless told, the patient was at home. A void says
    what was sent."""
    if claim.place_of_service or claim.frequency == Frequency.VOID:
        return
    if visit is None or visit.terms is None or not visit.terms.covered:
        return
    claim.place_of_service = visit.terms.place(at_home=visit.place is not PatientPlace.ELSEWHERE)
    claim.save(update_fields=["place_of_service"])
    for line in lines:
        line.modifiers = with_modifiers(line.modifiers, visit.terms.modifiers)
    ClaimLine.objects.unscoped("lines of this claim").bulk_update(lines, ["modifiers"])
