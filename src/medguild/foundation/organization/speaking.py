"""What patients ask of a clinician besides the specialty: the languages they speak, and their sex."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext_lazy

from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.ports import declare_event
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.people import Clinician, ClinicianLanguage
from medguild.foundation.organization.rules import ClinicianSex

SPEAKS = declare_event("clinician.languages_set", gettext_lazy("Languages of a clinician changed"), icon="language")


@transaction.atomic
def describe_clinician(
    *, clinician: Clinician, languages: Collection[str], by: Actor, on: dt.date, sex: ClinicianSex | None = None
) -> None:
    """The languages spoken from a day on, and the sex that patients are told (None: not said).

    Languages that are left out end on that day; one that began on it is as if it had never been said.
    """
    held = ClinicianLanguage.objects.filter(clinician=clinician).filter(
        Q(period__endswith__gt=on) | Q(period__endswith__isnull=True)
    )
    kept = {row.language: row for row in held}
    for language, row in kept.items():
        if language not in languages:
            _end(row, on)
    for language in sorted(set(languages) - set(kept)):
        ClinicianLanguage.objects.create(clinician=clinician, language=language, period=DateRange(on, None))
    clinician.sex = sex.value if sex else ""
    clinician.save(update_fields=["sex"])
    record(
        SPEAKS, subject=SubjectRef("person", clinician.person_id, clinician.person.label()), by=by,
        data={"languages": sorted(languages)},
    )  # fmt: skip


def _end(row: ClinicianLanguage, on: dt.date) -> None:
    if row.period.lower >= on:
        row.delete()
        return
    row.period = DateRange(row.period.lower, on)
    row.save(update_fields=["period"])


def languages_of(clinician_id: UUID, *, on: dt.date) -> list[str]:
    """Codes of the languages a clinician speaks with patients on a day."""
    rows = ClinicianLanguage.objects.filter(clinician_id=clinician_id, period__contains=on)
    return sorted(rows.values_list("language", flat=True))
