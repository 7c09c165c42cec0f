"""The page on which a file of prices is tried and loaded."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from medguild.foundation.ui.forms import form_status, refusals
from medguild.payers.pricing.file_rules import Change
from medguild.payers.pricing.forms import LoadForm
from medguild.payers.pricing.loading import PricesRefused
from medguild.payers.pricing.words import row_error

ERRORS_SHOWN = 200


def loading_page(
    request: HttpRequest,
    load: Callable[[bytes, bool], Change],
    *,
    title: str,
    name: str,
    columns: str,
    example: str,
    back: str,
) -> HttpResponse:
    """load takes the content and whether it is only tried; what it refuses is shown row by row."""
    form = LoadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    found: Change | None = None
    errors: list[str] = []
    if form.is_valid():
        with refusals(form):
            try:
                found = load(form.cleaned_data["file"], form.cleaned_data["dry_run"])
            except PricesRefused as refused:
                errors = [row_error(error) for error in refused.errors[:ERRORS_SHOWN]]
                raise
    context = {
        "form": form, "found": found, "errors": errors, "title": title, "name": name, "columns": columns,
        "example": example, "back": back, "dry_run": form.is_bound and form.data.get("dry_run"),
    }  # fmt: skip
    return render(request, "pricing/load.html", context, status=form_status(form))
