"""Proving the log, and keeping the outcome where compliance sees it."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medguild.foundation.events.anchors import anchor_file, read_anchors
from medguild.foundation.events.events import EventRecord, SubjectRef
from medguild.foundation.events.models import Event, Seal
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.sealing import last_seal
from medguild.foundation.events.selectors import as_record
from medguild.foundation.events.services import record
from medguild.foundation.events.verification import Verification, unsealed, verify
from medguild.foundation.kernel.actor import Actor

log = structlog.get_logger(__name__)
PROVED = declare_event("log.proved", _("Log proved unchanged"), icon="shield-check", hidden=True)
BROKEN = declare_event("log.broken", _("Log was changed"), icon="alert-triangle", hidden=True)


def prove(*, by: Actor) -> Verification:
    """Walk all seals and their anchors; the outcome becomes an event, so that work can react to a broken log."""
    found = verify(read_anchors(anchor_file()))
    if found.broken is not None:
        log.error("log broken", seal=found.broken.seal, index=found.broken.index, fault=found.fault)
    with transaction.atomic():
        record(PROVED if found.ok else BROKEN, subject=SubjectRef("event_log", None), by=by, data=outcome(found))
    return found


def outcome(found: Verification) -> dict[str, object]:
    """A verification as plain data: for events, for machines."""
    broken = found.broken
    return {
        "ok": found.ok,
        "seals": found.seals,
        "events": found.events,
        "unsealed": found.unsealed,
        "broken": {"seal": broken.seal, "index": broken.index, "event_id": str(broken.event_id), "fault": found.fault}
        if broken
        else None,
    }


@dataclass(frozen=True, slots=True)
class SealStatus:
    """How far the log is sealed, and what the last proof said (None: never proved)."""

    last: Seal | None
    unsealed: int
    proof: EventRecord | None

    @property
    def number(self) -> int:
        return self.last.number if self.last else 0


def seal_status() -> SealStatus:
    """For the audit page. Tells nothing of patients."""
    rows = Event.objects.unscoped("the outcome of a proof concerns the whole house")
    proof = rows.filter(type__in=[PROVED, BROKEN]).order_by("-pk").first()
    return SealStatus(last_seal(), unsealed(), as_record(proof) if proof else None)
