"""Charge capture: a signed note becomes charges, each service exactly once, posted in the books of its entity."""

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
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, NotVisible, Refusal
from medguild.foundation.ledger.models import Entry
from medguild.foundation.ledger.ports import CHARGE as CHARGE_ENTRY
from medguild.foundation.ledger.rules import Chart, credit, debit
from medguild.foundation.ledger.services import post, reverse
from medguild.foundation.work.rules import Priority
from medguild.foundation.work.services import need_item, settle
from medguild.operations.chart.models import NoteService
from medguild.operations.chart.selectors import SignedNote, signed_note
from medguild.patients.accounts.selectors import account_on
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.selectors import coverages_on
from medguild.patients.identity.selectors import alias_ids
from medguild.payers.payers.rules import PayerKind
from medguild.payers.pricing.selectors import charge_for
from medguild.revenue.charges import rules
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.permissions import ChargesRight
from medguild.revenue.charges.rules import ChargeStatus, HoldReason
from medguild.revenue.charges.work import HELD_CHARGE

CAPTURED = declare_event("charge.captured", gettext_lazy("Service charged"), icon="receipt")
HELD = declare_event("charge.held", gettext_lazy("Charge held back"), icon="hand-stop")
RELEASED = declare_event("charge.released", gettext_lazy("Charge released"), icon="receipt")
VOIDED = declare_event("charge.voided", gettext_lazy("Charge taken back"), icon="receipt-off")


def subject_of(charge: Charge) -> SubjectRef:
    return SubjectRef("charge", charge.pk, charge.label())


@transaction.atomic
def capture_visit(*, visit_id: UUID, by: Actor, at: dt.datetime | None = None) -> list[Charge]:
    """Make the charges of a visit's signed note; services that have one already are left alone.

    A code without fee, or a patient without account, is held and becomes work. Returns the new charges.
    """
    signed = signed_note(visit_id)
    if signed is None:
        return []
    taken = Charge.objects.unscoped("a service is charged once, whoever asks").filter(visit_id=visit_id)
    charged = set(taken.values_list("note_service_id", flat=True))
    return [
        _capture(signed, service, by=by, at=at or now()) for service in signed.services if service.pk not in charged
    ]


def _capture(signed: SignedNote, service: NoteService, *, by: Actor, at: dt.datetime) -> Charge:
    visit, day = signed.visit, signed.service_date
    price = charge_for(visit.entity_id, service.code, service.modifiers, day)
    account = account_on(visit.patient_id, visit.entity_id, day)
    reason = HoldReason.NO_FEE if price is None else HoldReason.NO_ACCOUNT if account is None else None
    by_order = {line.order: line.code for line in signed.diagnoses}
    charge = Charge.objects.create(
        patient_id=visit.patient_id,
        account=account,
        visit=visit,
        note_service=service,
        entity_id=visit.entity_id,
        site_id=visit.site_id,
        coverage=_payer_of(visit.patient_id, day),
        code=service.code,
        modifiers=service.modifiers,
        units=service.units,
        unit_price=price,
        amount=rules.extended(price, service.units) if price is not None else 0,
        diagnoses=[by_order[pointer] for pointer in service.pointers if pointer in by_order],
        service_date=day,
        performed_by_id=service.performed_by_id,
        rendering_id=service.rendering_id,
        supervising_id=service.supervising_id,
        ordering_id=service.ordering_id,
        referring_id=service.referring_id,
        referring_name=service.referring_name,
        referring_npi=service.referring_npi,
        status=ChargeStatus.HELD if reason else ChargeStatus.READY,
        hold_reason=reason or "",
        captured_at=at,
    )
    if reason is None:
        _post(charge, by=by, at=at)
    else:
        _ask_for_help(charge, reason, by)
    _tell(HELD if reason else CAPTURED, charge, by)
    return charge


def _payer_of(patient_id: UUID, day: dt.date) -> Coverage | None:
    """The primary coverage of the day; None where the patient pays."""
    found = coverages_on(alias_ids(patient_id), day)
    primary = found[0] if found else None
    return None if primary is None or primary.payer.kind == PayerKind.SELF_PAY else primary


def _post(charge: Charge, *, by: Actor, at: dt.datetime) -> None:
    """Owed by the payer where one answers, else by the patient."""
    if charge.amount == 0:
        return
    dimensions = {
        "site_id": charge.site_id,
        "clinician_id": charge.rendering_id,
        "patient_id": charge.patient_id,
        "account_id": charge.account_id,
        "service_date": charge.service_date,
        "payer_id": charge.coverage.payer_id if charge.coverage else None,
    }
    owed = Chart.INSURANCE_AR if charge.coverage else Chart.PATIENT_AR
    post(
        entry_type=CHARGE_ENTRY,
        lines=[
            debit(charge.entity_id, owed, charge.amount, **dimensions),
            credit(charge.entity_id, Chart.CHARGES, charge.amount, **dimensions),
        ],
        occurred_on=charge.service_date,
        source_key=f"charge:{charge.pk}",
        source_type="charge",
        source_id=charge.pk,
        by=by,
        at=at,
    )


def _ask_for_help(charge: Charge, reason: HoldReason, by: Actor) -> None:
    need_item(
        work_type=HELD_CHARGE,
        unit_id=charge.site_id,
        by=by,
        subject=subject_of(charge),
        patient_id=charge.patient_id,
        category=reason,
        priority=Priority.NORMAL,
        source=f"charge.held:{charge.pk}",
    )


@transaction.atomic
def release_charge(*, charge: Charge, by: Actor, at: dt.datetime | None = None) -> Charge:
    """Try a held charge again after its cause is mended; refused with the cause while it still stands."""
    held = _lock(charge, by)
    if held.status != ChargeStatus.HELD:
        raise Conflict(_("This charge is not held any more."), code="not_held")
    price = charge_for(held.entity_id, held.code, held.modifiers, held.service_date)
    if price is None:
        raise Refusal(_("The fee schedule of the entity still has no fee for this code."), code=HoldReason.NO_FEE)
    account = account_on(held.patient_id, held.entity_id, held.service_date)
    if account is None:
        raise Refusal(_("Open an account for this patient at the entity first."), code=HoldReason.NO_ACCOUNT)
    held.unit_price, held.amount, held.account = price, rules.extended(price, held.units), account
    held.status, held.hold_reason = ChargeStatus.READY, ""
    held.save(update_fields=["unit_price", "amount", "account", "status", "hold_reason"])
    _post(held, by=by, at=at or now())
    settle(source=f"charge.held:{held.pk}", outcome="released", by=by)
    _tell(RELEASED, held, by)
    return held


@transaction.atomic
def void_charge(*, charge: Charge, reason: str, by: Actor) -> Charge:
    """Take a charge back that is on no claim; the books get the opposite entry."""
    held = _lock(charge, by)
    if not reason.strip():
        raise Refusal(_("Write why the charge is taken back."), field="reason")
    if (
        held.claim_lines.model.objects.unscoped("a charge on a live claim stays")
        .filter(charge=held, live=True)
        .exists()
    ):
        raise Refusal(_("This charge is on a claim; take it off the claim first."), code="on_claim")
    if not rules.may_move(held.status, ChargeStatus.VOID):
        raise Conflict(_("This charge has been taken back already."), code="void_already")
    held.status, held.hold_reason = ChargeStatus.VOID, ""
    held.save(update_fields=["status", "hold_reason"])
    entry = Entry.objects.unscoped("the charge's own entry").filter(source_key=f"charge:{held.pk}").first()
    if entry is not None:
        reverse(entry=entry, by=by, reason=reason.strip())
    settle(source=f"charge.held:{held.pk}", outcome="void", by=by)
    _tell(VOIDED, held, by)
    return held


def _lock(charge: Charge, by: Actor) -> Charge:
    held = (
        Charge.objects.visible_to(by, ChargesRight.EDIT)
        .select_for_update(of=("self",))
        .select_related("coverage")
        .filter(pk=charge.pk)
        .first()
    )
    if held is None:
        raise NotVisible
    return held


def _tell(event: str, charge: Charge, by: Actor) -> None:
    record(
        event,
        subject=subject_of(charge),
        by=by,
        patient_id=charge.patient_id,
        unit_id=charge.site_id,
        data={"visit_id": charge.visit_id, "amount": charge.amount, "hold_reason": charge.hold_reason},
    )
