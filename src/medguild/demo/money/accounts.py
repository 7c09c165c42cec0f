"""How a patient's account went through time: co-pays, shares that arose, payments, what was written off.

Runs the rules of the receipts room over one account at a time, so that money is applied as the service would have.
"""

from __future__ import annotations

import datetime as dt
import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from medguild.demo.copying import id_at
from medguild.demo.money import terms
from medguild.demo.money.books import Books, line_of
from medguild.demo.money.decisions import copay_of, takes_copay
from medguild.demo.money.story import Service, Story
from medguild.demo.people import Invented
from medguild.foundation.ledger.ports import PAYMENT, TRANSFER, WRITE_OFF
from medguild.foundation.ledger.rules import Chart, Line
from medguild.revenue.receipts import rules
from medguild.revenue.receipts.rules import Debt, Method, Purpose, Share
from medguild.revenue.remittances.rules import DenialOutcome

_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Taken:
    """A receipt. `number` and `drawer_id` are given when all receipts of a part are known."""

    id: UUID
    story: Story
    amount: int
    method: str
    purpose: str
    at: dt.datetime
    visit_id: UUID | None
    site_id: UUID
    number: str = ""
    drawer_id: UUID | None = None
    applied: int = 0
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    """A part of a receipt that settled a charge."""

    receipt: Taken
    charge_id: UUID
    amount: int
    entry_id: UUID
    at: dt.datetime


@dataclass(slots=True)
class _Owed:
    """One charge of the account: with the payer, and with the patient."""

    story: Story
    service: Service
    site_id: UUID
    pending: int = 0
    owed: int = 0


@dataclass(slots=True)
class Account:
    """The account of one patient. `run` plays everything until the end."""

    patient: Invented
    books: Books
    rng: random.Random
    end: dt.datetime
    receipts: list[Taken] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    _owed: dict[UUID, _Owed] = field(default_factory=dict)
    _agenda: list[tuple[dt.datetime, int, str, Story]] = field(default_factory=list)
    _count: int = 0

    def run(self, stories: Sequence[tuple[Story, UUID]]) -> None:
        sites = {story.note_id: site_id for story, site_id in stories}
        for story, _site in stories:
            self._plan(story)
        while self._agenda:
            at, _turn, act, story = heapq.heappop(self._agenda)
            getattr(self, f"_on_{act}")(story, sites[story.note_id], at)

    def _at(self, moment: dt.datetime, act: str, story: Story) -> None:
        if moment < self.end:
            self._count += 1
            heapq.heappush(self._agenda, (moment, self._count, act, story))

    def _plan(self, story: Story) -> None:
        if story.signed_at is None:
            return
        self._at(story.signed_at, "charged", story)
        for number, answer in enumerate(story.answers):
            if number == 0 or answer.posted_at != story.answers[number - 1].posted_at:
                self._at(answer.posted_at, "answered", story)
        if story.outcome == DenialOutcome.WRITTEN_OFF and story.decided_at:
            self._at(story.decided_at, "given_up", story)
        copay = copay_of(self.patient)
        consultation = any(takes_copay(service.code) for service in story.services)
        taken = self.rng.random() < (terms.COPAY_TAKEN if copay else terms.SELF_PAY_AT_DESK)
        if taken and ((copay and consultation) or self.patient.coverage_id is None):
            self._at(story.seen.arrived_at + dt.timedelta(minutes=3), "copay", story)

    def _on_copay(self, story: Story, site_id: UUID, at: dt.datetime) -> None:
        insured = self.patient.coverage_id is not None
        amount = copay_of(self.patient) if insured else story.amount
        self._take(story, site_id, amount, Purpose.COPAY, terms.AT_DESK, at)

    def _on_charged(self, story: Story, site_id: UUID, at: dt.datetime) -> None:
        insured = self.patient.coverage_id is not None
        for service in story.services:
            owed = _Owed(story, service, site_id)
            owed.pending, owed.owed = (service.amount, 0) if insured else (0, service.amount)
            self._owed[service.charge_id] = owed
        self._apply(at)
        if not insured:
            self._expect(story, at)

    def _on_answered(self, story: Story, site_id: UUID, at: dt.datetime) -> None:
        for answer in story.answers:
            if answer.posted_at != at:
                continue
            for said in answer.said:
                owed = self._owed[said.service.charge_id]
                to_patient = sum(one.amount for one in said.adjustments if one.effect == "patient")
                moved = said.paid + sum(
                    one.amount for one in said.adjustments if one.effect not in ("denied", "unclear")
                )
                owed.pending -= moved
                owed.owed += to_patient
        self._apply(at)
        self._expect(story, at)

    def _on_given_up(self, story: Story, site_id: UUID, at: dt.datetime) -> None:
        for said in story.refused:
            self._owed[said.service.charge_id].pending -= said.denied
        self._apply(at)

    def _expect(self, story: Story, at: dt.datetime) -> None:
        """The patient hears of it by letter, and pays, pays late, or never."""
        rng = self.rng
        left = sum(self._owed[service.charge_id].owed for service in story.services)
        if left <= 0:
            return
        hour = dt.timedelta(hours=rng.randrange(-2, 5))
        insured = self.patient.coverage_id is not None
        if rng.random() < (terms.PAYS_FIRST if insured else terms.SELF_PAY_LATER):
            self._at(at + rng.randrange(*terms.FIRST_DAYS) * _DAY + hour, "pay", story)
        elif rng.random() < terms.PAYS_SECOND:
            self._at(at + rng.randrange(*terms.SECOND_DAYS) * _DAY + hour, "pay", story)
        self._at(at + terms.BAD_DEBT_AFTER * _DAY, "written_off", story)

    def _on_pay(self, story: Story, site_id: UUID, at: dt.datetime) -> None:
        while at.weekday() > 4:
            at -= _DAY
        total = sum(max(0, one.owed) for one in self._owed.values())
        free = sum(one.amount - one.applied for one in self.receipts)
        if total - free > 0:
            self._take(story, site_id, total - free, Purpose.BALANCE, terms.METHODS, at)

    def _on_written_off(self, story: Story, site_id: UUID, at: dt.datetime) -> None:
        open_ones = [one for one in self._of(story) if one.owed > 0]
        left = sum(one.owed for one in open_ones)
        if left <= 0:
            return
        code = Chart.SMALL_BALANCE if left < terms.SMALL_BELOW else Chart.BAD_DEBT
        for one in open_ones:
            charge_id = one.service.charge_id
            lines = [
                line_of(story, one.service, target, cents, None, site_id)
                for target, cents in ((code, one.owed), (Chart.PATIENT_AR, -one.owed))
            ]
            self.books.post(WRITE_OFF, lines, at.date(), f"patient_write_off:{charge_id}", ("charge", charge_id), at)
            one.owed = 0

    def _of(self, story: Story) -> list[_Owed]:
        return [self._owed[service.charge_id] for service in story.services]

    def _take(
        self, story: Story, site_id: UUID, amount: int, purpose: Purpose, methods: tuple[tuple[str, int], ...],
        at: dt.datetime,
    ) -> None:  # fmt: skip
        method = self.rng.choices([name for name, _ in methods], [weight for _, weight in methods])[0]
        visit_id = story.seen.id if purpose is Purpose.COPAY else None
        receipt = Taken(id_at(self.rng, at), story, amount, method, purpose, at, visit_id, site_id)
        self.receipts.append(receipt)
        reach = rules.within_reach(self._debts(), purpose=purpose, visit_id=visit_id)
        shares = rules.allocate(amount, reach, most=sum(one.owed for one in self._owed.values()))
        code = Chart.DRAWER if method == Method.CASH else Chart.UNDEPOSITED
        entity_id = story.seen.booked.session.entity_id
        received = Line(
            entity_id, code, amount, site_id, patient_id=self.patient.id, account_id=self.patient.account_id
        )
        kept = self._kept(receipt, amount - rules.total(shares))
        entry_id = self.books.post(
            PAYMENT, [received, *self._settling(shares), kept], at.date(), f"receipt:{receipt.id}",
            ("receipt", receipt.id), at,
        )  # fmt: skip
        self._allocate(receipt, shares, entry_id, at)

    def _apply(self, at: dt.datetime) -> None:
        """Free money settles debts in their order, as `receipts.applying` does after each change."""
        for receipt in self.receipts:
            free = receipt.amount - receipt.applied
            if free <= 0:
                continue
            most = sum(one.owed for one in self._owed.values())
            if most <= 0:
                return
            reach = rules.within_reach(self._debts(), purpose=receipt.purpose, visit_id=receipt.visit_id)
            shares = rules.allocate(free, reach, most=most)
            if not shares:
                continue
            receipt.turns += 1
            entry_id = self.books.post(
                TRANSFER, [self._kept(receipt, -rules.total(shares)), *self._settling(shares)], at.date(),
                f"receipt:{receipt.id}:applied:{receipt.turns}", ("receipt", receipt.id), at,
            )  # fmt: skip
            self._allocate(receipt, shares, entry_id, at)

    def _debts(self) -> list[Debt]:
        return [
            Debt(charge_id, one.owed, one.story.day, one.story.seen.id, settled=one.pending <= 0)
            for charge_id, one in self._owed.items()
        ]

    def _kept(self, receipt: Taken, amount: int) -> Line:
        return Line(
            receipt.story.seen.booked.session.entity_id, Chart.UNAPPLIED, -amount, receipt.site_id,
            patient_id=self.patient.id, account_id=self.patient.account_id,
        )  # fmt: skip

    def _settling(self, shares: Sequence[Share]) -> list[Line]:
        found = []
        for share in shares:
            if share.charge_id is None:
                continue
            one = self._owed[share.charge_id]
            found.append(line_of(one.story, one.service, Chart.PATIENT_AR, -share.amount, None, one.site_id))
        return found

    def _allocate(self, receipt: Taken, shares: Sequence[Share], entry_id: UUID, at: dt.datetime) -> None:
        for share in shares:
            if share.charge_id is None:
                continue
            receipt.applied += share.amount
            self._owed[share.charge_id].owed -= share.amount
            self.applied.append(Applied(receipt, share.charge_id, share.amount, entry_id, at))
