"""Control numbers, counts, versions, and envelopes that lack a part."""

from __future__ import annotations

import io

import pytest

from medguild.x12 import EnvelopeReader, Unreadable, inspect_stream
from medguild.x12.errors import IssueLog
from tests.support import shared_data
from tests.support_x12 import read_with_issues

DATA = shared_data() / "x12"
REMIT = (DATA / "own_835_two_payers_two_checks.835").read_bytes()
CLAIMS = (DATA / "own_837p_multi_claims_dependents.837").read_bytes()


def issues(data: bytes) -> list[tuple[str, int, str]]:
    report = inspect_stream(io.BytesIO(data), "test")
    found = list(report.issues)
    for interchange in report.interchanges:
        found += interchange.issues
        for group in interchange.groups:
            found += group.issues
            found += [issue for transaction in group.transactions for issue in transaction.issues]
    return [(issue.rule, issue.position, issue.element or issue.segment) for issue in found]


def test_a_whole_file_has_no_issue() -> None:
    assert issues(REMIT) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"SE*19*0001", b"SE*20*0001", ("st.count", 19, "SE01")),
        (b"SE*19*0001", b"SE*19*0007", ("st.control", 19, "SE02")),
        (b"SE*19*0001", b"SE**0001", ("st.count", 19, "SE01")),
        (b"GE*2*1", b"GE*1*1", ("gs.count", 40, "GE01")),
        (b"GE*2*1", b"GE*2*2", ("gs.control", 40, "GE02")),
        (b"IEA*1*000000001", b"IEA*2*000000001", ("isa.count", 42, "IEA01")),
        (b"IEA*1*000000001", b"IEA*1*000000002", ("isa.control", 42, "IEA02")),
        (b"ST*835*0002", b"ST*835*0001", ("st.duplicate", 1, "ST02")),
        (b"SE*19*0001~", b"", ("st.open", 19, "SE")),
        (b"~GE*2*1", b"", ("gs.open", 40, "GE")),
        (b"IEA*1*000000001~", b"", ("isa.open", 42, "IEA")),
        (b"GS*HP*", b"GS*HC*", ("gs.function", 1, "GS01")),
        (b"*X*005010X221A1", b"*X*005010X231A1", ("st.guide", 1, "ST01")),
        (b"*X*005010X221A1", b"*X*005010X999", ("gs.guide", 1, "GS08")),
        (b"*X*005010X221A1", b"*X", ("gs.guide", 1, "GS08")),
        (b"*X*005010X221A1", b"*X*004010X091A1", ("gs.version", 1, "GS08")),
        (b"ST*835*0001", b"ST*835*0001*005010X222A1", ("st.guide", 1, "ST03")),
        (b"SE*19*0001~", b"SE*19*0001~REF*ZZ*1~", ("file.outside", 21, "REF")),
        (b"~GE*2*1", b"~GE*2*1~GE*2*1", ("file.outside", 42, "GE")),
        (b"IEA*1*000000001~", b"IEA*1*000000001~IEA*1*000000001~", ("file.outside", 43, "IEA")),
        (b"IEA*1*000000001~", b"IEA*1*000000001~GS*HP~", ("file.outside", 43, "GS")),
    ],
)
def test_what_is_wrong_is_named_with_its_place(old: bytes, new: bytes, expected: tuple[str, int, str]) -> None:
    assert old in REMIT
    assert expected in issues(REMIT.replace(old, new, 1))


def test_reused_group_and_interchange_numbers() -> None:
    rules = [rule for rule, _, _ in issues(REMIT + REMIT)]
    assert rules == ["isa.duplicate"]
    group = REMIT[REMIT.index(b"GS*") : REMIT.index(b"IEA")]
    twice = REMIT.replace(group, group + group).replace(b"IEA*1*", b"IEA*2*")
    assert [rule for rule, _, _ in issues(twice)] == ["gs.duplicate"]


def test_a_missing_trailer_before_the_next_header() -> None:
    open_file = REMIT[: REMIT.index(b"GE*2")]
    rules = [rule for rule, _, _ in issues(open_file + REMIT.replace(b"000000001", b"000000009"))]
    assert rules == ["isa.open", "gs.open"]
    group = REMIT[REMIT.index(b"GS*") : REMIT.index(b"GE*2")]
    two = REMIT.replace(group, group + group.replace(b"*1*X*", b"*2*X*")).replace(b"GE*2*1", b"GE*2*2")
    assert [rule for rule, _, _ in issues(two.replace(b"IEA*1*", b"IEA*2*"))] == ["gs.open"]


def test_a_transaction_that_is_not_consumed_is_still_counted() -> None:
    reader = EnvelopeReader(io.BytesIO(REMIT))
    kinds = []
    for transaction in reader:
        kinds.append(transaction.kind)
        next(iter(transaction))
    assert kinds == ["835", "835"]
    assert [t.count for t in reader.interchanges[0].groups[0].transactions] == [19, 19]
    assert all(t.complete for t in reader.interchanges[0].groups[0].transactions)


def test_the_envelope_says_who_and_when() -> None:
    reader = EnvelopeReader(io.BytesIO(REMIT))
    list(reader)
    interchange = reader.interchanges[0]
    assert (interchange.sender, interchange.receiver) == ("BENCHPAYER", "MEDGUILDTEST")
    assert (interchange.sender_qualifier, interchange.usage, interchange.control) == ("ZZ", "T", "000000001")
    group = interchange.groups[0]
    assert (group.function, group.control, group.guide) == ("HP", "1", "005010X221A1")
    assert not reader.latin1


def test_a_ta1_before_the_group_is_kept() -> None:
    reader = EnvelopeReader(io.BytesIO((DATA / "own_ta1_plus_999.edi").read_bytes()))
    assert [transaction.kind for transaction in reader] == ["999"]
    assert reader.interchanges[0].acknowledgments[0][4] == "A"


def test_a_later_broken_header_does_not_hide_what_was_read() -> None:
    found, rules = read_with_issues(REMIT + b"ISA*00*broken~")
    assert len(found) == 2
    assert "isa.delimiters" in rules
    cut = REMIT[: REMIT.index(b"~SE*19*0001")] + b"~ISA*00*broken~"
    found, rules = read_with_issues(cut)
    assert len(found) == 1
    assert {"isa.delimiters", "st.open", "gs.open", "isa.open"} <= set(rules)


def test_a_broken_first_header_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        next(iter(EnvelopeReader(io.BytesIO(b"ISA*00*broken~"))))


def test_issues_are_counted_beyond_what_is_kept() -> None:
    log = IssueLog()
    for position in range(500):
        log.add("segment.empty", "empty", position=position)
    log.add("st.count", "count", position=501)
    assert (len(log), len(list(log)), log.hidden) == (501, 201, 300)
    assert [issue.rule for issue in log][-1] == "st.count", "small findings do not hide a grave one"
    assert log.has_errors
    assert log.blocks
