"""What every change of a note shares: the lock and the event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.operations.chart.errors import ChangedMeanwhile, NoteIsFinal
from medguild.operations.chart.models import Note
from medguild.operations.chart.rules import NoteStatus

STARTED = declare_event("note.started", gettext_lazy("Note begun"), icon="note")
TAKEN_OVER = declare_event("note.taken_over", gettext_lazy("Note taken over"), icon="switch-horizontal")
LINES_CHANGED = declare_event("note.lines_changed", gettext_lazy("Diagnoses or services changed"), icon="list-details")
SIGNED = declare_event("note.signed", gettext_lazy("Note signed"), icon="signature")
COSIGNED = declare_event("note.cosigned", gettext_lazy("Note co-signed"), icon="signature")
ADDED = declare_event("note.addendum_added", gettext_lazy("Addendum written"), icon="notes")


def lock_note(note: Note, *, seen: int | None = None, page: UUID | None = None, draft: bool = True) -> Note:
    """The note as it stands now, locked. Raises NoteIsFinal; ChangedMeanwhile where `seen` is not its revision, unless
    the same open page saved last.
    """
    held: Note = (
        Note.objects.unscoped("the caller was shown this note; it is read again under a lock")
        .select_for_update(of=("self",))
        .select_related("visit__site__site", "author__person")
        .get(pk=note.pk)
    )
    if draft and held.status == NoteStatus.SIGNED:
        raise NoteIsFinal(_("This note is signed and final. Write an addendum."))
    own = page is not None and held.saved_from == page
    if seen is not None and held.revision != seen and not own:
        raise ChangedMeanwhile(
            _("%(who)s saved this note meanwhile. Copy your text, load the page again, and put it in.")
            % {"who": held.saved_by or _("Somebody")}
        )
    return held


def tell(
    event: str, note: Note, *, by: Actor, at: dt.datetime | None = None, data: Mapping[str, Any] | None = None
) -> None:
    """Record an event of the note, with the ids that others need to find what it is about."""
    visit = note.visit
    record(
        event,
        subject=SubjectRef("note", note.pk, note.label()),
        by=by,
        patient_id=visit.patient_id,
        unit_id=visit.site_id,
        occurred_at=at,
        data={"note_id": note.pk, "visit_id": visit.pk, "entity_id": visit.entity_id, **(data or {})},
    )
