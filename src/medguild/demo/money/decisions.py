"""What payers decide about claims of the past: how much they allow, what they leave to the patient, what they refuse."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from medguild.demo import plan
from medguild.demo.money import terms
from medguild.demo.money.story import Said, Service
from medguild.demo.people import Invented
from medguild.payers.payers.rules import PayerKind
from medguild.revenue.remittances.context import reasons_on
from medguild.revenue.remittances.posting_rules import Adjusted, Circumstances, Reason, adjusted

_REASONS = ("1", "2", "3", "45", "253", *(one.reason for one in terms.REFUSALS))


@dataclass(slots=True)
class Payers:
    """The payers of one load; remembers what of each patient's deductible is left in a year."""

    today: dt.date
    reasons: dict[str, Reason] = field(default_factory=dict)
    _left: dict[tuple[UUID, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reasons = reasons_on(_REASONS, self.today)

    def adjustment(self, group: str, reason: str, amount: int, *, denied_claim: bool = False) -> Adjusted:
        return adjusted(group, reason, amount, self.reasons.get(reason), Circumstances(denied_claim=denied_claim))

    def refusal(self, site: str, service: Service, day: dt.date, rng: random.Random) -> terms.Refusal | None:
        """Why a service is refused at a site that has trouble with approvals; None where it is not."""
        for trouble in plan.AUTHORIZATION_TROUBLES:
            since = self.today - dt.timedelta(days=trouble.days)
            if site == trouble.site and service.code in trouble.codes and day >= since and rng.random() < trouble.rate:
                return _AUTHORIZATION
        return None

    def refused(self, service: Service, why: terms.Refusal, *, whole: bool) -> Said:
        one = self.adjustment(why.group, why.reason, service.amount, denied_claim=whole)
        return Said(service, service.amount, 0, (one,), (why.remark,) if why.remark else ())

    def paid(self, patient: Invented, service: Service, day: dt.date, *, copay: int) -> Said:
        """Allowed by contract, less what the plan leaves to the patient, less the federal cut where Medicare pays."""
        kind = patient.plan.payer.kind
        reasons = [self.adjustment("CO", "45", service.amount - service.allowed)]
        shares = self._shares(patient, service, day, copay)
        paid = service.allowed - sum(one.amount for one in shares)
        cut = (paid * terms.PAYING[PayerKind(kind)].reduction + 5_000) // 10_000
        reasons += [*shares, self.adjustment("CO", "253", cut)]
        return Said(service, service.amount, paid - cut, tuple(one for one in reasons if one.amount))

    def _shares(self, patient: Invented, service: Service, day: dt.date, copay: int) -> list[Adjusted]:
        terms_of_plan = terms.PAYING[PayerKind(patient.plan.payer.kind)]
        if service.code in terms.WITHOUT_SHARE:
            return []
        if copay:
            return [self.adjustment("PR", "3", min(copay, service.allowed))]
        if copay_of(patient):
            return []
        deductible = self._deductible(patient, service.allowed, day, terms_of_plan)
        rest = service.allowed - deductible
        own = rest * terms.COINSURANCE // 10_000 if terms_of_plan.deductible else 0
        return [self.adjustment("PR", "1", deductible), self.adjustment("PR", "2", own)]

    def _deductible(self, patient: Invented, allowed: int, day: dt.date, plan_terms: terms.Payment) -> int:
        if not plan_terms.deductible or (plan_terms.copay_share and _draw(patient) < 0.85):
            return 0
        key = (patient.id, day.year)
        left = self._left.get(key, plan_terms.deductible)
        part = min(left, allowed)
        self._left[key] = left - part
        return part


_AUTHORIZATION = next(one for one in terms.REFUSALS if one.reason == "197")


def _draw(patient: Invented) -> float:
    """A number of [0, 1) that belongs to the patient: the random bits of the id come from the seed."""
    return (patient.id.int & 0xFFFF) / 0x10000


def copay_of(patient: Invented) -> int:
    """The fixed co-pay of the patient's plan for a visit in cents; 0 where the plan has none."""
    paying = terms.PAYING.get(PayerKind(patient.plan.payer.kind))
    if paying is None or _draw(patient) >= paying.copay_share:
        return 0
    return terms.COPAYS[(patient.id.int >> 16) % len(terms.COPAYS)]


def takes_copay(code: str) -> bool:
    """Co-pays belong to the consultation."""
    return code.startswith("992") and code not in terms.WITHOUT_SHARE


def any_refusal(rng: random.Random, *, line: bool = False) -> terms.Refusal:
    pool: Sequence[terms.Refusal] = [
        one for one in terms.REFUSALS if not line or (one.reason in terms.LINE_REASONS and one.group == "CO")
    ]
    return rng.choices(pool, [one.weight for one in pool])[0]
