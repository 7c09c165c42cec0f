"""What the pages on months and on money between entities show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from medguild.foundation.access.demand import holds_at
from medguild.foundation.access.models import User
from medguild.foundation.events.events import EventRecord, SubjectRef
from medguild.foundation.events.selectors import timeline
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.money import Cents
from medguild.foundation.ledger.models import AccountingPeriod, Entry, LedgerAccount, Posting
from medguild.foundation.ledger.permissions import LedgerRight
from medguild.foundation.ledger.rules import RECEIVABLE, Chart, PeriodStatus
from medguild.foundation.ledger.selectors import entities_with_books, periods_of
from medguild.foundation.organization.models import Unit


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month with its number of entries; who closed it; whether it is next to be closed or the last closed one."""

    period: AccountingPeriod
    entries: int
    closed_by: str
    next_to_close: bool
    may_reopen: bool


@dataclass(frozen=True, slots=True)
class MonthsPage:
    entities: tuple[Unit, ...]
    entity: Unit | None
    rows: tuple[MonthRow, ...]
    may_close: bool
    history: tuple[EventRecord, ...]


def months_page(actor: Actor, *, entity: str = "", today: dt.date) -> MonthsPage:
    """The months of an entity, newest first, with who closed them and what happened to them."""
    entities = entities_with_books(actor)
    chosen = next((one for one in entities if str(one.pk) == entity), entities[0] if entities else None)
    if chosen is None:
        return MonthsPage((), None, (), may_close=False, history=())
    periods = periods_of(actor, chosen)
    closed = [one for one in periods if one.status == PeriodStatus.CLOSED]
    opened = [one for one in periods if one.status == PeriodStatus.OPEN]
    names = user_names([one.closed_by for one in closed if one.closed_by])
    counts = _entries_by_month(periods)
    first_open = min(opened, key=lambda one: one.month, default=None)
    rows = tuple(
        MonthRow(
            period=one,
            entries=counts.get(one.pk, 0),
            closed_by=names.get(one.closed_by, "") if one.closed_by else (_("Medguild") if one.closed_at else ""),
            next_to_close=one is first_open and one.month < today.replace(day=1),
            may_reopen=bool(closed) and one is closed[0],
        )
        for one in periods
    )
    history = timeline(subjects=[SubjectRef("accounting_period", one.pk) for one in periods], limit=30)
    return MonthsPage(
        tuple(entities), chosen, rows, may_close=holds_at(actor, LedgerRight.CLOSE, chosen.pk), history=tuple(history)
    )


def _entries_by_month(periods: Collection[AccountingPeriod]) -> dict[UUID, int]:
    """By months and nothing else: the index that holds months and entries in order answers alone."""
    rows = Posting.objects.unscoped("the actor sees these months").filter(period_id__in=[one.pk for one in periods])
    return dict(rows.order_by().values_list("period_id").annotate(n=Count("entry_id", distinct=True)))


def user_names(user_ids: Collection[UUID]) -> dict[UUID, str]:
    """Names of logins that did something in the books; who did it is part of the books."""
    return {user.pk: user.label() for user in User.objects.filter(pk__in=list(user_ids))}


@dataclass(frozen=True, slots=True)
class BetweenRow:
    """Money between two entities in the books of `entity`: due from the other, due to it; what the other's books say
    (None where the reader may not see them)."""

    entity: Unit
    other: Unit
    due_from: Cents
    due_to: Cents
    mirrored: bool | None

    @property
    def net(self) -> Cents:
        """Positive: the other owes us."""
        return self.due_from - self.due_to


def between_entities(actor: Actor) -> list[BetweenRow]:
    """Due-to and due-from per pair of entities, as each one's books have it; pairs that are settled are left out."""
    rows = Posting.objects.visible_to(actor).filter(
        ledger_account__code__in=[Chart.DUE_FROM, Chart.DUE_TO], counterparty__isnull=False
    )
    sums: dict[tuple[UUID, UUID], dict[str, Cents]] = {}
    for entity_id, other_id, code, total in (
        rows.order_by().values_list("entity_id", "counterparty_id", "ledger_account__code").annotate(t=Sum("amount"))
    ):
        sums.setdefault((entity_id, other_id), {})[code] = int(total)
    ours = {unit.pk for unit in entities_with_books(actor)}
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={one for pair in sums for one in pair})}
    found = [_between(pair, held, sums, units, ours) for pair, held in sums.items()]
    return sorted(
        (row for row in found if row.due_from or row.due_to), key=lambda row: (row.entity.name, row.other.name)
    )


def counterparties(actor: Actor) -> list[Unit]:
    """Entities that a line between entities may name: those whose books the actor reads, and those they deal with."""
    known = {unit.pk: unit for unit in entities_with_books(actor)}
    known |= {row.other.pk: row.other for row in between_entities(actor)}
    return sorted(known.values(), key=lambda unit: unit.name)


def _between(
    pair: tuple[UUID, UUID],
    held: dict[str, Cents],
    sums: dict[tuple[UUID, UUID], dict[str, Cents]],
    units: dict[UUID, Unit],
    ours: set[UUID],
) -> BetweenRow:
    entity_id, other_id = pair
    due_from, due_to = held.get(Chart.DUE_FROM, 0), -held.get(Chart.DUE_TO, 0)
    theirs = sums.get((other_id, entity_id), {})
    mirrored = None
    if other_id in ours:
        mirrored = (theirs.get(Chart.DUE_FROM, 0), -theirs.get(Chart.DUE_TO, 0)) == (due_to, due_from)
    return BetweenRow(units[entity_id], units[other_id], due_from, due_to, mirrored)


def entries(actor: Actor) -> QuerySet[Entry]:
    """Entries in the books of the actor's entities, newest first."""
    mine = Posting.objects.visible_to(actor).order_by().values("entry_id")
    rows = Entry.objects.unscoped("chosen by their visible postings").filter(pk__in=mine)
    return rows.order_by("-pk")


def accounts_to_post(actor: Actor) -> list[LedgerAccount]:
    """Accounts on which the actor may post by hand, by entity and code: all but the sums of guarantors' accounts."""
    rows = LedgerAccount.objects.visible_to(actor, LedgerRight.POST).exclude(code__in=RECEIVABLE)
    return list(rows.select_related("entity").order_by("entity__name", "code"))
