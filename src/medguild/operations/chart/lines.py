"""Services about the lines of a draft: its diagnoses and what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ids import valid_npi
from medguild.foundation.organization.people import Clinician, Person
from medguild.operations.chart import recording, rules
from medguild.operations.chart.catalogue import diagnosis_on, service_named
from medguild.operations.chart.errors import BadLine
from medguild.operations.chart.models import Note, NoteDiagnosis, NoteService
from medguild.operations.chart.recording import lock_note, tell
from medguild.operations.chart.selectors import service_date
from medguild.operations.chart.words import PROBLEM_WORDS

_LOCKED = "lines of a note whose lock is held"


@dataclass(frozen=True, slots=True)
class Part:
    """Who stood in which part of a service. Left out: performed and rendered by the author of the note."""

    performed_by: Person | None = None
    rendering: Clinician | None = None
    supervising: Clinician | None = None
    ordering: Clinician | None = None
    referring: Clinician | None = None
    referring_name: str = ""
    referring_npi: str = ""


@transaction.atomic
def add_diagnosis(*, note: Note, code: str, by: Actor) -> NoteDiagnosis:
    """Put a diagnosis at the end. It must be a billable ICD-10-CM code on the day of the visit."""
    held = lock_note(note)
    found = diagnosis_on(code, service_date(held.visit))
    lines = NoteDiagnosis.objects.unscoped(_LOCKED).filter(note=held)
    count = lines.count()
    if count >= rules.MOST_DIAGNOSES:
        raise BadLine(_("A note holds at most twelve diagnoses."), code="too_many_diagnoses", field="code")
    if lines.filter(code=found.code).exists():
        raise BadLine(_("This diagnosis stands in the note already."), code="diagnosis_twice", field="code")
    line: NoteDiagnosis = NoteDiagnosis.objects.create(
        note=held, order=count + 1, code=found.code, description=found.label
    )
    _changed(held, by, {"diagnosis_added": line.pk})
    return line


@transaction.atomic
def remove_diagnosis(*, note: Note, line: NoteDiagnosis, by: Actor) -> None:
    """Take a diagnosis out; the others close up, and pointers follow the diagnoses they meant."""
    held = lock_note(note)
    _lines_of(held, line).delete()
    _reorder(held, [row.order for row in _diagnoses(held)])
    _changed(held, by, {"diagnosis_removed": line.pk})


@transaction.atomic
def lead_with(*, note: Note, line: NoteDiagnosis, by: Actor) -> None:
    """Make a diagnosis the first one; pointers follow."""
    held = lock_note(note)
    rest = [row.order for row in _diagnoses(held) if row.pk != line.pk]
    current = _lines_of(held, line).values_list("order", flat=True).get()
    _apply(held, {old: new for new, old in enumerate([current, *rest], start=1)})
    _changed(held, by, {"diagnosis_first": line.pk})


def _reorder(note: Note, orders: Sequence[int]) -> None:
    _apply(note, rules.renumbered(orders))


def _apply(note: Note, moves: dict[int, int]) -> None:
    for row in _diagnoses(note):
        if moves[row.order] != row.order:
            row.order = moves[row.order]
            row.save(update_fields=["order"])
    for service in NoteService.objects.unscoped(_LOCKED).filter(note=note):
        pointers = rules.repointed(service.pointers, moves)
        if pointers != service.pointers:
            service.pointers = pointers
            service.save(update_fields=["pointers"])


@transaction.atomic
def add_service(
    *,
    note: Note,
    code: str,
    by: Actor,
    units: int = 1,
    modifiers: Sequence[str] = (),
    pointers: Sequence[int] = (),
    part: Part = Part(),
    at: dt.datetime | None = None,
) -> NoteService:
    """Chart a service. Without pointers it points to the first diagnosis, if there is one. Raises BadLine."""
    held = lock_note(note)
    found = service_named(code, entity_id=held.visit.entity_id, on=service_date(held.visit))
    orders = [row.order for row in _diagnoses(held)]
    wanted = list(pointers) or orders[:1]
    cleaned = [rules.clean_code(modifier) for modifier in modifiers if modifier.strip()]
    _refuse_line(cleaned, wanted, orders, units)
    _refuse_referring(part)
    lines = NoteService.objects.unscoped(_LOCKED).filter(note=held)
    last = lines.order_by("-order").values_list("order", flat=True).first() or 0
    line: NoteService = NoteService.objects.create(
        note=held, order=last + 1, code=found.code, name=found.label, modifiers=cleaned, units=units,
        pointers=wanted, performed_by=part.performed_by or held.author.person, rendering=part.rendering or held.author,
        supervising=part.supervising, ordering=part.ordering, referring=part.referring,
        referring_name=part.referring_name.strip(), referring_npi=part.referring_npi.strip(),
    )  # fmt: skip
    _changed(held, by, {"service_added": line.pk})
    return line


@transaction.atomic
def change_service(
    *, note: Note, line: NoteService, by: Actor, units: int, modifiers: Sequence[str], pointers: Sequence[int]
) -> NoteService:
    """Other units, modifiers or pointers. Raises BadLine."""
    held = lock_note(note)
    service: NoteService = NoteService.objects.unscoped(_LOCKED).get(pk=line.pk, note=held)
    cleaned = [rules.clean_code(modifier) for modifier in modifiers if modifier.strip()]
    _refuse_line(cleaned, list(pointers), [row.order for row in _diagnoses(held)], units)
    service.units, service.modifiers, service.pointers = units, cleaned, list(pointers)
    service.save(update_fields=["units", "modifiers", "pointers"])
    _changed(held, by, {"service_changed": line.pk})
    return service


@transaction.atomic
def remove_service(*, note: Note, line: NoteService, by: Actor) -> None:
    """Take a service out of the draft."""
    held = lock_note(note)
    NoteService.objects.unscoped(_LOCKED).filter(pk=line.pk, note=held).delete()
    _changed(held, by, {"service_removed": line.pk})


def _refuse_line(modifiers: Sequence[str], pointers: Sequence[int], orders: Sequence[int], units: int) -> None:
    problem = rules.modifier_problem(modifiers)
    if problem is not None:
        raise BadLine(str(PROBLEM_WORDS[problem]), code=problem, field="modifiers")
    problem = rules.pointer_problem(pointers, orders)
    if problem is not None and (orders or pointers):
        raise BadLine(str(PROBLEM_WORDS[problem]), code=problem, field="pointers")
    if not rules.valid_units(units):
        raise BadLine(_("Write units from 1 to 999."), code="units_range", field="units")


def _refuse_referring(part: Part) -> None:
    outside = bool(part.referring_name.strip() or part.referring_npi.strip())
    if outside and part.referring is not None:
        raise BadLine(_("Name one referring clinician."), code="referring_twice", field="referring_name")
    if outside and not (part.referring_name.strip() and valid_npi(part.referring_npi.strip())):
        raise BadLine(
            _("A referring clinician outside the group needs a name and a valid NPI."),
            code="referring_incomplete", field="referring_npi",
        )  # fmt: skip


def _diagnoses(note: Note) -> list[NoteDiagnosis]:
    return list(NoteDiagnosis.objects.unscoped(_LOCKED).filter(note=note).order_by("order"))


def _lines_of(note: Note, line: NoteDiagnosis):  # type: ignore[no-untyped-def]
    return NoteDiagnosis.objects.unscoped(_LOCKED).filter(pk=line.pk, note=note)


def _changed(note: Note, by: Actor, data: dict[str, object]) -> None:
    """The revision does not move: a line saved beside must not make the text on the screen stale."""
    tell(recording.LINES_CHANGED, note, by=by, data=data)
