"""Who may open the pages of work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Delivery
from medguild.foundation.events.rules import DeliveryStatus
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.work.acts import take
from medguild.foundation.work.duties import assign_duty
from medguild.foundation.work.handovers import hand_over
from medguild.foundation.work.models import Duty, Handoff, WorkItem
from medguild.foundation.work.presets import REFILL
from medguild.foundation.work.services import open_item
from tests.factories.world import HOUSE, START, World
from tests.url_tables import Row


def _duty(world: World) -> Duty:
    if "refill_duty" not in world.kept:
        world.kept["refill_duty"] = assign_duty(
            work_type=REFILL, unit=world.main.entity, role=Role.NURSE, cover_hours="Harbor hours 8 to 5", start=START,
            by=HOUSE,
        )  # fmt: skip
    return world.kept["refill_duty"]  # type: ignore[no-any-return]


def _item(world: World) -> WorkItem:
    _duty(world)
    if "refill" not in world.kept:
        world.kept["refill"] = open_item(
            work_type=REFILL, unit_id=world.main.site.unit_id, summary="Refill asked at the window", by=HOUSE
        )
    return world.kept["refill"]  # type: ignore[no-any-return]


def _handoff(world: World) -> Handoff:
    _duty(world)
    if "handoff" not in world.kept:
        nurse = world.actor(Role.NURSE)
        taken = open_item(work_type=REFILL, unit_id=world.main.site.unit_id, by=HOUSE)
        take(item_id=taken.pk, by=nurse)
        world.kept["handoff"] = hand_over(
            item_id=taken.pk, content="Ask about the dose again", by=nurse, to_user=world.user(Role.FRONT_DESK)
        )
    return world.kept["handoff"]  # type: ignore[no-any-return]


def _made(make: Callable[[World], object]) -> Callable[[World], dict[str, Any]]:
    """No arguments, but the record is there before the page is asked for."""

    def kwargs(world: World) -> dict[str, Any]:
        make(world)
        return {}

    return kwargs


def _of_item(world: World) -> dict[str, Any]:
    return {"item_id": _item(world).pk}


def _delivery(world: World) -> dict[str, Any]:
    """A step that gave up."""
    failed = Delivery.objects.create(
        event_id=new_id(), subscriber="url.table", subject_key="x:1", sequence=1, status=DeliveryStatus.FAILED,
        attempts=5, next_try_at=now(),
    )  # fmt: skip
    return {"delivery_id": failed.pk}


URLS = {
    "work:deliveries": Row(Role.ADMINISTRATOR, wrong=Role.FRONT_DESK, unit=lambda world: world.enterprise),
    "work:steps_set_aside": Row(Role.ADMINISTRATOR, wrong=Role.FRONT_DESK, unit=lambda world: world.enterprise),
    "work:give_up_step": Row(
        Role.ADMINISTRATOR, wrong=Role.FRONT_DESK, kwargs=_delivery, unit=lambda world: world.enterprise, method="post"
    ),
    "work:delivery": Row(
        Role.ADMINISTRATOR, wrong=Role.FRONT_DESK, kwargs=_delivery, unit=lambda world: world.enterprise
    ),
    "work:mine": Row(Role.NURSE, other="own", kwargs=_made(_item)),
    "work:team": Row(Role.NURSE, other="own", kwargs=_made(_item), shows=lambda world: str(_item(world).pk)),
    "work:all": Row(Role.NURSE, other="own", kwargs=_made(_item), shows=lambda world: str(_item(world).pk)),
    "work:new": Row(Role.NURSE, wrong=Role.AUDITOR, other="own", shows=lambda world: world.main.practice.name),
    "work:item": Row(Role.NURSE, kwargs=_of_item, shows=lambda world: _item(world).summary),
    "work:act": Row(
        Role.NURSE,
        wrong=Role.AUDITOR,
        method="post",
        kwargs=lambda world: {"item_id": _item(world).pk, "name": "take"},
    ),
    "work:hand_over": Row(Role.NURSE, wrong=Role.AUDITOR, method="post", kwargs=_of_item),
    "work:handoffs": Row(
        Role.FRONT_DESK,
        other="own",
        kwargs=_made(_handoff),
        shows=lambda world: _handoff(world).content,
    ),
    "work:answer": Row(
        Role.FRONT_DESK,
        wrong=Role.AUDITOR,
        method="post",
        kwargs=lambda world: {"handoff_id": _handoff(world).pk},
        data=lambda world: {"act": "accept"},
    ),
    "work:owners": Row(
        Role.FRONT_DESK,
        other="own",
        kwargs=_made(_duty),
        shows=lambda world: _duty(world).cover_hours,
    ),
    "work:duty": Row(
        Role.PRACTICE_MANAGER,
        wrong=Role.FRONT_DESK,
        kwargs=lambda world: {"work_type": REFILL, "unit_id": world.main.entity.pk},
    ),
    "work:end_duty": Row(
        Role.PRACTICE_MANAGER,
        wrong=Role.FRONT_DESK,
        method="post",
        kwargs=lambda world: {"duty_id": _duty(world).pk},
    ),
    "work:presets": Row(
        Role.PRACTICE_MANAGER,
        wrong=Role.FRONT_DESK,
        method="post",
        data=lambda world: {"unit": str(world.main.practice.pk)},
    ),
}
