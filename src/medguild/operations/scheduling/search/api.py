"""Search for free times over the API: by specialty, language, network, time of day; proposals say their reasons."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from medguild.foundation.access.api import TokenAuth, actor_of, answer, problem, show
from medguild.foundation.kernel.errors import Refusal
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.api_schemas import ProblemOut
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import Mode, Origin
from medguild.operations.scheduling.search.noting import Searched, tell_searched
from medguild.operations.scheduling.search.rules import Suggestion, TimeOfDay
from medguild.operations.scheduling.search.searching import Found, Wanted, search_times
from medguild.operations.scheduling.slot_rules import Opening, iso_starts
from medguild.patients.identity.selectors import patient as visible_patient

router = Router(tags=["scheduling"])
LONGEST_WINDOW = 62  # days of one search
Weekday = Annotated[int, Field(ge=0, le=6)]


class SearchQuery(Schema):
    """Days are local days of the sites; `end` is not included. What is left out narrows nothing.

    With `patient`, times are judged for them: who may see them where, whether their plan has a contract, whom they
    know; `suggestions` are made for a patient alone. `weekday` counts from Monday 0. `first_only` gives the first time
    of each clinician at each site.
    """

    visit_type: UUID
    start: dt.date
    end: dt.date
    patient: UUID | None = None
    site: list[UUID] = Field(default_factory=list)
    clinician: list[UUID] = Field(default_factory=list)
    specialty: str = Field(default="", max_length=100)
    language: str = Field(default="", max_length=20)
    sex: str = Field(default="", max_length=20)
    mode: Mode | None = None
    patient_state: str = Field(default="", pattern="^([A-Z]{2})?$")
    time_of_day: TimeOfDay = TimeOfDay.ANY
    weekday: list[Weekday] = Field(default_factory=list)
    in_network: bool = False
    first_only: bool = False


class FoundOut(Schema):
    """Free starts of one session on one day. `network` is `not_checked` unless asked for a patient with a plan."""

    clinician: UUID
    site: UUID
    date: dt.date
    minutes: int
    starts: list[dt.datetime]
    network: str


class SuggestionOut(Schema):
    """One time that is worth naming first, and why: codes such as `earliest`, `own_clinician`, `in_network`."""

    clinician: UUID
    site: UUID
    start: dt.datetime
    minutes: int
    reasons: list[str]
    network: str


class SearchOut(Schema):
    count: int
    openings: list[FoundOut]
    suggestions: list[SuggestionOut]


@router.get("/slots/search", auth=TokenAuth(SchedulingRight.READ), response={200: SearchOut, 422: ProblemOut})
def search(request: HttpRequest, query: Query[SearchQuery]) -> HttpResponse:
    """Free times that fit and are allowed, at most 62 days of them, and the best with their reasons."""
    if not query.start < query.end <= query.start + dt.timedelta(days=LONGEST_WINDOW):
        detail = f"The end lies after the start, at most {LONGEST_WINDOW} days."
        return problem(Refusal(detail, code="window_wrong", field="end"))
    actor = actor_of(request)
    wanted = Wanted(
        visit_type=selectors.visit_type(actor, query.visit_type), start=query.start, end=query.end,
        patient=visible_patient(actor, query.patient) if query.patient else None,
        clinicians=query.clinician or None, units=query.site or None, specialty=query.specialty,
        language=query.language, sex=query.sex, mode=query.mode or "", patient_state=query.patient_state,
        times=query.time_of_day, weekdays=query.weekday, in_network=query.in_network, first_only=query.first_only,
    )  # fmt: skip
    found = search_times(actor=actor, wanted=wanted)
    count = sum(len(opening.starts) for opening in found.openings)
    tell_searched(
        Searched(
            actor, query.visit_type, query.start, query.end, count, Origin.API,
            unit_id=_only(query.site), clinician_id=_only(query.clinician), patient_id=query.patient,
        )
    )  # fmt: skip
    body = {
        "count": count,
        "openings": [_opening(one, found) for one in found.openings],
        "suggestions": [_suggestion(one, found) for one in found.suggestions],
    }
    return show(request, body, patients=[query.patient]) if query.patient else answer(body)


def _only(ids: list[UUID]) -> UUID | None:
    return ids[0] if len(ids) == 1 else None


def _opening(opening: Opening, found: Found) -> dict[str, object]:
    session = opening.session
    return {
        "clinician": session.clinician_id,
        "site": session.unit_id,
        "date": opening.day,
        "minutes": session.minutes,
        "starts": iso_starts(opening),
        "network": found.standing(opening) or "not_checked",
    }


def _suggestion(suggestion: Suggestion, found: Found) -> dict[str, object]:
    session = suggestion.opening.session
    one = Opening(session, suggestion.opening.day, [suggestion.start])
    return {
        "clinician": session.clinician_id,
        "site": session.unit_id,
        "start": iso_starts(one)[0],
        "minutes": session.minutes,
        "reasons": list(suggestion.reasons),
        "network": found.standing(suggestion.opening) or "not_checked",
    }
