"""Numbers of the revenue cycle that this room can tell, each with the rows behind it (kpis.md: ar_days,
initial_denial_rate). A number whose denominator is nothing is None: not enough data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, UUIDField, Value, When
from django.db.models.functions import Coalesce

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.money import Cents
from medguild.foundation.kernel.scoping import ScopedQuerySet
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.ledger.selectors import chosen
from medguild.revenue.remittances.models import RemittanceClaim

AR_CODES = (Chart.INSURANCE_AR, Chart.PATIENT_AR)
_DAYS_LOOKED_BACK = 90


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with what it was made of; `value` is None where there is not enough data."""

    numerator: float
    denominator: float
    start: dt.date
    end: dt.date

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def percent(self) -> float | None:
        return None if self.value is None else 100 * self.value


@dataclass(frozen=True, slots=True)
class DenialRate:
    """First decisions of payers in [start, end): whole claims denied, claims denied in part, and dollars denied."""

    claims: Measured
    dollars: Measured
    partly_denied: int


def first_answers(
    actor: Actor,
    *,
    start: dt.date,
    end: dt.date,
    site_ids: Collection[UUID] | None = None,
    payer_id: UUID | None = None,
) -> QuerySet[RemittanceClaim]:
    """What payers said of claims for the first time in [start, end): the rows behind the rate."""
    rows = RemittanceClaim.objects.visible_to(actor)
    rows = rows.filter(first=True, adjudicated_on__gte=start, adjudicated_on__lt=end)
    if site_ids is not None:
        rows = rows.filter(claim__site_id__in=list(site_ids))
    if payer_id is not None:
        rows = rows.filter(claim__payer_id=payer_id)
    return rows.select_related("claim__patient", "claim__payer", "claim__site", "remittance")


def denied_first(rows: QuerySet[RemittanceClaim]) -> QuerySet[RemittanceClaim]:
    """Of first answers, those that deny the claim whole; zero paid because of a deductible is none."""
    return rows.filter(denied__gt=0, paid__lte=0, patient_share__lte=0)


def initial_denial_rate(
    actor: Actor,
    *,
    start: dt.date,
    end: dt.date,
    site_ids: Collection[UUID] | None = None,
    payer_id: UUID | None = None,
) -> DenialRate:
    """Claims (or dollars) denied on first adjudication / claims (or dollars) adjudicated for the first time."""
    rows = first_answers(actor, start=start, end=end, site_ids=site_ids, payer_id=payer_id)
    count, denied_claims = rows.count(), denied_first(rows).count()
    refused = rows.filter(denied__gt=0)
    sums = rows.aggregate(charged=Coalesce(Sum("charge"), 0))
    denied = refused.aggregate(total=Coalesce(Sum("denied"), 0))["total"]
    return DenialRate(
        claims=Measured(denied_claims, count, start, end),
        dollars=Measured(int(denied), int(sums["charged"]), start, end),
        partly_denied=refused.count() - denied_claims,
    )


@dataclass(frozen=True, slots=True)
class OpenBalance:
    """What one debtor owes on one guarantor's account: a payer, or (`payer_id` None) the patient. Cents; a credit is
    negative."""

    code: str
    entity_id: UUID
    account_id: UUID | None
    payer_id: UUID | None
    amount: Cents


@dataclass(frozen=True, slots=True)
class DaysInAr:
    """Debit A/R at the end of a period over average daily gross charges in it; credit balances stand apart."""

    debits: Cents
    credits: Cents
    charges: Cents
    start: dt.date
    end: dt.date

    @property
    def days(self) -> float | None:
        length = (self.end - self.start).days
        return self.debits * length / self.charges if self.charges > 0 and length > 0 else None


def open_balances(
    actor: Actor,
    *,
    as_of: dt.date,
    entity_ids: Collection[UUID] | None = None,
    site_ids: Collection[UUID] | None = None,
) -> list[OpenBalance]:
    """What is owed at the end of a day, by account and debtor: the rows behind days in A/R, the greatest first."""
    sums = _owed(actor, as_of, entity_ids, site_ids).exclude(total=0).order_by("-total")
    return [
        OpenBalance(code, entity_id, account_id, debtor, int(total))
        for code, entity_id, account_id, debtor, total in sums.values_list(*_BY, "total")
    ]


_BY = ("ledger_account__code", "entity_id", "account_id", "debtor")


def _owed(actor: Actor, as_of: dt.date, entity_ids: Collection[UUID] | None, site_ids: Collection[UUID] | None) -> Any:
    """A queryset: one row with its `total` for each account and debtor."""
    rows = chosen(_postings(actor, entity_ids, site_ids), codes=AR_CODES, as_of=as_of).order_by()
    return rows.annotate(debtor=_debtor()).values(*_BY).annotate(total=Sum("amount"))


def _debtor() -> Case:
    """The payer of the insurance receivable; the patient's names none."""
    return Case(
        When(ledger_account__code=Chart.INSURANCE_AR, then=F("payer_id")),
        default=Value(None),
        output_field=UUIDField(),
    )


def days_in_ar(
    actor: Actor,
    *,
    as_of: dt.date,
    entity_ids: Collection[UUID] | None = None,
    site_ids: Collection[UUID] | None = None,
    look_back: int = _DAYS_LOOKED_BACK,
) -> DaysInAr:
    """Days in A/R at the end of `as_of`, by the gross charges booked in the `look_back` days that end with it."""
    start, end = as_of - dt.timedelta(days=look_back - 1), as_of + dt.timedelta(days=1)
    owed = _owed(actor, as_of, entity_ids, site_ids).aggregate(
        debits=Sum("total", filter=Q(total__gt=0)), credits=Sum("total", filter=Q(total__lt=0))
    )
    charged = chosen(_postings(actor, entity_ids, site_ids), codes=[Chart.CHARGES], as_of=as_of, since=start)
    return DaysInAr(
        debits=int(owed["debits"] or 0),
        credits=-int(owed["credits"] or 0),
        charges=-int(charged.aggregate(total=Sum("amount"))["total"] or 0),
        start=start,
        end=end,
    )


def _postings(
    actor: Actor, entity_ids: Collection[UUID] | None, site_ids: Collection[UUID] | None
) -> ScopedQuerySet[Posting]:
    rows: ScopedQuerySet[Posting] = Posting.objects.visible_to(actor)
    if entity_ids is not None:
        rows = rows.filter(entity_id__in=list(entity_ids))
    if site_ids is not None:
        rows = rows.filter(site_id__in=list(site_ids))
    return rows
