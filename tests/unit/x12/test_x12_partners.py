"""Payers' own rules as data: what is asked for is found missing, and a rule that cannot work is refused."""

from __future__ import annotations

import pytest

from medguild.x12.check.partners import BadPartnerRules, load_partner_rules
from medguild.x12.inspect import inspect_files
from tests.support import shared_data

FILE = shared_data() / "x12" / "own_837p_multi_claims_dependents.837"


def findings(rules: str) -> list[tuple[str, int, str]]:
    report = inspect_files([FILE], load_partner_rules(rules))
    (transaction,) = report.files[0].transactions
    return [(issue.rule, issue.level, issue.severity) for issue in transaction.issues]


def rule(body: str, name: str = "r") -> str:
    return f'[[rule]]\nid = "{name}"\ntext = "Do something. Then this."\n{body}\n'


def test_without_rules_nothing_is_asked() -> None:
    assert findings("") == []


def test_a_fact_that_a_payer_requires_is_missed_on_every_claim() -> None:
    assert findings(rule('require = ["prior_authorization"]', "auth")) == [("partner.auth", 7, "error")] * 5


def test_a_rule_holds_for_its_payers_alone() -> None:
    assert findings(rule('payers = ["NOBODY"]\nrequire = ["prior_authorization"]', "elsewhere")) == []


def test_a_rule_holds_under_its_condition_alone() -> None:
    assert findings(rule('when = {place_of_service = ["21"]}\nrequire = ["facility_npi"]', "inpatient")) == []
    assert len(findings(rule('when = {place_of_service = ["11"]}\nrequire = ["facility_npi"]', "office"))) == 5


def test_forbidden_and_misshapen_facts() -> None:
    assert len(findings(rule('forbid = ["member_id"]\nseverity = "warning"', "no"))) == 5
    assert len(findings(rule('match = {member_id = "[0-9]+"}', "form"))) == 5
    assert findings(rule('match = {member_id = ".+"}', "any")) == []


def test_line_facts_make_a_rule_of_lines() -> None:
    assert len(findings(rule('forbid = ["procedure"]', "lines"))) == 6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule = [", "no TOML"),
        ('[[rule]]\nid = "x"', "needs an id and a text"),
        (rule('require = ["shoe_size"]', "a"), "no fact"),
        (rule('match = {member_id = "["}', "b"), "cannot be read"),
        (rule('severity = "fatal"', "c"), "severity"),
        (rule("", "d") + rule("", "d"), "Two rules"),
    ],
)
def test_rules_that_cannot_work_are_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(BadPartnerRules, match=said):
        load_partner_rules(text)
