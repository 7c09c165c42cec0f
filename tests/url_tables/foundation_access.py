"""Pages of access and of the event log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction

from medguild.foundation.access.models import BrokenGlass, Grant
from medguild.foundation.access.rules import GLASS_LASTS, Role
from medguild.foundation.access.services import create_token
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.services import record, record_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from tests.factories.world import HOUSE, World
from tests.url_tables import Row

SOMEBODY = UUID(int=77)


def _nurse(world: World) -> Mapping[str, Any]:
    return {"user_id": world.user(Role.NURSE).pk}


def _grant(world: World) -> Mapping[str, Any]:
    return {"grant_id": Grant.objects.get(user=world.user(Role.NURSE)).pk}


def _token(world: World) -> Mapping[str, Any]:
    if "token" not in world.kept:
        world.kept["token"] = create_token(name="Kiosk one", role=Role.SCHEDULER, unit=world.main.entity, by=HOUSE)[0]
    return {"token_id": world.kept["token"].pk}


def _opened(world: World) -> Mapping[str, Any]:
    if "opened" not in world.kept:
        world.kept["opened"] = BrokenGlass.objects.create(
            user=world.user(Role.NURSE), patient_id=SOMEBODY, reason="Fainted at the desk", started_at=now(),
            ends_at=now() + GLASS_LASTS,
        )  # fmt: skip
    return {"opened_id": world.kept["opened"].pk}


def _event(world: World) -> Mapping[str, Any]:
    if "event" not in world.kept:
        with transaction.atomic():
            world.kept["event"] = record(
                "access.granted", subject=SubjectRef("user", None, "The one of the main entity"), by=HOUSE,
                unit_id=world.main.entity.pk,
            )  # fmt: skip
    return {"event_id": world.kept["event"]}


def _read(world: World) -> Mapping[str, Any]:
    record_reads(by=Actor.job("x"), what="test", patient_ids=[SOMEBODY], unit_id=world.main.entity.pk)
    return {"patient_id": SOMEBODY}


def _admin(**more: Any) -> Row:
    return Row(Role.ADMINISTRATOR, wrong=Role.PRACTICE_MANAGER, **more)


def _said(text: str, make: Any) -> Any:
    def shows(world: World) -> str:
        make(world)
        return text

    return shows


def _session(world: World) -> Mapping[str, Any]:
    """A session of the right role's own, on another machine."""
    if "session" not in world.kept:
        world.kept["session"] = UserSession.objects.create(
            user=world.user(Role.NURSE), ip="192.0.2.7", user_agent="Elsewhere", session_key="x" * 32
        )
    return {"number": world.kept["session"].pk}


URLS = {
    "access:session": Row(None, ok=frozenset({200, 401})),
    "access:sessions": Row(Role.NURSE, other="own"),
    "access:end_session": Row(Role.NURSE, method="post", kwargs=_session),
    "access:own": Row(Role.NURSE, other="own", shows=lambda world: world.main.entity.name),
    "access:users": _admin(other="own", shows=lambda world: world.user(Role.NURSE).email),
    "access:invite": _admin(other="own", shows=lambda world: str(world.main.entity.pk)),
    "access:user": _admin(kwargs=_nurse),
    "access:give": _admin(kwargs=_nurse),
    "access:link": _admin(kwargs=_nurse),
    "access:password_link": _admin(kwargs=_nurse, method="post"),
    "access:close": _admin(kwargs=_nurse, method="post"),
    "access:reopen": _admin(kwargs=_nurse, method="post"),
    "access:end_grant": _admin(kwargs=_grant),
    "access:rights": _admin(other="own"),
    "access:tokens": _admin(other="own", shows=_said("Kiosk one", _token)),
    "access:new_token": _admin(other="own", shows=lambda world: str(world.main.entity.pk)),
    "access:end_token": _admin(kwargs=_token, method="post"),
    # No record is known to the foundation alone: the page is not found for anybody.
    "access:break_glass": Row(
        Role.NURSE, wrong=Role.BILLER, kwargs=lambda world: {"patient_id": SOMEBODY}, ok=frozenset({200, 404})
    ),
    "access:reviews": Row(
        Role.COMPLIANCE_OFFICER, wrong=Role.NURSE, other="own", shows=_said("Fainted at the desk", _opened)
    ),
    "access:review": Row(Role.COMPLIANCE_OFFICER, wrong=Role.NURSE, kwargs=_opened),
    "access:audit": Row(
        Role.COMPLIANCE_OFFICER, wrong=Role.NURSE, other="own", shows=_said("The one of the main entity", _event)
    ),
    "access:prove": Row(Role.COMPLIANCE_OFFICER, wrong=Role.NURSE, other="own", method="post"),
    "access:event": Row(Role.COMPLIANCE_OFFICER, wrong=Role.NURSE, kwargs=_event),
    "access:readers": Row(Role.COMPLIANCE_OFFICER, wrong=Role.NURSE, kwargs=_read),
}
