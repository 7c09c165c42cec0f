"""Which record stands for which transaction, and which of its loops count as claims and services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from medguild.x12.guides.model import Guide
from medguild.x12.guides.x212_request import X212_REQUEST
from medguild.x12.guides.x212_response import X212_RESPONSE
from medguild.x12.guides.x214 import X214
from medguild.x12.guides.x217 import X217_REQUEST, X217_RESPONSE
from medguild.x12.guides.x231 import X231
from medguild.x12.guides.x279 import X279_REQUEST, X279_RESPONSE
from medguild.x12.records.acknowledgment import Acknowledgment
from medguild.x12.records.claim_acknowledgment import ClaimAcknowledgment
from medguild.x12.records.claim_status import ClaimStatusResponse
from medguild.x12.records.claim_status_request import ClaimStatusRequest
from medguild.x12.records.eligibility_request import EligibilityRequest
from medguild.x12.records.eligibility_response import EligibilityResponse
from medguild.x12.records.services_review import ServicesReview


@dataclass(frozen=True, slots=True)
class BoundSet:
    set_id: str
    guide: Guide
    record: type
    claims: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    by_purpose: Mapping[str, Guide] = field(default_factory=dict)

    def guide_of(self, purpose: str) -> Guide:
        """Requests and answers of one set may follow different tables, told apart by their purpose (BHT02)."""
        return self.by_purpose.get(purpose, self.guide)


def _set(set_id: str, guide: Guide, record: type, claims: str = "", services: str = "") -> BoundSet:
    return BoundSet(set_id, guide, record, frozenset(claims.split()), frozenset(services.split()))


BOUND: dict[str, BoundSet] = {
    "270": _set("270", X279_REQUEST, EligibilityRequest),
    "271": _set("271", X279_RESPONSE, EligibilityResponse),
    "277": _set("277", X212_RESPONSE, ClaimStatusResponse, "2200D 2200E", "2220D 2220E"),
    "277CA": _set("277", X214, ClaimAcknowledgment, "2200D", "2220D"),
    "278": BoundSet(
        "278", X217_REQUEST, ServicesReview, frozenset(("2000E",)), frozenset(("2000F",)), {"11": X217_RESPONSE}
    ),
    "999": _set("999", X231, Acknowledgment),
    "276": _set("276", X212_REQUEST, ClaimStatusRequest, "2200D 2200E", "2210D 2210E"),
}
