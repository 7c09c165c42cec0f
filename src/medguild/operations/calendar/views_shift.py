"""A visit on the calendar: its panel, and moving it by hand or by dragging."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.kernel.errors import NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.models import Resource
from medguild.foundation.organization.people import Clinician
from medguild.foundation.organization.rules import ResourceKind
from medguild.foundation.organization.selectors import resources_at
from medguild.foundation.ui.forms import apply_refusal
from medguild.foundation.ui.toasts import toast
from medguild.operations.calendar.forms import PLACE, ShiftForm
from medguild.operations.calendar.shifting import Target, alternatives, mark, shift_visit, usual_target
from medguild.operations.scheduling import selectors
from medguild.operations.scheduling.checks import covers
from medguild.operations.scheduling.errors import (
    ChangedMeanwhile,
    NetworkAnswerNeeded,
    OutsideHours,
    OutsideTemplate,
    OverbookRefused,
    SlotTaken,
    TimeHeld,
)
from medguild.operations.scheduling.models import Appointment
from medguild.operations.scheduling.network.page import network_form, told_of_time
from medguild.operations.scheduling.network.rules import Said
from medguild.operations.scheduling.permissions import SchedulingRight
from medguild.operations.scheduling.rules import AppointmentStatus, may_move
from medguild.operations.scheduling.showing import actor_of, zone_of
from medguild.operations.scheduling.words import MODE_WORDS, STATUS_TONES, STATUS_WORDS

_UNDO = "calendar_undo"
# A reason takes these times all the same.
_OVERBOOKABLE = (SlotTaken, OutsideTemplate, OutsideHours, TimeHeld, OverbookRefused)


@guarded(SchedulingRight.READ, reads=NOTED)
@require_GET
def panel(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """A visit in a dialog of the calendar, with what may be done to it."""
    visit = selectors.appointment(actor_of(request), appointment_id)
    note_reads(request, [visit.patient_id])
    may_book = covers(actor_of(request), SchedulingRight.BOOK, visit.unit_id)
    context = {
        "visit": visit,
        "zone": visit.unit.site.time_zone,
        "status_words": STATUS_WORDS[AppointmentStatus(visit.status)],
        "status_tone": STATUS_TONES[AppointmentStatus(visit.status)],
        "mode": dict(MODE_WORDS)[visit.mode],  # type: ignore[index]
        "may_move": may_book and visit.status == AppointmentStatus.BOOKED,
        "may_cancel": may_book and may_move(visit.status, AppointmentStatus.CANCELLED),
    }
    return render(request, "calendar/_panel.html", context)


@guarded(SchedulingRight.BOOK, reads=NOTED)
def shift(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Asks before a move, and makes it.

    GET shows the form (`?day=&time=&minutes=&clinician=&room=` where it was dragged to; without them it is filled in by
    hand). POST answers JSON when the visit has moved, and 409 or 422 with the form and the reason when it has not.
    """
    visit = selectors.appointment(actor_of(request), appointment_id)
    note_reads(request, [visit.patient_id])
    dragged = "dragged" in request.GET
    form = _form(request, visit, by_hand=not dragged)
    if request.method != "POST":
        return _ask(request, visit, form)
    if not form.is_valid():
        return _ask(request, visit, form, status=422)
    target = form.target(visit.unit.site.time_zone)
    told = told_of_time(visit.visit_type, target.clinician, visit.unit.site, target.start, visit.patient)
    network = network_form(request, told, declines=False)
    answered = network is not None and network.is_bound
    if answered and network is not None and not network.is_valid():
        return _ask(request, visit, form, status=422, told=told, network=network)
    said = network.said(told.words) if answered and network is not None else None
    longer = _only_longer(visit, target)
    try:
        moved = _move(request, visit, form, target, said, longer=longer)
    except NotVisible:
        raise
    except NetworkAnswerNeeded:
        return _ask(request, visit, form, status=409, told=told, network=network)
    except Refusal as refusal:
        return _refused(request, visit, form, target, refusal)
    there = {"seen": mark(moved), "clinician": str(moved.clinician_id), "room": str(moved.room_id or "")}
    answer = {
        "text": _moved_words(moved, longer=longer),
        "undo": reverse("calendar:back", args=[moved.pk]),
        "visit": there,
    }
    return JsonResponse(answer)


def _form(request: HttpRequest, visit: Appointment, *, by_hand: bool) -> ShiftForm:
    now = usual_target(visit)
    wall = now.start.astimezone(zone_of(visit.unit.site))
    initial = {
        "seen": mark(visit), "day": wall.date(), "time": wall.time(), "minutes": now.minutes,
        "clinician": str(now.clinician.pk), "room": str(now.room.pk) if now.room else "",
        **{name: value for name, value in request.GET.items() if name in ("seen", *PLACE)},
    }  # fmt: skip
    return ShiftForm(
        request.POST or None, initial=initial, clinicians=_clinicians(actor_of(request), visit),
        rooms=_rooms(actor_of(request), visit), by_hand=by_hand,
    )  # fmt: skip


def _clinicians(actor: Actor, visit: Appointment) -> list[Clinician]:
    """Those with sessions at the site, and the one whom the visit is with."""
    found = list(selectors.clinicians_with_sessions(actor, on=_local_day(visit), unit_id=visit.unit_id))
    return found if visit.clinician_id in {one.pk for one in found} else [*found, visit.clinician]


def _rooms(actor: Actor, visit: Appointment) -> list[Resource]:
    return list(resources_at(actor, visit.unit_id, on=_local_day(visit)).filter(kind=ResourceKind.ROOM))


def _local_day(visit: Appointment) -> dt.date:
    return local_date(visit.start, visit.unit.site.time_zone)


def _move(
    request: HttpRequest, visit: Appointment, form: ShiftForm, target: Target, said: Said | None, *, longer: bool
) -> Appointment:
    data, before = form.cleaned_data, usual_target(visit)
    old_reason = visit.overbook_reason
    moved = shift_visit(
        appointment=visit, seen=data["seen"], to=target, by=actor_of(request),
        by_practice=data["who"] == "practice", tell_patient=data["tell"] and not longer,
        overbook_reason=data["overbook_reason"], outside_hours=data["outside_hours"], network_answer=said,
    )  # fmt: skip
    # The way back, for the one who moved it; kept with the session because a reason has no place in an address.
    request.session[_UNDO] = {
        "id": str(moved.pk), "seen": mark(moved), "start": before.start.isoformat(), "minutes": before.minutes,
        "clinician": str(before.clinician.pk), "room": str(before.room.pk) if before.room else "",
        "practice": data["who"] == "practice", "tell": data["tell"] and not longer, "overbook_reason": old_reason,
    }  # fmt: skip
    return moved


def _ask(request: HttpRequest, visit: Appointment, form: ShiftForm, *, status: int = 200, **more: Any) -> HttpResponse:
    wished, by_hand = _wished(visit, form), not form["time"].is_hidden
    may_overbook = covers(actor_of(request), SchedulingRight.OVERBOOK, visit.unit_id)
    context = {
        "visit": visit, "form": form, "zone": visit.unit.site.time_zone, "wished": wished,
        "only_length": not by_hand and _only_longer(visit, wished),
        "now": usual_target(visit), "by_hand": by_hand, "may_overbook": may_overbook,
        "overbooking": False, "gone": False, **more,
    }  # fmt: skip
    return render(request, "calendar/_shift.html", context, status=status)


def _only_longer(visit: Appointment, to: Target | None) -> bool:
    """Whether a visit only gets another length."""
    now = usual_target(visit)
    return to is not None and to != now and replace(to, minutes=now.minutes) == now


def _wished(visit: Appointment, form: ShiftForm) -> Target | None:
    """Where the visit would go, for the page; None while that is not to be understood."""
    values = {name: form[name].value() for name in form.fields} | {"who": "patient", "overbook_reason": ""}
    read = ShiftForm(values, clinicians=form.clinicians, rooms=form.rooms, by_hand=True)
    return read.target(visit.unit.site.time_zone) if read.is_valid() else None


def _refused(
    request: HttpRequest, visit: Appointment, form: ShiftForm, target: Target, refusal: Refusal
) -> HttpResponse:
    """The form again with the reason, free times near by, and the question for a reason where overbooking helps."""
    gone = isinstance(refusal, ChangedMeanwhile)
    day = local_date(target.start, visit.unit.site.time_zone)
    others = [] if gone or _only_longer(visit, target) else alternatives(actor_of(request), visit, target, day)
    if isinstance(refusal, OutsideHours):
        apply_refusal(form, refusal)
    return _ask(
        request, visit, form, status=403 if isinstance(refusal, NotAllowed) else 409, gone=gone, others=others,
        refusal="" if form.errors else refusal.message, overbooking=isinstance(refusal, _OVERBOOKABLE),
    )  # fmt: skip


def _moved_words(moved: Appointment, *, longer: bool) -> str:
    if longer:
        minutes = usual_target(moved).minutes
        return _("Changed: the visit takes %(minutes)d minutes now.") % {"minutes": minutes}
    if moved.overbooked:
        return _("Moved and overbooked. The old time is free again.")
    return _("Moved. The old time is free again.")


@guarded(SchedulingRight.BOOK)
@require_POST
def back(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Undo the last move: the visit goes back to where it was, if that time is still free."""
    actor = actor_of(request)
    visit = selectors.appointment(actor, appointment_id)
    kept = request.session.get(_UNDO, {})
    if kept.get("id") != str(visit.pk):
        toast(request, _("There is nothing to undo any more. Move the visit again."), "bad")
        return redirect(_calendar(visit))
    try:
        returned = shift_visit(
            appointment=visit, seen=kept["seen"], to=_back_to(actor, visit, kept), by=actor,
            by_practice=kept["practice"], tell_patient=kept["tell"], overbook_reason=kept["overbook_reason"],
            outside_hours=True,  # it has stood there
        )  # fmt: skip
    except NotVisible:
        raise
    except Refusal as refusal:
        toast(request, refusal.message, "bad")
        return redirect(_calendar(visit))
    request.session.pop(_UNDO)
    toast(request, _("Moved back."))
    return redirect(_calendar(returned))


def _back_to(actor: Actor, visit: Appointment, kept: dict[str, Any]) -> Target:
    clinician = Clinician.objects.select_related("person").get(pk=kept["clinician"])
    room = next((one for one in _rooms(actor, visit) if str(one.pk) == kept["room"]), None)
    return Target(dt.datetime.fromisoformat(kept["start"]), kept["minutes"], clinician, room)


def _calendar(visit: Appointment) -> str:
    return f"{reverse('calendar:page', args=[visit.unit_id])}?day={_local_day(visit)}"
