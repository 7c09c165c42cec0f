"""Entries made by hand, and taking them back: for what no visit, receipt or remittance posts by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.access.demand import demand
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.money import dollars
from medguild.foundation.ledger import rules
from medguild.foundation.ledger.errors import CannotReverse, NotBalanced
from medguild.foundation.ledger.models import Entry, Posting
from medguild.foundation.ledger.permissions import LedgerRight
from medguild.foundation.ledger.ports import JOURNAL
from medguild.foundation.ledger.rules import RECEIVABLE, Line
from medguild.foundation.ledger.services import post, post_between, reverse
from medguild.foundation.organization.models import Unit


class ControlAccount(Refusal):
    """The account is the sum of guarantors' accounts; a line without one would part the two."""

    code = "control_account"


@transaction.atomic
def post_by_hand(
    *,
    lines: Iterable[Line],
    occurred_on: dt.date,
    reason: str,
    key: UUID,
    by: Actor,
    between: bool = False,
    at: dt.datetime | None = None,
) -> Entry:
    """Post a journal entry with its reason; `key` (made with the form) makes sending twice harmless.

    With `between` the lines balance in all, and due-to and due-from lines are added. Needs the right to post in the
    books of every entity. Raises NotAllowed, ControlAccount, NotBalanced, UnknownAccount, NotYet, PostedDifferently.
    """
    given = rules.without_zeros(lines)
    for entity_id in sorted({line.entity_id for line in given}):
        demand(by, LedgerRight.POST, entity_id)
    if not reason.strip():
        raise Refusal(_("Write why this is posted; an auditor will ask."), code="reason_needed", field="reason")
    _refuse_control_accounts(given)
    if not between:
        _refuse_unbalanced(given)
    poster = post_between if between else post
    return poster(
        entry_type=JOURNAL, lines=given, occurred_on=occurred_on, source_key=f"journal:{key}", by=by,
        description=reason.strip(), at=at,
    )  # fmt: skip


def _refuse_control_accounts(lines: Sequence[Line]) -> None:
    for line in lines:
        if line.code in RECEIVABLE and line.account_id is None:
            raise ControlAccount(
                _(
                    "Account %(code)s is the sum of what patients and payers owe. Adjust the charge, receipt or"
                    " remittance itself, so that the two stay the same."
                )
                % {"code": line.code}
            )


def _refuse_unbalanced(lines: Sequence[Line]) -> None:
    """As `post`, but with the names of the entities: a person must find the line."""
    left = rules.imbalance(lines)
    if not left:
        return
    names = dict(Unit.objects.filter(pk__in=left).values_list("pk", "name"))
    words = "; ".join(f"{names[entity_id]}: {dollars(cents)}" for entity_id, cents in sorted(left.items()))
    raise NotBalanced(_("Debits less credits must be zero in each entity. Left over: %(words)s") % {"words": words})


def may_take_back(actor: Actor, entry: Entry) -> bool:
    """Whether the actor may reverse this entry by hand: made by hand, and the right to post in all of its books."""
    return entry.type == JOURNAL and not entry.source_type and all(_posts(actor, one) for one in _books_of(entry))


@transaction.atomic
def take_back(*, entry_id: UUID, reason: str, by: Actor, at: dt.datetime | None = None) -> Entry:
    """Reverse an entry that was made by hand; a second call returns the same reversal.

    What a charge, receipt or remittance posted is taken back there, or it would say otherwise than the books.
    Raises NotVisible, NotAllowed, CannotReverse, Refusal without a reason.
    """
    entry = Entry.objects.unscoped("checked by its postings").filter(pk=entry_id).first()
    if entry is None or not Posting.objects.visible_to(by).filter(entry_id=entry_id).exists():
        raise NotVisible
    for entity_id in _books_of(entry):
        demand(by, LedgerRight.POST, entity_id)
    if entry.type != JOURNAL or entry.source_type:
        raise CannotReverse(_("This entry came from elsewhere; take it back where it came from."))
    if not reason.strip():
        raise Refusal(_("Write why this is taken back."), code="reason_needed", field="reason")
    return reverse(entry=entry, by=by, reason=reason.strip(), at=at)


def _books_of(entry: Entry) -> list[UUID]:
    rows = Posting.objects.unscoped("the right is asked for in each of them").filter(entry=entry)
    return list(rows.order_by("entity_id").values_list("entity_id", flat=True).distinct())


def _posts(actor: Actor, entity_id: UUID) -> bool:
    scope = actor.scope(LedgerRight.POST)
    return scope.everything or entity_id in scope.units
