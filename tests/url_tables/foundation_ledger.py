"""Pages of the books: readers of the books of the entity, and those who close its months."""

from __future__ import annotations

import datetime as dt
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.ledger import services
from medguild.foundation.ledger.models import LedgerAccount
from medguild.foundation.ledger.periods import open_books
from medguild.foundation.ledger.ports import JOURNAL
from medguild.foundation.ledger.rules import Chart, credit, debit
from tests.factories.world import HOUSE, World
from tests.url_tables import Row

_DAY = dt.date(2026, 1, 15)


def _entry(world: World) -> Any:
    """One entry of the main entity; posting again returns the same."""
    entity = world.main.entity
    open_books(entity=entity, start=_DAY, by=HOUSE)
    lines = [debit(entity.pk, Chart.BANK, 777_77), credit(entity.pk, Chart.OPENING, 777_77)]
    return services.post(entry_type=JOURNAL, lines=lines, occurred_on=_DAY, source_key="url table", by=HOUSE)


def _account(world: World) -> Any:
    _entry(world)
    return LedgerAccount.objects.unscoped("test").get(entity=world.main.entity, code=Chart.BANK)


def _month(world: World) -> dict[str, Any]:
    _entry(world)
    return {"entity_id": world.main.entity.pk, "month": "2026-01"}


def _pair(world: World) -> dict[str, Any]:
    """Money that the main entity took in for the second one."""
    _entry(world)
    open_books(entity=world.second.entity, start=_DAY, by=HOUSE)
    lines = [debit(world.main.entity.pk, Chart.BANK, 12_34), credit(world.second.entity.pk, Chart.CHARGES, 12_34)]
    services.post_between(entry_type=JOURNAL, lines=lines, occurred_on=_DAY, source_key="pair", by=HOUSE)
    return {}


def _amount(world: World) -> str:
    _entry(world)
    return "$777.77"


URLS = {
    "ledger:trial_balance": Row(Role.BILLER, wrong=Role.FRONT_DESK, other="own", shows=_amount),
    "ledger:postings": Row(
        Role.BILLER, wrong=Role.FRONT_DESK, other="own", query=lambda world: {"code": Chart.BANK}, shows=_amount
    ),
    "ledger:account": Row(
        Role.BILLER, wrong=Role.HR, kwargs=lambda world: {"ledger_account_id": _account(world).pk}, shows=_amount
    ),
    "ledger:entry": Row(
        Role.AUDITOR, wrong=Role.CLINICIAN, kwargs=lambda world: {"entry_id": _entry(world).pk}, shows=_amount
    ),
    "ledger:journal": Row(Role.BILLER, wrong=Role.FRONT_DESK, other="own", shows=lambda world: str(_entry(world).pk)),
    "ledger:new_entry": Row(
        Role.PAYMENT_POSTER, wrong=Role.BILLER, other="own", shows=lambda world: str(_account(world).pk)
    ),
    "ledger:take_back": Row(
        Role.PAYMENT_POSTER,
        wrong=Role.BILLER,
        method="post",
        kwargs=lambda world: {"entry_id": _entry(world).pk},
        data=lambda world: {"reason": "x"},
    ),
    "ledger:months": Row(
        Role.BILLER,
        wrong=Role.FRONT_DESK,
        other="own",
        kwargs=lambda world: _pair(world),
        shows=lambda world: world.main.entity.name,
    ),
    "ledger:between": Row(Role.BILLER, wrong=Role.FRONT_DESK, other="own", kwargs=_pair, shows=lambda world: "$12.34"),
    "ledger:close": Row(Role.REVENUE_DIRECTOR, wrong=Role.BILLER, method="post", kwargs=_month),
    "ledger:reopen": Row(
        Role.REVENUE_DIRECTOR, wrong=Role.BILLER, method="post", kwargs=_month, data=lambda world: {"reason": "x"}
    ),
}
