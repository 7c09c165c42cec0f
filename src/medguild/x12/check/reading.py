"""Reads a transaction to its end as its kind demands, for the findings alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from medguild.x12.bind.sets import BOUND
from medguild.x12.bind.transactions import read_transaction
from medguild.x12.check.walker import Walker
from medguild.x12.envelope import TransactionSet
from medguild.x12.guides.tables import TABLES
from medguild.x12.read.claim import ClaimReader
from medguild.x12.read.remittance import RemittanceReader
from medguild.x12.tokens import Segment

Watch = Callable[[Iterable[Segment]], Iterator[Segment]]


def read_through(transaction: TransactionSet, watch: Watch) -> None:
    """Every segment passes `watch`; what is wrong goes to `transaction.issues`."""
    transaction.watch(watch)
    table = TABLES.get(transaction.kind)
    if not transaction.supported:
        for _ in transaction:
            pass
    elif transaction.kind in BOUND:
        read_transaction(transaction)
    elif table:
        follow = Walker(table, transaction.issues, transaction.interchange.delimiters.component).follow
        reader = RemittanceReader if transaction.kind == "835" else ClaimReader
        for _ in reader(transaction, follow):
            pass
