"""The API under /api/v1: gathers the routers of the wings."""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

from medguild.foundation.access.api import answer, problem
from medguild.foundation.kernel.errors import Refusal

log = logging.getLogger(__name__)
api = NinjaAPI(
    title="Medguild",
    version="1",
    description="Patients, slots and appointments of a medical group. Bearer tokens: `medguild token create`. "
    "Too many requests are answered with 429 and `Retry-After`.",
    docs=Swagger(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Named refusals become answers with a stable code."""
    return problem(refusal)


@api.exception_handler(OperationalError)
def unavailable(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database went away under the request: its transaction is rolled back, so asking again is safe."""
    log.error("the database did not answer %s", request.method, exc_info=error)
    told = "The database did not answer; nothing of this request was kept. Send it again with the same Idempotency-Key."
    response = answer({"code": "unavailable", "detail": told}, status=503)
    response["Retry-After"] = "1"
    return response


for _wing in ("patients", "operations", "revenue", "experience"):
    if find_spec(f"medguild.{_wing}") and find_spec(f"medguild.{_wing}.api"):
        api.add_router("", import_module(f"medguild.{_wing}.api").router)
