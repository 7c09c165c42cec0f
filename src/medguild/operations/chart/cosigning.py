"""Co-signatures: whoever supervised a service is asked to read the signed note and put their name to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.organization.people import Clinician
from medguild.operations.chart import recording
from medguild.operations.chart.errors import NotAClinician, NotAskedToCosign
from medguild.operations.chart.models import CoSignature, Note
from medguild.operations.chart.permissions import ChartRight
from medguild.operations.chart.recording import tell
from medguild.operations.chart.rules import ServiceLine
from medguild.operations.chart.selectors import clinician_of

_SHOWN = "the note is visible"


def ask_supervisors(note: Note, services: Iterable[ServiceLine], *, at: dt.datetime) -> list[UUID]:
    """Ask everybody who supervised a service of a note just signed, except the signer; returns whom."""
    wanted = {UUID(line.supervising) for line in services if line.supervising} - {note.signed_by_id}
    asked = [CoSignature(note=note, clinician_id=one, asked_at=at) for one in sorted(wanted)]
    CoSignature.objects.bulk_create(asked)
    return [one.clinician_id for one in asked]


@transaction.atomic
def cosign_note(*, note: Note, by: Actor, at: dt.datetime | None = None) -> CoSignature:
    """Put one's name to a note that one supervised; a second time changes nothing.

    Raises NotAClinician, NotAskedToCosign.
    """
    me = clinician_of(by) if by.may(ChartRight.SIGN) else None
    if me is None:
        raise NotAClinician(_("Only a clinician signs notes."))
    rows = CoSignature.objects.unscoped("one's own co-signature, under a lock").select_for_update(of=("self",))
    held: CoSignature | None = rows.select_related("note__visit").filter(note=note, clinician=me).first()
    if held is None:
        raise NotAskedToCosign(_("This note does not wait for your co-signature."))
    if held.given_at is not None:
        return held
    held.given_at = max(at or now(), held.asked_at)
    held.save(update_fields=["given_at"])
    tell(recording.COSIGNED, held.note, by=by, at=held.given_at, data={"clinician_id": me.pk})
    return held


def cosignatures_of(note: Note) -> list[CoSignature]:
    """Asked for and given, of a note that the caller may see."""
    rows = CoSignature.objects.unscoped(_SHOWN).filter(note=note).select_related("clinician__person")
    return list(rows.order_by("asked_at", "clinician_id"))


def waiting_for(actor: Actor, clinician: Clinician) -> list[CoSignature]:
    """Notes that wait for the co-signature of a clinician, oldest first."""
    rows = CoSignature.objects.visible_to(actor, ChartRight.READ).filter(clinician=clinician, given_at__isnull=True)
    shown = ("note__visit__patient", "note__visit__site__site", "note__signed_by__person")
    return list(rows.select_related(*shown).order_by("asked_at"))
