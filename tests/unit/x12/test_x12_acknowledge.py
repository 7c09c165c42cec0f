"""The answer to a file: 999 and TA1, as its sender's software reads them."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest

from medguild.x12 import CountingNumbers, Envelope, Unreadable, inspect_stream
from medguild.x12.acknowledge import Answer, acknowledge
from medguild.x12.bind.transactions import read_records
from medguild.x12.records.acknowledgment import InterchangeAcknowledgment
from tests.support import shared_data
from tests.support_x12 import pyx12_errors

DATA = shared_data() / "x12"
OURS = Envelope("RECEIVER", "SENDER", datetime(2026, 3, 1, 9, 30))
FILES = sorted(p for p in DATA.iterdir() if p.suffix != ".md")


def answer(data: bytes, *, always_ta1: bool = False) -> tuple[Answer, bytes]:
    out = io.BytesIO()
    found = acknowledge(io.BytesIO(data), out, OURS, CountingNumbers(), always_ta1=always_ta1)
    return found, out.getvalue()


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_every_answer_is_itself_valid(path: Path) -> None:
    try:
        found, written = answer(path.read_bytes())
    except Unreadable:
        assert path.stat().st_size == 0
        return
    if found.written is None:
        return
    assert inspect_stream(io.BytesIO(written), path.name).ok
    if found.groups:
        assert pyx12_errors(written) == []
        assert [record for _, record in read_records(io.BytesIO(written), "999")] == list(found.groups)


def test_a_clean_file_is_accepted_without_a_ta1_unless_asked_for() -> None:
    data = (DATA / "own_837p_secondary_cob.837").read_bytes()
    found, written = answer(data)
    assert [g.verdict.code for g in found.groups if g.verdict] == ["A"]
    assert b"TA1" not in written
    _, with_note = answer(data, always_ta1=True)
    assert b"~TA1*" in with_note
    _, wanted = answer(data.replace(b"*0*T*:~", b"*1*T*:~", 1).replace(b"*0*P*:~", b"*1*P*:~", 1))
    assert b"~TA1*" in wanted


def test_a_wrong_count_rejects_the_set() -> None:
    _, written = answer((DATA / "own_835_se_count.835").read_bytes())
    assert b"~IK5*R*4~AK9*R*1*1*0~" in written


def test_a_missing_segment_is_named_with_its_place() -> None:
    _, written = answer((DATA / "own_837p_missing_sbr.837").read_bytes())
    assert b"~IK3*SBR*13*2000*3~IK5*R*5~" in written


def test_a_bad_element_names_its_claim() -> None:
    data = (DATA / "own_837p_50_lines.837").read_bytes()
    found, written = answer(data.replace(b"*UN*1*", b"*XX*1*", 1))
    claim = found.groups[0].responses[0].errors[0].claim
    assert claim
    assert f"CLM*{claim}*".encode() in data
    assert b"~CTX*CLM01:" + claim.encode() + b"~IK4*3**7~IK5*R*5~" in written


@pytest.mark.parametrize(
    ("change", "note"),
    [
        (lambda data: data[: len(data) // 2], "023"),
        (lambda data: data.replace(b"~IEA*1*", b"~IEA*2*"), "021"),
        (lambda data: data.replace(b"~GS*HP*", b"~GS*HPXX*"), "024"),
        (lambda data: data + data, "025"),
    ],
    ids=["cut", "miscounted", "unusable group", "twice"],
)
def test_a_broken_interchange_is_rejected_as_a_whole(change: object, note: str) -> None:
    data = (DATA / "own_835_interest.835").read_bytes().strip()
    found, written = answer(change(data))  # type: ignore[operator]
    last = found.interchanges[-1]
    assert (last.code, last.note) == ("R", note)
    assert f"*R*{note}~".encode() in written


def test_acknowledgments_are_never_acknowledged() -> None:
    for name in ("own_999_partial.999", "own_ta1_rejected.ta1", "own_ta1_plus_999.edi"):
        found, written = answer((DATA / name).read_bytes())
        assert found.written is None
        assert written == b""


def test_a_ta1_is_read_from_its_segment() -> None:
    note = InterchangeAcknowledgment.read(["TA1", "000000905", "260102", "0304", "R", "025"])
    assert not note.accepted
    assert note.note == "025"
    assert note.elements() == ("TA1", "000000905", "260102", "0304", "R", "025")


UNREAD = (
    "ISA*00*          *00*          *ZZ*BENCHPAYER     *ZZ*MEDGUILDTEST   *260102*0304*^*00501*000000001*0*T*:~"
    "GS*{function}*BENCHPAYER*MEDGUILDTEST*20260102*0304*1*X*{guide}~ST*{kind}*0001*{guide}~"
    "BGN*00*1*20260101~SE*3*0001~GE*1*1~IEA*1*000000001~"
)


@pytest.mark.parametrize(
    ("function", "kind", "guide"),
    [("BE", "834", "005010X220A1"), ("RA", "820", "005010X218"), ("HC", "837", "005010X224A2")],
)
def test_a_set_that_is_only_counted_is_never_accepted(function: str, kind: str, guide: str) -> None:
    data = UNREAD.format(function=function, kind=kind, guide=guide).encode()
    _, written = answer(data)
    assert b"~IK5*R*1~AK9*R*1*1*0*1~" in written
    report = inspect_stream(io.BytesIO(data), "unread")
    assert [(i.rule, i.severity) for i in report.findings] == [("st.unread", "warning")]


def test_what_the_answer_cannot_carry_becomes_a_question_mark() -> None:
    data = (DATA / "own_837p_multi_claims_dependents.837").read_bytes()
    odd = data.replace(b"CLM*PCN1001", "CLM*pc\xd1|1".encode(), 1).replace(b"*UN*1*", b"*UN*1E3*", 1)
    _, written = answer(odd)
    assert b"~CTX*CLM01:pc?|1~IK4*4**6~" in written
    assert inspect_stream(io.BytesIO(written), "answer").ok
    _, written = answer(data.replace(b"~CLM*", b"~z\xd1 oddly*1~CLM*", 1))
    assert b"~IK3*ZZZ*19**6~" in written


def test_a_crowd_of_small_findings_does_not_hide_an_error_of_form() -> None:
    data = (DATA / "own_837p_50_lines.837").read_bytes()
    segments = data.replace(b"\n", b"").split(b"~")
    begin = next(at for at, segment in enumerate(segments) if segment.startswith(b"CLM*"))
    end = next(at for at, segment in enumerate(segments) if segment.startswith(b"SE*"))
    claim = segments[begin:end]
    doubled = [[s.replace(b"CLM*", b"CLM*%d" % n).replace(b"*UN*1***", b"*UN*1*11**") for s in claim] for n in range(6)]
    doubled[5] = [s.replace(b"*UN*", b"*ZZ*") for s in doubled[5]]
    body = [segment for one in doubled for segment in one]
    trailer = b"SE*%d*0001" % (begin + len(body) - 1)
    found, _ = answer(b"~".join([*segments[:begin], *body, trailer, *segments[end + 1 :]]))
    (response,) = found.groups[0].responses
    assert response.verdict
    assert response.verdict.code == "R"
    assert {e.elements[0].note.error for e in response.errors if e.elements} == {"7"}


def test_elements_that_exclude_each_other_have_a_code_of_their_own() -> None:
    data = (DATA / "own_837p_secondary_cob.837").read_bytes()
    _, written = answer(data.replace(b"*IL*627010001~", b"*IL*627010001*CA***ON~", 1))
    assert b"IK4*2**10~" in written
