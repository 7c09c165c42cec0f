"""Whole files at once, with the verdict an importer needs before it touches anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from medguild.x12.check.reading import guided
from medguild.x12.envelope import EnvelopeReader, TransactionSet
from medguild.x12.errors import Issue
from medguild.x12.read.claim import ClaimReader
from medguild.x12.read.remittance import RemittanceReader
from medguild.x12.records.remittance import Remittance


@dataclass(frozen=True, slots=True)
class LoadedRemittance:
    """One 835 transaction. remittance is None when its version is refused; position is that of ST in the file."""

    interchange: str
    group: str
    control: str
    position: int
    remittance: Remittance | None
    balanced: bool
    difference_cents: int
    issues: tuple[Issue, ...]
    blocks: bool


@dataclass(frozen=True, slots=True)
class RemittanceFile:
    """A whole file. issues are those of the envelopes; other_kinds names transactions that are no 835 ("999")."""

    remittances: tuple[LoadedRemittance, ...]
    other_kinds: tuple[str, ...]
    issues: tuple[Issue, ...]
    blocks: bool

    def may_post(self, loaded: LoadedRemittance) -> bool:
        """Only what is whole, of a known version, and balances. A broken envelope blocks all of the file."""
        return loaded.remittance is not None and loaded.balanced and not loaded.blocks and not self.blocks


def load_remittances(stream: BinaryIO) -> RemittanceFile:
    """Every 835 of a file in memory, checked against guide and balance. Raises Unreadable when it is no X12 file."""
    reader = EnvelopeReader(stream)
    loaded: list[tuple[TransactionSet, Remittance | None, bool, int]] = []
    others: list[str] = []
    for transaction in reader:
        if transaction.set_id != "835":
            others.append(transaction.kind)
        elif not transaction.supported:
            loaded.append((transaction, None, False, 0))
        else:
            one = RemittanceReader(transaction, guided(transaction))
            remittance = one.read()
            loaded.append((transaction, remittance, one.balance.balanced, one.balance.difference_cents))
    logs = [reader.issues]
    for interchange in reader.interchanges:
        logs += [interchange.issues, *(group.issues for group in interchange.groups)]
    return RemittanceFile(
        tuple(_loaded(*entry) for entry in loaded),
        tuple(others),
        tuple(issue for log in logs for issue in log),
        any(log.blocks for log in logs),
    )


def _loaded(
    transaction: TransactionSet, remittance: Remittance | None, balanced: bool, difference: int
) -> LoadedRemittance:
    return LoadedRemittance(
        interchange=transaction.interchange.control,
        group=transaction.group.control,
        control=transaction.control,
        position=transaction.position,
        remittance=remittance,
        balanced=balanced,
        difference_cents=difference,
        issues=tuple(transaction.issues),
        blocks=transaction.issues.blocks,
    )


def remittances(stream: BinaryIO) -> Iterator[RemittanceReader]:
    """835 transactions one by one, flat in memory. Passes over what `load_remittances` would refuse."""
    for transaction in EnvelopeReader(stream):
        if transaction.kind == "835" and transaction.supported:
            yield RemittanceReader(transaction)


def claim_transactions(stream: BinaryIO) -> Iterator[ClaimReader]:
    """837P and 837I transactions one by one, flat in memory. Other kinds and refused versions are passed over."""
    for transaction in EnvelopeReader(stream):
        if transaction.kind in ("837P", "837I") and transaction.supported:
            yield ClaimReader(transaction)
