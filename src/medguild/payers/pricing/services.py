"""Setting prices: fee schedules and contract rates. Loading many lines is one statement and one event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind
from medguild.payers.payers.models import Payer
from medguild.payers.pricing import rules
from medguild.payers.pricing.models import Contract, ContractRate, FeeLine, FeeSchedule
from medguild.payers.pricing.rules import ScheduleKind

SCHEDULE_OPENED = declare_event("fee_schedule.opened", "Fee schedule opened", icon="receipt")
FEES_SET = declare_event("fee_schedule.fees_set", "Fees set", icon="receipt")
CONTRACT_SIGNED = declare_event("contract.signed", "Payer contract recorded", icon="file-text")
CONTRACT_ENDED = declare_event("contract.ended", "Payer contract ended", icon="file-text")
FEE_REMOVED = declare_event("fee_schedule.fee_removed", "Fee removed", icon="receipt")
RATE_REMOVED = declare_event("contract.rate_removed", "Contract rate removed", icon="file-text")
RATES_SET = declare_event("contract.rates_set", "Contract rates set", icon="file-text")


@dataclass(frozen=True, slots=True)
class Fee:
    """A price: code, modifier, cents."""

    code: str
    amount: int
    modifier: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a contract allows: cents, or basis points of the charge. An empty code stands for all others."""

    code: str = ""
    allowed: int | None = None
    percent: int | None = None
    modifier: str = ""


@transaction.atomic
def open_fee_schedule(
    *,
    entity: Unit,
    name: str,
    start: dt.date,
    by: Actor,
    kind: ScheduleKind = ScheduleKind.STANDARD,
    end: dt.date | None = None,
) -> FeeSchedule:
    """Open a charge master; an open-ended one before it ends on the day the new one starts."""
    _refuse_other_than_entity(entity)
    _end_open_one(entity.pk, kind, start)
    period = DateRange(start, end)
    held = FeeSchedule.objects.unscoped("two schedules must not overlap, whoever asks")
    if held.filter(entity=entity, kind=kind, period__overlap=period).exists():
        raise Refusal(_("Another fee schedule of this kind holds in that period."), code="schedule_overlaps")
    schedule = FeeSchedule.objects.create(entity=entity, kind=kind, name=_title(name), period=period)
    record(SCHEDULE_OPENED, subject=_schedule(schedule), by=by, unit_id=entity.pk, data={"kind": kind})
    return schedule


def _end_open_one(entity_id: UUID, kind: ScheduleKind, start: dt.date) -> None:
    open_ones = FeeSchedule.objects.unscoped("the entity's own earlier schedule").select_for_update()
    held = open_ones.filter(entity_id=entity_id, kind=kind, period__contains=start, period__upper_inf=True).first()
    if held is not None and held.period.lower < start:
        held.period = DateRange(held.period.lower, start)
        held.save(update_fields=["period"])


@transaction.atomic
def set_fees(*, schedule: FeeSchedule, fees: Iterable[Fee], by: Actor) -> int:
    """Add or replace lines; returns how many. Wrong codes and negative amounts are refused, naming the code."""
    lines = [_line(schedule, fee) for fee in fees]
    FeeLine.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["schedule", "code", "modifier"], update_fields=["amount"]
    )
    record(FEES_SET, subject=_schedule(schedule), by=by, unit_id=schedule.entity_id, data={"lines": len(lines)})
    return len(lines)


@transaction.atomic
def begin_fee_schedule(
    *, entity: Unit, name: str, start: dt.date, by: Actor, kind: ScheduleKind, like: FeeSchedule | None = None
) -> FeeSchedule:
    """Open a charge master that begins with the fees of another one. Else as `open_fee_schedule`."""
    schedule = open_fee_schedule(entity=entity, name=name, start=start, by=by, kind=kind)
    if like is not None:
        lines = FeeLine.objects.unscoped("the caller may keep both schedules").filter(schedule=like)
        fees = [Fee(line.code, line.amount, line.modifier) for line in lines]
        set_fees(schedule=schedule, fees=fees, by=by)
    return schedule


@transaction.atomic
def remove_fee(*, line: FeeLine, by: Actor) -> None:
    """Take a code out of its schedule; a service with it then has no price and waits in charge capture."""
    schedule = line.schedule
    line.delete()
    data = {"code": line.code, "modifier": line.modifier, "amount": line.amount}
    record(FEE_REMOVED, subject=_schedule(schedule), by=by, unit_id=schedule.entity_id, data=data)


def _line(schedule: FeeSchedule, fee: Fee) -> FeeLine:
    code, modifier = _code(fee.code), _modifier(fee.modifier)
    if fee.amount < 0:
        raise Refusal(_("The fee of %(code)s is negative.") % {"code": code}, code="fee_negative", field="amount")
    return FeeLine(schedule=schedule, code=code, modifier=modifier, amount=fee.amount)


@transaction.atomic
def sign_contract(
    *, entity: Unit, payer: Payer, name: str, start: dt.date, by: Actor, end: dt.date | None = None
) -> Contract:
    """Record an agreement of an entity with a payer; one at a time."""
    _refuse_other_than_entity(entity)
    period = DateRange(start, end)
    held = Contract.objects.unscoped("two contracts must not overlap, whoever asks")
    if held.filter(entity=entity, payer=payer, period__overlap=period).exists():
        raise Refusal(_("Another contract with this payer holds in that period."), code="contract_overlaps")
    contract = Contract.objects.create(entity=entity, payer=payer, name=_title(name), period=period)
    record(CONTRACT_SIGNED, subject=_contract(contract), by=by, unit_id=entity.pk, data={"payer_id": payer.pk})
    return contract


@transaction.atomic
def set_rates(*, contract: Contract, rates: Iterable[Rate], by: Actor) -> int:
    """Add or replace rates; returns how many. A rate has either cents or a percentage."""
    rows = [_rate(contract, rate) for rate in rates]
    ContractRate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["contract", "code", "modifier"],
        update_fields=["allowed", "percent"],
    )
    record(RATES_SET, subject=_contract(contract), by=by, unit_id=contract.entity_id, data={"rates": len(rows)})
    return len(rows)


@transaction.atomic
def remove_rate(*, rate: ContractRate, by: Actor) -> None:
    """Take a rate out of its contract; the code then falls to the rate of all other codes, where there is one."""
    contract = rate.contract
    rate.delete()
    data = {"code": rate.code, "modifier": rate.modifier, "allowed": rate.allowed, "percent": rate.percent}
    record(RATE_REMOVED, subject=_contract(contract), by=by, unit_id=contract.entity_id, data=data)


@transaction.atomic
def end_contract(*, contract: Contract, on: dt.date, by: Actor) -> Contract:
    """End an agreement on a day (exclusive), so that the next can follow."""
    held: Contract = Contract.objects.unscoped("the caller may keep it").select_for_update().get(pk=contract.pk)
    if on <= held.period.lower:
        raise Refusal(_("A contract ends after it starts; choose a later day."), field="end")
    held.period = DateRange(held.period.lower, on)
    clash = Contract.objects.unscoped("two contracts must not overlap, whoever asks").exclude(pk=held.pk)
    if clash.filter(entity_id=held.entity_id, payer_id=held.payer_id, period__overlap=held.period).exists():
        raise Refusal(
            _("Another contract with this payer holds in that period."), code="contract_overlaps", field="end"
        )
    held.save(update_fields=["period"])
    record(CONTRACT_ENDED, subject=_contract(held), by=by, unit_id=held.entity_id, data={"on": on.isoformat()})
    return held


def _rate(contract: Contract, rate: Rate) -> ContractRate:
    if (rate.allowed is None) == (rate.percent is None):
        raise Refusal(_("Give either an amount or a percentage."), code="rate_ambiguous", field="allowed")
    code = _code(rate.code) if rate.code else ""
    return ContractRate(
        contract=contract, code=code, modifier=_modifier(rate.modifier), allowed=rate.allowed, percent=rate.percent
    )


def _refuse_other_than_entity(unit: Unit) -> None:
    if unit.kind != UnitKind.ENTITY:
        raise Refusal(_("Prices belong to a legal entity."), code="not_an_entity", field="entity")


def _title(text: str) -> str:
    if not text.strip():
        raise Refusal(_("Write a name."), code="name_needed", field="name")
    return text.strip()


def _code(text: str) -> str:
    try:
        return rules.normal_code(text)
    except ValueError:
        raise Refusal(_("A procedure code has 2 to 10 letters and digits."), code="code_form", field="code") from None


def _modifier(text: str) -> str:
    try:
        return rules.normal_modifier(text)
    except ValueError:
        raise Refusal(_("A modifier has two letters or digits."), code="modifier_form", field="modifier") from None


def _schedule(schedule: FeeSchedule) -> SubjectRef:
    return SubjectRef("fee_schedule", schedule.pk, schedule.name)


def _contract(contract: Contract) -> SubjectRef:
    return SubjectRef("contract", contract.pk, contract.name)
