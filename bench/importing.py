"""`patients import`: a CSV file of new patients beside the million; every hundredth row is somebody of the file again."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from bench.processes import database_seconds
from bench.results import Row, row
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.organization.models import Unit
from medguild.patients.imports.services import import_patients

PATIENTS = 30_000
_LETTERS = "abcdefghijklmnoprstuvwz"


def measure(count: int = PATIENTS) -> list[Row]:
    """Patients a second of CPU time of both sides."""
    unit = Unit.objects.get(name="Riverside")
    lines = list(_file(count))
    before = time.process_time() + database_seconds()
    report = import_patients(lines=lines, unit_id=unit.pk, by=Actor.job("bench"))
    seconds = time.process_time() + database_seconds() - before
    detail = f"{report.imported} imported, {len(report.duplicates)} duplicates reported, {len(report.bad)} bad"
    return [row("patients import: rows of CSV", report.read / seconds, "rows/s", least=3_000, detail=detail)]


def _file(count: int) -> Iterator[str]:
    yield "family_name,given_name,birth_date,sex,phone,line1,city,state,postal_code"
    for _ in range(count * 99 // 100):
        line = _person()
        yield line
        if random.random() < 0.01:
            yield line


def _person() -> str:
    family, given = ("".join(random.choices(_LETTERS, k=length)).title() for length in (9, 6))
    born = f"{random.randrange(1930, 2024)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"
    phone = f"503{random.randrange(200, 1000)}{random.randrange(10_000):04d}"
    return f"{family},{given},{born},female,{phone},{random.randrange(1, 9_000)} Oak Street,Portland,OR,97201"
