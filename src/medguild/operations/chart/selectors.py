"""Questions about notes: one note, its lines, what is still unsigned or without services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import local_date, now
from medguild.foundation.kernel.errors import NotVisible
from medguild.foundation.organization.people import Affiliation, Clinician, Person
from medguild.foundation.organization.selectors import clinicians_at, units_above
from medguild.operations.chart.models import Addendum, Note, NoteDiagnosis, NoteService
from medguild.operations.chart.permissions import ChartRight
from medguild.operations.chart.rules import DiagnosisLine, NoteContent, NoteStatus, ServiceLine
from medguild.operations.visits.models import Visit
from medguild.operations.visits.rules import VisitStatus

_REMEMBERED = dt.timedelta(days=90)
_SHOWN = "the note or visit is visible"
_PARTS = ("rendering__person", "supervising__person", "ordering__person", "referring__person", "performed_by")


def clinician_of(actor: Actor) -> Clinician | None:
    """The clinician behind a login; None for everybody else."""
    if actor.id is None:
        return None
    return Clinician.objects.select_related("person").filter(person__user=actor.id).first()


def _lines() -> tuple[Prefetch[str], Prefetch[str], Prefetch[str]]:
    return (
        Prefetch("diagnoses", NoteDiagnosis.objects.unscoped(_SHOWN).order_by("order")),
        Prefetch("services", NoteService.objects.unscoped(_SHOWN).select_related(*_PARTS).order_by("order")),
        Prefetch("addenda", Addendum.objects.unscoped(_SHOWN).select_related("author__person").order_by("written_at")),
    )


def note_of_visit(actor: Actor, visit_id: UUID, right: str = ChartRight.READ) -> Note | None:
    """The note of a visit with its lines and addenda, or None where there is none that the actor may see."""
    notes = Note.objects.visible_to(actor, right).filter(visit_id=visit_id)
    return (
        notes.select_related("author__person", "signed_by__person", "visit__site__site", "visit__patient")
        .prefetch_related(*_lines())
        .first()
    )


def note_to_write(actor: Actor, visit_id: UUID) -> Note:
    """The note, for somebody who may write at the visit's own site. Raises NotVisible."""
    visible = Visit.objects.visible_to(actor, ChartRight.WRITE).filter(pk=visit_id).exists()
    note = note_of_visit(actor, visit_id) if visible else None
    if note is None:
        raise NotVisible
    return note


@dataclass(frozen=True, slots=True)
class ChartCodes:
    """Diagnoses and services of a visit, without the text: for those who code and bill."""

    status: NoteStatus
    diagnoses: Sequence[NoteDiagnosis]
    services: Sequence[NoteService]


def codes_of_visit(actor: Actor, visit_id: UUID) -> ChartCodes | None:
    """What was diagnosed and done, for holders of `chart.codes` at the visit's site; None where there is no note."""
    diagnoses = NoteDiagnosis.objects.visible_to(actor, ChartRight.CODES).filter(note__visit_id=visit_id)
    services = NoteService.objects.visible_to(actor, ChartRight.CODES).filter(note__visit_id=visit_id)
    if not Visit.objects.visible_to(actor, ChartRight.CODES).filter(pk=visit_id).exists():
        return None
    status = Note.objects.unscoped(_SHOWN).filter(visit_id=visit_id).values_list("status", flat=True).first()
    if status is None:
        return None
    return ChartCodes(
        NoteStatus(status), list(diagnoses.order_by("order")), list(services.select_related(*_PARTS).order_by("order"))
    )


def content_of(note: Note) -> NoteContent:
    """What a signature covers, read from the rows now. The caller holds the note's lock where it matters."""
    diagnoses = NoteDiagnosis.objects.unscoped(_SHOWN).filter(note=note).order_by("order")
    services = NoteService.objects.unscoped(_SHOWN).filter(note=note).order_by("order")
    visit = note.visit
    return NoteContent(
        note_id=str(note.pk),
        visit_id=str(visit.pk),
        patient_id=str(visit.patient_id),
        author_id=str(note.author_id),
        service_date=service_date(visit),
        reason=note.reason,
        history=note.history,
        exam=note.exam,
        assessment=note.assessment,
        diagnoses=tuple(DiagnosisLine(line.order, line.code, line.description) for line in diagnoses),
        services=tuple(service_line(line) for line in services),
    )


def service_line(line: NoteService) -> ServiceLine:
    referring = str(line.referring_id or "") or " ".join(filter(None, [line.referring_name, line.referring_npi]))
    return ServiceLine(
        order=line.order,
        code=line.code,
        modifiers=tuple(line.modifiers),
        units=line.units,
        pointers=tuple(line.pointers),
        performed_by=str(line.performed_by_id),
        rendering=str(line.rendering_id),
        supervising=str(line.supervising_id or ""),
        ordering=str(line.ordering_id or ""),
        referring=referring,
    )


def service_date(visit: Visit) -> dt.date:
    """The day of the visit at its site."""
    return local_date(visit.arrived_at, visit.site.site.time_zone)


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A signed note as charges need it: rows, not text."""

    note_id: UUID
    visit: Visit
    service_date: dt.date
    signed_at: dt.datetime
    diagnoses: Sequence[NoteDiagnosis]
    services: Sequence[NoteService]


def signed_note(visit_id: UUID) -> SignedNote | None:
    """The signed note of a visit with its lines, for jobs that make charges of it; None while it is not signed."""
    note = (
        Note.objects.unscoped("charges are made by the house, whoever signed")
        .filter(visit_id=visit_id, status=NoteStatus.SIGNED)
        .select_related("visit__site__site", "visit__appointment")
        .prefetch_related(*_lines())
        .first()
    )
    if note is None or note.signed_at is None:
        return None
    return SignedNote(
        note_id=note.pk,
        visit=note.visit,
        service_date=service_date(note.visit),
        signed_at=note.signed_at,
        diagnoses=list(note.diagnoses.all()),
        services=list(note.services.all()),
    )


def visits_without_charge(actor: Actor, *, right: str = ChartRight.CODES) -> QuerySet[Visit]:
    """Visits that were seen and left, whose note is unsigned or missing, or holds no service; oldest first."""
    visits = Visit.objects.visible_to(actor, right).filter(status=VisitStatus.LEFT, coded_at__isnull=True)
    return visits.order_by("arrived_at")


def unsigned_notes(actor: Actor, author: Clinician) -> list[Note]:
    """Drafts of an author, oldest first."""
    notes = Note.objects.visible_to(actor, ChartRight.WRITE).filter(author=author, status=NoteStatus.DRAFT)
    return list(notes.select_related("visit__patient", "visit__site__site").order_by("started_at"))


def unwritten_visits(actor: Actor, clinician: Clinician) -> list[Visit]:
    """Visits of a clinician that ended in the last 90 days without any note, oldest first.

    Older ones stay in `visits_without_charge` and in the list of work; a day's page does not read years.
    """
    recent = now() - _REMEMBERED
    told = Note.objects.unscoped("only whether one is there").filter(visit=OuterRef("pk"))
    visits = Visit.objects.visible_to(actor, ChartRight.WRITE).filter(clinician=clinician, status=VisitStatus.LEFT)
    visits = visits.filter(arrived_at__gte=recent)
    return list(visits.filter(~Exists(told)).select_related("patient", "site__site").order_by("arrived_at"))


def noted_visits(visit_ids: Sequence[UUID]) -> dict[UUID, NoteStatus]:
    """Which of these visits have a note, and whether it is signed; the caller may see the visits."""
    notes = Note.objects.unscoped("only whether one is there").filter(visit_id__in=visit_ids)
    return {visit_id: NoteStatus(status) for visit_id, status in notes.values_list("visit_id", "status")}


def treating(visit_id: UUID) -> str:
    """The name of the clinician of a visit: whose note it is, for the list of work."""
    visits = Visit.objects.unscoped("the name of a colleague").select_related("clinician__person")
    visit = visits.filter(pk=visit_id).first()
    return visit.clinician.label() if visit is not None else ""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who may stand in a part of a service of a visit: clinicians, and all who work at the site or above it."""

    clinicians: Sequence[Clinician]
    persons: Sequence[Person]


def staff_of(note: Note) -> Staff:
    """Two queries and one for the units above the site; the author always belongs to it."""
    on = service_date(note.visit)
    units = units_above(note.visit.site_id, on=on)
    clinicians = list(clinicians_at(units, on=on).distinct())
    if all(one.pk != note.author_id for one in clinicians):
        clinicians.insert(0, note.author)
    working = Affiliation.objects.filter(unit_id__in=units, period__contains=on)
    persons = Person.objects.filter(pk__in=working.values("person")).order_by("family_name", "given_name")
    return Staff(clinicians, list(persons))
