"""Patients as pages show them: heads, search hits, moments of the timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from medguild.foundation.events.actors import who
from medguild.foundation.events.events import EventRecord
from medguild.foundation.events.ports import event_types
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import today
from medguild.foundation.ui.parts import Moment
from medguild.foundation.ui.ports.search import SearchHit
from medguild.patients.identity.models import Patient
from medguild.patients.identity.rules.dates import age_on
from medguild.patients.identity.rules.names import full_name
from medguild.patients.identity.rules.phones import spoken_phone
from medguild.patients.identity.search import Row, search
from medguild.patients.identity.words import LANGUAGES, SEXES

_SEXES = dict(SEXES)
_LANGUAGES = dict(LANGUAGES)


@dataclass(frozen=True, slots=True)
class Line:
    """A patient in a list."""

    id: UUID
    name: str
    preferred: str
    birth_date: dt.date
    age: int
    sex: str
    mrn: str
    phone: str
    interpreter: str
    deceased: bool
    linked: bool

    @property
    def url(self) -> str:
        return reverse("patients:detail", args=[self.id])


def line_of(row: Row) -> Line:
    """A list line from a row of `search`."""
    return Line(
        id=row["id"],
        name=full_name(row["family_name"], row["given_name"], row["middle_name"], row["suffix"]),
        preferred=row["preferred_name"],
        birth_date=row["birth_date"],
        age=age_on(row["birth_date"], row["deceased_on"] or today()),
        sex=str(_SEXES[row["sex"]]),
        mrn=row["mrn"],
        phone=spoken_phone(row["phone"]),
        interpreter=language_name(row["language"]) if row["interpreter_needed"] else "",
        deceased=row["deceased_on"] is not None,
        linked=row["survivor_id"] is not None,
    )


def line_of_patient(patient: Patient) -> Line:
    """A list line from a record."""
    names = ("id", "family_name", "given_name", "middle_name", "suffix", "preferred_name", "birth_date", "deceased_on",
             "sex", "mrn", "phone", "language", "interpreter_needed", "survivor_id")  # fmt: skip
    row: dict[str, Any] = {name: getattr(patient, name) for name in names}
    return line_of(row)


def language_name(code: str) -> str:
    return str(_LANGUAGES.get(code, code))


def sex_name(code: str) -> str:
    return str(_SEXES[code])


def address_lines(record: Any) -> list[str]:
    """Street, apartment, and city with state and ZIP code; only what is known."""
    zip_code = record.postal_code
    dashed = f"{zip_code[:5]}-{zip_code[5:]}" if len(zip_code) == 9 else zip_code
    place = " ".join(part for part in (f"{record.city}," if record.city else "", record.state, dashed) if part)
    return [line for line in (record.line1, record.line2, place.strip(",")) if line]


def moments(records: Iterable[EventRecord]) -> list[Moment]:
    """Events as lines of a timeline."""
    return [_moment(record) for record in records]


def _moment(record: EventRecord) -> Moment:
    declared = event_types.find(record.type)
    detail = record.subject.label if record.subject.type != "patient" else ""
    return Moment(
        what=declared.label if declared else record.type,
        at=record.occurred_at,
        who=who(record),
        icon=declared.icon if declared else "point",
        detail=detail,
    )


def search_hits(actor: Actor, query: str, limit: int) -> list[SearchHit]:
    """Patients for the palette."""
    return [_hit(line_of(row)) for row in search(actor, query, limit=limit).rows]


def _hit(line: Line) -> SearchHit:
    detail = _("born %(born)s, record %(mrn)s") % {"born": f"{line.birth_date:%m/%d/%Y}", "mrn": line.mrn}
    return SearchHit(label=line.name, detail=detail, url=line.url, kind=_("Patients"), icon="user", patient_id=line.id)
