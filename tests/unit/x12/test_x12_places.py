"""A finding on a whole claim names the segment to correct and its position, not the beginning of the claim."""

from __future__ import annotations

import io

import pytest

from medguild.x12 import inspect_stream
from medguild.x12.catalogue import RULES
from medguild.x12.check.places import segment_of
from medguild.x12.check.remittance import CLAIM_RULES as RECEIVED_CLAIMS
from medguild.x12.check.remittance import HEADER_RULES, SERVICE_RULES
from medguild.x12.check.situational import CLAIM_RULES, LINE_RULES, PAYER_RULES
from medguild.x12.errors import Issue, IssueLog
from medguild.x12.guides.elements import ELEMENTS
from medguild.x12.tokens import Tokenizer
from tests.support import shared_data

DATA = shared_data() / "x12"


def found(content: bytes, rule: str) -> tuple[Issue, list[str]]:
    """The finding, and the segment at its position."""
    (issue,) = [i for i in inspect_stream(io.BytesIO(content), "made").findings if i.rule == rule]
    return issue, list(Tokenizer(io.BytesIO(content), IssueLog()))[issue.file_position - 1]


@pytest.mark.parametrize(
    ("element", "segment"),
    [("NM109", "NM1"), ("N301", "N3"), ("SV101-7", "SV1"), ("SV105", "SV1"), ("CLM05-3", "CLM"), ("CR1", "CR1"),
     ("NM1", "NM1"), ("HI01-2", "HI"), ("SBR09", "SBR"), ("SVD01", "SVD"), ("K301", "K3")],
)  # fmt: skip
def test_the_segment_of_an_element(element: str, segment: str) -> None:
    assert segment_of(element) == segment


def test_every_rule_names_a_segment_that_exists() -> None:
    named = {situation.segment for rules in (CLAIM_RULES, LINE_RULES, PAYER_RULES) for situation, _ in rules}
    received = {row[2].split()[-1] for row in (*HEADER_RULES, *RECEIVED_CLAIMS, *SERVICE_RULES)}
    assert named | {segment_of(element) for element in received} <= ELEMENTS.keys()


@pytest.mark.parametrize(
    ("name", "old", "new", "rule", "expected"),
    [
        ("own_837p_multi_claims_dependents.837", b"*HC:99213*100*UN*1***", b"*HC:99213*100*UN*1*11**",
         "837.line-place", "SV1"),
        ("own_837p_secondary_cob.837", b"~DTP*573*D8*20251220", b"", "837.cob-date", "NM1"),
        ("own_837p_replacement_void.837", b"REF*F8*", b"REF*EA*", "837.f8", "CLM"),
        ("own_835_interest.835", b"*XX*1999999018~REF*TJ*999990001", b"", "835.payee-npi", "N1"),
        ("own_835_denials_remarks.835", b"CAS*CO*29*", b"CAS*CO*253*0**29*", "835.line-cas-zero", "CAS"),
    ],
)  # fmt: skip
def test_findings_point_at_their_segment(name: str, old: bytes, new: bytes, rule: str, expected: str) -> None:
    content = (DATA / name).read_bytes()
    assert old in content, "the file has changed"
    issue, segment = found(content.replace(old, new, 1), rule)
    assert segment[0] == expected
    if expected != "NM1":  # the date is missing, so the other payer's name shows where it belongs
        assert issue.segment == expected
    else:
        assert segment[1] == "PR"


def test_a_level_is_named_by_its_loop() -> None:
    content = (DATA / "own_837p_hl_parent.837").read_bytes()
    issue, segment = found(content, "hl.parent")
    assert (issue.segment, issue.loop, issue.element, segment[0]) == ("HL", "2000B", "HL02", "HL")


def test_every_finding_says_what_to_do() -> None:
    """A finding of form says what is wrong; what to do about it follows from its rule."""
    advised = {rule.id for rule in RULES.values() if rule.remedy}
    told = {"segment.trailing", "segment.empty", "segment.unterminated", "element.unused"}  # their texts say it
    of_form = {rule.id for rule in RULES.values() if rule.level == 2 and not rule.id.startswith("hl.")}
    assert of_form <= advised | told | {"837.lost"}
    log = IssueLog()
    log.add("element.long", "N402 has 5 characters; allowed are 2 to 2.", position=1)
    log.add("segment.unexpected", "Two are mixed up. Ask for the file again.", position=1)
    assert [issue.text for issue in log] == [
        "N402 has 5 characters; allowed are 2 to 2. Shorten it.",
        "Two are mixed up. Ask for the file again.",
    ]
