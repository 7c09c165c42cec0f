"""The flow board as the design system draws it: columns by step, cards with what the next hand needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date
from medguild.foundation.organization.models import Resource, Site
from medguild.foundation.ui.instants import instant_text
from medguild.foundation.ui.parts import Board, BoardAct, BoardCard, BoardColumn, Tone
from medguild.operations.visits.flags import CHECK_IN_OPEN, OVERBOOKED, flags_for, own_flags
from medguild.operations.visits.models import Visit
from medguild.operations.visits.ports import Flag
from medguild.operations.visits.rules import BOARD_STEPS, WAITING, VisitStatus, WaitTone, wait_tone, whole_minutes
from medguild.operations.visits.selectors import board_version, free_rooms, on_the_board, ref_of
from medguild.operations.visits.standards import wait_limit
from medguild.operations.visits.words import STATUS_ICONS, STATUS_WORDS

EVERY = "4s"
_TONES: dict[WaitTone, Tone] = {WaitTone.CALM: "neutral", WaitTone.LONG: "warn", WaitTone.TOO_LONG: "bad"}


def version_at(site_id: UUID, at: dt.datetime) -> str:
    """Moves on with every change of the site, and with every minute, because minutes are shown."""
    return f"{board_version(site_id)}.{int(at.timestamp()) // 60}"


def flow_board(actor: Actor, site: Site, *, at: dt.datetime) -> tuple[Board, list[UUID]]:
    """The board of a site, and the patients on it."""
    # Read before the rows: a change in between is then shown twice, never missed.
    version = version_at(site.unit_id, at)
    visits = on_the_board(actor, site.unit_id)
    rooms = free_rooms(actor, site, on=local_date(at, site.time_zone))
    refs = {visit.pk: ref_of(visit) for visit in visits}
    found = flags_for(actor, list(refs.values()))
    limit = wait_limit(site.unit_id)
    cards: dict[VisitStatus, list[BoardCard]] = {step: [] for step in BOARD_STEPS}
    for visit in visits:
        known = [flag for flag in own_flags(visit.patient, visit.appointment) if flag is not OVERBOOKED]
        flags = [*known, *_open_check_in(visit), *found[refs[visit.pk]]]
        cards[VisitStatus(visit.status)].append(_card(visit, flags, rooms, site, limit, at))
    columns = [
        BoardColumn(step.value, STATUS_WORDS[step], STATUS_ICONS[step], cards[step], _("Nobody here"))
        for step in BOARD_STEPS
    ]
    board = Board(
        key="flow",
        label=_("Flow board of %(site)s") % {"site": site.unit.name},
        columns=columns,
        version=version,
        refresh_url=reverse("visits:board_poll", args=[site.unit_id]),
        every=EVERY,
    )
    return board, [visit.patient_id for visit in visits]


def _open_check_in(visit: Visit) -> list[Flag]:
    return [] if visit.checked_in_at else [CHECK_IN_OPEN]


def _card(
    visit: Visit, flags: Sequence[Flag], rooms: Sequence[Resource], site: Site, limit: int, at: dt.datetime
) -> BoardCard:
    step = VisitStatus(visit.status)
    minutes = whole_minutes(visit.since, at)
    tone = wait_tone(minutes, limit) if step in WAITING else WaitTone.CALM
    facts: list[tuple[str, str]] = [(_("Clinician"), visit.clinician.label())]
    if visit.room is not None and step is not VisitStatus.READY_TO_LEAVE:
        facts.append((_("Room"), visit.room.name))
    if visit.appointment is not None:
        facts.append((_("Planned"), instant_text(visit.appointment.start, site.time_zone, "time")))
    facts.append((_("In all"), _("%(minutes)d min") % {"minutes": whole_minutes(visit.arrived_at, at)}))
    if flags:
        facts.append((_("Note"), ", ".join(str(flag.label) for flag in flags)))
    return BoardCard(
        id=str(visit.pk),
        title=visit.patient.spoken(),
        href=reverse("visits:show", args=[visit.pk]),
        detail=visit.reason,
        since=visit.since,
        tone=_TONES[tone],
        badge="" if tone is WaitTone.CALM else _("Waits %(minutes)d min") % {"minutes": minutes},
        facts=facts,
        acts=_acts(visit, step, rooms),
    )


def _acts(visit: Visit, step: VisitStatus, rooms: Sequence[Resource]) -> list[BoardAct]:
    """The next step first. Other ways are on the page of the visit."""
    if step is VisitStatus.ARRIVED:
        room = _proposed_room(visit, rooms)
        words = _("To %(room)s") % {"room": room.name} if room else _("To a room")
        return [_act(visit, VisitStatus.ROOMED, words, "bed", room=room)]
    if step is VisitStatus.ROOMED:
        return [_act(visit, VisitStatus.WITH_CLINICIAN, _("Clinician begins"), "stethoscope")]
    if step is VisitStatus.WITH_CLINICIAN:
        return [_act(visit, VisitStatus.READY_TO_LEAVE, _("Ready to leave"), "clipboard-check")]
    return [_act(visit, VisitStatus.LEFT, _("Has left"), "door-exit")]


def _act(visit: Visit, to: VisitStatus, label: str, icon: str, *, room: Resource | None = None) -> BoardAct:
    values = {"to": to.value, "seen": str(visit.revision), "back": "board"}
    if room is not None:
        values["room"] = str(room.pk)
    return BoardAct(label, reverse("visits:move", args=[visit.pk]), icon, values=values)


def _proposed_room(visit: Visit, rooms: Sequence[Resource]) -> Resource | None:
    """The room that was booked, when it is free; else the first free one."""
    booked = visit.appointment.room_id if visit.appointment is not None else None
    return next((room for room in rooms if room.pk == booked), rooms[0] if rooms else None)
