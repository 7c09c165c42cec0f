"""Services of a note: begin, save the draft, take over, sign, add to it afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.people import Clinician
from medguild.operations.chart import recording, rules
from medguild.operations.chart.cosigning import ask_supervisors
from medguild.operations.chart.errors import NotAClinician, NoteIncomplete, NoteNotSigned, NotTheAuthor
from medguild.operations.chart.models import Addendum, Note
from medguild.operations.chart.permissions import ChartRight
from medguild.operations.chart.recording import lock_note, tell
from medguild.operations.chart.rules import NoteStatus, Section, Signature
from medguild.operations.chart.selectors import clinician_of, content_of
from medguild.operations.chart.words import gap_text
from medguild.operations.visits.models import Visit


@transaction.atomic
def begin_note(*, visit: Visit, by: Actor, at: dt.datetime | None = None) -> Note:
    """The note of a visit, begun if there is none yet. Its author is the clinician who begins it, else the visit's."""
    moment = at or now()
    author = clinician_of(by) if by.may(ChartRight.SIGN) else None
    notes = Note.objects.unscoped("the caller has seen the visit; it has one note at most")
    note: Note
    note, made = notes.get_or_create(
        visit=visit,
        defaults={
            "author": author or visit.clinician,
            "reason": visit.reason,
            "started_at": moment,
            "saved_at": moment,
            "saved_by": by.label,
        },
    )
    if made:
        tell(recording.STARTED, note, by=by, at=moment, data={"author_id": note.author_id})
    return note


@transaction.atomic
def save_draft(
    *,
    note: Note,
    sections: Mapping[Section, str],
    by: Actor,
    seen: int,
    page: UUID | None = None,
    closing: bool = False,
    at: dt.datetime | None = None,
) -> Note:
    """Keep the text; `seen` is the revision that the screen holds. Raises NoteIsFinal, ChangedMeanwhile.

    `page` names the open page: what it saves in the background does not stand in its own way. `closing` is its last
    word, after which a background save that was still on its way is refused. No event: drafts are saved every few
    seconds, and the note itself says who saved it when.
    """
    held = lock_note(note, seen=seen, page=page)
    for section, text in sections.items():
        if len(text) > rules.LONGEST_SECTION:
            raise Refusal(
                _("This text is too long: at most %(most)d characters.") % {"most": rules.LONGEST_SECTION},
                code="too_long",
                field=section.value,
            )
        setattr(held, section.value, text)
    held.saved_at, held.saved_by = at or now(), by.label
    held.saved_from = None if closing else page
    held.revision += 1
    columns = [*(section.value for section in sections), "saved_at", "saved_by", "saved_from", "revision"]
    held.save(update_fields=columns)
    return held


@transaction.atomic
def take_over(*, note: Note, by: Actor, at: dt.datetime | None = None) -> Note:
    """Become the author of a draft that somebody else began, so as to sign it."""
    clinician = _signer(by)
    held = lock_note(note)
    if held.author_id == clinician.pk:
        return held
    before, held.author = held.author_id, clinician
    held.revision += 1
    held.save(update_fields=["author", "revision"])
    tell(recording.TAKEN_OVER, held, by=by, at=at, data={"before": before, "author_id": clinician.pk})
    return held


@transaction.atomic
def sign_note(*, note: Note, by: Actor, seen: int | None = None, at: dt.datetime | None = None) -> Note:
    """Make the note final, and ask who supervised for a co-signature. The digest covers text, diagnoses, services,
    author, signer and time.

    Raises NotAClinician, NotTheAuthor, NoteIncomplete, NoteIsFinal, ChangedMeanwhile.
    """
    clinician = _signer(by)
    held = lock_note(note, seen=seen)
    if held.author_id != clinician.pk:
        raise NotTheAuthor(
            _("This is the note of %(author)s. Take it over before you sign it.") % {"author": held.author.label()}
        )
    content = content_of(held)
    blocking = [gap_text(gap) for gap in rules.gaps(content) if gap.blocking]
    if blocking:
        raise NoteIncomplete(" ".join(blocking))
    moment = max(at or now(), held.started_at)
    held.status, held.signed_at, held.signed_by = NoteStatus.SIGNED, moment, clinician
    held.digest = rules.digest(Signature(content, str(clinician.pk), moment))
    held.revision += 1
    held.save(update_fields=["status", "signed_at", "signed_by", "digest", "revision"])
    asked = ask_supervisors(held, content.services, at=moment)
    told = {
        "author_id": held.author_id, "digest": held.digest, "services": len(content.services), "cosigners": asked,
    }  # fmt: skip
    tell(recording.SIGNED, held, by=by, at=moment, data=told)
    return held


@transaction.atomic
def add_addendum(*, note: Note, text: str, by: Actor, at: dt.datetime | None = None) -> Addendum:
    """Add text to a signed note. Raises NotAClinician, NoteNotSigned."""
    clinician = _signer(by)
    if not text.strip():
        raise Refusal(_("Write the addendum."), code="text_needed", field="text")
    held = lock_note(note, draft=False)
    if held.status != NoteStatus.SIGNED:
        raise NoteNotSigned(_("The note is still a draft: write it into the note itself."))
    moment = at or now()
    addendum: Addendum = Addendum.objects.create(note=held, author=clinician, text=text.strip(), written_at=moment)
    tell(recording.ADDED, held, by=by, at=moment, data={"addendum_id": addendum.pk})
    return addendum


def untouched(note: Note) -> bool:
    """Whether a signed note still gives the digest that was signed."""
    if note.signed_at is None:
        return False
    return note.digest == rules.digest(Signature(content_of(note), str(note.signed_by_id), note.signed_at))


def _signer(by: Actor) -> Clinician:
    clinician = clinician_of(by) if by.may(ChartRight.SIGN) else None
    if clinician is None:
        raise NotAClinician(_("Only a clinician signs notes."))
    return clinician
