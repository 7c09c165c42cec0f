"""The money of the days after the loading, through the services that people use: notes are signed, claims leave, and
the payers of the demo answer. Without it the loop would stand still where no payer is connected."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from medguild.demo import plan
from medguild.demo.group import DOMAIN, LOADER
from medguild.demo.money import terms
from medguild.demo.money.clinical import Examined, find
from medguild.demo.payer_simulator import answer
from medguild.foundation.access.models import User
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.people import Clinician
from medguild.operations.chart.lines import add_diagnosis, add_service
from medguild.operations.chart.models import Note
from medguild.operations.chart.rules import Section
from medguild.operations.chart.selectors import service_date
from medguild.operations.chart.services import begin_note, save_draft, sign_note
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import VisitStatus
from medguild.patients.coverage.selectors import coverages_on
from medguild.payers.payers.rules import PayerKind
from medguild.revenue.claims.assembly import answers_for, record_of
from medguild.revenue.claims.export import CLEARINGHOUSE, export_claims
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.rules import ClaimStatus
from medguild.revenue.claims.services import make_claims
from medguild.revenue.remittances.importing import import_remittances
from medguild.x12 import CountingNumbers, Envelope, batches, write_claims
from medguild.x12.records.claim import ClaimHeader
from medguild.x12.records.common import Contact, Party

_WHY = "the demo plays everybody's part"
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
_LOOK_BACK = 3 * _DAY
_NOTES_AT_ONCE, _CLAIMS_AT_ONCE = 40, 150
# What a person sent by hand is answered soon, so that one need not wait weeks to see it.
_SOON = dt.timedelta(minutes=10)


def play_money(*, now: dt.datetime) -> None:
    """Sign what was left unsigned, send claims that have waited a day, and answer those that are due."""
    for visit in _unsigned(now):
        _quietly(partial(_sign, visit, now))
    _quietly(partial(_send, now))
    for entity_id, claims in _due(now).items():
        _quietly(partial(_answer, entity_id, claims, now))


def _quietly(act: Callable[[], None]) -> None:
    """What the house refuses does not happen in the demo either."""
    try:
        with transaction.atomic():
            act()
    except Refusal:
        return


def _unsigned(now: dt.datetime) -> list[Visit]:
    """Visits of the last days that left some hours ago and that nobody has begun to write up."""
    written = Note.objects.unscoped(_WHY).filter(visit=OuterRef("pk"))
    visits = Visit.objects.unscoped(_WHY).filter(
        ~Exists(written), status=VisitStatus.LEFT, ended_at__gt=now - _LOOK_BACK, ended_at__lt=now - 3 * _HOUR
    )
    rows = visits.select_related("patient", "clinician__person", "site__site", "appointment__visit_type")
    found = [visit for visit in rows.order_by("ended_at") if visit.pk.int % 1_000 >= terms.NO_NOTE * 1_000]
    return found[:_NOTES_AT_ONCE]


def _sign(visit: Visit, now: dt.datetime) -> None:
    """As the clinician would: reason, findings, diagnoses, services, signature."""
    rng = random.Random(visit.pk.int)
    day, patient = service_date(visit), visit.patient
    covered = coverages_on([patient.pk], day)
    payer = covered[0].payer.kind if covered else PayerKind.SELF_PAY.value
    kind = visit.appointment.visit_type.code if visit.appointment else "acute"
    who = Examined(patient.birth_date, "F" if patient.sex == "female" else "M", payer)
    found = find(kind, visit.clinician.specialty, visit.reason, who, day, rng)
    by, at = _hand_of(visit.clinician), min(now, (visit.ended_at or now) + 2 * _HOUR)
    note = begin_note(visit=visit, by=by, at=visit.since)
    for code in found.diagnoses:
        add_diagnosis(note=note, code=code, by=by)
    for code, pointers in found.services:
        add_service(note=note, code=code, pointers=pointers, by=by, at=at)
    words = {Section.HISTORY: found.history, Section.EXAM: found.exam, Section.ASSESSMENT: found.assessment}
    note.refresh_from_db()
    save_draft(note=note, sections=words, by=by, seen=note.revision, closing=True, at=at)
    sign_note(note=note, by=by, at=at)


def _hand_of(clinician: Clinician) -> Actor:
    """The clinician as one who acts; a clinician without login gets one that nobody can use."""
    user = User.objects.filter(person=clinician.person_id).first()
    if user is None:
        user = User(email=f"clinician.{clinician.npi}@{DOMAIN}", display_name=clinician.label(), is_active=False)
        user.person = clinician.person
        user.set_unusable_password()
        user.save()
    return Actor(ActorKind.USER, user.pk, clinician.label(), cause="demo", sees_all=True)


def _send(now: dt.datetime) -> None:
    make_claims(by=LOADER, at=now)
    waiting = Claim.objects.unscoped(_WHY).filter(status=ClaimStatus.READY, created_at__lt=now - _DAY)
    ids = list(waiting.order_by("created_at").values_list("pk", flat=True)[:_CLAIMS_AT_ONCE])
    if ids:
        export_claims(by=LOADER, claim_ids=ids, at=now)


def _due(now: dt.datetime) -> dict[UUID, list[Claim]]:
    """Claims whose payer would answer by now, by entity."""
    by_hand = Q(file__written_by__isnull=False, sent_at__lt=now - _SOON)
    rows = Claim.objects.unscoped(_WHY).filter(status=ClaimStatus.SENT)
    rows = rows.filter(by_hand | Q(sent_at__lt=now - 12 * _DAY)).select_related(
        "coverage__plan", "payer", "patient", "billing_identity", "rendering__person", "replaces", "file"
    )
    found: dict[UUID, list[Claim]] = defaultdict(list)
    due = (claim for claim in rows.order_by("sent_at", "pk") if _is_due(claim, now))
    for _count, claim in zip(range(_CLAIMS_AT_ONCE), due, strict=False):
        found[claim.entity_id].append(claim)
    return found


def _is_due(claim: Claim, now: dt.datetime) -> bool:
    if claim.sent_at is None:
        return False
    if claim.file is not None and claim.file.written_by is not None:
        return True
    low, high = terms.PAYING[PayerKind(claim.payer.kind)].days
    return claim.sent_at + (low + claim.pk.int % (high - low)) * _DAY <= now


def _answer(entity_id: UUID, claims: Iterable[Claim], now: dt.datetime) -> None:
    """What the payers say of these claims, taken in as the files that they would send."""
    held = list(claims)
    identity = held[0].billing_identity
    header = ClaimHeader(
        reference=f"D{now:%y%m%d%H%M%S}",
        created=now.replace(tzinfo=None),
        submitter=Party("41", "2", last=identity.name, id_qualifier="46", id=identity.submitter_id),
        contacts=(Contact("IC", identity.contact_name, (("TE", identity.contact_phone),)),),
        receiver=Party("40", "2", last=CLEARINGHOUSE, id_qualifier="46", id=CLEARINGHOUSE),
    )
    out = io.BytesIO()
    envelope = Envelope(identity.submitter_id, CLEARINGHOUSE, now.replace(tzinfo=None))
    answers = answers_for(held)
    records = [record_of(claim, answers) for claim in held]
    write_claims(out, batches(header, records), envelope, CountingNumbers())
    for number, content in enumerate(answer(out.getvalue(), seed=plan.SEED, on=now.date()), start=1):
        name = f"{now:%Y%m%d%H%M}-{number:02d}.835"
        import_remittances(content=content, filename=name, by=LOADER, unit_id=entity_id, at=now)
