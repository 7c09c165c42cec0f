"""Forms of the books, and reading a choice of postings from a URL."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

_IDS = (
    "entity_id",
    "site_id",
    "clinician_id",
    "payer_id",
    "patient_id",
    "account_id",
    "claim_line_id",
    "counterparty_id",
)


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("Why must the month be opened again?"), max_length=500)


def read_month(text: str) -> dt.date | None:
    """`2026-03` as the first of that month; None for anything else."""
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return None


def read_choice(query: QueryDict) -> dict[str, Any] | None:
    """What postings a URL asks for (`code`, `as_of`, ids of dimensions); None where it asks nothing readable."""
    choice: dict[str, Any] = {}
    try:
        choice |= {name: UUID(str(query[name])) for name in _IDS if query.get(name)}
        if query.get("as_of"):
            choice["as_of"] = dt.date.fromisoformat(str(query["as_of"]))
    except ValueError:
        return None
    codes = query.getlist("code")
    return (choice | {"codes": codes} if codes else choice) or None
