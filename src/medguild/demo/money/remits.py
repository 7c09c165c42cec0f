"""Remittances of the past: the answers of a payer to an entity on one day, posted whole, with the rows behind them."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from medguild.demo.copying import copy_rows, id_at
from medguild.demo.group import Group
from medguild.demo.money import terms
from medguild.demo.money.books import Books, denial_source, line_of
from medguild.demo.money.snapshot import Snapshots
from medguild.demo.money.story import Answer, Said, Story
from medguild.foundation.ledger.ports import REMITTANCE
from medguild.foundation.ledger.rules import Chart, Line
from medguild.payers.payers.models import Payer
from medguild.revenue.remittances.models import (
    Denial,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceFile,
    RemittanceLine,
)
from medguild.revenue.remittances.posting import effects_of
from medguild.revenue.remittances.posting_rules import (
    TARGET,
    Payment,
    cash,
    provider_adjustment_code,
    settle_provider_adjustment,
)
from medguild.revenue.remittances.rules import ClaimState, RemittanceStatus

_FILE = ("id", "entity_id", "sha256", "filename", "size", "remittance_count", "other_kinds", "received_at")
_REMITTANCE = (
    "id", "file_id", "position", "control", "entity_id", "payee_known", "payer_id", "payer_name", "payer_identifier",
    "payee_name", "payee_identifier", "trace_number", "method", "payment_date", "amount", "claim_total",
    "provider_total", "claim_count", "digest", "status", "hold", "difference", "issues", "note", "received_at",
    "posted_at", "entry_id",
)  # fmt: skip
_OTHER = (
    "id", "remittance_id", "number", "provider_id", "fiscal_period_end", "reason", "reference", "amount",
    "account_code",
)  # fmt: skip
_CLAIM = (
    "id", "remittance_id", "number", "claim_id", "state", "unmatched", "patient_control", "payer_control",
    "claim_status", "patient_name", "member_id", "charge", "paid", "patient_share", "denied", "allowed", "first",
    "adjudicated_on", "applied_at",
)  # fmt: skip
_LINE = (
    "id", "remittance_claim_id", "number", "claim_line_id", "control", "code", "modifiers", "billed_code",
    "service_date", "charge", "paid", "adjusted", "allowed", "adjustments", "remarks",
)  # fmt: skip
_DENIAL = (
    "id", "remittance_claim_id", "line_id", "claim_id", '"group"', "reason", "category", "amount", "source",
    "settled_at", "outcome", "note",
)  # fmt: skip
_FIRST_SEGMENT = 3  # ST of an 835 with one transaction


@dataclass(slots=True)
class Paid:
    """One remittance. `others` are amounts beside the claims: reason, reference, cents (positive lowers)."""

    id: UUID
    file_id: UUID
    entity_id: UUID
    payer: Payer
    paid_on: dt.date
    posted_at: dt.datetime
    answers: list[tuple[Story, Answer]] = field(default_factory=list)
    others: list[tuple[str, str, int]] = field(default_factory=list)
    entry_id: UUID | None = None

    @property
    def claim_total(self) -> int:
        return sum(answer.paid for _story, answer in self.answers)

    @property
    def provider_total(self) -> int:
        return sum(cents for _reason, _reference, cents in self.others)

    @property
    def amount(self) -> int:
        return self.claim_total - self.provider_total

    @property
    def trace(self) -> str:
        return f"E{self.paid_on:%y%m%d}{zlib.crc32(self.id.bytes) % 10**9:09d}"


def gather(stories: Sequence[Story], rng: random.Random) -> list[Paid]:
    """One payment per payer, entity and day, in order of time."""
    found: dict[tuple[UUID, UUID, dt.date], Paid] = {}
    for story in stories:
        booked = story.seen.booked
        for answer in story.answers:
            payer = booked.patient.plan.payer
            key = (booked.session.entity_id, payer.pk, answer.paid_on)
            if key not in found:
                at = answer.posted_at
                found[key] = Paid(id_at(rng, at), id_at(rng, at), key[0], payer, answer.paid_on, at)
            found[key].answers.append((story, answer))
    paid = sorted(found.values(), key=lambda one: (one.posted_at, one.id))
    for one in paid:
        _beside(one, rng)
    return paid


def _beside(one: Paid, rng: random.Random) -> None:
    """Now and then interest for paying late, or an old overpayment taken back."""
    total = one.claim_total
    if total > 0 and rng.random() < terms.OTHER_MONEY_WITH_INTEREST:
        one.others.append(("L6", "", -max(1, total * rng.randint(1, 8) // 1_000)))
    if total > 40_000 and rng.random() < terms.OLD_OVERPAYMENT_TAKEN:
        one.others.append(("WO", f"OLD{rng.randrange(10**6):06d}", total // 25))


def post(books: Books, one: Paid, sites: dict[str, UUID]) -> None:
    """The entry of a remittance, as `posting_rules.settle` and `together` would make it."""
    lines = [cash(one.entity_id, one.payer.pk, one.amount)] if one.amount else []
    sums: dict[tuple[UUID, str], int] = {}
    about: dict[UUID, tuple[Story, Said]] = {}
    for story, answer in one.answers:
        for said in answer.said:
            about[said.service.line_id] = (story, said)
            _add(sums, said)
    for (line_id, code), cents in sums.items():
        story, said = about[line_id]
        owner = None if code == Chart.PATIENT_AR else one.payer.pk
        lines.append(line_of(story, said.service, Chart(code), cents, owner, sites[story.seen.booked.site]))
    lines += [settle_provider_adjustment(one.entity_id, one.payer.pk, reason, cents) for reason, _, cents in one.others]
    wanted: list[Line] = [line for line in lines if line.amount]
    if wanted:
        one.entry_id = books.post(
            REMITTANCE, wanted, one.paid_on, f"remittance:{one.id}", ("remittance", one.id), one.posted_at,
            f"Remittance {one.trace}",
        )  # fmt: skip


def _add(sums: dict[tuple[UUID, str], int], said: Said) -> None:
    line_id = said.service.line_id
    left = said.paid
    for reason in said.adjustments:
        target = TARGET.get(reason.effect)
        if target is not None:
            left += reason.amount
            sums[line_id, target] = sums.get((line_id, target), 0) + reason.amount
    sums[line_id, Chart.INSURANCE_AR] = sums.get((line_id, Chart.INSURANCE_AR), 0) - left


def copy_remittances(group: Group, paid: Sequence[Paid], snapshots: Snapshots, rng: random.Random) -> None:
    copy_rows(RemittanceFile, _FILE, (_file(one) for one in paid))
    copy_rows(Remittance, _REMITTANCE, (_remittance(one, snapshots) for one in paid))
    copy_rows(ProviderAdjustment, _OTHER, _others(paid, snapshots, rng))
    copy_rows(RemittanceClaim, _CLAIM, _claims(paid, snapshots))
    denials: list[tuple[Any, ...]] = []
    copy_rows(RemittanceLine, _LINE, _lines(paid, denials, rng))
    copy_rows(Denial, _DENIAL, denials)


def _digest(one: Paid, what: str) -> str:
    return hashlib.sha256(f"{what}:{one.id}:{one.amount}".encode()).hexdigest()


def _file(one: Paid) -> tuple[Any, ...]:
    size = 900 + 420 * len(one.answers)
    name = f"{one.payer.payer_id}-{one.paid_on:%Y%m%d}-{one.trace[-4:]}.835"
    return one.file_id, one.entity_id, _digest(one, "file"), name, size, 1, [], one.posted_at


def _remittance(one: Paid, snapshots: Snapshots) -> tuple[Any, ...]:
    identity = snapshots.identity(one.answers[0][0])
    return (
        one.id, one.file_id, _FIRST_SEGMENT, "0001", one.entity_id, True, one.payer.pk, one.payer.name,
        one.payer.originator, identity.name, identity.group_npi, one.trace, "ACH" if one.amount else "NON",
        one.paid_on, one.amount, one.claim_total, one.provider_total, len(one.answers), _digest(one, "content"),
        RemittanceStatus.POSTED.value, "", 0, "[]", "", one.posted_at, one.posted_at, one.entry_id,
    )  # fmt: skip


def _others(paid: Sequence[Paid], snapshots: Snapshots, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for one in paid:
        npi = snapshots.identity(one.answers[0][0]).group_npi
        for number, (reason, reference, cents) in enumerate(one.others, start=1):
            yield (
                id_at(rng, one.posted_at), one.id, number, npi, dt.date(one.paid_on.year, 12, 31), reason, reference,
                cents, provider_adjustment_code(reason).value,
            )  # fmt: skip


def _claims(paid: Sequence[Paid], snapshots: Snapshots) -> Iterator[tuple[Any, ...]]:
    for one in paid:
        for number, (story, answer) in enumerate(one.answers, start=1):
            patient = story.seen.booked.patient
            yield (
                answer.id, one.id, number, story.claim_id, ClaimState.APPLIED.value, "", story.number, answer.control,
                answer.status, f"{patient.person.given} {patient.person.family}", snapshots.member_of(patient),
                sum(said.charge for said in answer.said), answer.paid, answer.patient_share, answer.denied,
                sum(_allowed(said) for said in answer.said), answer.first, one.paid_on, one.posted_at,
            )  # fmt: skip


def _allowed(said: Said) -> int:
    return Payment(said.charge, said.paid, said.adjustments).allowed


def _lines(paid: Sequence[Paid], denials: list[tuple[Any, ...]], rng: random.Random) -> Iterator[tuple[Any, ...]]:
    """Lines as they are written; denials are put aside until their lines are there."""
    for one in paid:
        for story, answer in one.answers:
            numbers = {service.line_id: number for number, service in enumerate(story.services, start=1)}
            for number, said in enumerate(answer.said, start=1):
                line_id = id_at(rng, one.posted_at)
                denials += _denials(story, answer, said, line_id, rng)
                yield (
                    line_id, answer.id, number, said.service.line_id,
                    f"{story.number}-{numbers[said.service.line_id]}", said.service.code, [], "", story.day,
                    said.charge, said.paid, said.charge - said.paid, _allowed(said),
                    orjson.dumps(effects_of(said.adjustments)).decode(), list(said.remarks),
                )  # fmt: skip


def _denials(story: Story, answer: Answer, said: Said, line_id: UUID, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for one in said.adjustments:
        if one.denial and one.amount > 0:
            over = story.decided_at is not None
            yield (
                id_at(rng, answer.posted_at), answer.id, line_id, story.claim_id, one.group, one.reason, one.category,
                one.amount, denial_source(story), story.decided_at if over else None, story.outcome if over else "",
                _NOTES.get(story.outcome, "") if over else "",
            )  # fmt: skip


_NOTES = {"written_off": "not worth another try", "closed": "the patient owes it"}
