"""Receipts of the past by COPY. Cash goes through a drawer of its site and day: opened, filled, counted, closed."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from medguild.demo import plan
from medguild.demo.copying import Numbers, check_now, copy_into, copy_rows, id_at, run
from medguild.demo.group import Group
from medguild.demo.money.accounts import Applied, Taken
from medguild.demo.money.books import Books
from medguild.foundation.access.models import User
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.ledger.rules import Chart, Line
from medguild.revenue.receipts.drawers import DRAWER_COUNT
from medguild.revenue.receipts.models import Allocation, Drawer, Receipt
from medguild.revenue.receipts.rules import DrawerStatus, Method, receipt_number

_DRAWER = (
    "id", "site_id", "entity_id", "opened_by", "opened_by_label", "opened_at", "float_amount", "status",
    "difference_reason", "closed_by_label",
)  # fmt: skip
_RECEIPT = (
    "id", "number", "patient_id", "account_id", "entity_id", "site_id", "visit_id", "amount", "method", "reference",
    "purpose", "drawer_id", "taken_at", "taken_by", "taken_by_label", "void_reason",
)  # fmt: skip
_ALLOCATION = ("id", "receipt_id", "account_id", "charge_id", "amount", "entry_id", "made_at")
_CLOSE = """
update revenue_drawer drawer
   set status = 'closed', counted = said.counted, expected = said.expected, closed_at = drawer.opened_at + %s::interval,
       closed_by = drawer.opened_by, closed_by_label = drawer.opened_by_label, difference_reason = said.reason
  from unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::text[]) as said (id, counted, expected, reason)
 where said.id = drawer.id"""
_DRAWERS, _RECEIPTS = Drawer._meta.db_table, Receipt._meta.db_table
_FLOAT = 10_000
_OPEN_FOR = dt.timedelta(hours=12)
_MISCOUNTED = 0.015  # of drawers
Day = tuple[dt.date, UUID]


class Desks:
    """Who takes the money at each site: the front desk's own login, else the desk by name."""

    def __init__(self, group: Group, rng: random.Random) -> None:
        users = User.objects.filter(grants__role=Role.FRONT_DESK).values_list("grants__unit_id", "pk", "display_name")
        by_unit = {unit_id: (pk, name) for unit_id, pk, name in users}
        self._found = {}
        for key, site in group.sites.items():
            unit = group.units[key]
            entity = group.units[group.entity_of_site[key]]
            taker = by_unit.get(unit.pk) or by_unit.get(entity.pk)
            self._found[unit.pk] = taker or (id_at(rng, group.log_begins), f"Front desk, {site.name}")

    def taker(self, site_id: UUID) -> tuple[UUID, str]:
        return self._found[site_id]


class Till:
    """The drawers of one part of the patients."""

    def __init__(self, receipts: Sequence[Taken], books: Books, desks: Desks, rng: random.Random) -> None:
        self._books, self._desks, self._rng = books, desks, rng
        self._by_day: dict[dt.date, dict[UUID, list[Taken]]] = defaultdict(lambda: defaultdict(list))
        self.others = [receipt for receipt in receipts if receipt.method != Method.CASH]
        for receipt in receipts:
            if receipt.method == Method.CASH:
                self._by_day[local_date(receipt.at, plan.TIME_ZONE)][receipt.site_id].append(receipt)
        self._counts: dict[UUID, tuple[int, int, str]] = {}
        self._drawers: dict[Day, UUID] = {}

    def post(self) -> None:
        """Give each drawer its id and count, and post what was counted; before the entries are written."""
        for day, sites in sorted(self._by_day.items()):
            for site_id, receipts in sites.items():
                drawer_id = id_at(self._rng, _opening(day))
                taken = sum(receipt.amount for receipt in receipts)
                off = self._rng.choice((-500, -100, 100, 500)) if self._rng.random() < _MISCOUNTED else 0
                off = max(off, -taken)
                for receipt in receipts:
                    receipt.drawer_id = drawer_id
                self._drawers[day, site_id] = drawer_id
                self._counts[drawer_id] = (_FLOAT + taken + off, _FLOAT + taken, "miscounted change" if off else "")
                self._post_count(receipts[0], drawer_id, taken, off, day)

    def _post_count(self, sample: Taken, drawer_id: UUID, taken: int, off: int, day: dt.date) -> None:
        entity_id = sample.story.seen.booked.session.entity_id
        lines = [
            Line(entity_id, Chart.UNDEPOSITED, taken + off, sample.site_id),
            Line(entity_id, Chart.DRAWER, -taken, sample.site_id),
            Line(entity_id, Chart.OVER_SHORT, -off, sample.site_id),
        ]
        closed = _opening(day) + _OPEN_FOR
        self._books.post(DRAWER_COUNT, lines, day, f"drawer:{drawer_id}", ("drawer", drawer_id), closed)

    def copy(self) -> None:
        """Day by day, because a desk has one open drawer at a time."""
        for day, sites in sorted(self._by_day.items()):
            copy_into(_DRAWERS, _DRAWER, (self._drawer(day, receipts[0]) for receipts in sites.values()))
            copy_into(_RECEIPTS, _RECEIPT, receipt_rows((one for rows in sites.values() for one in rows), self._desks))
            self._close([self._drawers[day, site_id] for site_id in sites])
            check_now()

    def _drawer(self, day: dt.date, sample: Taken) -> tuple[Any, ...]:
        taker, label = self._desks.taker(sample.site_id)
        return (
            self._drawers[day, sample.site_id], sample.site_id, sample.story.seen.booked.session.entity_id, taker,
            label, _opening(day), _FLOAT, DrawerStatus.OPEN.value, "", "",
        )  # fmt: skip

    def _close(self, drawers: Sequence[UUID]) -> None:
        counts = [self._counts[drawer] for drawer in drawers]
        columns = [[count[at] for count in counts] for at in range(3)]
        run(_CLOSE, [str(_OPEN_FOR), list(drawers), *columns])


def _opening(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(14, 30), tzinfo=dt.UTC)


def number_receipts(receipts: Sequence[Taken], numbers: Numbers) -> None:
    """In order of time."""
    for receipt in sorted(receipts, key=lambda one: one.at):
        receipt.number = receipt_number(numbers.following())


def copy_receipts(till: Till, desks: Desks, applied: Sequence[Applied], rng: random.Random) -> None:
    till.copy()
    copy_rows(Receipt, _RECEIPT, receipt_rows(till.others, desks))
    rows = (
        (id_at(rng, one.at), one.receipt.id, one.receipt.story.seen.booked.patient.account_id, one.charge_id,
         one.amount, one.entry_id, one.at)
        for one in applied
    )  # fmt: skip
    copy_rows(Allocation, _ALLOCATION, rows)


def receipt_rows(receipts: Iterable[Taken], desks: Desks) -> Iterable[tuple[Any, ...]]:
    for one in receipts:
        booked = one.story.seen.booked
        taker, label = desks.taker(one.site_id)
        reference = f"{one.id.int % 9000 + 1000}" if one.method == Method.CHECK else ""
        yield (
            one.id, one.number, booked.patient.id, booked.patient.account_id, booked.session.entity_id, one.site_id,
            one.visit_id, one.amount, str(one.method), reference, str(one.purpose), one.drawer_id, one.at, taker,
            label, "",
        )  # fmt: skip
