"""Entries of the books as the services of charges, denials and receipts post them, gathered for one bulk posting."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from uuid import UUID

from medguild.demo.copying import id_at
from medguild.demo.money.story import Service, Story
from medguild.foundation.ledger.bulk import NewEntry
from medguild.foundation.ledger.ports import CHARGE, WRITE_OFF
from medguild.foundation.ledger.rules import Chart, Line
from medguild.revenue.remittances.posting_rules import Adjusted
from medguild.revenue.remittances.rules import DenialOutcome


class Books:
    """The entries of one part of the patients."""

    def __init__(self, rng: random.Random) -> None:
        self.entries: list[NewEntry] = []
        self._rng = rng

    def post(
        self, kind: str, lines: Iterable[Line], day: dt.date, key: str, source: tuple[str, UUID], at: dt.datetime,
        description: str = "",
    ) -> UUID:  # fmt: skip
        entry = NewEntry(kind, list(lines), day, key, description, *source, posted_at=at, id=id_at(self._rng, at))
        self.entries.append(entry)
        return entry.id


def charge(books: Books, story: Story, site_id: UUID) -> None:
    """Owed by the payer where one answers, else by the patient."""
    booked = story.seen.booked
    patient, insured = booked.patient, booked.patient.coverage_id is not None
    if story.signed_at is None:
        return
    for service in story.services:
        owed = Chart.INSURANCE_AR if insured else Chart.PATIENT_AR
        lines = [
            Line(
                booked.session.entity_id, code, cents, site_id, booked.clinician.pk,
                patient.plan.payer_id if insured else None, patient.id, patient.account_id, None, story.day,
            )
            for code, cents in ((owed, service.amount), (Chart.CHARGES, -service.amount))
        ]  # fmt: skip
        key = f"charge:{service.charge_id}"
        books.post(CHARGE, lines, story.day, key, ("charge", service.charge_id), story.signed_at)


def give_up(books: Books, story: Story, site_id: UUID) -> None:
    """Denials that somebody wrote off, as one case."""
    if story.outcome != DenialOutcome.WRITTEN_OFF or story.decided_at is None or story.claim_id is None:
        return
    payer_id = story.seen.booked.patient.plan.payer_id
    lines = [
        line_of(story, said.service, code, cents, payer_id, site_id)
        for said in story.refused
        for code, cents in ((Chart.DENIAL_WRITE_OFF, said.denied), (Chart.INSURANCE_AR, -said.denied))
    ]
    books.post(
        WRITE_OFF, lines, story.decided_at.date(), f"{denial_source(story)}:write_off", ("claim", story.claim_id),
        story.decided_at, f"Denial of claim {story.number}",
    )  # fmt: skip


def denial_source(story: Story) -> str:
    """The case of what the first answer refused: one reason, so one category."""
    return f"denial:{story.answers[0].id}:{refusal_of(story).category}"


def refusal_of(story: Story) -> Adjusted:
    """What was refused of the first refused line; the others were refused for the same reason."""
    return next(one for one in story.refused[0].adjustments if one.denial)


def line_of(story: Story, service: Service, code: Chart, cents: int, payer_id: UUID | None, site_id: UUID) -> Line:
    """A line about one line of the claim (or, without claim, one charge)."""
    booked = story.seen.booked
    return Line(
        booked.session.entity_id, code, cents, site_id, booked.clinician.pk, payer_id, booked.patient.id,
        booked.patient.account_id, service.line_id if story.claim_id else None, story.day,
    )  # fmt: skip
