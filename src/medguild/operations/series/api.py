"""Series over the API: what they would be, booked, edited (this visit, the following, all), ended."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from medguild.foundation.access.api import TokenAuth, actor_of, idempotent, show
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.operations.scheduling import selectors as schedule
from medguild.operations.scheduling.api_changes import named_clinician, offset_missing
from medguild.operations.scheduling.api_schemas import ProblemOut, said
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import Mode
from medguild.operations.scheduling.services import About, move_appointment
from medguild.operations.series import api_reading as reading
from medguild.operations.series import selectors, services
from medguild.operations.series.api_schemas import (
    EditIn,
    EndIn,
    PlanOut,
    SeriesIn,
    SeriesListOut,
    SeriesOut,
    SeriesQuery,
    Which,
)
from medguild.operations.series.lines import Line, Visiting, Work
from medguild.operations.series.models import Series
from medguild.operations.series.planning import propose
from medguild.operations.series.services import Edit, NewSeries
from medguild.patients.identity.selectors import patient as visible_patient

router = Router(tags=["series"])
_READ, _BOOK = TokenAuth(SchedulingRight.READ), TokenAuth(SchedulingRight.BOOK)
_REFUSALS = {404: ProblemOut, 409: ProblemOut, 422: ProblemOut}


@router.get("/series", auth=_READ, response={200: SeriesListOut})
def series_list(request: HttpRequest, query: Query[SeriesQuery]) -> HttpResponse:
    """Series, the newest first."""
    rows = selectors.series_visible(actor_of(request))
    if query.patient:
        rows = rows.filter(patient_id=query.patient)
    if query.site:
        rows = rows.filter(unit_id=query.site)
    if not query.ended:
        rows = rows.filter(ended_at__isnull=True)
    found = list(rows.order_by("-made_at", "-pk")[query.offset : query.offset + query.limit])
    body = {"count": rows.count(), "series": [reading.row_shown(one) for one in found]}
    return show(request, body, patients=[one.patient_id for one in found])


@router.post("/series/preview", auth=_BOOK, response={200: PlanOut, **_REFUSALS})
def preview(request: HttpRequest, body: SeriesIn) -> HttpResponse:
    """What a series would be: for each visit whether it can be booked, else why not and the nearest free times.

    Nothing is changed; no `Idempotency-Key` is needed.
    """
    pattern, visiting = reading.pattern_sent(body.rule), _visiting(actor_of(request), body)
    return _plan(request, services.lines_of_new(pattern, visiting.site), visiting)


@router.post("/series", auth=_BOOK, response={201: SeriesOut, **_REFUSALS})
def make(request: HttpRequest, body: SeriesIn) -> HttpResponse:
    """Book all visits of a series as chosen, or none. Needs an `Idempotency-Key`.

    One that cannot be booked refuses all with `not_all_bookable`, its `number` and what was in the way (`because`).
    """
    pattern, choices = reading.pattern_sent(body.rule), reading.choices_sent(body.choices)

    def run() -> HttpResponse:
        actor = actor_of(request)
        new = NewSeries(_visiting(actor, body), pattern, new_id())
        response = _shown(request, services.make_series(new=new, choices=choices, by=actor).pk)
        response.status_code = 201
        return response

    return idempotent(request, body.dict(), reading.telling_which(run))


@router.get("/series/{series_id}", auth=_READ, response={200: SeriesOut, 404: ProblemOut})
def one_series(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """A series with its visits as they stand."""
    return _shown(request, series_id)


@router.post("/series/{series_id}/preview", auth=_BOOK, response={200: PlanOut, **_REFUSALS})
def preview_edit(request: HttpRequest, series_id: UUID, body: EditIn) -> HttpResponse:
    """What an edit of the following visits, or of all to come, would do. Nothing is changed."""
    if body.which is Which.THIS:
        raise Refusal("One visit is moved without a plan; send the edit.", code="no_plan_for_one", field="which")
    wanted = _edit(actor_of(request), series_id, body)
    return _plan(request, services.lines_of_edit(wanted), wanted.visiting)


@router.post("/series/{series_id}/edit", auth=_BOOK, response={200: SeriesOut, **_REFUSALS})
def edit(request: HttpRequest, series_id: UUID, body: EditIn) -> HttpResponse:
    """Move one visit by itself, or give the following visits, or all to come, another rule. All of it or nothing.

    Needs an `Idempotency-Key`.
    """
    if body.start is not None and (refused := offset_missing(body.start, "start")):
        return refused
    choices = reading.choices_sent(body.choices)
    if body.rule.time is not None:
        reading.minute_sent(body.rule.time)

    def run() -> HttpResponse:
        actor = actor_of(request)
        if body.which is Which.THIS:
            _move_one(actor, series_id, body)
        else:
            services.edit_series(
                edit=_edit(actor, series_id, body), choices=choices, by=actor, drop_reason=body.drop_reason,
                by_practice=body.by_practice,
            )  # fmt: skip
        return _shown(request, series_id)

    return idempotent(request, body.dict(), reading.telling_which(run))


@router.post("/series/{series_id}/end", auth=_BOOK, response={200: SeriesOut, **_REFUSALS})
def end(request: HttpRequest, series_id: UUID, body: EndIn) -> HttpResponse:
    """Give up a visit and all that follow. Needs an `Idempotency-Key`."""

    def run() -> HttpResponse:
        actor = actor_of(request)
        series = selectors.one_series(actor, series_id, SchedulingRight.BOOK)
        since = reading.visit_asked(series, body.number).number
        services.end_series(series=series, since=since, reason=body.reason, by=actor, also_moved=body.also_moved)
        return _shown(request, series_id)

    return idempotent(request, body.dict(), run)


def _visiting(actor: Actor, body: SeriesIn) -> Visiting:
    return Visiting(
        visible_patient(actor, body.patient), named_clinician(body.clinician),
        schedule.visit_type(actor, body.visit_type), schedule.site(actor, body.site, SchedulingRight.BOOK), body.mode,
        About(body.reason_category, body.reason), said(body.network_answer),
    )  # fmt: skip


def _edit(actor: Actor, series_id: UUID, body: EditIn) -> Edit:
    """Raises NotVisible, Refusal for a rule that cannot be."""
    if body.which is Which.FOLLOWING and body.number is None:
        raise _number_needed()
    series = selectors.one_series(actor, series_id, SchedulingRight.BOOK)
    first = reading.visit_asked(series, body.number if body.which is Which.FOLLOWING else None)
    rule = selectors.rule_of(series, first.number)
    visiting = Visiting(
        series.patient, named_clinician(body.clinician or rule.clinician_id), series.visit_type,
        schedule.site(actor, body.site or rule.unit_id, SchedulingRight.BOOK), Mode(series.mode),
        About(series.reason_category, series.reason), said(body.network_answer),  # type: ignore[arg-type]
    )  # fmt: skip
    pattern = reading.pattern_changed(first, reading.left_from(first), body.rule)
    return Edit(series, first.number, pattern, visiting)


def _move_one(actor: Actor, series_id: UUID, body: EditIn) -> None:
    """Raises what a move raises; NotVisible for a number that has no visit."""
    if body.number is None:
        raise _number_needed()
    series = selectors.one_series(actor, series_id, SchedulingRight.BOOK)
    visit = reading.visit_asked(series, body.number).appointment
    if visit is None or body.start is None:
        raise Refusal("Send the start for a visit that is booked.", code="start_needed", field="start")
    move_appointment(
        appointment=schedule.appointment(actor, visit.pk), start=body.start, by=actor, by_practice=body.by_practice,
        clinician=named_clinician(body.clinician) if body.clinician else None,
        site=schedule.site(actor, body.site, SchedulingRight.BOOK) if body.site else None,
        network_answer=said(body.network_answer),
    )  # fmt: skip


def _number_needed() -> Refusal:
    return Refusal("Say from which number on; the visits of the series tell it.", code="number_needed", field="number")


def _plan(request: HttpRequest, lines: Sequence[Line], visiting: Visiting) -> HttpResponse:
    proposals = propose(lines, Work(visiting, actor_of(request), now()))
    plan = reading.plan_shown(proposals, visiting.site.time_zone)
    return show(request, plan, patients=[visiting.patient.pk])


def _shown(request: HttpRequest, series_id: UUID) -> HttpResponse:
    series: Series = selectors.one_series(actor_of(request), series_id)
    return show(request, reading.series_shown(series), patients=[series.patient_id])
