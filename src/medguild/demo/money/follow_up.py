"""Work that the past left behind: denials and visits without charge, open or done."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from medguild.demo.copying import copy_rows, id_at
from medguild.demo.flow import Seen
from medguild.demo.group import Group
from medguild.demo.money.books import denial_source, refusal_of
from medguild.demo.money.story import Story
from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.money import dollars
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.work.escalation import MANAGERS
from medguild.foundation.work.models import Duty, UnownedNeed, WorkItem
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.routing import duty_for, first_held
from medguild.foundation.work.rules import Escalation, ItemStatus, Priority
from medguild.revenue.charges.work import MISSING_CHARGE
from medguild.revenue.remittances.work import denial_type

_ITEM = (
    "id", "work_type", "subject_type", "subject_id", "patient_id", "unit_id", "specialty", "duty_id", "category",
    "summary", "priority", "status", "opened_at", "due_at", "escalation", "escalates_at", "escalated_role", "outcome",
    "closed_at", "source",
)  # fmt: skip
_NEED = (
    "id", "work_type", "unit_id", "specialty", "subject_type", "subject_id", "patient_id", "category", "summary",
    "priority", "source", "arose_at", "settled_at",
)  # fmt: skip
_URGENT_FROM = 100_000  # cents, as the room of remittances has it
_IN_TIME, _LATE = 0.76, 0.16  # of denials
_WORKED = "sent again"
_CLIMBED_AFTER = dt.timedelta(days=3)


class Routing:
    """Who answers for a type of work at a site, asked once each."""

    def __init__(self, group: Group, today: dt.date) -> None:
        self._group, self._today = group, today
        self._duties: dict[tuple[str, str], Duty | None] = {}
        self._allowed: dict[tuple[str, str], dt.timedelta] = {}
        self._managers: dict[str, Role] = {}

    def duty(self, work_type: str, site: str) -> Duty | None:
        key = (work_type, site)
        if key not in self._duties:
            self._duties[key] = duty_for(
                work_type=work_type, unit_id=self._group.units[site].pk, on=self._today,
                specialty=self._group.sites[site].specialty,
            )  # fmt: skip
        return self._duties[key]

    def due(self, work_type: str, site: str) -> dt.timedelta:
        """The time allowed, from the standard of the type."""
        key = (work_type, site)
        if key not in self._allowed:
            context = StandardContext(
                unit_id=self._group.units[site].pk, specialty=self._group.sites[site].specialty, on=self._today
            )
            value = resolve(work_types.get(work_type).due_standard, context).value
            if not isinstance(value, dt.timedelta):
                raise TypeError(work_type)
            self._allowed[key] = value
        return self._allowed[key]

    def manager(self, site: str) -> Role:
        """Who is told last of what is late."""
        if site not in self._managers:
            unit_id = self._group.units[site].pk
            self._managers[site] = first_held(MANAGERS, unit_id, on=self._today) or MANAGERS[0]
        return self._managers[site]


Need = tuple[str, str, str, UUID, UUID, str, str, Priority, str, dt.datetime, dt.datetime | None, str]


def copy_work(
    group: Group, routing: Routing, stories: Sequence[Story], left: Sequence[Seen], end: dt.datetime, rng: random.Random
) -> None:
    """Items where somebody answers, needs that nobody owns where nobody does."""
    needs = [*_denials(stories), *_missing(left)]
    owned = [(need, duty) for need in needs if (duty := routing.duty(need[0], need[1])) is not None]
    copy_rows(WorkItem, _ITEM, (_item(group, need, duty, routing, end, rng) for need, duty in owned))
    lost = [need for need in needs if routing.duty(need[0], need[1]) is None]
    copy_rows(UnownedNeed, _NEED, (_need(group, need, rng) for need in lost))


def _denials(stories: Sequence[Story]) -> Iterator[Need]:
    for story in stories:
        if not story.refused or story.claim_id is None:
            continue
        one, amount = refusal_of(story), sum(said.denied for said in story.refused)
        booked = story.seen.booked
        yield (
            denial_type(one.category), booked.site, "claim", story.claim_id, booked.patient.id, "",
            f"{one.group}-{one.reason}: {dollars(amount)}",
            Priority.HIGH if amount >= _URGENT_FROM else Priority.NORMAL, denial_source(story),
            story.answers[0].posted_at, story.decided_at, story.outcome,
        )  # fmt: skip


def _missing(left: Sequence[Seen]) -> Iterator[Need]:
    for seen in left:
        booked = seen.booked
        yield (
            MISSING_CHARGE, booked.site, "visit", seen.id, booked.patient.id, "note_unsigned", "", Priority.NORMAL,
            f"charge.missing:{seen.id}", seen.left_at, None, "",
        )  # fmt: skip


def _item(
    group: Group, need: Need, duty: Duty, routing: Routing, end: dt.datetime, rng: random.Random
) -> tuple[Any, ...]:
    """What is late has climbed to the top."""
    work_type, site, kind, subject, patient, category, summary, priority, source, opened, closed, outcome = need
    allowed = routing.due(work_type, site)
    due = opened + allowed
    worked = _worked(work_type, opened, allowed, rng)
    if worked is not None and worked < (closed or end):
        closed, outcome = worked, _WORKED
    late = closed is None and due + _CLIMBED_AFTER < end
    return (
        id_at(rng, opened), work_type, kind, subject, patient, group.units[site].pk, group.sites[site].specialty,
        duty.pk, category, summary, int(priority), (ItemStatus.DONE if closed else ItemStatus.OPEN).value, opened, due,
        int(Escalation.MANAGER if late else Escalation.NONE), None if closed or late else due,
        routing.manager(site).value if late else "", outcome, closed, source,
    )  # fmt: skip


def _worked(work_type: str, opened: dt.datetime, allowed: dt.timedelta, rng: random.Random) -> dt.datetime | None:
    """When somebody did their part and the rest lies with the payer: mostly in time, some late, some never."""
    if work_type == MISSING_CHARGE:
        return None
    chance = rng.random()
    if chance < _IN_TIME:
        return opened + allowed * rng.uniform(0.1, 1.0)
    return opened + allowed * rng.uniform(1.0, 3.0) if chance < _IN_TIME + _LATE else None


def _need(group: Group, need: Need, rng: random.Random) -> tuple[Any, ...]:
    work_type, site, kind, subject, patient, category, summary, priority, source, opened, closed, _outcome = need
    return (
        id_at(rng, opened), work_type, group.units[site].pk, "", kind, subject, patient, category, summary,
        int(priority), source, opened, closed,
    )  # fmt: skip
