"""Handing out files."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from medguild.foundation.access.guard import NOTED, guarded, note_reads
from medguild.foundation.documents import selectors
from medguild.foundation.documents.files import FileMissing
from medguild.foundation.documents.permissions import DocumentRight


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
