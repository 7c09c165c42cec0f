# ruff: noqa: E501  (tables: one line per segment)
"""005010X214: health care claim acknowledgment (277CA)."""

from __future__ import annotations

from medguild.x12.guides.model import Guide

# category, status, and whom it is about
_SENDER = "(1 2 3?{36,40,41,AY,PR})"
_PROVIDER = "(1 2 3?{36,40,41,77,82,85,87,AY,PR})"
_ENTITIES = "03,1P,1Z,40,41,71,72,73,77,82,85,87,DK,DN,DQ,FA,GB,HK,IL,LI,MSC,PR,PRP,QB,QC,QD,SEP,TL,TTP,TU"
_CLAIM = f"(1 2 3?{{{_ENTITIES}}})"
_LINE = f"(1 2 3?{{{_ENTITIES}}} 4?)"

X214 = Guide(
    "005010X214",
    "277CA",
    f"""
ST=277 R1 : 1 2 3
BHT R1 : 1{{0085}} 2{{08}} 3 4 5 6{{TH}}
LOOP 2000A R*
  HL.3=20 R1 : 1 3 4{{1}}
  LOOP 2100A R1
    NM1=AY,PR R1 : 1 2{{2}} 3 8{{46,FI,PI,XV}} 9
  LOOP 2200A R*
    TRN R1 : 1{{1}} 2
    DTP=050 R1 : 1 2{{D8}} 3
    DTP=009 R1 : 1 2{{D8}} 3
  LOOP 2000B R1
    HL.3=21 R1 : 1 2 3 4{{0,1}}
    LOOP 2100B R1
      NM1=41 R1 : 1 2{{1,2}} 3 4? 5? 8{{46}} 9
    LOOP 2200B R1
      TRN R1 : 1{{2}} 2
      STC R* : 1{_SENDER} 2 3{{U,WQ}} 4 10?{_SENDER} 11?{_SENDER}
      QTY=90 S1 : 1 2
      QTY=AA S1 : 1 2
      AMT=YU S1 : 1 2
      AMT=YY S1 : 1 2
    LOOP 2000C S*
      HL.3=19 R1 : 1 2 3 4{{0,1}}
      LOOP 2100C R*
        NM1=85 R1 : 1 2{{1,2}} 3 4? 5? 6? 7? 8{{FI,SV,XX}} 9
      LOOP 2200C R1
        TRN R1 : 1{{1}} 2
        STC R* : 1{_PROVIDER} 3{{U,WQ}} 4 10?{_PROVIDER} 11?{_PROVIDER}
        REF=0B,1G,G2,LU,SY,TJ S3 : 1 2
        QTY=QA S1 : 1 2
        QTY=QC S1 : 1 2
        AMT=YU S1 : 1 2
        AMT=YY S1 : 1 2
      LOOP 2000D S*
        HL.3=PT R1 : 1 2 3
        LOOP 2100D R1
          NM1=QC R1 : 1 2{{1}} 3 4? 5? 6? 7? 8{{II,MI}} 9
        LOOP 2200D S*
          TRN R1 : 1{{2}} 2
          STC R* : 1{_CLAIM} 2 3{{U,WQ}} 4 10?{_CLAIM} 11?{_CLAIM} 12?
          REF=1K S1 : 1 2
          REF=D9 S1 : 1 2
          REF=BLT S1 : 1 2
          DTP=472 R1 : 1 2{{D8,RD8}} 3
          LOOP 2220D S*
            SVC R1 : 1(1{{AD,ER,HC,HP,IV,NU,WK}} 2 3? 4? 5? 6?) 2 4? 7?
            STC R* : 1{_LINE} 2 3{{U}} 10?{_LINE} 11?{_LINE}
            REF=FJ S1 : 1 2
            REF=XZ S1 : 1 2
            DTP=472 S1 : 1 2{{D8,RD8}} 3
SE R1 : 1 2
""",
)
