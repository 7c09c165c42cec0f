"""What can be asked of the books: balances, trial balance, statements, and from a number down to its entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.kernel.money import Cents
from medguild.foundation.kernel.scoping import ScopedQuerySet
from medguild.foundation.ledger import rules
from medguild.foundation.ledger.models import AccountingPeriod, Entry, LedgerAccount, Posting
from medguild.foundation.ledger.permissions import LedgerRight
from medguild.foundation.ledger.rules import RECEIVABLE, Chart, Side
from medguild.foundation.organization.models import Unit

# By what postings may be chosen and grouped.
GROUPABLE = ("entity_id", "ledger_account_id", "period_id", "booked_on", *rules.DIMENSIONS)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account in a month: signed cents; debits positive, credits positive as well."""

    account: LedgerAccount
    opening: Cents
    debits: Cents
    credits: Cents

    @property
    def closing(self) -> Cents:
        return self.opening + self.debits - self.credits

    @property
    def natural_closing(self) -> Cents:
        return rules.natural(self.closing, self.account.side)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts of an entity that move or stand in a month; opening and closing sum to zero."""

    entity: Unit
    period: AccountingPeriod
    rows: tuple[TrialRow, ...]

    @property
    def debits(self) -> Cents:
        return sum(row.debits for row in self.rows)

    @property
    def credits(self) -> Cents:
        return sum(row.credits for row in self.rows)

    @property
    def balanced(self) -> bool:
        return self.debits == self.credits and sum(row.closing for row in self.rows) == 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What a guarantor's account stands at: owed by the patient, by payers, and money received but not applied."""

    patient: Cents = 0
    insurance: Cents = 0
    unapplied: Cents = 0

    @property
    def due_from_patient(self) -> Cents:
        """What the patient owes after what was received and not applied; negative when we owe it back."""
        return self.patient - self.unapplied

    @property
    def total(self) -> Cents:
        return self.patient + self.insurance - self.unapplied


def chosen(
    rows: ScopedQuerySet[Posting],
    *,
    codes: Iterable[str] | None = None,
    as_of: dt.date | None = None,
    since: dt.date | None = None,
    **dimensions: Any,
) -> ScopedQuerySet[Posting]:
    """Postings on accounts with these codes, booked from `since` up to and including `as_of`, with these dimensions.

    A dimension given as a list, set or tuple means any of them; None means postings without it.
    """
    unknown = dimensions.keys() - set(GROUPABLE)
    if unknown:
        raise ValueError(f"not a dimension of postings: {', '.join(sorted(unknown))}")
    condition = Q()
    if codes is not None:
        condition &= Q(ledger_account__code__in=list(codes))
    if as_of is not None:
        condition &= Q(booked_on__lte=as_of)
    if since is not None:
        condition &= Q(booked_on__gte=since)
    for name, value in dimensions.items():
        if value is None:
            condition &= Q(**{f"{name}__isnull": True})
        elif isinstance(value, list | set | frozenset | tuple):
            condition &= Q(**{f"{name}__in": list(value)})
        else:
            condition &= Q(**{name: value})
    return rows.filter(condition)


def postings(actor: Actor, **choice: Any) -> ScopedQuerySet[Posting]:
    """Postings behind a number, newest first, with their entry and account. Choice as in `chosen`."""
    rows: ScopedQuerySet[Posting] = Posting.objects.visible_to(actor)
    return chosen(rows, **choice).select_related("entry", "ledger_account").order_by("-booked_on", "-id")


def balance(actor: Actor, **choice: Any) -> Cents:
    """Signed sum of the postings (debits positive). Choice as in `chosen`."""
    rows: ScopedQuerySet[Posting] = Posting.objects.visible_to(actor)
    return int(chosen(rows, **choice).aggregate(total=Sum("amount"))["total"] or 0)


def balances_by(actor: Actor, dimension: str, **choice: Any) -> dict[Any, Cents]:
    """Signed sums per value of one dimension; values whose postings cancel out are left out."""
    if dimension not in GROUPABLE:
        raise ValueError(f"not a dimension of postings: {dimension}")
    rows: ScopedQuerySet[Posting] = Posting.objects.visible_to(actor)
    sums = chosen(rows, **choice).order_by().values_list(dimension).annotate(total=Sum("amount"))
    return {value: int(total) for value, total in sums if total}


def balances_of(account_ids: Collection[UUID], *, entity_ids: Collection[UUID] | None = None) -> dict[UUID, Standing]:
    """What guarantors' accounts stand at, in one query; an account without postings stands at zero.

    Not scoped: the caller has found the accounts in its own scope (a front desk may see what is owed, not the books).
    Give `entity_ids` where only some entities' money may be told.
    """
    wanted = list(account_ids)
    if not wanted:
        return {}
    rows = Posting.objects.unscoped("the caller has found these accounts in its own scope")
    rows = chosen(rows, codes=RECEIVABLE, account_id=wanted)
    if entity_ids is not None:
        rows = rows.filter(entity_id__in=list(entity_ids))
    sums: dict[UUID, dict[str, Cents]] = {}
    for account_id, code, total in (
        rows.order_by().values_list("account_id", "ledger_account__code").annotate(total=Sum("amount"))
    ):
        sums.setdefault(account_id, {})[code] = int(total)
    return {account_id: _standing(sums.get(account_id, {})) for account_id in wanted}


def _standing(by_code: Mapping[str, Cents]) -> Standing:
    return Standing(
        patient=by_code.get(Chart.PATIENT_AR, 0),
        insurance=by_code.get(Chart.INSURANCE_AR, 0),
        unapplied=rules.natural(by_code.get(Chart.UNAPPLIED, 0), Side.CREDIT),
    )


def statement_of(account_id: UUID, *, entity_ids: Collection[UUID] | None = None) -> list[tuple[Posting, Cents]]:
    """Postings of one guarantor's account, oldest first, each with what the account stood at after it.

    Not scoped, for the same reason as `balances_of`.
    """
    rows = Posting.objects.unscoped("the caller has found this account in its own scope")
    rows = chosen(rows, codes=RECEIVABLE, account_id=account_id)
    if entity_ids is not None:
        rows = rows.filter(entity_id__in=list(entity_ids))
    stood, lines = 0, []
    for posting in rows.select_related("entry", "ledger_account").order_by("booked_on", "id"):
        stood += posting.amount
        lines.append((posting, stood))
    return lines


def trial_balance(actor: Actor, *, entity: Unit, period: AccountingPeriod) -> TrialBalance:
    """All accounts of the entity at the end of a month, in one query over its postings."""
    accounts = LedgerAccount.objects.visible_to(actor).filter(entity=entity).order_by("code")
    inside, until = Q(postings__period=period), Q(postings__booked_on__lt=rules.month_after(period.month))
    summed = accounts.annotate(
        before=Sum("postings__amount", filter=until & ~inside),
        debits=Sum("postings__amount", filter=inside & Q(postings__amount__gt=0)),
        credits=Sum("postings__amount", filter=inside & Q(postings__amount__lt=0)),
    )
    rows = tuple(
        TrialRow(account, int(account.before or 0), int(account.debits or 0), -int(account.credits or 0))
        for account in summed
    )
    return TrialBalance(entity, period, tuple(row for row in rows if row.opening or row.debits or row.credits))


def entities_with_books(actor: Actor) -> list[Unit]:
    """Entities whose books the actor may read, by name."""
    visible = AccountingPeriod.objects.visible_to(actor).order_by().values("entity_id").distinct()
    return list(Unit.objects.filter(pk__in=visible).order_by("name"))


def periods_of(actor: Actor, entity: Unit) -> list[AccountingPeriod]:
    """The months of an entity, newest first."""
    return list(AccountingPeriod.objects.visible_to(actor).filter(entity=entity).order_by("-month"))


@dataclass(frozen=True, slots=True)
class TrialPage:
    """What the trial balance page shows: the books and months to choose from, and the one chosen."""

    entities: tuple[Unit, ...]
    periods: tuple[AccountingPeriod, ...]
    trial: TrialBalance | None
    may_close: bool = False

    @property
    def last_day(self) -> dt.date | None:
        """The last day of the month shown, for links to its postings."""
        return rules.month_after(self.trial.period.month) - dt.timedelta(days=1) if self.trial else None

    @property
    def day_before(self) -> dt.date | None:
        """The day before the month shown."""
        return self.trial.period.month - dt.timedelta(days=1) if self.trial else None


def trial_page(actor: Actor, *, entity: str = "", month: str = "") -> TrialPage:
    """The trial balance of an entity (id) and month (`2026-03`); without them, or with others' ids, the first to hand:
    the first books by name, their newest month."""
    entities = entities_with_books(actor)
    chosen_entity = next((one for one in entities if str(one.pk) == entity), entities[0] if entities else None)
    if chosen_entity is None:
        return TrialPage((), (), None)
    months = periods_of(actor, chosen_entity)
    period = next((one for one in months if f"{one.month:%Y-%m}" == month), months[0])
    scope = actor.scope(LedgerRight.CLOSE)
    return TrialPage(
        tuple(entities),
        tuple(months),
        trial_balance(actor, entity=chosen_entity, period=period),
        may_close=scope.everything or chosen_entity.pk in scope.units,
    )


def period_of(actor: Actor, entity_id: UUID, month: dt.date) -> AccountingPeriod:
    """A month of an entity. Raises NotVisible."""
    rows = AccountingPeriod.objects.visible_to(actor).select_related("entity")
    period: AccountingPeriod | None = rows.filter(entity_id=entity_id, month=month).first()
    if period is None:
        raise NotVisible
    return period


def ledger_account(actor: Actor, account_id: UUID) -> LedgerAccount:
    """An account of the books. Raises NotVisible."""
    account: LedgerAccount | None = (
        LedgerAccount.objects.visible_to(actor).select_related("entity").filter(pk=account_id).first()
    )
    if account is None:
        raise NotVisible
    return account


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with the postings that the actor may see; `whole` is False when it also stands in other books."""

    entry: Entry
    postings: tuple[Posting, ...]
    whole: bool
    reversal_id: UUID | None


def entry_view(actor: Actor, entry_id: UUID) -> EntryView:
    """An entry as its reader may see it: of other entities' postings only that they exist. Raises NotVisible."""
    seen = tuple(
        Posting.objects.visible_to(actor)
        .filter(entry_id=entry_id)
        .select_related("entity", "ledger_account", "site", "clinician__person", "counterparty", "period")
        .order_by("entity__name", "-amount", "id")
    )
    if not seen:
        raise NotVisible
    entries = Entry.objects.unscoped("its postings were found visible")
    all_postings = Posting.objects.unscoped("only counted").filter(entry_id=entry_id).count()
    reversal_id = entries.filter(reverses_id=entry_id).values_list("pk", flat=True).first()
    return EntryView(entries.get(pk=entry_id), seen, len(seen) == all_postings, reversal_id)
