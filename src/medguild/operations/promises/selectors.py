"""Questions about promises: what is open, whose it is, how well they are kept, by channel and kind."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.work.models import WorkItem
from medguild.foundation.work.ports import work_types
from medguild.foundation.work.rules import LIVE, ItemStatus
from medguild.foundation.work.selectors import items_visible
from medguild.foundation.work.words import owner_of
from medguild.operations.promises.models import Inquiry
from medguild.operations.promises.permissions import PromisesRight
from medguild.operations.promises.recording import ANSWER_TYPES, PROMISE_TYPES
from medguild.operations.promises.rules import Kept

# What else is promised to those who reach out: call-backs and complaints have rooms of their own.
_ELSEWHERE = ("call_back", "complaint")
LOOKED_BACK = dt.timedelta(days=90)
MOST_COUNTED = 5_000


def promise_types() -> list[str]:
    return list(PROMISE_TYPES.values())


def response_types() -> list[str]:
    """Kinds of work that are an answer to somebody: by channel, call-backs, complaints where that room stands."""
    return [*ANSWER_TYPES.values(), *(key for key in _ELSEWHERE if work_types.find(key) is not None)]


def promises(actor: Actor) -> QuerySet[WorkItem]:
    """What was promised to patients, by hand, at the actor's units; the soonest due first."""
    return items_visible(actor).filter(work_type__in=promise_types())


def promises_of(actor: Actor, patient_ids: Iterable[UUID]) -> list[WorkItem]:
    """Open promises to a person, under all linked ids."""
    return list(promises(actor).filter(patient_id__in=list(patient_ids), status__in=sorted(LIVE)))


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """What one person, or role, has promised and not yet kept."""

    owner: str
    key: str
    live: int
    overdue: int


def by_owner(actor: Actor, *, at: dt.datetime) -> list[OwnerLine]:
    """Open promises and answers by who has them, the most overdue first. `key` is the user's id or the role."""
    rows = items_visible(actor).filter(work_type__in=[*promise_types(), *response_types()], status__in=sorted(LIVE))
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    names: dict[str, str] = {}
    for item in rows[:MOST_COUNTED]:
        key = str(item.assignee_id or item.duty.user_id or item.duty.role)
        names[key] = owner_of(item)
        counts[key][0] += 1
        counts[key][1] += item.due_at <= at
    lines = [OwnerLine(names[key], key, live, late) for key, (live, late) in counts.items()]
    return sorted(lines, key=lambda line: (-line.overdue, -line.live, line.owner))


def kept_by_type(actor: Actor, *, types: Iterable[str], at: dt.datetime) -> dict[str, Kept]:
    """Of what was opened in the last 90 days: kept in time, kept late, open, overdue, by kind of work. One query.

    What was cancelled does not count: it needed no doing.
    """
    rows = items_visible(actor).filter(work_type__in=list(types), opened_at__gt=at - LOOKED_BACK).order_by()
    done, live = Q(status=ItemStatus.DONE), Q(status__in=sorted(LIVE))
    found = rows.values("work_type").annotate(
        in_time=Count("pk", filter=done & Q(closed_at__lte=F("due_at"))),
        late=Count("pk", filter=done & Q(closed_at__gt=F("due_at"))),
        waiting=Count("pk", filter=live & Q(due_at__gt=at)),
        overdue=Count("pk", filter=live & Q(due_at__lte=at)),
    )
    return {
        row["work_type"]: Kept(row["in_time"], row["late"], row["waiting"], row["overdue"]) for row in found
    }  # fmt: skip


def inquiries(actor: Actor, right: str = PromisesRight.READ) -> QuerySet[Inquiry]:
    """Messages that came in at the actor's sites, the newest first."""
    rows: QuerySet[Inquiry] = Inquiry.objects.visible_to(actor, right).select_related("patient", "unit__site")
    return rows.order_by("-received_at", "-pk")


def inquiry(actor: Actor, inquiry_id: UUID) -> Inquiry:
    """Raises NotVisible."""
    found: Inquiry | None = inquiries(actor).filter(pk=inquiry_id).first()
    if found is None:
        raise NotVisible
    return found
