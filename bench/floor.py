"""The floor: the same Django, driver and data, a bare ORM view, no middleware, no permission, no event."""

from __future__ import annotations

import os
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.floor_settings")

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import path

FIELDS = ("id", "mrn", "given_name", "family_name", "birth_date")
django.setup()
settings.MIDDLEWARE = []  # after set-up, because an installed app asks for its own
application = WSGIHandler()


def _all():  # type: ignore[no-untyped-def]
    from medguild.patients.identity.models import Patient

    return Patient.objects.unscoped("the floor of the bench")


def _plain(patient: object) -> dict[str, str]:
    return {name: str(getattr(patient, name)) for name in FIELDS}


def one(request: HttpRequest, patient_id: UUID) -> JsonResponse:
    return JsonResponse(_plain(_all().get(pk=patient_id)))


def search(request: HttpRequest) -> JsonResponse:
    prefix, circle = request.GET["q"], request.GET["circle"]
    upper = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    found = _all().filter(circle_id=circle, family_key__gte=prefix, family_key__lt=upper)
    found = found.order_by("family_key", "given_key")[:15]
    return JsonResponse({"patients": [_plain(patient) for patient in found]})


def ping(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


urlpatterns = [
    path("ping", ping),
    path("patients/<uuid:patient_id>", one),
    path("patients", search),
]
