"""A few pages and operations of the tests' own, to try the door of the house."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import include, path
from ninja import NinjaAPI, Schema

from medguild.foundation.access.api import TokenAuth, actor_of, answer, idempotent, problem, show
from medguild.foundation.access.guard import NOTED, PUBLIC, SIGNED_IN, guarded, note_reads
from medguild.foundation.access.limits import TooManyRequests
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.services import record
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.organization.models import Resource, SharingCircle
from tests.integration.events.support import TOLD

SEEN = UUID(int=7)


def say(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(f"hello {request.actor.label}")  # type: ignore[attr-defined]


def named(name: str) -> Any:
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return say(request)

    view.__name__ = name
    return view


open_page = guarded(PUBLIC)(named("open_page"))
signed_page = guarded(SIGNED_IN)(named("signed_page"))
managed_page = guarded("organization.manage")(named("managed_page"))
board_page = guarded(SIGNED_IN, keeps_alive=False)(named("board_page"))
patient_page = guarded("organization.read", reads="patient_id")(named("patient_page"))
forgotten_page = named("forgotten_page")


@guarded("organization.read", reads=NOTED)
def list_page(request: HttpRequest) -> HttpResponse:
    note_reads(request, [SEEN, UUID(int=8)])
    return say(request)


@guarded("organization.read", reads=NOTED)
def export_page(request: HttpRequest) -> StreamingHttpResponse:
    def rows() -> Iterator[bytes]:
        note_reads(request, [SEEN])
        yield b"one"

    return StreamingHttpResponse(rows())


@guarded("organization.read", reads=NOTED)
def broken_page(request: HttpRequest) -> HttpResponse:
    note_reads(request, [SEEN])
    return HttpResponse(status=422)


ERRORS = {
    "not_visible": NotVisible(),
    "not_allowed": NotAllowed("You may not."),
    "conflict": Conflict("Somebody was first."),
    "gone": Resource.DoesNotExist(),
    "404": Http404(),
    "bug": ZeroDivisionError(),
}


@guarded("organization.read")
def raising_page(request: HttpRequest, what: str) -> HttpResponse:
    raise ERRORS[what]


class Body(Schema):
    name: str
    fail: bool = False
    slow: bool = False


api = NinjaAPI(urls_namespace="door", docs_url=None, openapi_url=None)
runs: list[str] = []
running = threading.Event()


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if isinstance(refusal, TooManyRequests):
        return problem(refusal)
    return answer({"code": refusal.code}, status=404 if isinstance(refusal, NotVisible) else 422)


@api.post("/circles", auth=TokenAuth("organization.read"))
def add_circle(request: HttpRequest, body: Body) -> HttpResponse:
    def run() -> HttpResponse:
        runs.append(body.name)
        circle = SharingCircle.objects.create(name=body.name, basis="test")
        record(TOLD, subject=SubjectRef("circle", circle.pk), by=actor_of(request))
        if body.slow:
            running.set()
            time.sleep(0.5)
        if body.fail:
            raise Conflict("Taken.", code="taken")
        return answer({"id": str(circle.pk)}, status=201)

    return idempotent(request, body.dict(), run)


@api.get("/seen/{patient_id}", auth=TokenAuth("organization.read"))
def seen(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    if patient_id != SEEN:
        raise NotVisible
    return show(request, {"ok": True}, patients=[patient_id])


@api.get("/managed", auth=TokenAuth("organization.manage"))
def managed(request: HttpRequest) -> HttpResponse:
    return answer({})


urlpatterns = [
    path("open/", open_page, name="open"),
    path("signed/", signed_page, name="signed"),
    path("managed/", managed_page, name="managed"),
    path("board/", board_page, name="board"),
    path("forgotten/", forgotten_page, name="forgotten"),
    path("patient/<uuid:patient_id>/", patient_page, name="patient"),
    path("list/", list_page, name="list"),
    path("export/", export_page, name="export"),
    path("broken/", broken_page, name="broken"),
    path("raise/<str:what>/", raising_page, name="raise"),
    path("api/door/", api.urls),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("medguild.foundation.urls")),
]
