"""Writing 837P files: clean claims leave under the right billing identity, and stand from then on as sent."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.documents.services import store_document
from medguild.foundation.events.events import Happening, SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record, record_many
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.organization.people import BillingIdentity
from medguild.revenue.claims.assembly import Answers, answers_for, facts_of, record_of, with_relations
from medguild.revenue.claims.edits import check, clean
from medguild.revenue.claims.models import Claim, ClaimFile, ControlSequence
from medguild.revenue.claims.permissions import ClaimsRight
from medguild.revenue.claims.rules import ClaimStatus
from medguild.revenue.claims.services import check_claim
from medguild.x12 import CountingNumbers, Envelope, Unwritable, batches, write_claims
from medguild.x12.records.claim import Claim as ClaimRecord
from medguild.x12.records.claim import ClaimHeader
from medguild.x12.records.common import Contact, Party

SENT = declare_event("claim.sent", gettext_lazy("Claim sent"), icon="send")
FILE_WRITTEN = declare_event("claim_file.written", gettext_lazy("Claim file written"), icon="file-export")
CLEARINGHOUSE = "CLEARINGHOUSE"
_AT_ONCE = 500


class DurableControls:
    """Control numbers from a table; the row lock holds until the file is written, so none is lost or used twice."""

    def next(self, kind: str) -> int:
        ControlSequence.objects.get_or_create(kind=kind)
        held = ControlSequence.objects.select_for_update().get(kind=kind)
        held.last = held.last % 999_999_999 + 1
        held.save(update_fields=["last"])
        return held.last


@dataclass(frozen=True, slots=True)
class Exported:
    """A written file and its bytes; claims that could not be written are named by number with the reason."""

    file: ClaimFile
    content: bytes


@transaction.atomic
def export_claims(
    *,
    by: Actor,
    entity_id: UUID | None = None,
    payer_id: UUID | None = None,
    claim_ids: Iterable[UUID] | None = None,
    at: dt.datetime | None = None,
) -> list[Exported]:
    """Write the ready claims that the actor may send: one file per legal entity. All of it commits or nothing.

    Each claim is checked once more; what fails now stays behind as work.
    """
    moment = at or now()
    ready = Claim.objects.visible_to(by, ClaimsRight.SEND).filter(status=ClaimStatus.READY)
    if entity_id is not None:
        ready = ready.filter(entity_id=entity_id)
    if payer_id is not None:
        ready = ready.filter(payer_id=payer_id)
    if claim_ids is not None:
        ready = ready.filter(pk__in=list(claim_ids))
    locked = ready.select_for_update(of=("self",), skip_locked=True)
    held = list(with_relations(locked).order_by("entity_id", "number"))
    answers = answers_for(held)
    by_entity: dict[UUID, list[Claim]] = {}
    for claim in held:
        if clean(check(facts_of(claim, answers, today=moment.date()))):
            by_entity.setdefault(claim.entity_id, []).append(claim)
        else:
            check_claim(claim=claim, by=by, at=moment)  # its findings are kept and become work
    return [_write(entity, claims, answers, by=by, at=moment) for entity, claims in by_entity.items()]


def _write(entity_id: UUID, claims: list[Claim], answers: Answers, *, by: Actor, at: dt.datetime) -> Exported:
    records = [(claim, record_of(claim, answers)) for claim in claims]
    identity = claims[0].billing_identity
    out = io.BytesIO()
    envelope = Envelope(identity.submitter_id, CLEARINGHOUSE, at.replace(tzinfo=None))
    header = _header(identity, at)
    try:
        written = write_claims(out, batches(header, [one for _, one in records]), envelope, DurableControls())
    except Unwritable as error:
        raise _unwritable(records, envelope, header, error) from error
    content = out.getvalue()
    file = _keep(entity_id, claims, content, int(written.interchange), by=by, at=at)
    _freeze(records, file, by=by, at=at)
    return Exported(file, content)


def _unwritable(
    records: list[tuple[Claim, ClaimRecord]], envelope: Envelope, header: ClaimHeader, whole: Unwritable
) -> Refusal:
    """Which claim it is that cannot be written: each is tried alone, because a file is refused as a whole."""
    for claim, one in records:
        try:
            write_claims(io.BytesIO(), batches(header, [one]), envelope, CountingNumbers())
        except Unwritable as reason:
            said = _("Claim %(number)s could not be written: %(reason)s Mend it, then send again.")
            return Refusal(said % {"number": claim.number, "reason": reason}, code="unwritable")
    return Refusal(_("The file could not be written: %(reason)s") % {"reason": whole}, code="unwritable")


def _header(identity: BillingIdentity, at: dt.datetime) -> ClaimHeader:
    return ClaimHeader(
        reference=f"B{at:%y%m%d%H%M%S}",
        created=at.replace(tzinfo=None),
        submitter=Party("41", "2", last=identity.name, id_qualifier="46", id=identity.submitter_id),
        contacts=(Contact("IC", identity.contact_name, (("TE", identity.contact_phone),)),),
        receiver=Party("40", "2", last=CLEARINGHOUSE, id_qualifier="46", id=CLEARINGHOUSE),
    )


def _keep(
    entity_id: UUID, claims: list[Claim], content: bytes, control: int, *, by: Actor, at: dt.datetime
) -> ClaimFile:
    file = ClaimFile(
        id=new_id(), entity_id=entity_id, filename=f"{at:%Y%m%d}-{control:09d}.837", claim_count=len(claims),
        digest=hashlib.sha256(content).hexdigest(), interchange_control=control,
        charge=sum(claim.charge for claim in claims), written_at=at, written_by=by.id,
    )  # fmt: skip
    document = store_document(
        content=content, filename=file.filename, kind=DocumentKind.CLAIM_FILE,
        subject=SubjectRef("claim_file", file.pk), unit_id=entity_id, by=by, at=at,
    )  # fmt: skip
    file.document_id = document.pk
    file.save(force_insert=True)
    record(
        FILE_WRITTEN,
        subject=SubjectRef("claim_file", file.pk, file.filename),
        by=by,
        unit_id=entity_id,
        data={"claims": len(claims), "charge": file.charge, "control": control},
    )
    return file


def _freeze(records: list[tuple[Claim, ClaimRecord]], file: ClaimFile, *, by: Actor, at: dt.datetime) -> None:
    for claim, sent in records:
        claim.status, claim.sent_at, claim.file, claim.sent = ClaimStatus.SENT, at, file, as_plain(sent)
        claim.revision += 1
    fields = ["status", "sent_at", "file", "sent", "revision"]
    Claim.objects.unscoped("the claims of this file").bulk_update(
        [claim for claim, _sent in records], fields, batch_size=_AT_ONCE
    )
    happenings = [
        Happening(
            subject=SubjectRef("claim", claim.pk, claim.number), patient_id=claim.patient_id, unit_id=claim.site_id,
            data={"file_id": file.pk, "payer_id": claim.payer_id, "charge": claim.charge},
        )
        for claim, _sent in records
    ]  # fmt: skip
    record_many(SENT, happenings, by=by)


def as_plain(value: Any) -> Any:
    """A record as JSON can hold it: dates in ISO form, decimals as text, empty fields left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, as_plain(getattr(value, f.name))) for f in dataclasses.fields(value))
        return {name: held for name, held in pairs if held not in ("", None, [], {})}
    if isinstance(value, tuple | list):
        return [as_plain(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
