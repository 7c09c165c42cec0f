"""Posting many entries by COPY: takeovers from another system, large remittance runs, the synthetic group.

The database checks the same things as for single entries; what it cannot say kindly is checked here first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ledger import rules
from medguild.foundation.ledger.errors import NotBalanced, NotYet, UnknownAccount
from medguild.foundation.ledger.models import LedgerAccount
from medguild.foundation.ledger.periods import OpenMonth, hold_open_months
from medguild.foundation.ledger.ports import entry_types
from medguild.foundation.ledger.rules import Line

BULK_POSTED = declare_event("ledger.bulk_posted", "Entries posted together", icon="receipt", hidden=True)
_BATCH = 5_000
_ENTRY = (
    "copy foundation_entry (id, type, description, occurred_on, posted_at, posted_by, source_type, source_id,"
    " source_key) from stdin"
)
_POSTING = (
    "copy foundation_posting (id, entry_id, entity_id, ledger_account_id, period_id, booked_on, amount, site_id,"
    " clinician_id, payer_id, patient_id, account_id, claim_line_id, service_date, counterparty_id) from stdin"
)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One entry to post, as the arguments of `services.post`; lines across entities are settled."""

    entry_type: str
    lines: Sequence[Line]
    occurred_on: dt.date
    source_key: str
    description: str = ""
    source_type: str = ""
    source_id: UUID | None = None
    posted_at: dt.datetime | None = None
    id: UUID = field(default_factory=new_id)


@transaction.atomic
def post_many(*, entries: Iterable[NewEntry], by: Actor, at: dt.datetime | None = None) -> int:
    """Post all entries in one transaction, or none; returns how many. One event tells of all.

    A source key that was posted before breaks the whole run (`entry_source_once`): ask before. Raises as `post` does.
    """
    moment = at or now()
    keeper = _Keeper()
    count = 0
    for batch in _batches(entries):
        prepared = [(entry, _balanced(entry, moment)) for entry in batch]
        _copy_entries(batch, by, moment)
        _copy_postings(prepared, keeper)
        count += len(batch)
    if count:
        record(BULK_POSTED, subject=SubjectRef("ledger", None), by=by, data={"entries": count})
    return count


def _batches(entries: Iterable[NewEntry]) -> Iterator[list[NewEntry]]:
    source = iter(entries)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _balanced(entry: NewEntry, moment: dt.datetime) -> list[Line]:
    entry_types.get(entry.entry_type)
    lines = rules.without_zeros(entry.lines)
    if not lines or sum(line.amount for line in lines) != 0:
        raise NotBalanced(_("Debits and credits differ; nothing was posted."))
    if entry.occurred_on > moment.date() + dt.timedelta(days=1):
        raise NotYet(_("This day lies ahead; post it when it has come."))
    return rules.settle_between(lines)


def _copy_entries(batch: Sequence[NewEntry], by: Actor, moment: dt.datetime) -> None:
    with connection.cursor() as cursor, cursor.copy(_ENTRY) as copy:
        for entry in batch:
            copy.write_row(
                (
                    entry.id, entry.entry_type, entry.description, entry.occurred_on, entry.posted_at or moment, by.id,
                    entry.source_type, entry.source_id, entry.source_key,
                )
            )  # fmt: skip


def _copy_postings(prepared: Sequence[tuple[NewEntry, list[Line]]], keeper: _Keeper) -> None:
    rows = [keeper.row(entry, line) for entry, lines in prepared for line in lines]
    with connection.cursor() as cursor, cursor.copy(_POSTING) as copy:
        for row in rows:
            copy.write_row(row)


class _Keeper:
    """Accounts and open months, asked once per entity and month of a run; the months stay locked until the end."""

    def __init__(self) -> None:
        self._accounts: dict[UUID, dict[str, UUID]] = {}
        self._months: dict[tuple[UUID, dt.date], OpenMonth] = {}

    def row(self, entry: NewEntry, line: Line) -> tuple[object, ...]:
        month = self._month(line.entity_id, entry.occurred_on)
        return (
            new_id(), entry.id, line.entity_id, self._account(line), month.id,
            rules.booking_day(entry.occurred_on, month.month), line.amount, line.site_id, line.clinician_id,
            line.payer_id, line.patient_id, line.account_id, line.claim_line_id, line.service_date,
            line.counterparty_id,
        )  # fmt: skip

    def _month(self, entity_id: UUID, occurred_on: dt.date) -> OpenMonth:
        key = (entity_id, rules.month_of(occurred_on))
        if key not in self._months:
            self._months[key] = hold_open_months([entity_id], occurred_on)[entity_id]
        return self._months[key]

    def _account(self, line: Line) -> UUID:
        if line.entity_id not in self._accounts:
            rows = LedgerAccount.objects.unscoped("posting follows the service that asks for it")
            self._accounts[line.entity_id] = dict(rows.filter(entity_id=line.entity_id).values_list("code", "pk"))
        try:
            return self._accounts[line.entity_id][line.code]
        except KeyError:
            raise UnknownAccount(_("The entity has no account %(code)s.") % {"code": line.code}) from None
