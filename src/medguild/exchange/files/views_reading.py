"""The page to drop files on, and what its buttons do. The files travel with each request and are forgotten."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medguild.exchange.edi.answering import answer_to
from medguild.exchange.edi.permissions import EdiRight
from medguild.exchange.edi.reading import Reading, read_file
from medguild.exchange.files import selectors, services
from medguild.exchange.files.forms import ReadForm, SecondForm
from medguild.exchange.files.models import QuarantinedFile
from medguild.foundation.access.guard import guarded
from medguild.foundation.access.limits import FILES_SENT, limited
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Unit
from medguild.foundation.ui.attributes import actor_of
from medguild.foundation.ui.forms import form_status
from medguild.revenue.claims.export import DurableControls
from medguild.x12 import Unreadable, inspect_stream
from medguild.x12.compare import Difference, compare
from medguild.x12.report import Report

MOST_DIFFERENCES = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """A file as it was read; `kept` is its row where it had to be kept, `fresh` if it is new there."""

    reading: Reading
    number: str = "0"
    kept: QuarantinedFile | None = None
    fresh: bool = False


@guarded(EdiRight.INSPECT)
@require_http_methods(["GET", "POST"])
@limited(FILES_SENT)
def inspect(request: HttpRequest) -> HttpResponse:
    """Read files and show what is in them. Bad ones are kept; the others are shown to whoever holds them already."""
    actor = actor_of(request)
    entities = selectors.receivers(actor)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReadForm(*sent, entities=entities)
    shown = []
    if form.is_valid():
        unit = next((one for one in entities if str(one.pk) == form.cleaned_data["entity"]), None)
        claim = form.cleaned_data["claim"]
        for number, file in enumerate(form.cleaned_data["file"]):
            shown.append(_look(actor, file, unit or next(iter(entities), None), claim, str(number)))
    fragment = request.headers.get("HX-Request") == "true"
    context = {"form": form, "shown": shown, "fragment": fragment}
    template = "files/_results.html" if fragment else "files/read.html"
    return render(request, template, context, status=form_status(form))


def _look(actor: Actor, file: UploadedFile[bytes], unit: Unit | None, claim: str, key: str) -> Shown:
    content, name = file.read(), file.name or "-"
    reading = read_file(content, name, claim=claim, key=key)
    if unit is None or not services.is_bad(reading.report):
        return Shown(reading, key)
    kept, fresh = services.keep_file(content=content, filename=name, report=reading.report, unit=unit, by=actor)
    return Shown(reading, key, kept, fresh)


@guarded(EdiRight.INSPECT)
@require_POST
@limited(FILES_SENT)
def answer(request: HttpRequest, which: int) -> HttpResponse:
    """The 999 and TA1 for one of the files."""
    file = _file(request, which)
    return answered(file.read(), file.name or "") if file else _missing()


def answered(content: bytes, name: str) -> HttpResponse:
    try:
        with transaction.atomic():
            found = answer_to(content, DurableControls())
    except Unreadable as wrong:
        return _plain(_("It cannot be answered: %(why)s") % {"why": wrong.text})
    if not found.content:
        return _plain(_("There is nothing to answer: the file holds only acknowledgments."))
    return as_file(found.content, f"{_stem(name)}.999", "application/edi-x12")


@guarded(EdiRight.INSPECT)
@require_POST
@limited(FILES_SENT)
def report(request: HttpRequest, which: int) -> HttpResponse:
    """What `edi inspect --json` prints of one of the files."""
    file = _file(request, which)
    return reported(file.read(), file.name or "") if file else _missing()


def reported(content: bytes, name: str) -> HttpResponse:
    found = Report([inspect_stream(io.BytesIO(content), name)])
    return as_file(orjson.dumps(found.to_json(), option=orjson.OPT_INDENT_2), f"{_stem(name)}.json", "application/json")


@guarded(EdiRight.INSPECT)
@require_POST
@limited(FILES_SENT)
def compare_with(request: HttpRequest, which: int) -> HttpResponse:
    """What differs between one of the files and a second one."""
    first = _file(request, which)
    if first is None:
        return _missing()
    form = SecondForm(request.POST, MultiValueDict({"second": request.FILES.getlist(f"second-{which}")}))
    context: dict[str, object] = {"form": form, "which": which, "first": first.name}
    if form.is_valid():
        second = form.cleaned_data["second"]
        context |= {"second": second.name, **_differences(first.read(), second.read())}
    fragment = request.headers.get("HX-Request") == "true"
    template = "files/_compared.html" if fragment else "files/compared.html"
    return render(request, template, context, status=form_status(form))


def _differences(first: bytes, second: bytes) -> dict[str, object]:
    try:
        found: list[Difference] = list(islice(compare(io.BytesIO(first), io.BytesIO(second)), MOST_DIFFERENCES + 1))
    except Unreadable as wrong:
        return {"problem": wrong.text}
    return {"differences": found[:MOST_DIFFERENCES], "more": len(found) > MOST_DIFFERENCES, "compared": True}


def _file(request: HttpRequest, which: int) -> UploadedFile[bytes] | None:
    given = request.FILES.getlist("file")
    form = ReadForm(request.POST, request.FILES)
    fits = "file" not in form.errors
    return given[which] if fits and which < len(given) else None


def _missing() -> HttpResponse:
    return _plain(_("Choose the file again, at most 20 MB: it was not kept."))


def _plain(text: str) -> HttpResponse:
    return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")


def _stem(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1] or "file"


def as_file(content: bytes, name: str, media_type: str) -> HttpResponse:
    """A file to be saved."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
