"""Adding, verifying and ending coverages."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.patients.coverage.models import Coverage
from medguild.patients.coverage.permissions import CoverageRight
from medguild.patients.coverage.rules import Line, Rank, Subscriber, SubscriberRelation, normal_member_id
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.names import tidy_name
from medguild.patients.identity.rules.sex import Sex
from medguild.payers.payers.models import Payer, Plan
from medguild.payers.payers.rules import PayerKind

ADDED = declare_event("coverage.added", gettext_lazy("Coverage added"), icon="shield-plus")
CHANGED = declare_event("coverage.changed", gettext_lazy("Coverage changed"), icon="shield")
VERIFIED = declare_event("coverage.verified", gettext_lazy("Coverage verified"), icon="shield-check")
ENDED = declare_event("coverage.ended", gettext_lazy("Coverage ended"), icon="shield-off")

_LINES = {PayerKind.WORK_COMP: Line.WORK_COMP, PayerKind.AUTO: Line.AUTO}


@transaction.atomic
def add_coverage(
    *,
    patient: Patient,
    payer: Payer,
    member_id: str,
    by: Actor,
    plan: Plan | None = None,
    rank: Rank = Rank.PRIMARY,
    group_number: str = "",
    relation: SubscriberRelation = SubscriberRelation.SELF,
    subscriber: Subscriber | None = None,
    start: dt.date,
    end: dt.date | None = None,
    claim_number: str = "",
    injured_on: dt.date | None = None,
    replaces: bool = False,
) -> Coverage:
    """Cover a patient from a day on. One coverage per rank at a time; injuries rank apart from health.

    `replaces` ends the coverage that has the rank on the first day, as when a patient brings a new card.

    Raises NotVisible, Refusal (`rank_taken`, `member_id_needed`, `subscriber_needed`, `plan_of_other_payer`, ...).
    """
    _refuse_invisible(patient, by)
    line = _LINES.get(PayerKind(payer.kind), Line.HEALTH)
    period = _period(start, end)
    if replaces:
        _end_before(patient.pk, line, rank, start, by)
    _refuse_overlap(patient.pk, line, rank, period)
    coverage: Coverage = Coverage.objects.create(
        patient=patient,
        payer=payer,
        plan=_plan_of(plan, payer),
        line=line,
        rank=rank,
        member_id=_member_id(member_id),
        group_number=group_number.strip(),
        relation=relation,
        claim_number=claim_number.strip(),
        injured_on=injured_on,
        period=period,
        **_subscriber_columns(relation, subscriber),
    )
    _tell(ADDED, coverage, by, rank=rank, payer_id=payer.pk, start=start.isoformat())
    return coverage


@transaction.atomic
def change_coverage(
    *,
    coverage: Coverage,
    member_id: str,
    by: Actor,
    plan: Plan | None,
    group_number: str,
    relation: SubscriberRelation,
    subscriber: Subscriber | None,
    start: dt.date,
    end: dt.date | None,
    rank: Rank,
) -> Coverage:
    """Correct what was written down wrongly; another payer is a new coverage. Takes the verification away."""
    held = _locked(coverage, by)
    period = _period(start, end)
    _refuse_overlap(held.patient_id, Line(held.line), rank, period, leave_out=held.pk)
    held.plan, held.member_id, held.group_number = (
        _plan_of(plan, held.payer),
        _member_id(member_id),
        group_number.strip(),
    )
    held.relation, held.period, held.rank, held.verified_at = relation, period, rank, None
    for name, value in _subscriber_columns(relation, subscriber).items():
        setattr(held, name, value)
    held.save()
    _tell(CHANGED, held, by, rank=rank, payer_id=held.payer_id, start=start.isoformat())
    return held


@transaction.atomic
def end_coverage(*, coverage: Coverage, on: dt.date, by: Actor) -> Coverage:
    """The coverage no longer holds from a day on (the day after the last covered one)."""
    held = _locked(coverage, by)
    if on <= held.period.lower:
        raise Refusal(_("The end must be after the first day."), code="end_too_early", field="end")
    held.period = DateRange(held.period.lower, on)
    held.save(update_fields=["period"])
    _tell(ENDED, held, by, on=on.isoformat())
    return held


@transaction.atomic
def verify_coverage(*, coverage: Coverage, by: Actor, at: dt.datetime | None = None) -> Coverage:
    """Somebody asked the payer, and the payer said yes."""
    held = _locked(coverage, by)
    held.verified_at = at or now()
    held.save(update_fields=["verified_at"])
    _tell(VERIFIED, held, by)
    return held


def _locked(coverage: Coverage, by: Actor) -> Coverage:
    rows = Coverage.objects.visible_to(by, CoverageRight.MANAGE).select_for_update(of=("self",))
    held: Coverage | None = rows.select_related("payer", "patient").filter(pk=coverage.pk).first()
    if held is None:
        raise NotVisible
    return held


def _refuse_invisible(patient: Patient, by: Actor) -> None:
    scope = by.scope(CoverageRight.MANAGE)
    if not (scope.everything or patient.circle_id in scope.circles or patient.pk in scope.patients):
        raise NotVisible


def _end_before(patient_id: UUID, line: Line, rank: Rank, start: dt.date, by: Actor) -> None:
    """End what has the rank on the day, if it began earlier."""
    rows = Coverage.objects.visible_to(by, CoverageRight.MANAGE).select_related("payer", "patient")
    held = rows.filter(
        patient_id=patient_id, line=line, rank=rank, period__contains=start, period__startswith__lt=start
    )
    for one in held:
        end_coverage(coverage=one, on=start, by=by)


def _refuse_overlap(patient_id: UUID, line: Line, rank: Rank, period: DateRange, leave_out: UUID | None = None) -> None:
    rows = Coverage.objects.unscoped("one coverage per rank, whoever asks")
    rows = rows.exclude(pk=leave_out) if leave_out else rows
    if rows.filter(patient_id=patient_id, line=line, rank=rank, period__overlap=period).exists():
        raise Refusal(
            _("Another coverage has this rank then. Say that this one replaces it, or choose another rank."),
            code="rank_taken",
            field="rank",
        )


def _period(start: dt.date, end: dt.date | None) -> DateRange:
    if end is not None and end <= start:
        raise Refusal(_("The end must be after the first day."), code="end_too_early", field="end")
    return DateRange(start, end)


def _plan_of(plan: Plan | None, payer: Payer) -> Plan | None:
    if plan is not None and plan.payer_id != payer.pk:
        raise Refusal(_("This plan is of another payer."), code="plan_of_other_payer", field="plan")
    return plan


def _member_id(text: str) -> str:
    try:
        return normal_member_id(text)
    except ValueError:
        raise Refusal(_("Write the member id as on the card."), code="member_id_needed", field="member_id") from None


def _subscriber_columns(relation: SubscriberRelation, subscriber: Subscriber | None) -> dict[str, object]:
    if relation is SubscriberRelation.SELF:
        return _columns(Subscriber("", ""), sex="")
    if subscriber is None or not subscriber.named:
        raise Refusal(
            _("Write the name of the person who holds the policy."),
            code="subscriber_needed",
            field="subscriber_family_name",
        )
    return _columns(subscriber, sex=Sex(subscriber.sex).value)


def _columns(subscriber: Subscriber, *, sex: str) -> dict[str, object]:
    return {
        "subscriber_family_name": tidy_name(subscriber.family_name),
        "subscriber_given_name": tidy_name(subscriber.given_name),
        "subscriber_middle_name": tidy_name(subscriber.middle_name),
        "subscriber_birth_date": subscriber.birth_date,
        "subscriber_sex": sex,
        "subscriber_line1": tidy_name(subscriber.line1),
        "subscriber_line2": tidy_name(subscriber.line2),
        "subscriber_city": tidy_name(subscriber.city),
        "subscriber_state": subscriber.state.strip().upper(),
        "subscriber_postal_code": subscriber.postal_code.replace("-", "").strip(),
    }


def subject_of(coverage: Coverage) -> SubjectRef:
    return SubjectRef("coverage", coverage.pk, coverage.payer.name)


def _tell(event: str, coverage: Coverage, by: Actor, **data: object) -> None:
    record(
        event,
        subject=subject_of(coverage),
        by=by,
        patient_id=coverage.patient_id,
        unit_id=coverage.patient.home_unit_id,
        data=data,
    )
