"""Numbers of the revenue cycle that this room can tell, each with the rows behind it (kpis.md: ar_days,
initial_denial_rate). A number whose denominator is nothing is None: not enough data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.money import Cents
from medguild.foundation.kernel.scoping import ScopedQuerySet
from medguild.foundation.ledger.models import LedgerAccount, Posting
from medguild.foundation.ledger.rules import Chart
from medguild.foundation.ledger.selectors import chosen
from medguild.revenue.remittances.models import RemittanceClaim

AR_CODES = (Chart.INSURANCE_AR, Chart.PATIENT_AR)
_DAYS_LOOKED_BACK = 90
_DENIED_WHOLE = Q(denied__gt=0, paid__lte=0, patient_share__lte=0)


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
    return rows.filter(_DENIED_WHOLE)


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
    refused = Q(denied__gt=0)
    found = rows.aggregate(
        claims=Count("pk"),
        denied_claims=Count("pk", filter=_DENIED_WHOLE),
        refused=Count("pk", filter=refused),
        charged=Coalesce(Sum("charge"), 0),
        refused_amount=Coalesce(Sum("denied", filter=refused), 0),
    )
    return DenialRate(
        claims=Measured(found["denied_claims"], found["claims"], start, end),
        dollars=Measured(int(found["refused_amount"]), int(found["charged"]), start, end),
        partly_denied=found["refused"] - found["denied_claims"],
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
    books = _receivables(actor, entity_ids)
    sums = [row for code in AR_CODES for row in _owed(books, code, as_of, site_ids).exclude(total=0)]
    found = [
        OpenBalance(books[row[_BOOK]].code, books[row[_BOOK]].entity_id, row["account_id"], row.get("payer_id"),
                    int(row["total"]))
        for row in sums
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.amount, str(one.account_id)))


_BOOK = "ledger_account_id"
# The payer of the insurance receivable owes; the patient's names none.
_DEBTOR = {Chart.INSURANCE_AR: (_BOOK, "account_id", "payer_id"), Chart.PATIENT_AR: (_BOOK, "account_id")}


def _receivables(actor: Actor, entity_ids: Collection[UUID] | None) -> dict[UUID, LedgerAccount]:
    """The accounts of the books on which something is owed, of entities whose books the actor may read."""
    rows = LedgerAccount.objects.visible_to(actor).filter(code__in=AR_CODES)
    if entity_ids is not None:
        rows = rows.filter(entity_id__in=list(entity_ids))
    return {account.pk: account for account in rows}


def _owed(books: Mapping[UUID, LedgerAccount], code: str, as_of: dt.date, site_ids: Collection[UUID] | None) -> Any:
    """A queryset: one row with its `total` for each account and debtor.

    By accounts of the books, in the order of the index `posting_of_debtor`, so that nothing is sorted or looked up.
    """
    rows = Posting.objects.unscoped("the actor may read these accounts of the books")
    rows = chosen(rows, as_of=as_of, ledger_account_id=[pk for pk, one in books.items() if one.code == code])
    if site_ids is not None:
        rows = rows.filter(site_id__in=list(site_ids))
    return rows.order_by().values(*_DEBTOR[Chart(code)]).annotate(total=Sum("amount"))


def days_in_ar(
    actor: Actor,
    *,
    as_of: dt.date,
    entity_ids: Collection[UUID] | None = None,
    site_ids: Collection[UUID] | None = None,
    look_back: int = _DAYS_LOOKED_BACK,
) -> DaysInAr:
    """Days in A/R at the end of `as_of`, by the gross charges booked in the `look_back` days that end with it."""
    books = _receivables(actor, entity_ids)
    owed = [
        _owed(books, code, as_of, site_ids).aggregate(
            debits=Sum("total", filter=Q(total__gt=0)), credits=Sum("total", filter=Q(total__lt=0))
        )
        for code in AR_CODES
    ]
    debits, credits = (sum(int(one[side] or 0) for one in owed) for side in ("debits", "credits"))
    return _days(actor, as_of, entity_ids, site_ids, look_back, debits, -credits)


def days_in_ar_of(actor: Actor, balances: Iterable[OpenBalance], *, as_of: dt.date) -> DaysInAr:
    """The same of `open_balances` at hand, without asking for them again."""
    amounts = [one.amount for one in balances]
    debits, credits = sum(cents for cents in amounts if cents > 0), sum(cents for cents in amounts if cents < 0)
    return _days(actor, as_of, None, None, _DAYS_LOOKED_BACK, debits, -credits)


def _days(
    actor: Actor,
    as_of: dt.date,
    entity_ids: Collection[UUID] | None,
    site_ids: Collection[UUID] | None,
    look_back: int,
    debits: Cents,
    credits: Cents,
) -> DaysInAr:
    start, end = as_of - dt.timedelta(days=look_back - 1), as_of + dt.timedelta(days=1)
    charged = chosen(_postings(actor, entity_ids, site_ids), codes=[Chart.CHARGES], as_of=as_of, since=start)
    return DaysInAr(
        debits=debits,
        credits=credits,
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
