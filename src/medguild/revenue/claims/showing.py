"""The timeline of a claim as the page shows it, and where a fault is mended."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.actors import who
from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.ports import event_types
from medguild.foundation.events.selectors import timeline
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.money import dollars
from medguild.foundation.organization.rights import OrganizationRight
from medguild.foundation.ui.parts import Moment
from medguild.patients.coverage.permissions import CoverageRight
from medguild.patients.identity.permissions import PatientsRight
from medguild.payers.payers.permissions import PayersRight
from medguild.revenue.charges.permissions import ChargesRight
from medguild.revenue.claims.edits import Place
from medguild.revenue.claims.models import Claim, ClaimFinding
from medguild.revenue.claims.services import subject_of
from medguild.revenue.claims.words import STATUS

# Faults of codes are mended on the claim itself; the others of a charge on the charge.
_ON_CLAIM = frozenset(
    {
        "diagnosis_missing", "diagnosis_not_valid_on_date", "too_many_diagnoses", "pointer_missing",
        "pointer_to_nothing", "duplicate_service", "patient_place_assumed",
        "patient_place_differs", "remote_modifiers_full",
    }
)  # fmt: skip


def moments_of(claim: Claim) -> list[Moment]:
    """Newest first: what happened to the claim, and who did it."""
    return [
        Moment(
            what=str(event_types.get(event.type).label),
            at=event.occurred_at,
            who=who(event),
            icon=event_types.get(event.type).icon,
            detail=_detail(event),
            href=_page(event),
        )
        for event in timeline(subjects=[subject_of(claim)])
    ]


def _detail(event: EventRecord) -> str:
    data = event.data
    if event.type == "claim.adjudicated" and "paid" in data:
        words = _("%(status)s: %(paid)s paid, %(share)s to the patient, %(denied)s denied")
        return words % {
            "status": STATUS.get(str(data.get("status", "")), ""),
            **{name: dollars(int(data.get(key) or 0)) for name, key in _AMOUNTS},
        }
    if event.type == "claim.checked":
        return str(STATUS.get(str(data.get("status", "")), ""))
    return dollars(int(data["amount"])) if event.type.startswith("denial.") and data.get("amount") else ""


_AMOUNTS = (("paid", "paid"), ("share", "patient_share"), ("denied", "denied"))


def _page(event: EventRecord) -> str:
    other = event.data.get("by_claim")
    return reverse("claims:show", args=[other]) if other else ""


def place_of(actor: Actor, claim: Claim, finding: ClaimFinding) -> tuple[str, str | Promise]:
    """Address and words of the page on which a fault is mended; empty where the actor may not open it."""
    if finding.rule in _ON_CLAIM:
        return (reverse("claims:correct", args=[claim.pk]), _CORRECT) if claim.is_open else ("", "")
    right, name, args = _places(claim, finding).get(finding.place, ("", "", []))
    return (reverse(name, args=args), _OPEN[finding.place]) if name and actor.may(right) else ("", "")


_CORRECT = gettext_lazy("Correct the codes")
_OPEN: dict[str, Promise] = {
    Place.PATIENT: gettext_lazy("Open the patient's data"),
    Place.COVERAGE: gettext_lazy("Open the coverage"),
    Place.CLINICIAN: gettext_lazy("Open the clinician"),
    Place.BILLING: gettext_lazy("Open the entity with its billing numbers"),
    Place.CHARGE: gettext_lazy("Open the charge"),
    Place.SITE: gettext_lazy("Open the site"),
    Place.PAYER: gettext_lazy("Open the payer"),
    Place.REMOTE_RULE: gettext_lazy("Open the rules for remote visits"),
}


def _places(claim: Claim, finding: ClaimFinding) -> dict[str, tuple[str, str, list[Any]]]:
    lines = [line for line in claim.lines.all() if finding.line in (None, line.number)]
    coverage = [claim.coverage.patient_id, claim.coverage_id]
    return {
        Place.PATIENT: (PatientsRight.UPDATE, "patients:edit", [claim.patient_id]),
        Place.COVERAGE: (CoverageRight.MANAGE, "patients:coverage_edit", coverage),
        Place.CLINICIAN: (OrganizationRight.READ, "organization:person", [claim.rendering.person_id]),
        Place.BILLING: (OrganizationRight.READ, "organization:unit", [claim.entity_id]),
        Place.SITE: (OrganizationRight.READ, "organization:unit", [claim.site_id]),
        Place.PAYER: (PayersRight.READ, "payers:detail", [claim.payer_id]),
        Place.REMOTE_RULE: (PayersRight.READ, "payers:remote_rules", []),
        **({Place.CHARGE: (ChargesRight.READ, "charges:show", [lines[0].charge_id])} if lines else {}),
    }
