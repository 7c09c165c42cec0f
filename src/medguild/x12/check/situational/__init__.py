"""The situational rules of claims (SNIP type 4), grouped by what they look at. This package loads them all."""

from medguild.x12.check.situational import coding, dates, parties, payers
from medguild.x12.check.situational.rules import CLAIM_RULES, LINE_RULES, PAYER_RULES, check_situations

__all__ = ["CLAIM_RULES", "LINE_RULES", "PAYER_RULES", "check_situations", "coding", "dates", "parties", "payers"]
