"""Codes that may be charted: ICD-10-CM on the day of the visit, services of the group's own list or fee schedule."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.codesets.rules import System
from medguild.foundation.codesets.selectors import check, lookup, search
from medguild.operations.chart.errors import BadLine
from medguild.operations.chart.rules import clean_code, clean_diagnosis, valid_service_code
from medguild.payers.pricing.selectors import charge_for

_DIAGNOSIS = re.compile(r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")
MOST_HITS = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """A code with its words, as a picker shows it."""

    code: str
    label: str


def search_diagnoses(text: str, on: dt.date) -> list[Hit]:
    """Billable diagnoses by code or words, the common ones first."""
    found = search(System.ICD10CM, text, on, MOST_HITS, only_selectable=True)
    return [Hit(code.code, code.label) for code in found if code.valid]


def search_services(text: str, on: dt.date) -> list[Hit]:
    """Services of the loaded procedure list by code or words."""
    found = search(System.PROCEDURE, text, on, MOST_HITS, only_selectable=True)
    return [Hit(code.code, code.label) for code in found if code.valid]


def diagnosis_on(text: str, on: dt.date) -> Hit:
    """The diagnosis of a code on a day. Raises BadLine for a heading, an ended or an unknown code.

    Where no edition is loaded that could tell, the code is taken as typed; the claim's edits look again.
    """
    code = clean_diagnosis(text)
    if not _DIAGNOSIS.match(code):
        raise BadLine(_("A diagnosis code looks like E11.9."), code="diagnosis_form", field="code")
    verdict = check(System.ICD10CM, code, on)
    if verdict.ok is False:
        raise BadLine(verdict.reason, code=verdict.code, field="code")
    found = lookup(System.ICD10CM, code, on)
    return Hit(code, found.label if found else "")


def service_named(text: str, *, entity_id: UUID, on: dt.date) -> Hit:
    """The service of a code: on the loaded list, or priced in the entity's fee schedule. Raises BadLine."""
    code = clean_code(text)
    if not valid_service_code(code):
        raise BadLine(_("A service code has five letters or digits."), code="service_form", field="code")
    found = lookup(System.PROCEDURE, code, on)
    if found is not None and found.valid and found.selectable:
        return Hit(code, found.label)
    if charge_for(entity_id, code, on=on) is not None:
        return Hit(code, "")
    raise BadLine(
        _("%(code)s is neither on the list of services nor in the fee schedule.") % {"code": code},
        code="service_unknown", field="code",
    )  # fmt: skip
