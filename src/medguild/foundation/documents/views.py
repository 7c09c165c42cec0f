"""Handing out files, and the page of a subject's documents."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.documents import ports, selectors, services
from medguild.foundation.documents.files import FileMissing
from medguild.foundation.documents.forms import KINDS, UploadForm
from medguild.foundation.documents.models import Document
from medguild.foundation.documents.permissions import DocumentRight
from medguild.foundation.documents.rules import DocumentKind
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status, refusals
from medguild.foundation.ui.toasts import toast


@guarded(DocumentRight.READ, reads=NOTED)
@require_GET
def download(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The file, to be saved and not run: whatever it holds, the browser must not take it for a page of ours."""
    kept = selectors.document(request.actor, document_id)  # type: ignore[attr-defined]
    try:
        content = selectors.content_of(kept)
    except FileMissing:
        missing = _("The file of this document is missing; tell an administrator.")
        return HttpResponse(missing, status=503, content_type="text/plain; charset=utf-8")
    if kept.patient_id is not None:
        note_reads(request, [kept.patient_id])
    response = HttpResponse(content, content_type=kept.media_type)
    response["Content-Disposition"] = content_disposition_header(True, kept.filename) or "attachment"
    response["Content-Length"] = str(kept.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@guarded(DocumentRight.READ, reads=NOTED)
@require_http_methods(["GET", "POST"])
def about(request: HttpRequest, subject_type: str, subject_id: UUID) -> HttpResponse:
    """The documents about a subject; those who may store add one here."""
    actor = actor_of(request)
    place = selectors.placing(actor, subject_type, subject_id)
    may_add = selectors.may_add(actor, place)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent)
    if form.is_valid():
        given = form.cleaned_data
        with refusals(form):
            kept, fresh = services.add_document(
                subject_type_name=subject_type, subject_id=subject_id, content=given["file"].read(),
                filename=given["file"].name, kind=DocumentKind(given["kind"]), title=given["title"], by=actor,
            )  # fmt: skip
            word = _("Kept: %(name)s.") if fresh else _("This file is here already: %(name)s.")
            toast(request, word % {"name": kept.label()})
            return redirect("documents:about", subject_type, subject_id)
    rows = selectors.listed(actor, subject_type, subject_id, place)
    note_reads(request, [place.patient_id] if place.patient_id else [])
    registered = ports.subject_type(subject_type)
    context = {
        "place": place, "form": form, "may_add": may_add, "documents": [_shown(kept) for kept in rows],
        "back": registered.url(subject_id) if registered and registered.url else "",
    }  # fmt: skip
    return render(request, "documents/about.html", context, status=form_status(form))


def _shown(kept: Document) -> tuple[Document, str]:
    return kept, str(dict(KINDS).get(kept.kind, kept.kind))
