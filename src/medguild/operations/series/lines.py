"""What is to be done for each number of a series, tried or carried out.

A plan is tried by carrying it out and rolling back: so what is shown before confirming is what booking itself says,
by all of its rules, with the own visits out of their own way. What cannot be is told with its reason.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.models import Site
from medguild.foundation.organization.people import Clinician
from medguild.operations.scheduling.models import Allocation, Appointment, VisitType
from medguild.operations.scheduling.network.rules import Said
from medguild.operations.scheduling.outcomes import cancel_appointment
from medguild.operations.scheduling.placing import lock_for_visits
from medguild.operations.scheduling.protocol import as_resource, guarded_transaction, lock_resources
from medguild.operations.scheduling.rules import CancelReason, Mode
from medguild.operations.scheduling.services import NOTHING_SAID, About, book_appointment, move_appointment
from medguild.operations.series.errors import NotAll
from medguild.operations.series.models import Occurrence
from medguild.operations.series.rules import Act
from medguild.patients.identity.models import Patient

SKIPPED = "chosen"
_DAY = dt.timedelta(days=1)


class Take(enum.StrEnum):
    """What was chosen for a number."""

    AS_PLANNED = "as_planned"
    OTHER_TIME = "other_time"
    SKIP = "skip"  # a new one is not booked, a booked one is given up
    LEAVE = "leave"  # a booked one stays where it is


@dataclass(frozen=True, slots=True)
class Choice:
    take: Take = Take.AS_PLANNED
    start: dt.datetime | None = None


PLANNED = Choice()


@dataclass(frozen=True, slots=True)
class Visiting:
    """Who comes to whom, where, for what."""

    patient: Patient
    clinician: Clinician
    visit_type: VisitType
    site: Site
    mode: Mode | None = None
    about: About = NOTHING_SAID
    network_answer: Said | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One number: what the rule wants, and the visit that is there."""

    number: int
    act: Act
    planned: dt.datetime | None = None
    occurrence: Occurrence | None = None

    @property
    def visit(self) -> Appointment | None:
        return self.occurrence.appointment if self.occurrence else None


@dataclass(slots=True)
class Trial:
    """What became of a try: the refusals by number."""

    refused: dict[int, Refusal] = field(default_factory=dict)


class _Undo(Exception):
    """Ends a try."""


@dataclass(frozen=True, slots=True)
class Work:
    """All that carrying out needs besides the lines."""

    visiting: Visiting
    by: Actor
    at: dt.datetime
    drop_reason: CancelReason = CancelReason.PATIENT_REQUEST
    by_practice: bool = False


def try_lines(lines: Sequence[Line], work: Work) -> Trial:
    """Which lines booking would refuse if all were taken as planned. Nothing stays of it."""
    trial = Trial()
    try:
        with transaction.atomic():
            _lock(lines, {}, work)
            _set_free(lines, {})
            for line in _frees_first(lines, {}):
                _try(line, work, trial)
            raise _Undo
    except _Undo:
        return trial


def _try(line: Line, work: Work, trial: Trial) -> None:
    try:
        with transaction.atomic():
            _carry_out(line, PLANNED, work)
    except (NotVisible, NotAllowed):
        raise
    except Refusal as refusal:
        trial.refused[line.number] = refusal


Keep = Callable[[Line, Choice, Appointment | None], None]


def carry_out(
    lines: Sequence[Line], choices: Mapping[int, Choice], work: Work, keep: Keep, finish: Callable[[], None]
) -> None:
    """Do all lines as chosen, or nothing: one transaction. `keep` writes the occurrence of a line, `finish` the rest.

    Raises NotAll with the number that booking refused, and the refusal as its cause.
    """

    def run() -> None:
        _lock(lines, choices, work)
        finish()
        _set_free(lines, choices)
        for line in _frees_first(lines, choices):
            choice = choices.get(line.number, PLANNED)
            keep(line, choice, _do(line, choice, work))

    guarded_transaction(run)


def _frees_first(lines: Sequence[Line], choices: Mapping[int, Choice]) -> list[Line]:
    """What is given up comes first: another of the series may take its time."""

    def gives_up(line: Line) -> bool:
        return line.act is Act.DROP or choices.get(line.number, PLANNED).take is Take.SKIP

    return sorted(lines, key=lambda line: not gives_up(line))


def _do(line: Line, choice: Choice, work: Work) -> Appointment | None:
    try:
        return _carry_out(line, choice, work)
    except (NotVisible, NotAllowed):
        raise
    except Refusal as refusal:
        raise NotAll(
            _("Visit %(number)d of the series: %(why)s Nothing was changed.")
            % {"number": line.number, "why": refusal.message},
            line.number,
        ) from refusal


def _carry_out(line: Line, choice: Choice, work: Work) -> Appointment | None:
    if line.act is Act.ADD:
        return _add(line, choice, work)
    if line.act is Act.MOVE:
        return _move(line, choice, work)
    if line.act is Act.DROP and line.visit is not None:
        return _give_up(line.visit, work)
    return line.visit


def _add(line: Line, choice: Choice, work: Work) -> Appointment | None:
    start = choice.start if choice.take is Take.OTHER_TIME else line.planned
    if choice.take is Take.SKIP or start is None:
        return None
    who = work.visiting
    return book_appointment(
        patient=who.patient, clinician=who.clinician, visit_type=who.visit_type, site=who.site, start=start, by=work.by,
        mode=who.mode, about=who.about, network_answer=who.network_answer, at=work.at,
    )  # fmt: skip


def _move(line: Line, choice: Choice, work: Work) -> Appointment | None:
    visit = line.visit
    if visit is None or choice.take is Take.LEAVE:
        return visit
    if choice.take is Take.SKIP:
        return _give_up(visit, work)
    start = choice.start if choice.take is Take.OTHER_TIME else line.planned
    if start is None:
        return visit
    who = work.visiting
    return move_appointment(
        appointment=visit, start=start, clinician=who.clinician, site=who.site, by=work.by,
        network_answer=who.network_answer, by_practice=work.by_practice, at=work.at,
    )  # fmt: skip


def _give_up(visit: Appointment, work: Work) -> Appointment:
    return cancel_appointment(appointment=visit, reason=work.drop_reason, by=work.by, at=work.at)


def _lock(lines: Sequence[Line], choices: Mapping[int, Choice], work: Work) -> None:
    """All people at once, before anything is looked at: clinicians that are left, the one who comes, the patient; then
    all rooms and devices, also of the days that were chosen instead of the planned."""
    left = {line.visit.clinician.resource_id for line in lines if line.visit is not None}
    who = work.visiting
    chosen = [one.start for one in choices.values() if one.start is not None]
    days = [one.date() for one in (*(line.planned for line in lines), *chosen) if one is not None]
    if not days:
        lock_resources({*left, who.clinician.resource_id, as_resource(who.patient)})
        return
    lock_for_visits(
        [(who.visit_type.pk, who.site.unit_id)], clinicians=[who.clinician], people={*left, as_resource(who.patient)},
        start=min(days) - _DAY, end=max(days) + 2 * _DAY,
    )  # fmt: skip


def _set_free(lines: Sequence[Line], choices: Mapping[int, Choice]) -> None:
    """Visits that will move give their times back first, so that none stands in the way of another of its series."""
    moving: list[UUID] = [
        line.visit.pk
        for line in lines
        if line.act is Act.MOVE and line.visit is not None
        and choices.get(line.number, PLANNED).take in (Take.AS_PLANNED, Take.OTHER_TIME)
    ]  # fmt: skip
    Allocation.objects.unscoped("the visits are visible").filter(appointment_id__in=moving).delete()
