# ruff: noqa: E501  (tables: one line per segment)
"""005010X212: health care claim status request (276)."""

from __future__ import annotations

from medguild.x12.guides.model import Guide

_REFERENCES = "\n".join(f"          REF={code} S1 : 1 2" for code in "1K BLT LU EJ XZ D9".split())
_CLAIM = f"""
        LOOP 2200D S*
          TRN R1 : 1{{1}} 2
{_REFERENCES}
          AMT=T3 S1 : 1 2
          DTP=472 S1 : 1 2{{D8,RD8}} 3
          LOOP 2210D S*
            SVC R1 : 1(1{{AD,ER,HC,HP,IV,N4,NU,WK}} 2 3? 4? 5? 6?) 2 4? 7
            REF=FJ S1 : 1 2
            DTP=472 R1 : 1 2{{D8,RD8}} 3"""


def _dependent(text: str) -> str:
    deeper = "\n".join("  " + line for line in text.splitlines())
    return deeper.replace("2200D S*", "2200E R*").replace("2210D", "2210E")


X212_REQUEST = Guide(
    "005010X212",
    "276",
    f"""
ST=276 R1 : 1 2 3
BHT R1 : 1{{0010}} 2{{13}} 3 4 5
LOOP 2000A R*
  HL.3=20 R1 : 1 3 4{{1}}
  LOOP 2100A R1
    NM1=PR R1 : 1 2{{2}} 3 8{{PI,XV}} 9
  LOOP 2000B R*
    HL.3=21 R1 : 1 2 3 4{{1}}
    LOOP 2100B R1
      NM1=41 R1 : 1 2{{1,2}} 3? 4? 5? 8{{46}} 9
    LOOP 2000C R*
      HL.3=19 R1 : 1 2 3 4{{1}}
      LOOP 2100C R2
        NM1=1P R1 : 1 2{{1,2}} 3? 4? 5? 7? 8{{FI,SV,XX}} 9
      LOOP 2000D R*
        HL.3=22 R1 : 1 2 3 4{{0,1}}
        DMG S1 : 1{{D8}} 2 3?{{F,M}}
        LOOP 2100D R1
          NM1=IL R1 : 1 2{{1,2}} 3 4? 5? 7? 8{{24,II,MI}} 9
{_CLAIM}
        LOOP 2000E S*
          HL.3=23 R1 : 1 2 3
          DMG R1 : 1{{D8}} 2 3?{{F,M}}
          LOOP 2100E R1
            NM1=QC R1 : 1 2{{1}} 3 4? 5? 7?
{_dependent(_CLAIM)}
SE R1 : 1 2
""",
)
