"""What ISA and GS say is checked, and answered with the note that partners' software knows."""

from __future__ import annotations

import io
from datetime import datetime

import pytest

from medguild.x12 import CountingNumbers, Envelope, inspect_stream
from medguild.x12.acknowledge import acknowledge
from medguild.x12.headers import is_day, is_time
from tests.support import shared_data
from tests.support_x12 import pyx12_errors

CLEAN = (shared_data() / "x12" / "own_837p_secondary_cob.837").read_bytes()
OURS = Envelope("RECEIVER", "SENDER", datetime(2026, 3, 1, 9, 30))


def answer(content: bytes) -> str:
    out = io.BytesIO()
    acknowledge(io.BytesIO(content), out, OURS, CountingNumbers())
    return out.getvalue().decode()


@pytest.mark.parametrize(
    ("old", "new", "element", "note"),
    [
        (b"ISA*00*", b"ISA*99*", "ISA01", "010"),
        (b"*ZZ*BENCHPAYER ", b"*QQ*BENCHPAYER ", "ISA05", "005"),
        (b"*ZZ*BENCHPAYER     *", b"*ZZ*               *", "ISA06", "006"),
        (b"*260102*", b"*261302*", "ISA09", "014"),
        (b"*0304*^*", b"*2504*^*", "ISA10", "015"),
        (b"*000000001*0*T", b"*000000001*7*T", "ISA14", "019"),
        (b"*0*T*", b"*0*Q*", "ISA15", "020"),
    ],
)
def test_a_wrong_value_of_the_interchange(old: bytes, new: bytes, element: str, note: str) -> None:
    assert old in CLEAN
    content = CLEAN.replace(old, new, 1)
    report = inspect_stream(io.BytesIO(content), "made")
    assert [(i.rule, i.element, i.position) for i in report.findings] == [("isa.value", element, 1)]
    assert not report.ok
    assert not report.blocks, "the money in it can be read"
    assert f"*E*{note}~" in answer(content)


@pytest.mark.parametrize(
    ("old", "new", "element"),
    [
        (b"GS*HC*BENCHPAYER*", b"GS*HC**", "GS02"),
        (b"*20260102*0304*1*X", b"*20261302*0304*1*X", "GS04"),
        (b"*20260102*0304*1*X", b"*20260102*102497*1*X", "GS05"),
        (b"*0304*1*X*", b"*0304*1*T*", "GS07"),
    ],
)
def test_a_wrong_value_of_the_group(old: bytes, new: bytes, element: str) -> None:
    assert old in CLEAN
    content = CLEAN.replace(old, new, 1)
    assert [(i.rule, i.element) for i in inspect_stream(io.BytesIO(content), "made").findings] == [
        ("gs.value", element)
    ]
    assert pyx12_errors(content), "the judge sees it, too"


def test_a_group_number_that_is_none_is_answered() -> None:
    content = CLEAN.replace(b"*0304*1*X", b"*0304*A1*X").replace(b"GE*1*1~", b"GE*1*A1~")
    assert "~AK9*E*1*1*1*6~" in answer(content)


def test_an_interchange_that_holds_nothing_is_told() -> None:
    header = CLEAN[: CLEAN.index(b"~") + 1]
    report = inspect_stream(io.BytesIO(header + b"IEA*0*000000001~"), "made")
    assert [(i.rule, i.severity) for i in report.findings] == [("isa.empty", "warning")]


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [("260102", True, False), ("20260229", False, True), ("0304", False, True), ("230500", False, True),
     ("2360", False, False), ("", False, False), ("2601", False, False), ("240229", True, False)],
)  # fmt: skip
def test_days_and_times(text: str, day: bool, clock: bool) -> None:
    assert is_day(text) is day
    assert is_time(text) is clock
