"""Steps of the check-in list that operations bring themselves: identity, coverage, consent. And flags of the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.verdict import Verdict, no, yes
from medguild.operations.visits.checklist import identity_state, location_state
from medguild.operations.visits.ports import (
    ChecklistStep,
    Flag,
    FlagSource,
    FlagTone,
    VisitRef,
    checklist_steps,
    flag_sources,
)
from medguild.operations.visits.rules import IDENTITY, LOCATION
from medguild.operations.visits.words import PLACE_WORDS, PROOF_WORDS
from medguild.patients.consent.permissions import ConsentRight
from medguild.patients.consent.selectors import missing_at_check_in, missing_by_patient
from medguild.patients.consent.words import CONSENT_KINDS
from medguild.patients.coverage.permissions import CoverageRight
from medguild.patients.coverage.selectors import coverages_on, covered
from medguild.patients.identity.selectors import alias_ids

NO_COVERAGE = Flag("no_coverage", _("No coverage"), FlagTone.BAD, icon="shield-x")
NOT_VERIFIED = Flag("coverage_not_verified", _("Coverage not verified"), FlagTone.WARN, icon="shield")
CONSENT_MISSING = Flag("consent_missing", _("Consent missing"), FlagTone.WARN, icon="writing")


def _proofs(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    return {"proofs": [(proof.value, words) for proof, words in PROOF_WORDS.items()]}


def _places(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    return {"proofs": [(place.value, words) for place, words in PLACE_WORDS.items()]}


def coverage_state(actor: Actor, ref: VisitRef) -> Verdict:
    """Done when the primary coverage of the day was verified; a patient without coverage is skipped with a reason."""
    verdict = covered(alias_ids(ref.patient_id), ref.day)
    return verdict if verdict.ok is not None else no(verdict.code, verdict.reason)


def _coverages(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    found = coverages_on(alias_ids(ref.patient_id), ref.day)
    return {"coverages": found, "may_verify": actor.may(CoverageRight.MANAGE)}


def consent_state(actor: Actor, ref: VisitRef) -> Verdict:
    missing = missing_at_check_in(alias_ids(ref.patient_id), now())
    if not missing:
        return yes("given")
    words = dict(CONSENT_KINDS)
    return no("consent_missing", ", ".join(str(words[kind.value]) for kind in missing))


def _missing(actor: Actor, ref: VisitRef) -> Mapping[str, Any]:
    words = dict(CONSENT_KINDS)
    missing = missing_at_check_in(alias_ids(ref.patient_id), now())
    return {"missing": [(kind.value, words[kind.value]) for kind in missing]}


def coverage_flags(actor: Actor, refs: Sequence[VisitRef]) -> dict[VisitRef, Sequence[Flag]]:
    """Who comes without a coverage, or with one that nobody verified; one query for each day asked."""
    flags: dict[VisitRef, Sequence[Flag]] = {}
    for day in {ref.day for ref in refs}:
        of_day = [ref for ref in refs if ref.day == day]
        verified: dict[UUID, bool] = {}
        for coverage in coverages_on({ref.patient_id for ref in of_day}, day):
            verified.setdefault(coverage.patient_id, coverage.verified_at is not None)
        for ref in of_day:
            known = verified.get(ref.patient_id)
            if known is not True:
                flags[ref] = [NO_COVERAGE if known is None else NOT_VERIFIED]
    return flags


def consent_flags(actor: Actor, refs: Sequence[VisitRef]) -> dict[VisitRef, Sequence[Flag]]:
    missing = missing_by_patient({ref.patient_id for ref in refs}, now())
    return {ref: [CONSENT_MISSING] for ref in refs if ref.patient_id in missing}


checklist_steps.register(
    IDENTITY,
    ChecklistStep(
        key=IDENTITY,
        label=_("Confirm identity"),
        order=10,
        state=identity_state,
        template="visits/_step_asked.html",
        context=_proofs,
        blocking=True,
    ),
)
checklist_steps.register(
    LOCATION,
    ChecklistStep(
        key=LOCATION,
        label=_("Ask where the patient is"),
        order=15,
        state=location_state,
        template="visits/_step_asked.html",
        context=_places,
    ),
)
checklist_steps.register(
    "coverage",
    ChecklistStep(
        key="coverage",
        label=_("Verify coverage"),
        order=20,
        state=coverage_state,
        template="visits/_step_coverage.html",
        context=_coverages,
        right=CoverageRight.READ,
    ),
)
checklist_steps.register(
    "consent",
    ChecklistStep(
        key="consent",
        label=_("Have consents signed"),
        order=30,
        state=consent_state,
        template="visits/_step_consent.html",
        context=_missing,
        right=ConsentRight.RECORD,
    ),
)
flag_sources.register("coverage", FlagSource("coverage", coverage_flags, right=CoverageRight.READ))
flag_sources.register("consent", FlagSource("consent", consent_flags, right=ConsentRight.READ))
