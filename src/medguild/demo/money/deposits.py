"""What was received is brought to the bank, each Monday what the week before came in."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from django.db.models import Sum
from django.db.models.functions import TruncWeek

from medguild.demo.copying import id_at
from medguild.demo.group import LOADER
from medguild.foundation.ledger.bulk import NewEntry, post_many
from medguild.foundation.ledger.models import Posting
from medguild.foundation.ledger.ports import DEPOSIT
from medguild.foundation.ledger.rules import Chart, credit, debit

_WEEK = dt.timedelta(days=7)


def post_deposits(end: dt.datetime, rng: random.Random) -> None:
    post_many(entries=list(_deposits(end, rng)), by=LOADER, at=end)


def _deposits(end: dt.datetime, rng: random.Random) -> Iterator[NewEntry]:
    rows = Posting.objects.unscoped("the demo keeps the books").filter(ledger_account__code=Chart.UNDEPOSITED)
    sums = rows.order_by().annotate(week=TruncWeek("booked_on")).values_list("week", "entity__name", "entity_id")
    for week, _name, entity_id, cents in sorted(sums.annotate(total=Sum("amount"))):
        monday = week + _WEEK
        if cents <= 0 or monday >= end.date():
            continue
        at = dt.datetime.combine(monday, dt.time(18), tzinfo=dt.UTC)
        yield NewEntry(
            DEPOSIT,
            [debit(entity_id, Chart.BANK, int(cents)), credit(entity_id, Chart.UNDEPOSITED, int(cents))],
            monday, f"deposit:{entity_id}:{monday}", "Deposit of the week before", posted_at=at, id=id_at(rng, at),
        )  # fmt: skip
