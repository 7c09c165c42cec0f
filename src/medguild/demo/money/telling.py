"""Tells what became of a visit: note, claim, answers, and what was given up, each at its time, none after the end."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass, replace

from medguild.demo import plan
from medguild.demo.copying import id_at
from medguild.demo.flow import Seen
from medguild.demo.money import terms
from medguild.demo.money.clinical import Findings, findings_of
from medguild.demo.money.decisions import Payers, any_refusal, copay_of, takes_copay
from medguild.demo.money.story import Answer, Said, Service, Story
from medguild.demo.prices import CHARGES, MEMBER_FACTOR, PAYERS
from medguild.foundation.kernel.clock import local_date
from medguild.payers.payers.rules import PayerKind
from medguild.revenue.remittances.rules import DenialOutcome

_ALLOWED = {name: share for name, *_, share in PAYERS}
_PAY_DAY = {name: number % 5 for number, (name, *_) in enumerate(PAYERS)}
_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Teller:
    """Tells the stories of one part of the patients. `end` is the moment at which history stops."""

    payers: Payers
    end: dt.datetime
    part: int
    rng: random.Random

    def tell(self, seen: Seen) -> Story | None:
        """None where nobody has written a note (yet)."""
        rng = self.rng
        day = local_date(seen.arrived_at, plan.TIME_ZONE)
        findings = findings_of(seen, day, rng)
        signed = self._signed_at(seen, rng)
        begun = seen.times[2]
        story = Story(seen, day, id_at(rng, begun), findings, list(self._services(seen, findings, signed, rng)))
        forgotten = rng.random() < terms.NO_NOTE and seen.left_at > self.end - terms.FOUND_WITHIN * _DAY
        if forgotten or signed >= self.end:
            return None
        story.signed_at = signed
        if seen.booked.patient.coverage_id is not None:
            self._claim(story, rng)
        return story

    def _signed_at(self, seen: Seen, rng: random.Random) -> dt.datetime:
        lag = _drawn(terms.SIGNATURE_LAG, rng)
        minutes = rng.randrange(4, 50) if lag == 0 else 60 + rng.randrange(0, 300)
        return (seen.left_at + lag * _DAY + dt.timedelta(minutes=minutes)).replace(microsecond=0)

    def _services(self, seen: Seen, findings: Findings, at: dt.datetime, rng: random.Random) -> Iterable[Service]:
        patient = seen.booked.patient
        factor = MEMBER_FACTOR.get(patient.entity, 100)
        share = _ALLOWED[patient.plan.payer.name]
        for code, pointers in findings.services:
            charge = CHARGES[code]
            amount = charge * factor // 100
            yield Service(
                id_at(rng, at), id_at(rng, at), id_at(rng, at), code, pointers,
                tuple(findings.diagnoses[pointer - 1] for pointer in pointers), amount,
                min(amount, charge * factor * share // 1_000_000),
            )  # fmt: skip

    def _claim(self, story: Story, rng: random.Random) -> None:
        """Claims are made at night, and leave some days later; only what had happened by the end is told."""
        if story.signed_at is None:
            return
        made = _workday(story.signed_at.date() + _DAY)
        story.created_at = dt.datetime.combine(made, dt.time(13, 30), tzinfo=dt.UTC)
        sent = _workday(made + _drawn(terms.CLAIM_LAG, rng) * _DAY)
        sent_at = dt.datetime.combine(sent, dt.time(21, rng.randrange(60)), tzinfo=dt.UTC)
        if story.created_at >= self.end:
            story.created_at = None
            return
        story.claim_id = id_at(rng, story.created_at)
        if sent_at < self.end:
            story.sent_at = sent_at
            self._answer(story, rng)

    def _answer(self, story: Story, rng: random.Random) -> None:
        """The first decision; then, where something was refused, what came of it."""
        first, why = self._first(story, rng)
        answer = self._said(story, story.sent_at, first, rng, status="4" if _whole(first) else "1")
        if answer is None:
            return
        answer.first = True
        story.answers.append(answer)
        if why is None:
            return
        at = answer.posted_at + rng.randrange(*why.days) * _DAY
        if rng.random() < why.overturned:
            self._overturn(story, answer, at, rng)
        elif rng.random() >= terms.STAYS_OPEN and at < self.end:
            story.outcome = DenialOutcome.CLOSED if why.group == "PR" else DenialOutcome.WRITTEN_OFF
            story.decided_at = at

    def _first(self, story: Story, rng: random.Random) -> tuple[tuple[Said, ...], terms.Refusal | None]:
        """What is said of each line, and the reason of what is refused."""
        booked = story.seen.booked
        troubled = {one.id: self.payers.refusal(booked.site, one, story.day, rng) for one in story.services}
        if any(troubled.values()):
            why = next(one for one in troubled.values() if one)
            whole = all(troubled.values())
            return tuple(
                self.payers.refused(one, why, whole=whole) if troubled[one.id] else self._paid(story, one)
                for one in story.services
            ), why
        if rng.random() < terms.WHOLE_CLAIM_DENIED:
            why = any_refusal(rng)
            return tuple(self.payers.refused(one, why, whole=True) for one in story.services), why
        why_line = None
        said = []
        for at, service in enumerate(story.services):
            if at and why_line is None and rng.random() < terms.LINE_DENIED:
                why_line = any_refusal(rng, line=True)
                said.append(self.payers.refused(service, why_line, whole=False))
            else:
                said.append(self._paid(story, service))
        return tuple(said), why_line

    def _paid(self, story: Story, service: Service) -> Said:
        patient = story.seen.booked.patient
        copay = copay_of(patient) if takes_copay(service.code) else 0
        return self.payers.paid(patient, service, story.day, copay=copay)

    def _said(
        self, story: Story, since: dt.datetime | None, said: tuple[Said, ...], rng: random.Random, *, status: str,
        again: bool = False,
    ) -> Answer | None:  # fmt: skip
        """The answer on the payer's next day of payment, posted on the work day after; None after the end."""
        if since is None:
            return None
        payer = story.seen.booked.patient.plan.payer
        # The day of payment comes three days later on average.
        low, high = (1, 1) if again else terms.PAYING[PayerKind(payer.kind)].days
        ready = since.date() + (1 if again else rng.randrange(low - 3, high - 2)) * _DAY
        paid_on = _next_weekday(ready, (_PAY_DAY[payer.name] + 2 * self.part) % 5)
        posted_at = dt.datetime.combine(_workday(paid_on + _DAY), dt.time(17, 30), tzinfo=dt.UTC)
        if posted_at >= self.end:
            return None
        control = f"{rng.randrange(10**11):011d}"
        return Answer(id_at(rng, posted_at), status, control, paid_on, posted_at, said)

    def _overturn(self, story: Story, first: Answer, at: dt.datetime, rng: random.Random) -> None:
        """A claim that was denied whole is paid; one denied in part is taken back and paid right."""
        better = {said.service.id: self._paid(story, said.service) for said in story.refused}
        said = tuple(better.get(one.service.id, one) for one in first.said)
        answer = self._said(story, at, said, rng, status="1", again=True)
        if answer is None:
            return
        if first.status != "4":
            back = replace(
                answer, id=id_at(rng, answer.posted_at), status="22", control=first.control,
                said=tuple(_negated(one) for one in first.said),
            )  # fmt: skip
            story.answers.append(back)
        story.answers.append(answer)
        story.outcome, story.decided_at = DenialOutcome.DECIDED_ANEW, answer.posted_at


def _negated(said: Said) -> Said:
    return Said(
        said.service, -said.charge, -said.paid,
        tuple(replace(one, amount=-one.amount) for one in said.adjustments), said.remarks,
    )  # fmt: skip


def _whole(said: tuple[Said, ...]) -> bool:
    return all(one.denied for one in said)


def _drawn(weighted: tuple[tuple[int, int], ...], rng: random.Random) -> int:
    return rng.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]


def _workday(day: dt.date) -> dt.date:
    """The day itself, or the Monday after a weekend."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def _next_weekday(day: dt.date, weekday: int) -> dt.date:
    return day + dt.timedelta(days=(weekday - day.weekday()) % 7)
