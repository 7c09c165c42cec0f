"""Claims that change: codes corrected before sending; a sent claim replaced, or called back, by another one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.ports import declare_event
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, Refusal
from medguild.patients.coverage.models import Coverage
from medguild.patients.identity.selectors import alias_ids
from medguild.revenue.claims import rules
from medguild.revenue.claims.assembly import lines_of
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.claims.rules import ClaimStatus, Frequency, LineCorrection
from medguild.revenue.claims.services import check_claim, lock_claim, next_number, release_charges, tell

CORRECTED = declare_event("claim.corrected", gettext_lazy("Codes of the claim corrected"), icon="pencil")
CANCELLED = declare_event("claim.cancelled", gettext_lazy("Claim called back from the payer"), icon="file-x")
FREED = declare_event("claim.freed", gettext_lazy("Charges freed after a void"), icon="receipt")
REPLACED = declare_event("claim.replaced", gettext_lazy("Claim replaced"), icon="file-pencil")


@transaction.atomic
def correct_claim(
    *,
    claim: Claim,
    diagnoses: Sequence[str],
    lines: Mapping[UUID, LineCorrection],
    by: Actor,
    place_of_service: str | None = None,
    seen: int | None = None,
    at: dt.datetime | None = None,
) -> Claim:
    """Change codes of a claim that was not sent, and check it again. The signed note and the charge stay as they are.

    `seen` is the revision that the form showed; a `place_of_service` of None stays, empty is the site's or what
    the payer asks. Raises Conflict, Refusal (`diagnoses`, `pointers`, `modifiers`).
    """
    held = lock_claim(claim)
    if not held.is_open:
        raise Conflict(_("This claim was sent and stays as sent; replace it instead."), code="claim_sent")
    if seen is not None and held.revision != seen:
        raise Conflict(_("Somebody changed this claim meanwhile; open it again."), code="changed_meanwhile")
    codes = rules.tidy_diagnoses(diagnoses)
    if not 1 <= len(codes) <= rules.MOST_DIAGNOSES:
        raise Refusal(_("Name one to twelve diagnoses."), field="diagnoses")
    before = {"diagnoses": held.diagnoses, "lines": 0}
    held.diagnoses, held.passed_first = codes, False
    if place_of_service is not None:
        held.place_of_service = place_of_service
    held.save(update_fields=["diagnoses", "passed_first", "place_of_service"])
    before["lines"] = sum(_correct_line(line, lines.get(line.pk), len(codes)) for line in lines_of(held))
    tell(CORRECTED, held, by, before=before["diagnoses"], lines=before["lines"])
    return check_claim(claim=held, by=by, at=at)


def _correct_line(line: ClaimLine, wanted: LineCorrection | None, diagnoses: int) -> bool:
    """Whether the line changed."""
    if wanted is None:
        return False
    modifiers, pointers = rules.tidy_modifiers(wanted.modifiers), list(dict.fromkeys(wanted.pointers))
    if modifiers is None:
        raise Refusal(_("A modifier has two letters or digits, and a service has at most four."), field="modifiers")
    if not 1 <= len(pointers) <= 4 or not all(1 <= one <= diagnoses for one in pointers):
        raise Refusal(_("A service points to one to four of the diagnoses, by their numbers."), field="pointers")
    if (modifiers, pointers) == (line.modifiers, line.pointers):
        return False
    line.modifiers, line.pointers = modifiers, pointers
    line.save(update_fields=["modifiers", "pointers"])
    return True


@transaction.atomic
def replace_claim(*, claim: Claim, by: Actor, coverage: Coverage | None = None, at: dt.datetime | None = None) -> Claim:
    """A corrected claim (frequency 7) in place of one that the payer has adjudicated; refused without its number.

    `coverage` is another one of the patient with the same payer, where the claim named the wrong one.
    """
    held = lock_claim(claim)
    if coverage is not None and not (
        coverage.payer_id == held.payer_id and coverage.patient_id in alias_ids(held.patient_id)
    ):
        raise Refusal(_("A replacement goes to the same payer, for the same patient."), field="coverage")
    fresh = _successor(held, Frequency.REPLACEMENT, at or now(), coverage_id=coverage.pk if coverage else None)
    tell(REPLACED, held, by, by_claim=fresh.pk)
    return check_claim(claim=fresh, by=by, at=at)


@transaction.atomic
def cancel_claim(*, claim: Claim, by: Actor, at: dt.datetime | None = None) -> Claim:
    """A void (frequency 8) of a claim that the payer has adjudicated: it should never have been sent.

    What was paid is taken back by the payer's reversal. The charges are freed when the void was sent (`free_charges`).
    """
    held = lock_claim(claim)
    fresh = _successor(held, Frequency.VOID, at or now())
    tell(CANCELLED, held, by, by_claim=fresh.pk)
    return check_claim(claim=fresh, by=by, at=at)


def _successor(held: Claim, frequency: Frequency, at: dt.datetime, coverage_id: UUID | None = None) -> Claim:
    if held.status not in rules.ADJUDICATED or held.frequency == Frequency.VOID:
        raise Refusal(_("Only a claim that the payer has answered can be replaced."), code="not_adjudicated")
    if not held.payer_control:
        raise Refusal(_("The payer's number of this claim is not known, so it cannot be replaced."), code="no_control")
    followers = Claim.objects.unscoped("one successor at a time").filter(replaces=held)
    if followers.exclude(status=ClaimStatus.VOID).exists():
        raise Conflict(_("Another claim stands in its place already."), code="replaced_already")
    lines = lines_of(held)
    fresh = Claim.objects.create(
        number=next_number(), patient_id=held.patient_id, account_id=held.account_id,
        coverage_id=coverage_id or held.coverage_id, payer_id=held.payer_id, entity_id=held.entity_id,
        site_id=held.site_id,
        billing_identity_id=held.billing_identity_id, rendering_id=held.rendering_id, frequency=frequency,
        replaces=held, diagnoses=held.diagnoses, service_from=held.service_from, service_to=held.service_to,
        charge=held.charge, prior_authorization=held.prior_authorization, place_of_service=held.place_of_service,
        created_at=at,
    )  # fmt: skip
    _retire_lines(held)
    _copy_lines(fresh, lines)
    return fresh


def _copy_lines(fresh: Claim, lines: Iterable[ClaimLine]) -> None:
    """As they were sent, under numbers of their own; they may be corrected before the new claim is sent."""
    ClaimLine.objects.bulk_create(
        ClaimLine(
            claim=fresh, number=line.number, charge_id=line.charge_id,
            control=rules.line_control(fresh.number, line.number), code=line.code, modifiers=line.modifiers,
            units=line.units, amount=line.amount, pointers=line.pointers, service_date=line.service_date,
        )
        for line in lines
    )  # fmt: skip


@transaction.atomic
def free_charges(*, claim: Claim, by: Actor) -> Claim:
    """After a void was sent its charges wait again: to be billed anew, or to be taken back. Raises Conflict."""
    held = lock_claim(claim)
    if held.frequency != Frequency.VOID or held.is_open or held.status == ClaimStatus.VOID:
        raise Conflict(_("Send the void first; then its charges can be freed."), code="not_sent")
    lines = ClaimLine.objects.unscoped("lines of this claim").filter(claim=held, live=True)
    charge_ids = list(lines.values_list("charge_id", flat=True))
    if not charge_ids:
        raise Conflict(_("The charges of this claim are free already."), code="freed_already")
    lines.update(live=False)
    release_charges(charge_ids)
    tell(FREED, held, by, charges=len(charge_ids))
    return held


def _retire_lines(claim: Claim) -> None:
    """The charges now stand on the replacement; the sent lines keep everything else."""
    ClaimLine.objects.unscoped("lines of this claim").filter(claim=claim).update(live=False)
