"""Charges and claims of the past by COPY: claims come as ready with their lines, and move to what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from medguild.demo.copying import Numbers, copy_into, copy_rows, run
from medguild.demo.group import Group
from medguild.demo.money import terms
from medguild.demo.money.snapshot import Snapshots, diagnoses_of
from medguild.demo.money.story import Answer, Story
from medguild.revenue.charges.models import Charge
from medguild.revenue.charges.rules import ChargeStatus
from medguild.revenue.claims.models import Claim, ClaimLine
from medguild.revenue.claims.rules import ADJUDICATED, ClaimStatus, Frequency, claim_number, line_control, pointers
from medguild.revenue.remittances.posting import standing
from medguild.revenue.remittances.posting_rules import Adjudication

_CHARGE = (
    "id", "patient_id", "account_id", "visit_id", "note_service_id", "entity_id", "site_id", "coverage_id", "code",
    "modifiers", "units", "unit_price", "amount", "diagnoses", "service_date", "performed_by_id", "rendering_id",
    "referring_name", "referring_npi", "status", "hold_reason", "captured_at",
)  # fmt: skip
_CLAIM = (
    "id", "number", "patient_id", "account_id", "coverage_id", "payer_id", "entity_id", "site_id",
    "billing_identity_id", "rendering_id", "frequency", "diagnoses", "service_from", "service_to", "charge",
    "prior_authorization", "status", "passed_first", "payer_control", "created_at", "sent_at", "adjudicated_at", "sent", "revision",
)  # fmt: skip
_LINE = (
    "id", "claim_id", "number", "charge_id", "live", "control", "code", "modifiers", "units", "amount", "pointers",
    "service_date",
)  # fmt: skip
_MOVE = """
update revenue_claim claim set status = said.status from demo_claim said where said.id = claim.id"""


def number_claims(stories: Sequence[Story], numbers: Numbers) -> None:
    """In the order in which the claims were made."""
    for story in sorted((one for one in stories if one.claim_id), key=lambda one: (one.created_at, one.number)):
        story.number = claim_number(numbers.following())


def copy_charges(group: Group, stories: Sequence[Story]) -> None:
    copy_rows(Charge, _CHARGE, (row for story in stories for row in _charges(group, story)))


def copy_claims(group: Group, stories: Sequence[Story], snapshots: Snapshots) -> None:
    claimed = [story for story in stories if story.claim_id]
    copy_rows(Claim, _CLAIM, (_claim(group, story, snapshots) for story in claimed))
    copy_rows(ClaimLine, _LINE, (row for story in claimed for row in _lines(story)))
    run("create temporary table demo_claim (id uuid, status text)")
    moved = ((story.claim_id, status_of(story).value) for story in claimed if story.sent_at)
    copy_into("demo_claim", ("id", "status"), moved)
    run("analyze demo_claim")  # else all claims so far are gone through for each lot of them
    run(_MOVE)
    run("drop table demo_claim")


def _charges(group: Group, story: Story) -> Iterator[tuple[Any, ...]]:
    booked = story.seen.booked
    patient, clinician = booked.patient, booked.clinician
    status = ChargeStatus.BILLED if story.claim_id else ChargeStatus.READY
    for service in story.services:
        yield (
            service.charge_id, patient.id, patient.account_id, story.seen.id, service.id, booked.session.entity_id,
            group.units[booked.site].pk, patient.coverage_id, service.code, [], 1, service.amount, service.amount,
            list(service.diagnoses), story.day, clinician.person_id, clinician.pk, "", "", status.value, "",
            story.signed_at,
        )  # fmt: skip


def _claim(group: Group, story: Story, snapshots: Snapshots) -> tuple[Any, ...]:
    booked, diagnoses = story.seen.booked, diagnoses_of(story)
    patient, last = booked.patient, story.answers[-1] if story.answers else None
    return (
        story.claim_id, story.number, patient.id, patient.account_id, patient.coverage_id, patient.plan.payer_id,
        booked.session.entity_id, group.units[booked.site].pk, snapshots.identity(story).pk, booked.clinician.pk,
        Frequency.ORIGINAL.value, diagnoses, story.day, story.day, story.amount, "", ClaimStatus.READY.value, _passes(story),
        last.control if last else "", story.created_at, story.sent_at,
        last.posted_at if last and status_of(story) in ADJUDICATED else None,
        snapshots.of(story, diagnoses) if story.sent_at else None, 2 + bool(story.sent_at) + len(story.answers),
    )  # fmt: skip


def _passes(story: Story) -> bool:
    """Whether the claim went through its first check; the random bits of the id come from the seed."""
    return story.claim_id is None or (story.claim_id.int & 0xFFFF) / 0x10000 < terms.CLEAN_CLAIMS


def _lines(story: Story) -> Iterator[tuple[Any, ...]]:
    diagnoses = diagnoses_of(story)
    for number, service in enumerate(story.services, start=1):
        yield (
            service.line_id, story.claim_id, number, service.charge_id, True, line_control(story.number, number),
            service.code, [], 1, service.amount, list(pointers(service.diagnoses, diagnoses)), story.day,
        )  # fmt: skip


def status_of(story: Story) -> ClaimStatus:
    """What a claim that was sent stands at after all answers."""
    return standing(story.amount, [adjudication_of(answer) for answer in story.answers])


def adjudication_of(answer: Answer) -> Adjudication:
    return Adjudication(
        answer.status, answer.control, sum(said.charge for said in answer.said), answer.paid, answer.patient_share,
        answer.denied,
    )  # fmt: skip
