"""Kinds of payer and plan, and the X12 codes that follow from them. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping


class PayerKind(enum.StrEnum):
    COMMERCIAL = "commercial"
    BLUES = "blues"
    MEDICARE = "medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    MEDICAID = "medicaid"
    TRICARE = "tricare"
    VETERANS = "veterans"
    WORK_COMP = "work_comp"
    AUTO = "auto"
    SELF_PAY = "self_pay"
    OTHER = "other"


class PlanKind(enum.StrEnum):
    HMO = "hmo"
    PPO = "ppo"
    EPO = "epo"
    POS = "pos"
    INDEMNITY = "indemnity"
    MEDICARE = "medicare"
    MEDICARE_ADVANTAGE = "medicare_advantage"
    MEDICAID = "medicaid"
    WORK_COMP = "work_comp"
    AUTO = "auto"
    OTHER = "other"


# SBR09 of the 837: claim filing indicator, by kind of payer.
FILING_INDICATOR: Mapping[PayerKind, str] = {
    PayerKind.COMMERCIAL: "CI",
    PayerKind.BLUES: "BL",
    PayerKind.MEDICARE: "MB",
    PayerKind.MEDICARE_ADVANTAGE: "16",
    PayerKind.MEDICAID: "MC",
    PayerKind.TRICARE: "CH",
    PayerKind.VETERANS: "VA",
    PayerKind.WORK_COMP: "WC",
    PayerKind.AUTO: "AM",
    PayerKind.SELF_PAY: "09",
    PayerKind.OTHER: "ZZ",
}
FILING_INDICATORS = frozenset(
    {
        *("09", "11", "12", "13", "14", "15", "16", "17"),
        *("AM", "BL", "CH", "CI", "DS", "FI", "HM", "LM"),
        *("MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ"),
    }
)

# Payers of an injury: nothing is billed to the patient while they answer.
INJURY_KINDS = frozenset({PayerKind.WORK_COMP, PayerKind.AUTO})

_PAYER_ID = re.compile(r"^[A-Z0-9]{2,20}$")


def normal_payer_id(text: str) -> str:
    """Upper case without spaces and hyphens. Raises ValueError when it is no NM109 value."""
    cleaned = re.sub(r"[\s-]", "", text).upper()
    if not _PAYER_ID.match(cleaned):
        raise ValueError("A payer id has 2 to 20 letters and digits.")
    return cleaned
