"""The API of patients: the two hot reads. Answers are written directly; their shapes are documented, not re-checked."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from medguild.foundation.access.api import TokenAuth, actor_of, show
from medguild.patients.identity.permissions import PatientsRight
from medguild.patients.identity.search import patient_row, search

router = Router(tags=["patients"])


class PatientListed(Schema):
    """A patient as listed. `phone` is E.164; `survivor_id` names the record that stands for this one, if any."""

    id: UUID
    mrn: str
    family_name: str
    given_name: str
    middle_name: str
    suffix: str
    preferred_name: str
    birth_date: dt.date
    sex: str
    phone: str
    language: str
    interpreter_needed: bool
    deceased_on: dt.date | None
    home_unit_id: UUID
    survivor_id: UUID | None


class PatientShown(PatientListed):
    """Everything that is known of who a patient is."""

    circle_id: UUID
    previous_names: list[str]
    gender_identity: str
    other_phone: str
    email: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    revision: int
    registered_at: dt.datetime


class PatientsFound(Schema):
    """At most 15 patients, the likeliest first. `more`: there are others; `alike`: only the sound of a name matched."""

    items: list[PatientListed]
    more: bool
    alike: bool


# The response is given to the schema only for the OpenAPI page: an HttpResponse passes through unchanged.
@router.get("/patients", auth=TokenAuth(PatientsRight.READ), response=PatientsFound, summary="Find patients")
def find_patients(
    request: HttpRequest,
    q: str = Query(..., max_length=100, description="part of a name, birth date, record number, or phone"),  # type: ignore[type-arg]
) -> HttpResponse:
    """Search by name part (in either order), birth date in the usual formats, record number or phone digits."""
    found = search(actor_of(request), q)
    return show(
        request,
        {"items": found.rows, "more": found.more, "alike": found.alike},
        patients=[row["id"] for row in found.rows],
    )


@router.get(
    "/patients/{uuid:patient_id}", auth=TokenAuth(PatientsRight.READ), response=PatientShown, summary="Read a patient"
)
def read_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """One patient. 404 alike for records that do not exist and records that the token may not see."""
    row = patient_row(actor_of(request), patient_id)
    return show(request, row, patients=[patient_id])
