"""Every constraint of messages, answers and wishes on contact, violated once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from medguild.experience.outreach.models import Notice, Reply
from medguild.foundation.kernel.clock import now
from medguild.patients.preferences.models import ContactPreference
from tests.factories.scheduling import schedule
from tests.factories.world import World


def notices(*rows: dict[str, Any]) -> Callable[[World], Any]:
    def make(world: World) -> None:
        plan = schedule(world)
        for number, row in enumerate(rows):
            values = {
                "patient": plan.patient, "unit": plan.site.unit, "kind": "reminder", "source": str(number),
                "channel": "text", "address": "+15035550142", "status": "sent", "sent_at": now(),
            }  # fmt: skip
            Notice.objects.create(**values | row)

    return make


def reply(world: World) -> None:
    Reply.objects.create(appointment=schedule(world).book(9), said="stop", at=now())


def preference(**given: Any) -> Callable[[World], Any]:
    return lambda world: ContactPreference.objects.create(patient=schedule(world).patient, **given)


@pytest.mark.parametrize(
    ("name", "violate"),
    [
        ("notice_once_per_source", notices({"source": "x"}, {"source": "x"})),
        ("notice_kind_known", notices({"kind": "advert"})),
        ("notice_status_known", notices({"status": "lost"})),
        ("notice_reason_known", notices({"reason": "mood"})),
        ("notice_channel_known", notices({"channel": "pigeon"})),
        ("notice_sent_somewhere", notices({"address": ""})),
        ("reply_said_known", reply),
        ("contact_channels_known", preference(channels=["pigeon"])),
        ("contact_quiet_hours_whole", preference(quiet_from=60)),
    ],
)
@pytest.mark.django_db
def test_refused_by_the_database(world: World, name: str, violate: Callable[[World], Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        violate(world)
