"""Notes of the past by COPY: written as drafts with their lines, then signed with the digest of what they say."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from medguild.demo.copying import copy_into, copy_rows, id_at, run
from medguild.demo.money.clinical import DIAGNOSES
from medguild.demo.money.story import Story
from medguild.demo.prices import CHARGES
from medguild.foundation.codesets.rules import System
from medguild.foundation.codesets.selectors import lookup_many
from medguild.operations.chart.models import Note, NoteDiagnosis, NoteService
from medguild.operations.chart.rules import CANONICAL_VERSION, NoteStatus

_NOTE = (
    "id", "visit_id", "author_id", "status", "reason", "history", "exam", "assessment", "revision", "started_at",
    "saved_at", "saved_by", "digest",
)  # fmt: skip
_DIAGNOSIS = ("id", "note_id", '"order"', "code", "description")
_SERVICE = (
    "id", "note_id", '"order"', "code", "name", "modifiers", "units", "pointers", "performed_by_id", "rendering_id",
    "referring_name", "referring_npi",
)  # fmt: skip
_SIGN = """
update operations_note note
   set status = 'signed', signed_at = said.signed_at, signed_by_id = note.author_id, digest = said.digest,
       revision = note.revision + 1
  from demo_signature said
 where said.id = note.id"""


class Words:
    """What diagnoses and services are called, asked once."""

    def __init__(self, today: dt.date) -> None:
        self.diagnoses = {code: row.label for code, row in lookup_many(System.ICD10CM, DIAGNOSES, today).items()}
        self.services = {code: row.label for code, row in lookup_many(System.PROCEDURE, list(CHARGES), today).items()}


def copy_notes(stories: Sequence[Story], words: Words, rng: random.Random) -> None:
    copy_rows(Note, _NOTE, (_note(story) for story in stories))
    copy_rows(NoteDiagnosis, _DIAGNOSIS, _diagnoses(stories, words, rng))
    copy_rows(NoteService, _SERVICE, (row for story in stories for row in _services(story, words)))
    run("create temporary table demo_signature (id uuid, signed_at timestamptz, digest text)")
    copy_into("demo_signature", ("id", "signed_at", "digest"), (_signature(story, words) for story in stories))
    run("analyze demo_signature")  # else all notes so far are gone through for each lot of them
    run(_SIGN)
    run("drop table demo_signature")


def _note(story: Story) -> tuple[Any, ...]:
    found, begun, clinician = story.findings, story.seen.times[2], story.seen.booked.clinician
    return (
        story.note_id, story.seen.id, clinician.pk, NoteStatus.DRAFT.value, story.seen.reason, found.history,
        found.exam, found.assessment, 2, begun, story.signed_at, clinician.label(), "",
    )  # fmt: skip


def _diagnoses(stories: Sequence[Story], words: Words, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    for story in stories:
        for order, code in enumerate(story.findings.diagnoses, start=1):
            yield id_at(rng, story.seen.times[2]), story.note_id, order, code, words.diagnoses.get(code, "")


def _services(story: Story, words: Words) -> Iterator[tuple[Any, ...]]:
    clinician = story.seen.booked.clinician
    for order, service in enumerate(story.services, start=1):
        yield (
            service.id, story.note_id, order, service.code, words.services.get(service.code, ""), [], 1,
            list(service.pointers), clinician.person_id, clinician.pk, "", "",
        )  # fmt: skip


def _signature(story: Story, words: Words) -> tuple[Any, ...]:
    return story.note_id, story.signed_at, _digest(story, words)


def _digest(story: Story, words: Words) -> str:
    """The digest that `chart.rules.digest` gives, without a copy of every object on the way; a test compares them."""
    clinician, found = story.seen.booked.clinician, story.findings
    if story.signed_at is None:
        raise ValueError("only signed notes have a digest")
    whole = {
        "form": f"note/{CANONICAL_VERSION}",
        "note": {
            "note_id": str(story.note_id),
            "visit_id": str(story.seen.id),
            "patient_id": str(story.seen.booked.patient.id),
            "author_id": str(clinician.pk),
            "service_date": story.day.isoformat(),
            "reason": story.seen.reason,
            "history": found.history,
            "exam": found.exam,
            "assessment": found.assessment,
            "diagnoses": [
                {"order": order, "code": code, "description": words.diagnoses.get(code, "")}
                for order, code in enumerate(found.diagnoses, start=1)
            ],
            "services": [
                {
                    "order": order, "code": service.code, "modifiers": [], "units": 1,
                    "pointers": list(service.pointers), "performed_by": str(clinician.person_id),
                    "rendering": str(clinician.pk), "supervising": "", "ordering": "", "referring": "",
                }
                for order, service in enumerate(story.services, start=1)
            ],
        },
        "signed_at": story.signed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "signed_by": str(clinician.pk),
    }  # fmt: skip
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
