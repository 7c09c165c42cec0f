"""What single payers ask for beyond the guide (SNIP type 7), as data.

A file of rules is TOML:

    [[rule]]
    id = "bhp-member"                       # shown as partner.bhp-member
    payers = ["BHP01"]                      # payer numbers (NM109 of 2010BB); leave out for every payer
    when = {place_of_service = ["11", "22"]}    # all must hold; a line fact makes the rule one of lines
    require = ["prior_authorization"]       # facts that must be there
    forbid = ["supervising_npi"]            # facts that must not
    match = {member_id = "[A-Z]{3}[0-9]{9}"}    # what a fact, if there, must look like as a whole
    severity = "error"                      # or "warning"
    text = "The member number has three letters and nine digits. Take it from the card."

`CLAIM_FACTS` and `LINE_FACTS` are what a rule may speak of.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from medguild.x12.catalogue import RULES, declare
from medguild.x12.errors import IssueLog, X12Error
from medguild.x12.records.claim import Claim, ServiceLine

PARTNER = 7


def _npi(claim: Claim, role: str) -> str:
    provider = claim.provider(role)
    return provider.npi if provider else ""


CLAIM_FACTS: dict[str, Callable[[Claim], str]] = {
    "member_id": lambda claim: claim.subscriber.member_id,
    "group_number": lambda claim: claim.subscriber.group_number,
    "filing_indicator": lambda claim: claim.subscriber.filing_indicator,
    "insurance_type": lambda claim: claim.subscriber.insurance_type,
    "sequence": lambda claim: claim.subscriber.sequence,
    "patient_relationship": lambda claim: claim.patient.relationship if claim.patient else "18",
    "place_of_service": lambda claim: claim.place_of_service,
    "frequency": lambda claim: claim.frequency,
    "prior_authorization": lambda claim: claim.prior_authorization,
    "referral": lambda claim: claim.reference("9F"),
    "payer_control": lambda claim: claim.payer_control,
    "medical_record": lambda claim: claim.reference("EA"),
    "clia": lambda claim: claim.reference("X4"),
    "billing_npi": lambda claim: claim.billing.npi,
    "billing_taxonomy": lambda claim: claim.billing.taxonomy,
    "rendering_npi": lambda claim: _npi(claim, "82"),
    "referring_npi": lambda claim: _npi(claim, "DN"),
    "supervising_npi": lambda claim: _npi(claim, "DQ"),
    "facility_npi": lambda claim: _npi(claim, "77"),
    "first_diagnosis": lambda claim: claim.diagnoses[0].code if claim.diagnoses else "",
}
LINE_FACTS: dict[str, Callable[[ServiceLine], str]] = {
    "procedure": lambda line: line.procedure.code,
    "modifiers": lambda line: " ".join(line.procedure.modifiers),
    "revenue_code": lambda line: line.revenue_code,
    "unit": lambda line: line.unit,
    "line_place_of_service": lambda line: line.place_of_service,
    "line_control": lambda line: line.line_control,
    "drug_code": lambda line: line.drug.code if line.drug else "",
    "description": lambda line: line.procedure.description,
}


class BadPartnerRules(X12Error):
    """The rules cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class PartnerRule:
    id: str
    text: str
    payers: frozenset[str] = frozenset()
    when: Mapping[str, Sequence[str]] = field(default_factory=dict)
    require: Sequence[str] = ()
    forbid: Sequence[str] = ()
    match: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    @property
    def facts(self) -> frozenset[str]:
        return frozenset((*self.when, *self.require, *self.forbid, *self.match))

    @property
    def of_lines(self) -> bool:
        return not self.facts.isdisjoint(LINE_FACTS)

    def broken(self, facts: Callable[[str], str]) -> bool:
        """facts gives the value of a fact, empty when it is absent."""
        if any(facts(name) not in values for name, values in self.when.items()):
            return False
        if any(not facts(name) for name in self.require) or any(facts(name) for name in self.forbid):
            return True
        return any(facts(name) and not form.fullmatch(facts(name)) for name, form in self.match.items())


class PartnerRules:
    """The rules of all partners. Empty when none are given."""

    def __init__(self, rules: Iterable[PartnerRule] = ()) -> None:
        self.rules = tuple(rules)

    def check(self, claim: Claim, log: IssueLog) -> None:
        for rule in self.rules:
            if rule.payers and claim.subscriber.payer.id not in rule.payers:
                continue
            for position, facts in _places(claim, rule):
                if rule.broken(facts):
                    segment, loop = ("LX", "2400") if rule.of_lines else ("CLM", "2300")
                    log.add(rule.id, rule.text, position=position, segment=segment, loop=loop)


def _places(claim: Claim, rule: PartnerRule) -> Iterable[tuple[int, Callable[[str], str]]]:
    if not rule.of_lines:
        return [(claim.position, lambda name: CLAIM_FACTS[name](claim))]
    return [(line.position, _of_line(claim, line)) for line in claim.lines]


def _of_line(claim: Claim, line: ServiceLine) -> Callable[[str], str]:
    return lambda name: LINE_FACTS[name](line) if name in LINE_FACTS else CLAIM_FACTS[name](claim)


def load_partner_rules(text: str) -> PartnerRules:
    """Rules from TOML. Raises BadPartnerRules with what to correct."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BadPartnerRules(f"The rules are no TOML: {wrong}.") from wrong
    entries = table.pop("rule", [])
    if table or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadPartnerRules("A file of rules holds nothing but [[rule]] tables.")
    rules = [_rule(entry, at) for at, entry in enumerate(entries, start=1)]
    names = [rule.id for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise BadPartnerRules(f"Two rules have the id {name}. Give each its own.")
    return PartnerRules(rules)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_match(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(form, str) for form in value.values())


def _is_when(value: object) -> bool:
    return isinstance(value, dict) and all(_is_texts(values) for values in value.values())


_LIST = 'a list of texts, like ["A", "B"]'
_FORMS: dict[str, tuple[Callable[[object], bool], str]] = {
    "payers": (_is_texts, _LIST),
    "require": (_is_texts, _LIST),
    "forbid": (_is_texts, _LIST),
    "when": (_is_when, 'facts with lists of texts, like {frequency = ["7"]}'),
    "match": (_is_match, 'facts with a pattern each, like {member_id = "[A-Z]{3}"}'),
}


def _check_form(entry: Mapping[str, Any], name: str) -> None:
    """Raises BadPartnerRules: a word written wrongly would else be a rule that never speaks."""
    unknown = sorted(entry.keys() - _FORMS.keys() - {"id", "text", "severity"})
    if unknown:
        known = ", ".join(("id", "text", "severity", *_FORMS))
        raise BadPartnerRules(f"Rule {name} has no {', '.join(unknown)}. Known are: {known}.")
    for key, (fits, form) in _FORMS.items():
        if key in entry and not fits(entry[key]):
            raise BadPartnerRules(f"Rule {name}: {key} is {form}.")


def _rule(entry: Mapping[str, Any], at: int) -> PartnerRule:
    name, said = str(entry.get("id", "")), str(entry.get("text", ""))
    severity = str(entry.get("severity", "error"))
    if not name or not said:
        raise BadPartnerRules(f"Rule {at} needs an id and a text that says what to do.")
    _check_form(entry, name)
    if severity not in ("error", "warning"):
        raise BadPartnerRules(f"Rule {name}: severity is error or warning, not {severity}.")
    try:
        forms = {fact: re.compile(form) for fact, form in entry.get("match", {}).items()}
    except re.error as wrong:
        raise BadPartnerRules(f"Rule {name}: a pattern cannot be read ({wrong}).") from wrong
    rule = PartnerRule(
        f"partner.{name}",
        said,
        frozenset(entry.get("payers", ())),
        entry.get("when", {}),
        tuple(entry.get("require", ())),
        tuple(entry.get("forbid", ())),
        forms,
    )
    unknown = sorted(rule.facts - CLAIM_FACTS.keys() - LINE_FACTS.keys())
    if unknown:
        known = ", ".join(sorted((*CLAIM_FACTS, *LINE_FACTS)))
        raise BadPartnerRules(f"Rule {name} speaks of {', '.join(unknown)}, which is no fact. Known are: {known}.")
    if rule.id not in RULES:
        declare(rule.id, PARTNER, severity, said.partition(".")[0])
    return rule
