"""Opening books, and the months in which they are written: held open while posting, closed, reopened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.scoping import ScopedQuerySet
from medguild.foundation.ledger import rules
from medguild.foundation.ledger.errors import PeriodRefused, UnknownAccount
from medguild.foundation.ledger.models import AccountingPeriod, LedgerAccount
from medguild.foundation.ledger.permissions import LedgerRight
from medguild.foundation.ledger.rules import STANDARD_CHART, AccountKind, PeriodStatus, Side
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind

BOOKS_OPENED = declare_event("ledger.books_opened", "Books opened", icon="book")
ACCOUNT_OPENED = declare_event("ledger.account_opened", "Ledger account opened", icon="book")
CLOSED = declare_event("ledger.period_closed", "Month closed", icon="lock")
REOPENED = declare_event("ledger.period_reopened", "Month reopened", icon="lock-open")

_TRIES = 5
_MONTHS = "a month is open or closed whoever posts"
# The month that takes an entry: its own, or the earliest open one. Waits for a closing in progress, and then sees it.
_HOLD = """
select p.entity_id, p.id, p.month from foundation_accountingperiod p
 where p.entity_id = any(%(entities)s) and p.status = 'open'
   and p.month = greatest(%(month)s::date, (
       select coalesce(max(q.month) filter (where q.status = 'closed') + interval '1 month', min(q.month))::date
         from foundation_accountingperiod q where q.entity_id = p.entity_id))
 order by p.entity_id
   for key share of p"""
_EARLIEST_OPEN = """
select entity_id, coalesce(max(month) filter (where status = 'closed') + interval '1 month', min(month))::date
  from foundation_accountingperiod where entity_id = any(%s) group by entity_id"""


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """A month held open for this transaction."""

    id: UUID
    month: dt.date


def hold_open_months(entities: Sequence[UUID], occurred_on: dt.date) -> dict[UUID, OpenMonth]:
    """Per entity the month that takes an entry of that day, locked so that nobody closes it before we commit.

    Makes the month where it does not exist yet. Raises UnknownAccount for an entity without books.
    """
    month = rules.month_of(occurred_on)
    held: dict[UUID, OpenMonth] = {}
    for _try in range(_TRIES):
        missing = [entity_id for entity_id in entities if entity_id not in held]
        if not missing:
            return held
        held |= _hold(missing, month)
        _make_months([entity_id for entity_id in missing if entity_id not in held], occurred_on)
    raise PeriodRefused(_("The books are being closed; try again."))


def _hold(entities: Sequence[UUID], month: dt.date) -> dict[UUID, OpenMonth]:
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"entities": list(entities), "month": month})
        return {entity_id: OpenMonth(pk, start) for entity_id, pk, start in cursor.fetchall()}


def _make_months(entities: Sequence[UUID], occurred_on: dt.date) -> None:
    """Make all months up to the wanted one, so that the months of an entity have no gap."""
    if not entities:
        return
    with connection.cursor() as cursor:
        cursor.execute(_EARLIEST_OPEN, [list(entities)])
        earliest = dict(cursor.fetchall())
    if set(entities) - earliest.keys():
        raise UnknownAccount(_("This entity has no books yet; open them first."), code="no_books")
    for entity_id, start in earliest.items():
        make_months(entity_id, start, rules.target_month(occurred_on, start))


def make_months(entity_id: UUID, first: dt.date, last: dt.date) -> None:
    """Make the missing months from first up to and including last."""
    AccountingPeriod.objects.bulk_create(
        [AccountingPeriod(entity_id=entity_id, month=month) for month in rules.gap(first, last)], ignore_conflicts=True
    )


@transaction.atomic
def open_books(*, entity: Unit, start: dt.date, by: Actor) -> list[LedgerAccount]:
    """Make the standard accounts of a legal entity and its first month; calling again adds what is missing."""
    if entity.kind != UnitKind.ENTITY:
        raise Refusal(_("Books belong to a legal entity."), code="not_an_entity", field="entity")
    accounts = [
        LedgerAccount(entity=entity, code=template.code, name=template.name, kind=template.kind, side=template.side)
        for template in STANDARD_CHART
    ]
    existing = LedgerAccount.objects.unscoped("the chart of an entity is made whole").filter(entity=entity)
    fresh = not existing.exists()
    LedgerAccount.objects.bulk_create(accounts, ignore_conflicts=True)
    if not _of(entity.pk).exists():
        make_months(entity.pk, start, rules.month_of(start))
    if fresh:
        record(BOOKS_OPENED, subject=SubjectRef("unit", entity.pk, entity.name), by=by, unit_id=entity.pk)
    return list(existing.order_by("code"))


@transaction.atomic
def open_account(*, entity: Unit, code: str, name: str, kind: AccountKind, side: Side, by: Actor) -> LedgerAccount:
    """Add an account to an entity's chart. A code in use is refused."""
    _need(by, LedgerRight.POST, entity.pk)
    taken = LedgerAccount.objects.unscoped("a code is taken whoever asks").filter(entity=entity, code=code)
    if taken.exists():
        raise Refusal(_("The entity has an account with this code."), code="account_taken", field="code")
    account = LedgerAccount.objects.create(entity=entity, code=code, name=name, kind=kind, side=side)
    record(
        ACCOUNT_OPENED,
        subject=SubjectRef("ledger_account", account.pk, account.label()),
        by=by,
        unit_id=entity.pk,
        data={"code": code},
    )
    return account


@transaction.atomic
def close_period(*, entity_id: UUID, month: dt.date, by: Actor, at: dt.datetime | None = None) -> AccountingPeriod:
    """Close a month that is over, after those before it. Waits for postings in progress; later ones see it closed."""
    _need(by, LedgerRight.CLOSE, entity_id)
    moment = at or now()
    if not rules.period_is_over(month, day_of(moment)):
        raise PeriodRefused(_("This month is not over yet."))
    _fill_up_to(entity_id, month)
    months = list(_of(entity_id).select_for_update().filter(month__lte=month).order_by("month"))
    if not months or months[-1].month != month:
        raise PeriodRefused(_("The books of this entity do not have this month."))
    period = months.pop()
    if period.status == PeriodStatus.CLOSED:
        raise PeriodRefused(_("This month is closed already."))
    if any(earlier.status == PeriodStatus.OPEN for earlier in months):
        raise PeriodRefused(_("Close the months before it first."))
    period.status, period.closed_at, period.closed_by = PeriodStatus.CLOSED, moment, by.id
    period.save(update_fields=["status", "closed_at", "closed_by"])
    _tell(CLOSED, period, by)
    return period


@transaction.atomic
def reopen_period(*, entity_id: UUID, month: dt.date, reason: str, by: Actor) -> AccountingPeriod:
    """Open the last closed month again, with a reason."""
    _need(by, LedgerRight.CLOSE, entity_id)
    if not reason.strip():
        raise Refusal(_("Write why the month must be opened again."), field="reason")
    closed = list(
        _of(entity_id).select_for_update().filter(month__gte=month, status=PeriodStatus.CLOSED).order_by("month")
    )
    if not closed or closed[0].month != month:
        raise PeriodRefused(_("This month is not closed."))
    if len(closed) > 1:
        raise PeriodRefused(_("Open the later months first."))
    period = closed[0]
    period.status, period.closed_at, period.closed_by = PeriodStatus.OPEN, None, None
    period.save(update_fields=["status", "closed_at", "closed_by"])
    _tell(REOPENED, period, by, reason=reason.strip())
    return period


def _of(entity_id: UUID) -> ScopedQuerySet[AccountingPeriod]:
    return AccountingPeriod.objects.unscoped(_MONTHS).filter(entity_id=entity_id)


def _fill_up_to(entity_id: UUID, month: dt.date) -> None:
    """A month without postings has no row yet; closing makes it."""
    first = _of(entity_id).order_by("month").values_list("month", flat=True).first()
    if first is not None and first < month:
        make_months(entity_id, first, month)


def _need(by: Actor, right: str, entity_id: UUID) -> None:
    scope = by.scope(right)
    if scope.everything or entity_id in scope.units:
        return
    read = by.scope(LedgerRight.READ)
    if read.everything or entity_id in read.units:
        raise NotAllowed(_("You may read these books, not do this."))
    raise NotVisible


def _tell(event: str, period: AccountingPeriod, by: Actor, **data: str) -> None:
    record(
        event,
        subject=SubjectRef("accounting_period", period.pk, f"{period.month:%Y-%m}"),
        by=by,
        unit_id=period.entity_id,
        data={"month": period.month.isoformat(), **data},
    )
