"""Keeping what a patient said when told that a visit is out of network."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.operations.scheduling.care.models import NetworkAnswer
from medguild.operations.scheduling.checks import refuse_invisible
from medguild.operations.scheduling.errors import NetworkAnswerNeeded
from medguild.operations.scheduling.facts import Facts
from medguild.operations.scheduling.models import Appointment, Hold
from medguild.operations.scheduling.network.check import NetworkCheck, check_network, list_price, primary_coverage
from medguild.operations.scheduling.network.rules import AnswerKind, NetworkStanding, Said, books, lacking
from medguild.operations.scheduling.network.words import LACKS, to_be_told
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.patients.identity.models import Patient
from medguild.patients.identity.selectors import alias_ids
from medguild.payers.networks.selectors import Place

ANSWERED = declare_event("appointment.network_answered", gettext_lazy("Told: out of network"), icon="message")
DECLINED = declare_event("patient.declined_out_of_network", gettext_lazy("Wants somebody in network"), icon="message")


def settle_network(draft: Appointment, facts: Facts, said: Said | None) -> None:
    """Refuse a visit out of network without an answer that books it. `draft.network` and its entity are set.

    Raises NetworkAnswerNeeded, whose message is what the patient is to be told; Refusal for half an answer.
    """
    if said is not None and (lack := lacking(said)):
        raise Refusal(str(LACKS[lack]), code=lack, field="network_answer")
    if draft.network != NetworkStanding.OUT or books(said):
        return
    check = _check(facts, draft)
    raise NetworkAnswerNeeded(
        to_be_told(check, clinician=draft.clinician.label(), on=facts.day), field="network_answer"
    )


def _check(facts: Facts, draft: Appointment) -> NetworkCheck:
    return check_network(
        patient_id=draft.patient_id, visit_type_id=facts.visit_type_id, patient_kind=facts.patient_kind,
        place=Place(draft.entity_id, draft.unit_id, draft.clinician_id), on=facts.day,
    )  # fmt: skip


def keep_answer(booked: Appointment, facts: Facts, said: Said, *, by: Actor, at: dt.datetime) -> None:
    """Store the answer with its visit, in the transaction that books or moves it."""
    if facts.plan_id is None or booked.network not in (NetworkStanding.OUT, NetworkStanding.UNKNOWN):
        return
    price = list_price(entity_id=booked.entity_id, visit_type_id=facts.visit_type_id, on=facts.day)[1]
    NetworkAnswer.objects.create(
        patient_id=booked.patient_id, appointment=booked, plan_id=facts.plan_id, clinician_id=booked.clinician_id,
        unit_id=booked.unit_id, entity_id=booked.entity_id, day=facts.day, price=price, **_as_said(said, by, at),
    )  # fmt: skip


def _as_said(said: Said, by: Actor, at: dt.datetime) -> dict[str, object]:
    asked, asker = said.kind is not AnswerKind.NOT_ASKED, said.asker or by
    return {
        "answer": said.kind,
        "channel": said.channel if asked and said.channel else "",
        "words": said.words.strip() if asked else "",
        "reason": said.reason.strip(),
        "asked_by": asker.id,
        "asked_by_label": asker.label,
        "answered_at": at,
    }


def answered_here(appointment: Appointment) -> bool:
    """Whether the patient was asked, or somebody said why not, about the clinician and site of the visit."""
    return answered_at(appointment, clinician_id=appointment.clinician_id, unit_id=appointment.unit_id)


def answered_at(appointment: Appointment, *, clinician_id: UUID, unit_id: UUID) -> bool:
    """The same for another clinician or site, to which the visit may be moved."""
    rows = NetworkAnswer.objects.unscoped("the appointment is visible")
    found: bool = rows.filter(appointment=appointment, clinician_id=clinician_id, unit_id=unit_id).exists()
    return found


@transaction.atomic
def record_network_answer(
    *, appointment: Appointment, said: Said, by: Actor, at: dt.datetime | None = None
) -> NetworkAnswer:
    """What the patient says about a visit that is booked already: asked at last, or of another mind.

    Raises NotVisible, NotAllowed, Refusal for half an answer, or when no plan was on file on the day of the visit.
    """
    refuse_invisible(by, appointment.unit_id, SchedulingRight.BOOK)
    if lack := lacking(said):
        raise Refusal(str(LACKS[lack]), code=lack, field="network_answer")
    moment = at or now()
    day = local_date(appointment.start, appointment.unit.site.time_zone)
    coverage = primary_coverage(alias_ids(appointment.patient_id), on=day)
    if coverage is None or coverage.plan_id is None:
        raise Refusal(_("No plan of this patient is on file for this day."), code="no_plan")
    price = list_price(entity_id=appointment.entity_id, visit_type_id=appointment.visit_type_id, on=day)[1]
    kept: NetworkAnswer = NetworkAnswer.objects.create(
        patient_id=appointment.patient_id, appointment=appointment, plan_id=coverage.plan_id,
        clinician_id=appointment.clinician_id, unit_id=appointment.unit_id, entity_id=appointment.entity_id, day=day,
        price=price, **_as_said(said, by, moment),
    )  # fmt: skip
    record(
        ANSWERED,
        subject=SubjectRef("appointment", appointment.pk, appointment.visit_type.name),
        by=by,
        patient_id=appointment.patient_id,
        unit_id=appointment.unit_id,
        occurred_at=moment,
        data={"answer": said.kind, "channel": said.channel or ""},
    )
    return kept


@transaction.atomic
def decline_out_of_network(
    *, patient: Patient, hold: Hold, entity_id: UUID, said: Said, by: Actor, at: dt.datetime | None = None
) -> NetworkAnswer:
    """The patient wants somebody in network instead: no visit is booked, the answer is kept.

    Raises Refusal for half an answer or when no plan is on file, NotVisible.
    """
    if hold.holder_id != by.id:
        raise NotVisible
    place = Place(entity_id, hold.unit_id, hold.clinician_id)
    return keep_no(
        patient=patient, place=place, visit_type_id=hold.visit_type_id, site=hold.unit.site, start=hold.start,
        said=said, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def keep_no(
    *,
    patient: Patient,
    place: Place,
    visit_type_id: UUID,
    site: Site,
    start: dt.datetime,
    said: Said,
    by: Actor,
    at: dt.datetime | None = None,
) -> NetworkAnswer:
    """The same for a time that the caller has found theirs to give up, such as one that was offered."""
    if lack := lacking(said):
        raise Refusal(str(LACKS[lack]), code=lack, field="network_answer")
    moment = at or now()
    day = local_date(start, site.time_zone)
    coverage = primary_coverage(alias_ids(patient.pk), on=day)
    if coverage is None or coverage.plan_id is None:
        raise Refusal(_("No plan of this patient is on file for this day."), code="no_plan")
    kept: NetworkAnswer = NetworkAnswer.objects.create(
        patient=patient, plan_id=coverage.plan_id, clinician_id=place.clinician_id, unit_id=place.site_id,
        entity_id=place.entity_id, day=day, **_as_said(said, by, moment),
    )  # fmt: skip
    record(
        DECLINED,
        subject=SubjectRef("patient", patient.pk, ""),
        by=by,
        patient_id=patient.pk,
        unit_id=place.site_id,
        occurred_at=moment,
        data={"clinician_id": place.clinician_id, "visit_type_id": visit_type_id},
    )
    return kept
