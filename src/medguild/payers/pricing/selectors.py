"""What do we charge, what should the payer allow; and the lists of those who keep prices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.money import Cents
from medguild.payers.pricing import rules
from medguild.payers.pricing.models import Contract, ContractRate, FeeLine, FeeSchedule
from medguild.payers.pricing.permissions import FeesRight
from medguild.payers.pricing.rules import ScheduleKind

_FOR_BILLING = "a service has its price whoever captures it; the caller is told one amount of its own entity"


def charge_for(
    entity_id: UUID,
    code: str,
    modifiers: Sequence[str] = (),
    on: dt.date | None = None,
    *,
    kind: ScheduleKind = ScheduleKind.STANDARD,
) -> Cents | None:
    """The entity's charge in cents for a code on a day (today when None). The first modifier with a price of its own
    wins, else the bare code. None where no schedule holds or the code has no fee.
    """
    day = on or today()
    lines = FeeLine.objects.unscoped(_FOR_BILLING).filter(
        schedule__entity_id=entity_id, schedule__kind=kind, schedule__period__contains=day, code=code.upper()
    )
    return rules.pick(dict(lines.values_list("modifier", "amount")), modifiers)


def expected_allowed(
    entity_id: UUID,
    payer_id: UUID,
    code: str,
    on: dt.date,
    *,
    modifiers: Sequence[str] = (),
    charge: Cents | None = None,
) -> Cents | None:
    """What the payer should allow in cents under the contract of the day. A percentage is taken of `charge`, or of the
    entity's own fee when none is given. None where no contract or no rate holds.
    """
    rates = (
        ContractRate.objects.unscoped(_FOR_BILLING)
        .filter(
            contract__entity_id=entity_id,
            contract__payer_id=payer_id,
            contract__period__contains=on,
            code__in=["", code.upper()],
        )
        .order_by("-code")
    )
    held = [rate for rate in rates if rate.modifier == "" or rate.modifier in modifiers]
    ranked = sorted(held, key=lambda rate: (rate.code == "", rate.modifier == ""))
    if not ranked:
        return None
    rate: ContractRate = ranked[0]
    if rate.allowed is not None:
        return int(rate.allowed)
    base = charge if charge is not None else charge_for(entity_id, code, modifiers, on)
    return None if base is None or rate.percent is None else rules.percent_of(base, rate.percent)


def fee_schedules(actor: Actor) -> QuerySet[FeeSchedule]:
    """Schedules of the entities where the actor holds `fees.read`, newest first, with the number of lines."""
    rows: QuerySet[FeeSchedule] = FeeSchedule.objects.visible_to(actor)
    return rows.select_related("entity").annotate(line_count=Count("lines")).order_by("entity__name", "-period")


def fee_schedule(actor: Actor, schedule_id: UUID, right: str = FeesRight.READ) -> FeeSchedule:
    """A schedule over which the actor holds the right. Raises NotVisible."""
    found: FeeSchedule | None = (
        FeeSchedule.objects.visible_to(actor, right).select_related("entity").filter(pk=schedule_id).first()
    )
    if found is None:
        raise NotVisible
    return found


def fee_lines(actor: Actor, schedule_id: UUID) -> QuerySet[FeeLine]:
    """Lines of a schedule by code."""
    rows: QuerySet[FeeLine] = FeeLine.objects.visible_to(actor).filter(schedule_id=schedule_id)
    return rows.order_by("code", "modifier")


def contracts(actor: Actor) -> QuerySet[Contract]:
    """Contracts of the entities where the actor holds `fees.read`."""
    rows: QuerySet[Contract] = Contract.objects.visible_to(actor)
    return rows.select_related("entity", "payer").annotate(rate_count=Count("rates")).order_by("payer__name", "-period")


def entities_with_contract(payer_id: UUID, *, on: dt.date) -> list[UUID]:
    """Entities that have a contract with a payer on a day, for the house's own warnings."""
    rows = Contract.objects.unscoped("only who has one").filter(payer=payer_id, period__contains=on)
    return list(rows.order_by("entity_id").values_list("entity_id", flat=True))


def fee_line(actor: Actor, line_id: UUID, right: str = FeesRight.READ) -> FeeLine:
    """Raises NotVisible."""
    rows = FeeLine.objects.visible_to(actor, right).select_related("schedule__entity")
    found: FeeLine | None = rows.filter(pk=line_id).first()
    if found is None:
        raise NotVisible
    return found


def contract(actor: Actor, contract_id: UUID, right: str = FeesRight.READ) -> Contract:
    """Raises NotVisible."""
    rows = Contract.objects.visible_to(actor, right).select_related("entity", "payer")
    found: Contract | None = rows.filter(pk=contract_id).first()
    if found is None:
        raise NotVisible
    return found


def contract_rates(actor: Actor, contract_id: UUID) -> QuerySet[ContractRate]:
    """Rates of a contract by code; the one for all other codes first."""
    rows: QuerySet[ContractRate] = ContractRate.objects.visible_to(actor).filter(contract_id=contract_id)
    return rows.order_by("code", "modifier")


def contract_rate(actor: Actor, rate_id: UUID, right: str = FeesRight.READ) -> ContractRate:
    """Raises NotVisible."""
    rows = ContractRate.objects.visible_to(actor, right).select_related("contract__entity", "contract__payer")
    found: ContractRate | None = rows.filter(pk=rate_id).first()
    if found is None:
        raise NotVisible
    return found


def latest_schedule(actor: Actor, entity_id: UUID, kind: ScheduleKind) -> FeeSchedule | None:
    """The newest schedule of an entity, whose fees a new one may begin with."""
    rows = FeeSchedule.objects.visible_to(actor, FeesRight.MANAGE).filter(entity_id=entity_id, kind=kind)
    found: FeeSchedule | None = rows.order_by("-period").first()
    return found
