"""What payers said, on the page of the claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medguild.foundation.kernel.actor import Actor
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.ports import ClaimPanel, claim_panels
from medguild.revenue.remittances.permissions import RemittancesRight
from medguild.revenue.remittances.selectors import adjudications_of_claim, denial_cases
from medguild.revenue.remittances.words import CATEGORIES, CLAIM_STATUS, DENIAL_OUTCOMES


def _answers(actor: Actor, claim: Claim) -> Mapping[str, Any]:
    """Each answer with its amounts, and what was denied; nothing before the first answer."""
    found = adjudications_of_claim(actor, claim.pk)
    if not found:
        return {}
    denials = [
        {
            "row": rows[0],
            "label": CATEGORIES.get(rows[0].category, rows[0].category),
            "codes": ", ".join(dict.fromkeys(row.label() for row in rows)),
            "amount": sum(row.amount for row in rows),
            "outcome": DENIAL_OUTCOMES.get(rows[0].outcome, "") if rows[0].settled_at else "",
        }
        for rows in denial_cases(actor, claim.pk)
    ]
    answers = [(held, CLAIM_STATUS.get(held.claim_status, held.claim_status)) for held in found]
    return {"answers": answers, "denials": denials}


claim_panels.register(
    "answers", ClaimPanel("answers", 10, "remittances/_claim_answers.html", _answers, right=RemittancesRight.READ)
)
