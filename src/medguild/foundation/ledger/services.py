"""Posting. The only way money gets into the books; docs/algorithms/posting.md tells how and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import day_of, now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.money import dollars
from medguild.foundation.kernel.sql import copy_in
from medguild.foundation.ledger import rules
from medguild.foundation.ledger.errors import CannotReverse, NotBalanced, NotYet, PostedDifferently, UnknownAccount
from medguild.foundation.ledger.models import Entry, LedgerAccount, Posting
from medguild.foundation.ledger.periods import OpenMonth, hold_open_months
from medguild.foundation.ledger.ports import REVERSAL, entry_types
from medguild.foundation.ledger.rules import Line

POSTED = declare_event("ledger.posted", "Posted in the books", icon="receipt", hidden=True)
# A payment of the evening on the west coast is tomorrow's in UTC.
_AHEAD = dt.timedelta(days=1)
_INSERT_ENTRY = """
insert into foundation_entry (id, type, description, occurred_on, posted_at, posted_by, source_type, source_id,
                              source_key, reverses_id)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (source_key) do nothing"""


@transaction.atomic
def post(
    *,
    entry_type: str,
    lines: Iterable[Line],
    occurred_on: dt.date,
    source_key: str,
    by: Actor,
    description: str = "",
    source_type: str = "",
    source_id: UUID | None = None,
    reverses: Entry | None = None,
    at: dt.datetime | None = None,
) -> Entry:
    """Post one entry whose lines balance per legal entity; lines of nothing are left out.

    Exactly once per `source_key`: posting the same again returns the entry that is there. The entry counts on
    `occurred_on`, or on the first day of the earliest open month when that day's month is closed.
    Raises NotBalanced, UnknownAccount, NotYet, PostedDifferently.
    """
    entry_types.get(entry_type)
    wanted = rules.without_zeros(lines)
    _refuse_unbalanced(wanted)
    moment = at or now()
    if occurred_on > day_of(moment) + _AHEAD:
        raise NotYet(_("This day lies ahead; post it when it has come."), field="occurred_on")
    entry = Entry(
        id=new_id(), type=entry_type, description=description, occurred_on=occurred_on, posted_at=moment,
        posted_by=by.id, source_type=source_type, source_id=source_id, source_key=source_key, reverses=reverses,
    )  # fmt: skip
    if not _insert(entry):
        return _posted_before(source_key, wanted)
    entities = sorted({line.entity_id for line in wanted})
    accounts = _accounts(entities, {line.code for line in wanted})
    months = hold_open_months(entities, occurred_on)
    copy_in([_posting(entry, line, accounts, months) for line in wanted])
    _tell(entry, wanted, by)
    return entry


def post_between(
    *,
    entry_type: str,
    lines: Iterable[Line],
    occurred_on: dt.date,
    source_key: str,
    by: Actor,
    description: str = "",
    source_type: str = "",
    source_id: UUID | None = None,
    at: dt.datetime | None = None,
) -> Entry:
    """Post lines that balance in all but not per entity: due-to and due-from lines are added. Else as `post`."""
    given = list(lines)
    if sum(line.amount for line in given):
        raise NotBalanced(_("Debits and credits differ; nothing was posted."))
    return post(
        entry_type=entry_type, lines=rules.settle_between(given), occurred_on=occurred_on, source_key=source_key,
        by=by, description=description, source_type=source_type, source_id=source_id, at=at,
    )  # fmt: skip


@transaction.atomic
def reverse(
    *, entry: Entry, by: Actor, reason: str, occurred_on: dt.date | None = None, at: dt.datetime | None = None
) -> Entry:
    """Take an entry back by an opposite one in the open month; a second call returns the same reversal.

    `reason` is words for accountants, without patient data. Raises CannotReverse for a reversal.
    """
    if entry.reverses_id is not None:
        raise CannotReverse(_("This entry is itself a reversal; post a new entry instead."))
    moment = at or now()
    key = f"reversal:{entry.pk}"
    # The month into which the first call came stays right for the second.
    held = Entry.objects.unscoped("a reversal exists whoever asks").filter(source_key=key).first()
    if held is not None:
        return held
    return post(
        entry_type=REVERSAL,
        lines=rules.negated(lines_of(entry)),
        occurred_on=occurred_on or day_of(moment),
        source_key=key,
        by=by,
        description=reason,
        source_type=entry.source_type,
        source_id=entry.source_id,
        reverses=entry,
        at=moment,
    )


def lines_of(entry: Entry) -> list[Line]:
    """The lines as they were posted."""
    postings = Posting.objects.unscoped("an entry is compared and reversed whole").filter(entry=entry)
    return [
        Line(
            posting.entity_id, posting.ledger_account.code, posting.amount,
            **{name: getattr(posting, name) for name in rules.DIMENSIONS},
        )
        for posting in postings.select_related("ledger_account").order_by("pk")
    ]  # fmt: skip


def _refuse_unbalanced(lines: Sequence[Line]) -> None:
    if not lines:
        raise NotBalanced(_("There is nothing to post."))
    left = rules.imbalance(lines)
    if left:
        amounts = ", ".join(dollars(cents) for cents in left.values())
        raise NotBalanced(_("Debits and credits differ by %(amounts)s; nothing was posted.") % {"amounts": amounts})


def _insert(entry: Entry) -> bool:
    """Insert unless the source was posted; a concurrent poster of the same source is waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT_ENTRY,
            [
                entry.pk, entry.type, entry.description, entry.occurred_on, entry.posted_at, entry.posted_by,
                entry.source_type, entry.source_id, entry.source_key, entry.reverses_id,
            ],
        )  # fmt: skip
        entry._state.adding = False
        return bool(cursor.rowcount == 1)


def _posted_before(source_key: str, wanted: Sequence[Line]) -> Entry:
    held: Entry = Entry.objects.unscoped("exactly once whoever posts").get(source_key=source_key)
    if not rules.same_lines(lines_of(held), wanted):
        raise PostedDifferently(_("This was posted before with other amounts; reverse that entry first."))
    return held


def _accounts(entities: Sequence[UUID], codes: Iterable[str]) -> dict[tuple[UUID, str], UUID]:
    rows = LedgerAccount.objects.unscoped("posting follows the service that asks for it").filter(
        entity_id__in=entities, code__in=set(codes)
    )
    return {(entity_id, code): pk for entity_id, code, pk in rows.values_list("entity_id", "code", "pk")}


def _posting(
    entry: Entry,
    line: Line,
    accounts: dict[tuple[UUID, str], UUID],
    months: dict[UUID, OpenMonth],
) -> Posting:
    account_id = accounts.get((line.entity_id, line.code))
    if account_id is None:
        raise UnknownAccount(_("The entity has no account %(code)s.") % {"code": line.code})
    month = months[line.entity_id]
    dimensions = {name: getattr(line, name) for name in rules.DIMENSIONS}
    return Posting(
        entry=entry,
        entity_id=line.entity_id,
        ledger_account_id=account_id,
        period_id=month.id,
        booked_on=rules.booking_day(entry.occurred_on, month.month),
        amount=line.amount,
        **dimensions,
    )


def _tell(entry: Entry, lines: Sequence[Line], by: Actor) -> None:
    """One hidden event: it seals that the entry was made; people read the event of the service that posted it."""
    patients = {line.patient_id for line in lines if line.patient_id}
    record(
        POSTED,
        subject=SubjectRef("ledger_entry", entry.pk, entry.type),
        by=by,
        unit_id=lines[0].entity_id,
        patient_id=patients.pop() if len(patients) == 1 else None,
        data={
            "type": entry.type,
            "lines": len(lines),
            "debits": sum(line.amount for line in lines if line.amount > 0),
            "source_type": entry.source_type,
            "source_id": entry.source_id,
        },
    )
