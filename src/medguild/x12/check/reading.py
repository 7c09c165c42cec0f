"""Reads a transaction to its end as its kind demands, for the findings alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from medguild.x12.bind.sets import BOUND
from medguild.x12.bind.transactions import read_transaction
from medguild.x12.check.partners import PartnerRules
from medguild.x12.check.walker import Walker
from medguild.x12.envelope import TransactionSet
from medguild.x12.guides.tables import TABLES
from medguild.x12.read.claim import ClaimReader
from medguild.x12.read.remittance import RemittanceReader
from medguild.x12.tokens import Segment

Watch = Callable[[Iterable[Segment]], Iterator[Segment]]


def guided(transaction: TransactionSet) -> Watch:
    """What follows the guide of an 835 or 837 while its segments pass. Raises KeyError for another kind."""
    return Walker(TABLES[transaction.kind], transaction.issues, transaction.interchange.delimiters.component).follow


def checked_reader(transaction: TransactionSet, partners: PartnerRules | None = None) -> RemittanceReader | ClaimReader:
    """The typed reader of an 835 or 837, with guide and situational rules on. Raises KeyError for another kind."""
    follow = guided(transaction)
    if transaction.kind == "835":
        return RemittanceReader(transaction, follow)
    return ClaimReader(transaction, follow, partners)


def read_through(transaction: TransactionSet, watch: Watch) -> None:
    """Every segment passes `watch`; what is wrong goes to `transaction.issues`."""
    transaction.watch(watch)
    if transaction.supported and transaction.kind in BOUND:
        read_transaction(transaction)
        return
    parts: Iterable[object] = checked_reader(transaction) if transaction.supported else transaction
    for _ in parts:
        pass
