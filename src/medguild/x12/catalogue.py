"""Every rule of the codec by id: its SNIP level, how grave it is, and whether it forbids posting.

`remedy` is what to do, added to every finding of a rule whose own text only says what is wrong.
`blocks` marks rules after which the content cannot be trusted: something is missing, cut, doubled or does not add up.
A file that only breaks the guide's form (a missing contact, an odd qualifier) is reported but its money can be read.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    level: int
    severity: str
    blocks: bool
    title: str
    remedy: str = ""


EXTERNAL = 5


def _table(text: str) -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for line in text.strip().splitlines():
        rule_id, level, severity, blocks, title = (part.strip() for part in line.split("|"))
        rules[rule_id] = Rule(rule_id, int(level), severity, blocks == "blocks", title, REMEDIES.get(rule_id, ""))
    return rules


REMEDIES = {
    "file.empty": "Ask the sender for it again.",
    "file.not-x12": "Check that it is the right file, or ask the sender for it again.",
    "isa.elements": "Fill it up with blanks where the file is made.",
    "isa.delimiters": "Ask the sender for the file again.",
    "gs.guide": "Ask the sender to name the guide, such as 005010X221A1.",
    "gs.function": "Ask the sender which of them is right.",
    "st.guide": "Ask the sender which of them is right.",
    "segment.id": "Ask the sender for the file again.",
    "segment.unexpected": "Ask the sender for the file again.",
    "segment.place": "Move it or leave it out where the file is made.",
    "segment.missing": "Add it where the file is made.",
    "segment.repeat": "Leave out what is too much.",
    "loop.missing": "Add it where the file is made.",
    "loop.repeat": "Leave out what is too much.",
    "element.missing": "Add it where the file is made.",
    "element.short": "Write it in full.",
    "element.long": "Shorten it.",
    "element.type": "Write digits.",
    "element.date": "Write CCYYMMDD.",
    "element.time": "Write HHMM.",
    "element.code": "Use one of them.",
    "element.extra": "Take it out.",
    "element.exclusion": "Leave out one of them.",
    "element.relation": "Add what is missing, or leave out what is too much.",
    "element.characters": "Take them out.",
    "837.lx": "Number the lines 1, 2, 3.",
    "835.lost": "Ask the payer for the file again.",
    "835.trace": "Without it the payment cannot be told from another. Ask the payer for the file again.",
    "835.lines": "Check the lines before they are posted.",
    "835.patient": "Check it before the patient is billed.",
    "835.method": "Check how the money comes.",
    "835.reversal": "Look for the correction in another file.",
    "837.cob-claim": "Copy both from its remittance.",
}


RULES = _table("""
file.empty            | 1 | error   | blocks | The file holds no data
file.not-x12          | 1 | error   | blocks | The file is not X12
file.truncated        | 1 | error   | blocks | The file ends in the middle
file.outside          | 1 | error   | blocks | A segment stands outside every envelope
file.leading          | 1 | warning | -      | Text stands before the first interchange
isa.elements          | 1 | error   | -      | An element of the interchange header has the wrong length
isa.value             | 1 | error   | -      | An element of the interchange header says something that is not allowed
isa.empty             | 1 | warning | -      | The interchange holds neither groups nor acknowledgments
isa.delimiters        | 1 | error   | blocks | The delimiters cannot be used
isa.control           | 1 | error   | blocks | Interchange trailer and header carry different control numbers
isa.count             | 1 | error   | blocks | The interchange trailer counts other groups than were received
isa.open              | 1 | error   | blocks | The interchange has no trailer
isa.duplicate         | 1 | error   | blocks | The interchange control number was used before in this file
ta1.count             | 1 | warning | -      | The trailer counts acknowledgments as groups
gs.control            | 1 | error   | blocks | Group trailer and header carry different control numbers
gs.count              | 1 | error   | blocks | The group trailer counts other transactions than were received
gs.open               | 1 | error   | blocks | The group has no trailer
gs.duplicate          | 1 | error   | blocks | The group control number was used before in this interchange
gs.value              | 1 | error   | -      | An element of the group header says something that is not allowed
gs.version            | 1 | error   | blocks | The version of the guide is not supported
gs.guide              | 1 | error   | blocks | The guide is missing or unknown
gs.function           | 1 | error   | blocks | The group holds another kind of transaction than it says
st.control            | 1 | error   | blocks | Transaction trailer and header carry different control numbers
st.count              | 1 | error   | blocks | The transaction trailer counts other segments than were received
st.open               | 1 | error   | blocks | The transaction has no trailer
st.duplicate          | 1 | error   | blocks | The transaction control number was used before in this group
st.unread             | 1 | warning | -      | Transactions of this kind are counted and not read
st.guide              | 1 | error   | blocks | Transaction header and group header name different guides
segment.id            | 1 | error   | blocks | A segment has no valid name
segment.empty         | 1 | warning | -      | A segment is empty
segment.unterminated  | 1 | warning | -      | The last segment is not terminated
segment.trailing      | 1 | error   | -      | A segment ends with an empty element
element.characters    | 1 | error   | -      | An element holds control characters
value.amount          | 1 | error   | blocks | An amount is missing or is not a number
value.quantity        | 1 | error   | -      | A quantity is not a number
value.date            | 1 | error   | -      | A date is not a date
segment.unexpected    | 2 | error   | blocks | A segment does not belong into this transaction
segment.place         | 2 | error   | -      | A segment does not belong here
segment.missing       | 2 | error   | -      | A required segment is missing
segment.repeat        | 2 | error   | -      | A segment is repeated too often
loop.missing          | 2 | error   | -      | A required loop is missing
loop.repeat           | 2 | error   | -      | A loop is repeated too often
element.missing       | 2 | error   | -      | A required element is missing
element.short         | 2 | error   | -      | An element is too short
element.long          | 2 | error   | -      | An element is too long
element.type          | 2 | error   | -      | An element is not of its data type
element.date          | 2 | error   | -      | An element is not a date
element.time          | 2 | error   | -      | An element is not a time
element.code          | 2 | error   | -      | An element is not one of the guide's codes
element.unused        | 2 | error   | -      | An element that the guide does not use is filled
element.extra         | 2 | error   | -      | A segment has too many elements
element.exclusion     | 2 | error   | -      | Elements that exclude each other are both present
element.relation      | 2 | error   | -      | Elements that belong together are not all present
hl.number             | 2 | error   | blocks | Hierarchical levels are not numbered 1, 2, 3
hl.parent             | 2 | error   | blocks | A hierarchical level names a parent that does not exist
hl.level              | 2 | error   | blocks | A hierarchical level is of an unknown or misplaced kind
hl.child              | 2 | warning | -      | A hierarchical level promises children and has none, or the reverse
837.lx                | 2 | error   | -      | Service lines are not numbered 1, 2, 3
837.lost              | 2 | error   | blocks | A claim stands outside a subscriber or patient
835.lost              | 2 | error   | blocks | A segment stands outside its claim or service
835.trace             | 2 | error   | blocks | The payment has no trace number
835.line              | 3 | error   | blocks | A service line does not balance
835.claim             | 3 | error   | blocks | A claim does not balance
835.total             | 3 | error   | blocks | The payment does not equal the claims less the provider adjustments
835.negative          | 3 | error   | blocks | The payment is negative
835.lines             | 3 | warning | -      | Line payments do not add up to the claim payment
835.patient           | 3 | warning | -      | Patient responsibility differs from the PR adjustments
835.method            | 3 | warning | -      | Payment method and payment amount disagree
835.group             | 3 | warning | -      | Adjustment group code is unknown
835.reversal          | 3 | warning | -      | A claim is reversed without a correction in the same transaction
835.doubled           | 3 | error   | blocks | The same claim stands twice in one transaction
837.sum               | 3 | error   | blocks | The claim charge is not the sum of its lines
837.cob-line          | 3 | error   | -      | A line's other-payer payment and adjustments do not add up to its charge
837.cob-claim         | 3 | error   | -      | The other payer's payment differs from its line payments
837.claim-twice       | 4 | error   | -      | Two claims of one transaction carry the same number
npi.check             | 5 | error   | -      | An NPI fails its check digit
code.state            | 5 | error   | -      | A state does not exist
code.zip              | 5 | error   | -      | A ZIP code has the wrong form
code.zip-full         | 5 | warning | -      | The billing provider's ZIP code lacks its last four digits
code.zip-billing      | 5 | error   | -      | The billing provider's ZIP code lacks its last four digits
code.tax-id           | 5 | error   | -      | A tax number has the wrong form
code.taxonomy         | 5 | error   | -      | A taxonomy code has the wrong form
code.reason           | 5 | warning | -      | An adjustment reason is not on the list
code.place            | 5 | error   | -      | A place of service is not on the list
code.ndc              | 5 | error   | -      | A drug code has the wrong form
code.icd10            | 5 | error   | -      | An ICD-10-CM code has the wrong form
code.status           | 5 | error   | -      | A claim status category is not on the list
code.status-code      | 5 | warning | -      | A claim status is not on the list
code.remark           | 5 | warning | -      | A remark code is not on the list
code.service-type     | 5 | warning | -      | A service type is not on the list
""")


def declare(rule_id: str, level: int, severity: str, title: str) -> None:
    """For rules that stand beside their predicate. Raises ValueError for an id that exists already."""
    if rule_id in RULES:
        raise ValueError(f"Rule {rule_id} is declared twice")
    RULES[rule_id] = Rule(rule_id, level, severity, blocks=False, title=title)


# what a payer sent cannot be corrected here, so in an 835 these are warnings
for _rule in [rule for rule in RULES.values() if rule.level == EXTERNAL]:
    declare(f"{_rule.id}.received", EXTERNAL, "warning", _rule.title)
