"""A note as its pages show it."""

from __future__ import annotations

from typing import Any

from medguild.operations.chart.models import Note, NoteDiagnosis, NoteService
from medguild.operations.chart.rules import Section
from medguild.operations.chart.words import SECTION_WORDS, Text

_SHOWN = "the note is visible"


def section_texts(note: Note) -> list[tuple[Text, str]]:
    """Sections that hold text, in reading order."""
    texts = [(SECTION_WORDS[section], getattr(note, section.value)) for section in Section]
    return [(words, text) for words, text in texts if text.strip()]


def lines_context(note: Note) -> dict[str, Any]:
    """Diagnoses and services, read anew: a line may just have been added."""
    diagnoses = NoteDiagnosis.objects.unscoped(_SHOWN).filter(note=note).order_by("order")
    services = NoteService.objects.unscoped(_SHOWN).filter(note=note).order_by("order")
    shown = services.select_related(
        "rendering__person", "supervising__person", "ordering__person", "referring__person", "performed_by"
    )
    return {"diagnoses": list(diagnoses), "services": list(shown)}
