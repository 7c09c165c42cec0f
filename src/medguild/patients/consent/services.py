"""Recording decisions of patients."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.documents.models import Document
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.documents.services import store_document
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.patients.consent.models import Consent
from medguild.patients.consent.permissions import ConsentRight
from medguild.patients.consent.rules import ConsentKind, Decision
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.names import tidy_name

RECORDED = declare_event("consent.recorded", gettext_lazy("Consent recorded"), icon="writing-sign")


@transaction.atomic
def record_consent(
    *,
    patient: Patient,
    kind: ConsentKind,
    decision: Decision,
    by: Actor,
    signed_by: str = "",
    document: Document | None = None,
    note: str = "",
    until: dt.datetime | None = None,
    at: dt.datetime | None = None,
) -> Consent:
    """Record a decision from a moment on; the one before of this kind ends then. Raises NotVisible, Refusal."""
    moment = at or now()
    _refuse_invisible(patient, by)
    if until is not None and until <= moment:
        raise Refusal(_("The end must be later than now."), code="end_too_early", field="until")
    _end_earlier(patient, kind, moment)
    consent: Consent = Consent.objects.create(
        patient=patient,
        kind=kind,
        decision=decision,
        signed_by=tidy_name(signed_by),
        document=document,
        note=note.strip(),
        period=DateTimeTZRange(moment, until),
    )
    record(
        RECORDED,
        subject=SubjectRef("consent", consent.pk, kind.replace("_", " ")),
        by=by,
        patient_id=patient.pk,
        unit_id=patient.home_unit_id,
        occurred_at=moment,
        data={"kind": kind, "decision": decision},
    )
    return consent


def _end_earlier(patient: Patient, kind: ConsentKind, moment: dt.datetime) -> None:
    rows = Consent.objects.unscoped("the patient was checked; one decision at a time").select_for_update()
    for held in rows.filter(patient=patient, kind=kind, period__overlap=DateTimeTZRange(moment, None)):
        if held.period.lower >= moment:
            raise Refusal(_("A later decision is on file already."), code="later_decision")
        held.period = DateTimeTZRange(held.period.lower, moment)
        held.save(update_fields=["period"])


@transaction.atomic
def keep_signed_form(*, patient: Patient, content: bytes, filename: str, by: Actor) -> Document:
    """Keep the paper on which a patient decided. Raises NotVisible, FileRefused."""
    _refuse_invisible(patient, by)
    return store_document(
        content=content,
        filename=filename,
        kind=DocumentKind.CONSENT,
        subject=SubjectRef("patient", patient.pk),
        unit_id=patient.home_unit_id,
        circle_id=patient.circle_id,
        patient_id=patient.pk,
        by=by,
    )


def _refuse_invisible(patient: Patient, by: Actor) -> None:
    scope = by.scope(ConsentRight.RECORD)
    if not (scope.everything or patient.circle_id in scope.circles or patient.pk in scope.patients):
        raise NotVisible
