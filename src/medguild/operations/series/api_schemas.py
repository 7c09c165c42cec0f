"""What the API of series takes and answers."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from medguild.operations.scheduling.api_schemas import NetworkAnswerIn, PageQuery
from medguild.operations.scheduling.rules import CancelReason, Mode, ReasonCategory
from medguild.operations.series.lines import Take
from medguild.operations.series.rules import MOST, Every

Weekday = Annotated[int, Field(ge=0, le=6)]
Day = Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2199, 12, 31))]
Step = Annotated[int, Field(ge=1, le=52)]
Times = Annotated[int, Field(ge=1, le=MOST)]
Number = Annotated[int, Field(ge=1, le=32_000)]


class RuleIn(Schema):
    """Every `step` days, weeks (on `weekdays`, Monday is 0) or months (on the weekday of the first day's place in its
    month), at `time` on the clocks of the site; for so many `times` or `until` a day, one of the two."""

    every: Every
    first: Day
    time: dt.time
    step: Step = 1
    weekdays: list[Weekday] = Field(default_factory=list)
    times: Times | None = None
    until: Day | None = None


class RuleChangeIn(Schema):
    """What is to be other than it is. `first` is the new day of the visit from which the change counts."""

    every: Every | None = None
    first: Day | None = None
    time: dt.time | None = None
    step: Step | None = None
    weekdays: list[Weekday] | None = None
    times: Times | None = None
    until: Day | None = None


class ChoiceIn(Schema):
    """What to do about one number, where it is not `as_planned`; `start` belongs to `other_time`."""

    number: Number
    take: Take
    start: dt.datetime | None = None


class SeriesIn(Schema):
    """A visit that comes again. Without `choices` all are booked as planned, or none."""

    patient: UUID
    clinician: UUID
    visit_type: UUID
    site: UUID
    rule: RuleIn
    mode: Mode | None = None
    reason: str = Field(default="", max_length=2000)
    reason_category: ReasonCategory = ReasonCategory.OTHER
    network_answer: NetworkAnswerIn | None = None
    choices: list[ChoiceIn] = Field(default_factory=list, max_length=MOST)


class Which(enum.StrEnum):
    """Which visits an edit is about."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class EditIn(Schema):
    """`this` moves the visit `number` by itself to `start`; `following` and `all` (that are to come) take the `rule`.

    Visits that were moved or given up by themselves keep what they are. `drop_reason` is why visits beyond a new end
    are given up; `by_practice` says that the patient did not ask for it.
    """

    which: Which
    number: Number | None = None
    start: dt.datetime | None = None
    rule: RuleChangeIn = Field(default_factory=RuleChangeIn)
    clinician: UUID | None = None
    site: UUID | None = None
    choices: list[ChoiceIn] = Field(default_factory=list, max_length=MOST)
    drop_reason: CancelReason = CancelReason.PATIENT_REQUEST
    by_practice: bool = False
    network_answer: NetworkAnswerIn | None = None


class EndIn(Schema):
    """Nothing more comes from `number` on (from the first to come, unless given)."""

    reason: CancelReason
    number: Number | None = None
    also_moved: bool = True


class LineOut(Schema):
    """One visit of a plan: where it would be, and what booking says. `others` are the nearest free times."""

    number: int
    act: str
    planned: dt.datetime | None
    appointment: UUID | None
    possible: bool
    code: str
    detail: str
    others: list[dt.datetime]


class PlanOut(Schema):
    possible: int
    lines: list[LineOut]


class VisitOut(Schema):
    """A numbered visit; `standing` is regular, moved (by itself), gone or over. Without appointment it was skipped."""

    number: int
    standing: str
    planned: dt.datetime
    start: dt.datetime | None
    clinician: UUID
    site: UUID
    appointment: UUID | None


class SeriesRowOut(Schema):
    id: UUID
    patient: UUID
    visit_type: UUID
    site: UUID
    mode: str
    made_at: dt.datetime
    ended_at: dt.datetime | None


class SeriesOut(SeriesRowOut):
    visits: list[VisitOut]


class SeriesListOut(Schema):
    count: int
    series: list[SeriesRowOut]


class SeriesQuery(PageQuery):
    """Series by patient or site; those that have ended too with `ended`."""

    patient: UUID | None = None
    site: UUID | None = None
    ended: bool = False
