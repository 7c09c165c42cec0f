"""Tells attendance which visits were confirmed and for which a reminder was sent, and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Min

from medguild.experience.outreach.models import Notice, Reply
from medguild.experience.outreach.rules import NoticeKind, NoticeStatus, Said
from medguild.operations.attendance.ports import Engagement, engagement_sources

_WHY = "moments of visits whose probability the caller may see"
_AT_ONCE = 10_000


def engagement(appointment_ids: Collection[UUID]) -> dict[UUID, Engagement]:
    """Per visit the first yes and the first reminder that was sent; visits with neither are left out."""
    found: dict[UUID, Engagement] = {}
    for some in _chunks(appointment_ids):
        replies = Reply.objects.unscoped(_WHY).filter(appointment_id__in=some, said=Said.YES).order_by()
        confirmed = dict(replies.values_list("appointment_id").annotate(first=Min("at")))
        notices = Notice.objects.unscoped(_WHY).filter(
            appointment_id__in=some, kind=NoticeKind.REMINDER, status=NoticeStatus.SENT
        )
        reminded = dict(notices.order_by().values_list("appointment_id").annotate(first=Min("sent_at")))
        for key in confirmed.keys() | reminded.keys():
            if key is not None:
                found[key] = Engagement(confirmed.get(key), reminded.get(key))
    return found


def _chunks(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    everybody = list(ids)
    for begin in range(0, len(everybody), _AT_ONCE):
        yield everybody[begin : begin + _AT_ONCE]


engagement_sources.register("outreach", engagement)
