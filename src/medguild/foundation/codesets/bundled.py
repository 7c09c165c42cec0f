"""The reference data that come with the house, and how their columns are read. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from medguild.foundation.codesets.rules import CodeRow, System, words_of

DATA = Path(__file__).parent / "data"
VERSION = "2026-11"
# Our lists do not say since when each code holds; they serve for any day the house has records of.
SINCE = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file of the data folder: its system, its code and label columns, how headings are told."""

    system: System
    file: str
    code: Callable[[Mapping[str, str]], str]
    label: str
    source: str
    selectable: Callable[[Mapping[str, str]], bool] = lambda row: True

    @property
    def path(self) -> Path:
        return DATA / self.file


def _column(name: str) -> Callable[[Mapping[str, str]], str]:
    return lambda row: row[name]


_OWN = "own words"
BUNDLES: tuple[Bundle, ...] = (
    Bundle(System.PLACE_OF_SERVICE, "place_of_service.csv", _column("code"), "name", "CMS"),
    Bundle(System.CARC, "claim_adjustment_reasons.csv", _column("code"), "label_own_words", _OWN),
    Bundle(System.CLAIM_GROUP, "claim_group_codes.csv", _column("code"), "name", _OWN),
    Bundle(System.RARC, "remittance_remarks_subset.csv", _column("code"), "label_own_words", _OWN),
    Bundle(System.DENIAL_CATEGORY, "denial_categories.csv", _column("category"), "meaning", _OWN),
    Bundle(System.MODIFIER, "modifiers_subset.csv", _column("modifier"), "meaning_own_words", _OWN),
    Bundle(System.SPECIALTY, "medicare_specialty_codes.csv", _column("code"), "name", "CMS"),
    Bundle(System.RACE_ETHNICITY, "race_ethnicity_minimum.csv", _column("code"), "name", "CDC 1.3"),
    Bundle(
        System.SDOH,
        "icd10cm_sdoh_z_codes.csv",
        _column("code"),
        "description",
        "ICD-10-CM",
        lambda row: row["billable_leaf"] == "Y",
    ),
    Bundle(
        System.PFS_INDICATOR,
        "pfs_indicators.csv",
        lambda row: f"{row['field']}:{row['value']}",
        "meaning_own_words",
        _OWN,
    ),
    Bundle(
        System.COMPLIANCE_CALENDAR,
        "compliance_calendar.csv",
        lambda row: words_of(row["duty"]).replace(" ", "_"),
        "duty",
        _OWN,
    ),
    Bundle(System.PROCEDURE, "demo_services.csv", _column("code"), "label", _OWN),
)


def read_bundle(bundle: Bundle) -> list[CodeRow]:
    """The codes of a bundled file; columns that are neither code nor label become attributes."""
    text = bundle.path.read_text(encoding="utf-8")
    return [
        CodeRow(
            code=bundle.code(row),
            label=row[bundle.label],
            attributes={name: value for name, value in row.items() if value and name != bundle.label},
            selectable=bundle.selectable(row),
        )
        for row in csv.DictReader(io.StringIO(text))
    ]
