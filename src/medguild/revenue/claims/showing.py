"""The timeline of a claim as the page shows it."""

from __future__ import annotations

from medguild.foundation.events.ports import event_types
from medguild.foundation.events.selectors import timeline
from medguild.foundation.ui.parts import Moment
from medguild.revenue.claims.models import Claim
from medguild.revenue.claims.services import subject_of


def moments_of(claim: Claim) -> list[Moment]:
    """Newest first: what happened to the claim, and who did it."""
    return [
        Moment(
            what=str(event_types.get(event.type).label),
            at=event.occurred_at,
            who=event.actor_label,
            icon=event_types.get(event.type).icon,
        )
        for event in timeline(subjects=[subject_of(claim)])
    ]
