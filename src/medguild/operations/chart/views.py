"""Pages of the note: reading, writing, signing, adding to it; and the codes alone for those who bill."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast
from medguild.operations.chart import cosigning, rules, services
from medguild.operations.chart.errors import NotAskedToCosign
from medguild.operations.chart.forms import AddendumForm, NoteForm, SeenForm, ServiceForm
from medguild.operations.chart.models import Note
from medguild.operations.chart.permissions import ChartRight
from medguild.operations.chart.rules import NoteStatus, Section
from medguild.operations.chart.selectors import (
    clinician_of,
    codes_of_visit,
    content_of,
    note_of_visit,
    note_to_write,
    staff_of,
)
from medguild.operations.chart.showing import lines_context, section_texts
from medguild.operations.chart.words import gap_text
from medguild.operations.visits.selectors import visit_for


def visible_note(request: HttpRequest, visit_id: UUID) -> Note:
    """The note of a visit that the actor may read. Raises NotVisible."""
    note = note_of_visit(actor_of(request), visit_id)
    if note is None:
        raise NotVisible
    note_reads(request, [note.visit.patient_id])
    return note


def writable_note(request: HttpRequest, visit_id: UUID) -> Note:
    note = note_to_write(actor_of(request), visit_id)
    note_reads(request, [note.visit.patient_id])
    return note


def _may_write(actor: Actor, note: Note) -> bool:
    scope = actor.scope(ChartRight.WRITE)
    return scope.everything or note.visit.site_id in scope.units


@guarded(ChartRight.WRITE, reads=NOTED)
@require_POST
def begin(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Open the note of a visit, begun if there is none."""
    visit = visit_for(actor_of(request), visit_id, ChartRight.WRITE)
    note_reads(request, [visit.patient_id])
    services.begin_note(visit=visit, by=actor_of(request))
    return redirect("chart:note", visit_id)


@guarded(ChartRight.READ, reads=NOTED)
@require_GET
def note(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The note: to write while it is a draft and the actor may, to read else."""
    found = visible_note(request, visit_id)
    actor = actor_of(request)
    if not found.is_signed and _may_write(actor, found):
        return render(request, "chart/write.html", _writing(actor, found))
    return render(request, "chart/read.html", _reading(actor, found, AddendumForm()))


def _writing(actor: Actor, found: Note) -> dict[str, Any]:
    me = clinician_of(actor)
    return {
        **_about(found),
        **lines_context(found),
        "form": NoteForm(initial={section.value: getattr(found, section.value) for section in Section}),
        "people": ServiceForm(staff=staff_of(found)),
        "seen": found.revision,
        "page": new_id(),
        "mine": me is not None and me.pk == found.author_id,
        "may_sign": me is not None and actor.may(ChartRight.SIGN),
    }


def _reading(actor: Actor, found: Note, form: AddendumForm) -> dict[str, Any]:
    me = clinician_of(actor) if actor.may(ChartRight.SIGN) else None
    cosignatures = cosigning.cosignatures_of(found) if found.is_signed else []
    return {
        "cosignatures": cosignatures,
        "may_cosign": any(me is not None and one.clinician_id == me.pk and not one.given_at for one in cosignatures),
        **_about(found),
        **lines_context(found),
        "texts": section_texts(found),
        "addenda": list(found.addenda.all()),
        "form": form,
        "may_add": found.is_signed and me is not None,
        "untouched": services.untouched(found) if found.is_signed else None,
    }


def _about(found: Note) -> dict[str, Any]:
    return {
        "note": found,
        "visit": found.visit,
        "patient": found.visit.patient,
        "zone": found.visit.site.site.time_zone,
    }


@guarded(ChartRight.WRITE, reads=NOTED)
@require_POST
def save(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Keep the draft: in the background with a line that says so, or before the page for signing."""
    found = writable_note(request, visit_id)
    form, about = NoteForm(request.POST), SeenForm(request.POST)
    in_background = bool(request.headers.get("HX-Request"))
    if not (form.is_valid() and about.is_valid()):
        return HttpResponse(status=422)
    said = about.cleaned_data
    try:
        saved = services.save_draft(
            note=found,
            sections=form.sections(),
            seen=said["seen"],
            page=said["page"],
            closing=not in_background,
            by=actor_of(request),
        )
    except Refusal as refusal:
        return _not_saved(request, found, form, said["seen"], refusal)
    if in_background:
        return render(request, "chart/_saved.html", {**_about(saved), "seen": saved.revision})
    if said["then"] == "sign":
        return redirect("chart:sign", visit_id)
    toast(request, _("Saved."))
    return redirect("chart:note", visit_id)


def _not_saved(request: HttpRequest, found: Note, form: NoteForm, seen: int, refusal: Refusal) -> HttpResponse:
    """What was typed stays on the page, and so does the revision from which it was typed."""
    if request.headers.get("HX-Request"):
        context = {**_about(found), "problem": refusal.message, "seen": seen}
        return render(request, "chart/_saved.html", context, status=409)
    toast(request, refusal.message, tone="bad")
    context = {**_writing(actor_of(request), found), "form": form, "seen": seen}
    return render(request, "chart/write.html", context, status=409)


@guarded(ChartRight.SIGN, reads=NOTED)
def sign(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """A summary of what will be final, with what is missing; posting signs."""
    found = writable_note(request, visit_id)
    if found.is_signed:
        return redirect("chart:note", visit_id)
    if request.method == "POST":
        seen = SeenForm(request.POST)
        try:
            services.sign_note(
                note=found,
                by=actor_of(request),
                seen=seen.cleaned_data["seen"] if seen.is_valid() else None,
            )
            toast(request, _("The note is signed."))
            return redirect("chart:note", visit_id)
        except Refusal as refusal:
            toast(request, refusal.message, tone="bad")
            return redirect("chart:sign", visit_id)
    gaps = rules.gaps(content_of(found))
    context = {
        **_about(found),
        **lines_context(found),
        "texts": section_texts(found),
        "blocking": [gap_text(gap) for gap in gaps if gap.blocking],
        "remarks": [gap_text(gap) for gap in gaps if not gap.blocking],
    }
    return render(request, "chart/sign.html", context)


@guarded(ChartRight.SIGN, reads=NOTED)
@require_POST
def take_over(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    found = writable_note(request, visit_id)
    try:
        services.take_over(note=found, by=actor_of(request))
        toast(request, _("The note is yours now."))
    except Refusal as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("chart:note", visit_id)


@guarded(ChartRight.SIGN, reads=NOTED)
@require_POST
def addendum(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Add text to a signed note."""
    found = visible_note(request, visit_id)
    form = AddendumForm(request.POST)
    if form.is_valid():
        with refusals(form):
            services.add_addendum(note=found, text=form.cleaned_data["text"], by=actor_of(request))
            toast(request, _("Addendum written."))
            return redirect("chart:note", visit_id)
    context = _reading(actor_of(request), found, form)
    return render(request, "chart/read.html", context, status=form_status(form))


@guarded(ChartRight.CODES, reads=NOTED)
@require_GET
def codes(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """Diagnoses and services of a visit without its text."""
    visit = visit_for(actor_of(request), visit_id, ChartRight.CODES)
    note_reads(request, [visit.patient_id])
    found = codes_of_visit(actor_of(request), visit_id)
    context = {
        "visit": visit,
        "patient": visit.patient,
        "zone": visit.site.site.time_zone,
        "signed": found is not None and found.status is NoteStatus.SIGNED,
        "begun": found is not None,
        "diagnoses": found.diagnoses if found else [],
        "services": found.services if found else [],
    }
    return render(request, "chart/codes.html", context)


@guarded(ChartRight.SIGN, reads=NOTED)
@require_POST
def cosign(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """The supervising clinician puts their name to a signed note."""
    found = visible_note(request, visit_id)
    try:
        cosigning.cosign_note(note=found, by=actor_of(request))
        toast(request, _("Co-signed."))
    except NotAskedToCosign as refusal:
        toast(request, refusal.message, tone="bad")
    return redirect("chart:note", visit_id)
