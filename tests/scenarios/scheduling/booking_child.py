"""A process that books a slot, stops before its commit, says so, and waits to be killed."""

from __future__ import annotations

import os
import sys
import time
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from medguild.foundation.kernel.actor import Actor  # noqa: E402
from medguild.foundation.kernel.clock import now  # noqa: E402
from medguild.foundation.organization.models import Site  # noqa: E402
from medguild.foundation.organization.people import Clinician  # noqa: E402
from medguild.operations.scheduling.models import VisitType  # noqa: E402
from medguild.operations.scheduling.services import book_appointment  # noqa: E402
from medguild.patients.identity.models import Patient  # noqa: E402


def main(database: str, patient: str, clinician: str, kind: str, site: str, minutes_ahead: str) -> None:
    connection.settings_dict["NAME"] = database
    start = now().replace(second=0, microsecond=0)
    start = start.fromtimestamp(int(minutes_ahead) * 60, tz=start.tzinfo)
    with transaction.atomic():
        book_appointment(
            patient=Patient.objects.unscoped("test").get(pk=UUID(patient)),
            clinician=Clinician.objects.get(pk=UUID(clinician)),
            visit_type=VisitType.objects.get(pk=UUID(kind)),
            site=Site.objects.get(unit_id=UUID(site)),
            start=start,
            by=Actor.job("child"),
        )
        print("booked, not committed", flush=True)
        time.sleep(60)


main(*sys.argv[1:])
