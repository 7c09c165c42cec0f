"""How a recall, its contacts and the numbers are put before people."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from medguild.operations.recalls.models import Recall, RecallContact
from medguild.operations.recalls.selectors import Numbers
from medguild.operations.recalls.words import CLOSE_REASONS, NUMBERS, ORIGINS, OUTCOMES, STATUS_TONES, STATUSES, WAYS


def times_url(recall: Recall, *, today: dt.date) -> str:
    """The search for a fitting time, for this patient, from the day on which they are due."""
    query = {
        "patient": str(recall.patient_id),
        "visit_type": str(recall.visit_type_id),
        "site": str(recall.unit_id),
        "start": max(recall.due_on, today).isoformat(),
    }
    if recall.clinician_id is not None:
        query["clinician"] = str(recall.clinician_id)
    return f"{reverse('scheduling:find')}?{urlencode(query)}"


def recall(row: Recall) -> dict[str, Any]:
    return {
        "status": STATUSES[row.status],
        "tone": STATUS_TONES[row.status],
        "origin": ORIGINS[row.origin],
        "reason": CLOSE_REASONS.get(row.close_reason, ""),
    }


def contact(row: RecallContact) -> dict[str, Any]:
    return {"row": row, "way": WAYS[row.way], "outcome": OUTCOMES[row.outcome]}


def stats(found: Numbers, *, site: str = "") -> list[dict[str, Any]]:
    """Each number with its words and the address of its rows."""
    base = reverse("recalls:list")
    shown = []
    for name in ("due", "overdue", "coming", "reached", "booked"):
        query = {"counted": name} | ({"site": site} if site else {})
        value = str(getattr(found, name))
        unit = f"{found.booked_share:.0f} %" if name == "booked" and found.booked_share is not None else ""
        shown.append({"label": NUMBERS[name], "value": value, "unit": unit, "href": f"{base}?{urlencode(query)}"})
    return shown
