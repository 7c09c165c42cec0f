"""An entry as a page shows it: the words of its kind, and the names behind ids, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.money import Cents
from medguild.foundation.ledger.closings import user_names
from medguild.foundation.ledger.models import Entry, Posting
from medguild.foundation.ledger.ports import Named, entry_types, names_of, source_name
from medguild.foundation.ledger.rules import LOOSE_DIMENSIONS
from medguild.foundation.ledger.selectors import EntryView

_ORDER = ("patient_id", "account_id", "payer_id", "claim_line_id")


@dataclass(frozen=True, slots=True)
class PostingLine:
    """A posting with the names of its dimensions."""

    posting: Posting
    debit: Cents | None
    credit: Cents | None
    about: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class ShownEntry:
    entry: Entry
    label: str
    source: Named | None
    whole: bool
    reversal_id: UUID | None
    posted_by: str
    lines: tuple[PostingLine, ...]


def present(seen: EntryView, actor: Actor) -> ShownEntry:
    """One question per dimension for all lines."""
    names = {dimension: names_of(dimension, actor, _ids(seen.postings, dimension)) for dimension in LOOSE_DIMENSIONS}
    declared = entry_types.find(seen.entry.type)
    return ShownEntry(
        entry=seen.entry,
        label=str(declared.label) if declared else seen.entry.type,
        source=source_name(seen.entry.source_type, actor, seen.entry.source_id),
        whole=seen.whole,
        reversal_id=seen.reversal_id,
        posted_by=user_names([seen.entry.posted_by]).get(seen.entry.posted_by, "") if seen.entry.posted_by else "",
        lines=tuple(
            PostingLine(
                posting=posting,
                debit=posting.amount if posting.amount > 0 else None,
                credit=-posting.amount if posting.amount < 0 else None,
                about=tuple(
                    names[dimension][getattr(posting, dimension)]
                    for dimension in _ORDER
                    if getattr(posting, dimension) in names[dimension]
                ),
            )
            for posting in seen.postings
        ),
    )


def _ids(postings: Collection[Posting], dimension: str) -> set[UUID]:
    return {getattr(posting, dimension) for posting in postings if getattr(posting, dimension)}
