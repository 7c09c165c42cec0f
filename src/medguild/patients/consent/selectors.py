"""What a patient has agreed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.verdict import Verdict, no, unknown, yes
from medguild.patients.consent.models import Consent
from medguild.patients.consent.rules import NEEDED_AT_CHECK_IN, ConsentKind, Decision


def consents_of(actor: Actor, patient_ids: Iterable[UUID]) -> list[Consent]:
    """Every decision of a person that the actor may see, the latest first."""
    rows = Consent.objects.visible_to(actor).filter(patient_id__in=list(patient_ids))
    return list(rows.order_by("-period"))


def current_consents(actor: Actor, patient_ids: Iterable[UUID], at: dt.datetime) -> dict[ConsentKind, Consent]:
    """The decision in force per kind."""
    rows = Consent.objects.visible_to(actor).filter(patient_id__in=list(patient_ids), period__contains=at)
    return {ConsentKind(row.kind): row for row in rows.order_by("period")}


def consented(patient_ids: Iterable[UUID], kind: ConsentKind, at: dt.datetime) -> Verdict:
    """Whether the patient has agreed; unknown when nobody asked."""
    rows = Consent.objects.unscoped("a verdict for the house").filter(
        patient_id__in=list(patient_ids), kind=kind, period__contains=at
    )
    decisions = set(rows.values_list("decision", flat=True))
    if Decision.REFUSED in decisions:
        return no("refused", "The patient has refused.")
    if Decision.GIVEN in decisions:
        return yes("given")
    return unknown("not_asked", "The patient has not been asked.")


def missing_at_check_in(patient_ids: Iterable[UUID], at: dt.datetime) -> list[ConsentKind]:
    """Kinds that are needed before a visit and not given."""
    ids = list(patient_ids)
    return [kind for kind in NEEDED_AT_CHECK_IN if not consented(ids, kind, at)]


def missing_by_patient(patient_ids: Iterable[UUID], at: dt.datetime) -> dict[UUID, list[ConsentKind]]:
    """For many patients at once: kinds that are needed before a visit and not given. One query."""
    ids = list(patient_ids)
    rows = Consent.objects.unscoped("a verdict for the house").filter(
        patient_id__in=ids, kind__in=NEEDED_AT_CHECK_IN, decision=Decision.GIVEN, period__contains=at
    )
    given = set(rows.values_list("patient_id", "kind"))
    missing = {one: [kind for kind in NEEDED_AT_CHECK_IN if (one, kind.value) not in given] for one in ids}
    return {one: kinds for one, kinds in missing.items() if kinds}
