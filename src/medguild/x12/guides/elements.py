# ruff: noqa: E501  (tables: one line per segment)
"""Data types and lengths of the elements, per segment: the same in every 005010 guide.

AN text, ID code, R decimal, N0 integer, DT date, TM time, C composite; then minimum/maximum length (one number: exact).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ElementType:
    kind: str
    shortest: int
    longest: int


def _types(text: str) -> tuple[ElementType, ...]:
    found = []
    for word in text.split():
        word, _, times = word.partition("x")
        kind = word.rstrip("0123456789/")
        if word.startswith("N0"):
            kind = "N0"
        shortest, _, longest = word[len(kind) :].partition("/")
        low = int(shortest or 0)
        found += [ElementType(kind, low, int(longest or low))] * int(times or 1)
    return tuple(found)


_PROCEDURE = "ID2 AN1/48 AN2x4 AN1/80 AN1/48"
_REASON = " ID1/5 R1/18 R1/15"
_TEXT = """
ST   ID3 AN4/9 AN1/35
SE   N01/10 AN4/9
BHT  ID4 ID2 AN1/50 DT8 TM4/8 ID2
BPR  ID1/2 R1/18 ID1 ID3 ID1/10 ID2 AN3/12 ID1/3 AN1/35 AN10 AN9 ID2 AN3/12 ID1/3 AN1/35 DT8 ID1/3 ID2 AN3/12 ID1/3 AN1/35
TRN  ID1/2 AN1/50 AN10 AN1/50
CUR  ID2/3 ID3 R4/10 ID2/3 ID3 ID3 ID3x15
REF  ID2/3 AN1/50 AN1/80 C
DTM  ID3 DT8 TM4/8 ID2 ID2/3 AN1/35
DTP  ID3 ID2/3 AN1/35
N1   ID2/3 AN1/60 ID1/2 AN2/80 ID2 ID2/3
N2   AN1/60x2
N3   AN1/55x2
N4   AN2/30 ID2 ID3/15 ID2/3 ID1/2 AN1/30 ID1/3
PER  ID2 AN1/60 ID2 AN1/256 ID2 AN1/256 ID2 AN1/256 AN1/20
RDM  ID1/2 AN1/60 AN1/256 Cx2
NM1  ID2/3 ID1 AN1/60 AN1/35 AN1/25 AN1/10 AN1/10 ID1/2 AN2/80 ID2 ID2/3 AN1/60
LX   N01/6
TS3  AN1/50 AN1/2 DT8 R1/15 R1/18x20
TS2  R1/18x19
CLP  AN1/38 ID1/2 R1/18x3 ID1/2 AN1/50 AN1/2 ID1 ID1/2 ID1/4 R1/15 R1/10 ID1
MIA  R1/15 R1/18 R1/15 R1/18 AN1/50 R1/18x9 R1/15 R1/18x4 AN1/50x4 R1/18
MOA  R1/10 R1/18 AN1/50x5 R1/18x2
AMT  ID1/3 R1/18 ID1
QTY  ID2 R1/15 C AN1/30
SVC  C R1/18x2 AN1/48 R1/15 C R1/15
LQ   ID1/3 AN1/30
PLB  AN1/50 DT8 C R1/18 C R1/18 C R1/18 C R1/18 C R1/18 C R1/18
HL   AN1/12x2 ID1/2 ID1
PRV  ID1/3 ID2/3 AN1/50 ID2 C ID3
SBR  ID1 ID2 AN1/50 AN1/60 ID1/3 ID1x2 ID2 ID1/2
PAT  ID2 ID1 ID2 ID1 ID2/3 AN1/35 ID2 R1/10 ID1
DMG  ID2/3 AN1/35 ID1x2 C ID1/2 ID2/3 ID1/2 R1/15 ID1/3 AN1/30
CLM  AN1/38 R1/18 ID1/2x2 C ID1x5 C ID2/3 ID1 ID1/3 ID1x2 ID1/2 ID1 ID2 ID1/2
PWK  ID2 ID1/2 N01/2 ID2/3 ID1/2 AN2/80 AN1/80 C ID1/2
CN1  ID2 R1/18 R1/6 AN1/50 R1/6 AN1/30
K3   AN1/80 ID1/2 C
NTE  ID3 AN1/80
CR1  ID2 R1/10 ID1x2 ID2 R1/15 AN1/55x2 AN1/80x2
CR2  N01/9 R1/15 ID2/3x2 ID2 R1/15x2 ID1x2 AN1/80x2 ID1
CR3  ID1 ID2 R1/15 ID1 AN1/80
CRC  ID2 ID1 ID2/3x5
HI   Cx12
HCP  ID2 R1/18x2 AN1/50 R1/9 AN1/50 R1/18 AN1/48 ID2 AN1/48 ID2 R1/15 ID2 ID1/2x2
OI   ID1/2 ID2 ID1x4
SV1  C R1/18 ID2 R1/15 AN1/2 ID1/2 C R1/18 ID1 ID1/2 ID1x2 ID1/2x2 ID1 ID1/2 AN1/50 AN1/8 AN1/2 ID1/2 ID1
SV5  C ID2 R1/15 R1/18x2 ID1
MEA  ID2 ID1/3 R1/20 C R1/20x2 ID2 ID2 ID2/3 ID1 ID2 AN2/80
PS1  AN1/50 R1/18 ID2
LIN  AN1/20 ID2 AN1/48
CTP  ID2 ID3 R1/17 R1/15 C ID3 R1/10 R1/18 ID2 AN1/10 N01/2
SVD  AN2/80 R1/18 C AN1/48 R1/15 N01/6
FRM  AN1/20 ID1 AN1/50 DT8 R1/6
AAA  ID1 ID2 ID2 ID1
AK1  ID2 N01/9 AN1/12
AK2  ID3 AN4/9 AN1/35
AK9  ID1 N01/6x3 ID1/3x5
CL1  ID1x2 ID1/2 ID1
CR5  ID1 R1/15 ID1x2 AN1/80 R1/15x2 AN1/80 R1/10x3 ID1x7
CR6  ID1 DT8 ID2/3 AN1/35 DT8 ID1x3 DT8 ID2 AN1/30 DT8x3 ID2/3 AN1/35 ID1 DT8x4
CTX  C ID2/3 N01/6 AN1/4 Cx2
EB   ID1/3 ID3 ID1/2 ID1/3 AN1/50 ID1/2 R1/18 R1/10 ID2 R1/15 ID1x2 Cx2
EQ   ID1/2 C ID3 ID1/3 C
HCR  ID1/2 AN1/50 AN1/30 ID1
HSD  ID2 R1/15 ID2 R1/6 ID1/2 N01/3 ID1/2 ID1
III  ID1/3 AN1/30 ID2 AN1/264 R1/15 C ID1/2x3
IK3  ID2/3 N01/6 AN1/4 ID1/3
IK4  C N01/4 ID1/3 AN1/99
IK5  ID1 ID1/3x5
INS  ID1 ID2 ID3 ID2/3 ID1 C ID2 ID1x2 ID2/3 AN1/35 ID1 AN2/30 ID2 ID2/3 ID3 N01/9
LE   AN1/4
LS   AN1/4
MPI  ID1 ID2 ID1 AN1/80 ID2 ID2/3 AN1/35
MSG  AN1/264 ID2 N01/9
STC  C DT8 ID1/2 R1/18x2 DT8 ID3 DT8 AN1/16 Cx2 AN1/264
SV2  AN1/48 C R1/18 ID2 R1/15 R1/10 R1/18 ID1x2 ID1
SV3  C R1/18 AN1/2 C ID1 R1/15 AN1/80 ID1x3 C
TA1  N09 DT6 TM4 ID1 ID3
TOO  ID1/3 AN1/30 C
UM   ID1/2 ID1 ID1/2 Cx2 ID1x2 ID1/2 ID1 ID1
"""

ELEMENTS: dict[str, tuple[ElementType, ...]] = {
    line.split()[0]: _types(line.split(maxsplit=1)[1]) for line in _TEXT.strip().splitlines()
}
ELEMENTS["CAS"] = _types("ID1/2" + _REASON * 6)

_HI = _types("ID1/3 AN1/30 ID2/3 AN1/35 R1/18 R1/15 AN1/30 AN1/30 ID1")
_POINTER = _types("N01/2x4")
COMPONENTS: dict[str, tuple[ElementType, ...]] = {
    **{key: _types(_PROCEDURE + " AN1/48") for key in ("SV101", "SVC01", "SVC06", "SVD03", "SV501")},
    **{f"HI{number:02d}": _HI for number in range(1, 13)},
    **{f"PLB{number:02d}": _types("ID2 AN1/50") for number in (3, 5, 7, 9, 11, 13)},
    **{key: _types("AN1/30x2 ID2/3 ID1/3") for key in ("STC01", "STC10", "STC11")},
    "CTX01": _types("AN1/35x2"),
    "CTX05": _types("N01/2x2 N01/4"),
    "CTX06": _types("N01/4x2"),
    "IK401": _types("N01/2x2 N01/4"),
    "EB13": _types(_PROCEDURE + " AN1/48"),
    "EB14": _POINTER,
    "EQ02": _types(_PROCEDURE + " AN1/48"),
    "EQ05": _POINTER,
    "III06": _types("ID2 R1/10"),
    **{key: _types(_PROCEDURE + " AN1/48") for key in ("SV202", "SV301")},
    "UM04": _types("AN1/2 ID1/2 ID1"),
    "UM05": _types("ID2/3x3 ID2 ID2/3"),
    "CLM05": _types("AN1/2 ID1/2 ID1"),
    "CLM11": _types("ID2/3x3 ID2 ID2/3"),
    "SV107": _POINTER,
    "CTP05": _types("ID2"),
    "REF04": _types("ID2/3 AN1/50"),
}

# conditions between elements: P all or none, R at least one, C if the first then all others, E at most one
_RELATIONS = {
    "REF": "R0203",
    "NM1": "P0809 C1110 C1203",
    "N1": "R0203 P0304",
    "N4": "E0207 C0605 C0704",
    "PER": "P0304 P0506 P0708",
    "PAT": "P0506 P0708",
    "DMG": "P0102",
    "PWK": "P0506",
    "CR1": "P0102 P0506",
    "CR3": "P0203",
    "SV1": "P0304",
    "LQ": "C0102",
    "HCP": "R0113 P0910 P1112",
    "PRV": "P0203",
    "CTP": "P0405",
    "QTY": "R0204 E0204",
    "BPR": "P0607 C0809 P1213 C1415",
    # an amount or a quantity has its reason; the other way round the typed readers say it
    "CAS": "C0605 C0705 C0908 C1008 C1211 C1311 C1514 C1614 C1817 C1917",
    "PLB": "C0605 C0807 C1009 C1211 C1413",
    "FRM": "R02030405",
    "EB": "P0910",
    "EQ": "R0102",
    "HSD": "P0102 C0605",
    "III": "P0102",
    "INS": "P1112",
    "MPI": "P0607",
}
RELATIONS: dict[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
    name: tuple((r[0], tuple(int(r[i : i + 2]) for i in range(1, len(r), 2))) for r in text.split())
    for name, text in _RELATIONS.items()
}
