# ruff: noqa: E501  (a table of cases)
"""The guide tables and the walker: what is missing, misplaced, repeated or wrong is told with its place."""

from __future__ import annotations

import io

import pytest

from medguild.x12 import inspect_stream
from medguild.x12.check import automaton
from medguild.x12.check.external import luhn_npi
from medguild.x12.guides.elements import COMPONENTS, ELEMENTS
from medguild.x12.guides.model import Guide, LoopUse, SegmentUse
from medguild.x12.guides.registry import GUIDES
from medguild.x12.guides.tables import TABLES
from tests.support import shared_data

DATA = shared_data() / "x12"
CLAIMS = (DATA / "own_837p_multi_claims_dependents.837").read_text()
COB = (DATA / "own_837p_secondary_cob.837").read_text()
REMIT = (DATA / "own_835_two_payers_two_checks.835").read_text()
ACKNOWLEDGED = (DATA / "own_277ca_mixed.277ca").read_text()
PLB = (DATA / "own_835_interest.835").read_text()

Finding = tuple[str, str, str]


def findings(text: str) -> list[Finding]:
    report = inspect_stream(io.BytesIO(text.encode()), "test")
    return [(i.rule, i.loop, i.element or i.segment) for t in report.transactions for i in t.issues]


CASES: list[tuple[str, str, str, Finding]] = [
    (CLAIMS, "NM1*40*2*BENCH CLEARINGHOUSE*****46*CLH0001~", "", ("loop.missing", "1000B", "NM1")),
    (CLAIMS, "REF*EI*999990001~", "", ("segment.missing", "2010AA", "REF")),
    (CLAIMS, "N3*100 MAIN ST~", "", ("segment.missing", "2010AA", "N3")),
    (CLAIMS, "NM1*PR*2*BENCH HEALTH PLAN*****PI*BHP01~CLM", "CLM", ("loop.missing", "2010BB", "NM1")),
    (CLAIMS, "HI*ABK:E119*ABF:I10~", "", ("segment.missing", "2300", "HI")),
    (CLAIMS, "DTP*472*D8*20251201~", "", ("segment.missing", "2400", "DTP")),
    (CLAIMS, "PAT*19~", "", ("segment.missing", "2000C", "PAT")),
    (CLAIMS, "N3*12 ELM ST~N4*SPRINGFIELD*IL*627010001~DMG*D8*20100101*M~", "", ("segment.missing", "2010CA", "DMG")),
    (CLAIMS, "SBR*P*18*", "SBR*P*01*", ("element.code", "2000B", "SBR02")),
    (CLAIMS, "SBR*P*18*", "SBR*DOEJOHN*18*", ("element.code", "2000B", "SBR01")),
    (CLAIMS, "CLM*PCN1001*100***11:B:1*", "CLM*PCN1001*100****", ("element.missing", "2300", "CLM05")),
    (CLAIMS, "***11:B:1*Y*A", "***11:A:1*Y*A", ("element.code", "2300", "CLM05-2")),
    (CLAIMS, "***11:B:1*Y*A", "***11::1*Y*A", ("element.missing", "2300", "CLM05-2")),
    (CLAIMS, "***11:B:1*Y*A", "***11:B:1:*Y*A", ("segment.trailing", "2300", "CLM05")),
    (CLAIMS, "***11:B:1*Y*A", "***11:B:1:X*Y*A", ("element.unused", "2300", "CLM05-4")),
    (CLAIMS, "***11:B:1*Y*A", "***111:B:1*Y*A", ("element.long", "2300", "CLM05-1")),
    (CLAIMS, "CLM*PCN1001*100***", "CLM*PCN1001*100*X**", ("element.unused", "2300", "CLM03")),
    (CLAIMS, "N4*SPRINGFIELD*IL*627010001~REF", "N4*S*IL*627010001~REF", ("element.short", "2010AA", "N401")),
    (CLAIMS, "N3*100 MAIN ST~", "N3*100 MAIN ST*~", ("segment.trailing", "2010AA", "N302")),
    (CLAIMS, "N3*100 MAIN ST~", "N3*100 MAIN ST**X~", ("element.extra", "2010AA", "N303")),
    (CLAIMS, "N3*100 MAIN ST~", "N3*100\x07MAIN ST~", ("element.characters", "2010AA", "N301")),
    (CLAIMS, "PER*IC*EDI DESK*TE*5555550100~", "PER*IC*EDI DESK*TE~", ("element.relation", "1000A", "PER03")),
    (CLAIMS, "N4*SPRINGFIELD*IL*627010001~REF", "N4*SPRINGFIELD*IL*627010001****X~REF", ("element.exclusion", "2010AA", "N402")),
    (CLAIMS, "HL*2*1*22*0", "HL*2*1*24*0", ("segment.place", "2010AA", "HL")),
    (CLAIMS, "LX*1~SV1*HC:99213*100", "LX*A~SV1*HC:99213*100", ("element.type", "2400", "LX01")),
    (CLAIMS, "REF*EI*999990001~", "REF*EI*999990001~REF*EI*999990002~", ("segment.repeat", "2010AA", "REF")),
    (CLAIMS, "REF*EI*999990001~", "REF*ZZ*999990001~", ("segment.place", "2010AA", "REF")),
    (CLAIMS, "REF*EI*999990001~", "REF~", ("segment.place", "2010AA", "REF")),
    (CLAIMS, "REF*EI*999990001~", "REF*EI*999990001~DTP*472*D8*20250101~", ("segment.place", "2010AA", "DTP")),
    (CLAIMS, "HI*ABK:E119*ABF:I10~NM1*82*1*TESTER", "NM1*82*1*TESTER", ("segment.missing", "2300", "HI")),
    (CLAIMS, "PRV*PE*PXC*207Q00000X~LX", "PRV*PE*PXC*207Q00000X~REF*G1*1~LX", ("segment.place", "2300", "REF")),
    (CLAIMS, "NM1*PR*2*BENCH", "NM1*IL*1*A*B****MI*MM~NM1*PR*2*BENCH", ("loop.repeat", "2010BA", "NM1")),
    (CLAIMS, "LX*1~", "REF*ZZ*A~LX*1~", ("segment.place", "2310B", "REF")),
    (CLAIMS, "NM1*82*1*TESTER*DREW****XX*1999999026~", "NM1*82*1*T*D****XX*199999902~", ("npi.check", "2310B", "NM109")),
    (COB, "OI***Y***Y~", "OI***Y~", ("element.missing", "2320", "OI06")),
    (COB, "OI***Y***Y~", "", ("segment.missing", "2320", "OI")),
    (COB, "DTP*573*D8*20251220~", "", ("segment.missing", "2430", "DTP")),
    (COB, "DTP*573*D8*20251220~", "DTP*573*D8*20251320~", ("value.date", "2430", "DTP03")),
    (COB, "DTP*573*D8*20251220~", "DTP*573*D8*2025122X~", ("value.date", "2430", "DTP03")),
    (COB, "SBR*P*18*GRP1", "NM1*82*1*B*C****XX*1999999026~SBR*P*18*GRP1", ("loop.repeat", "2310B", "NM1")),
    (REMIT, "PER*BL*PROVIDER SERVICES*TE*5555550199~", "", ("segment.missing", "1000A", "PER")),
    (REMIT, "*98765*20260102", "*98765*", ("element.missing", "HEADER", "BPR16")),
    (REMIT, "*98765*20260102", "*98765*20261302", ("value.date", "HEADER", "BPR16")),
    (REMIT, "LX*1~", "", ("segment.place", "1000B", "CLP")),
    (REMIT, "BPR*I*90*C*CHK*", "BPR*I*90*C*XXX*", ("element.code", "HEADER", "BPR04")),
    (REMIT, "SVC*HC:99214*150*90**1~", "SVC*HC:99214*150*90**X~", ("value.quantity", "2110", "SVC05")),
    (REMIT, "SVC*HC:99214*150*90**1~", "SVC*HC*150*90**1~", ("element.missing", "2110", "SVC01-2")),
    (REMIT, "DTM*472*20251201~CAS", "LQ*HE*M127~DTM*472*20251201~CAS", ("segment.place", "2110", "DTM")),
    (REMIT, "N1*PE*MEDGUILD TEST GROUP*XX*1999999018", "N1*PE*MEDGUILD TEST GROUP*XX*1999999019", ("npi.check.received", "1000B", "N104")),
    (REMIT, "LX*1~", "LX*1~TS3*1999999018*11*20261331*1*150~", ("element.date", "2000", "TS303")),
    (REMIT, "LX*1~", "LX*1~TS3*1999999018*11*20261231*X*150~", ("element.type", "2000", "TS304")),
    (REMIT, "LX*1~", f"LX*1~TS3*1999999018*11*20261231*1*{'1' * 17}~TS2*{'1' * 20}~", ("element.type", "2000", "TS201")),
    (REMIT, "N1*PR*BENCH HEALTH PLAN~", "N1*PR*BENCH HEALTH PLAN~N1*PR*OTHER~", ("loop.repeat", "1000A", "N1")),
    (ACKNOWLEDGED, "AMT*YU*100~", "AMT*YU~", ("element.missing", "2200B", "AMT02")),
    (REMIT, "CLP*PCN0002*1*", "CLP*PCN0002*49*", ("element.code", "2100", "CLP02")),
    (REMIT, "CAS*CO*45*60~", "CAS*CO*45*50***10~", ("element.relation", "2110", "CAS06")),
    (PLB, "PLB*1999999018*20261231*L6", "PLB*1999999018*20261231*X1", ("element.code", "HEADER", "PLB03-1")),
    (PLB, "PLB*1999999018*20261231*L6", "PLB*1999999018**L6", ("element.missing", "HEADER", "PLB02")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new", "expected"), CASES, ids=lambda v: v[:24] if isinstance(v, str) else "")
def test_a_breach_of_the_guide_is_named(text: str, old: str, new: str, expected: Finding) -> None:
    assert old in text
    assert expected in findings(text.replace(old, new, 1))


@pytest.mark.parametrize("text", [CLAIMS, COB, REMIT, PLB])
def test_the_unbroken_files_have_no_finding(text: str) -> None:
    assert findings(text) == []


def test_patient_data_is_not_repeated() -> None:
    broken = CLAIMS.replace("SBR*P*18*", "SBR*DOEJOHN*18*").replace("DMG*D8*19800101*F", "DMG*D8*19801301*F")
    report = inspect_stream(io.BytesIO(broken.encode()), "test")
    said = "\n".join(report.lines())
    assert "DOEJOHN" not in said
    assert "19801301" not in said


def test_npi_check_digit() -> None:
    assert luhn_npi("1234567893")
    assert not luhn_npi("1234567890")
    assert not luhn_npi("123456789")
    assert not luhn_npi("12345678٣3")


@pytest.mark.parametrize("most", [1, 2, 5])
def test_what_is_forgotten_is_worked_out_again(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [CLAIMS, COB, REMIT, PLB, CLAIMS.replace("LX*1~", ""), REMIT.replace("N1*PE", "N1*PR")]
    before = [findings(text) for text in texts]
    monkeypatch.setattr(automaton, "MOST_STATES", most)
    automaton.automaton_of.cache_clear()
    assert [findings(text) for text in texts * 2] == before * 2
    automaton.automaton_of.cache_clear()


def walk(loop: LoopUse) -> list[tuple[str, SegmentUse]]:
    found: list[tuple[str, SegmentUse]] = []
    for child in loop.children:
        found += walk(child) if isinstance(child, LoopUse) else [(loop.name, child)]
    return found


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_the_tables_are_consistent(kind: str) -> None:
    guide = TABLES[kind]
    assert guide.code in {code for code, _ in GUIDES}
    for loop, use in walk(guide.root):
        types = ELEMENTS[use.name]
        for element in use.elements or ():
            assert element.number <= len(types), (loop, use.name, element.number)
            composite = types[element.number - 1].kind == "C"
            assert composite == bool(element.components), (loop, use.name, element.number)
            if composite:
                assert len(element.components) <= len(COMPONENTS[f"{use.name}{element.number:02d}"])
        assert use.limit > 0
        assert not use.qualifiers or use.label.startswith(use.name)


def test_a_loop_begins_with_a_segment() -> None:
    with pytest.raises(TypeError):
        _ = Guide("X", "X", "LOOP A R1\n  LOOP B R1\n    NM1=1 R1\n").root
