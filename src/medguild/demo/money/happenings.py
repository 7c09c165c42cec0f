"""Events of the money of the past, for the timelines of visit, claim and patient."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson

from medguild.demo.copying import copy_into, id_at
from medguild.demo.group import Group
from medguild.demo.money.accounts import Taken
from medguild.demo.money.claims import status_of
from medguild.demo.money.remits import Paid
from medguild.demo.money.story import Answer, Story
from medguild.demo.people import EVENT_COLUMNS

Told = tuple[str, dt.datetime, str, UUID, str, UUID, UUID | None, dict[str, Any]]


def copy_events(
    group: Group, stories: Sequence[Story], paid: Sequence[Paid], receipts: Sequence[Taken], rng: random.Random
) -> None:
    remittances = {id(answer): one for one in paid for _story, answer in one.answers}
    told = (*_of_stories(group, stories, remittances), *_of_payments(paid), *_of_receipts(receipts))
    copy_into("foundation_event", EVENT_COLUMNS, (_row(one, rng) for one in told))


def _row(told: Told, rng: random.Random) -> tuple[Any, ...]:
    kind, at, subject, subject_id, label, unit_id, patient_id, data = told
    text = orjson.dumps(data, default=str).decode()
    return id_at(rng, at), 1, kind, at, at, "job", "demo", subject, subject_id, label, unit_id, patient_id, text


def _of_stories(group: Group, stories: Sequence[Story], remittances: dict[int, Paid]) -> Iterator[Told]:
    for story in stories:
        booked = story.seen.booked
        place = (group.units[booked.site].pk, booked.patient.id)
        if story.signed_at is not None:
            data = {
                "note_id": story.note_id, "visit_id": story.seen.id, "entity_id": booked.session.entity_id,
                "author_id": booked.clinician.pk, "services": len(story.services),
            }  # fmt: skip
            label = f"Note of {story.seen.times[2]:%Y-%m-%d}"
            yield "note.signed", story.signed_at, "note", story.note_id, label, *place, data
        if story.claim_id is None or story.created_at is None:
            continue
        claim = ("claim", story.claim_id, story.number, *place)
        money = {"payer_id": booked.patient.plan.payer_id, "charge": story.amount}
        yield "claim.created", story.created_at, *claim, {**money, "lines": len(story.services)}
        if story.sent_at is not None:
            yield "claim.sent", story.sent_at, *claim, money
        for answer in story.answers:
            if answer.status != "22":
                yield "claim.adjudicated", answer.posted_at, *claim, _decided(story, answer, remittances[id(answer)])


def _decided(story: Story, answer: Answer, one: Paid) -> dict[str, Any]:
    return {
        "status": status_of(story), "account_id": story.seen.booked.patient.account_id, "payer_id": one.payer.pk,
        "remittance_id": one.id, "paid": answer.paid, "patient_share": answer.patient_share, "denied": answer.denied,
    }  # fmt: skip


def _of_payments(paid: Sequence[Paid]) -> Iterator[Told]:
    for one in paid:
        count = len(one.answers)
        data = {
            "amount": one.amount, "claims": count, "matched": count, "suspended": 0, "payer_id": one.payer.pk,
            "file_id": one.file_id, "entry_id": one.entry_id,
        }  # fmt: skip
        yield "remittance.posted", one.posted_at, "remittance", one.id, one.trace, one.entity_id, None, data


def _of_receipts(receipts: Sequence[Taken]) -> Iterator[Told]:
    for one in receipts:
        patient = one.story.seen.booked.patient
        data = {
            "account_id": patient.account_id, "visit_id": one.visit_id, "amount": one.amount,
            "method": str(one.method), "purpose": str(one.purpose),
        }  # fmt: skip
        yield "receipt.taken", one.at, "receipt", one.id, one.number, one.site_id, patient.id, data
