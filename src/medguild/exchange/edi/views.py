"""A page that reads a dropped file and says what is in it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from medguild.exchange.edi.forms import InspectForm
from medguild.exchange.edi.permissions import EdiRight
from medguild.foundation.access.guard import guarded
from medguild.foundation.ui.forms import form_status
from medguild.x12 import inspect_stream


@guarded(EdiRight.INSPECT)
@require_http_methods(["GET", "POST"])
def inspect(request: HttpRequest) -> HttpResponse:
    """Counts, totals, balance and findings; these hold no patient data, so no read is recorded."""
    form = InspectForm(request.POST, request.FILES) if request.method == "POST" else InspectForm()
    report = None
    if form.is_valid():
        file = form.cleaned_data["file"]
        report = inspect_stream(file, file.name)
    return render(request, "edi/inspect.html", {"form": form, "report": report}, status=form_status(form))
