# ruff: noqa: E501  (tables: one line per segment)
"""005010X223A2: institutional health care claim (837I)."""

from __future__ import annotations

from medguild.x12.guides.model import Guide
from medguild.x12.guides.pieces import (
    ATTACHMENT,
    CAS,
    CONTACT,
    FILING,
    MOA,
    PERSON,
    PRICING,
    PRICING_REASONS,
    REF4,
    SEQUENCE,
    address,
    deeper,
    maybe_address,
)

_PROCEDURE = "1{ER,HC,HP,IV,WK} 2 3? 4? 5? 6? 7?"
_MIA = "1 " + " ".join(f"{n}?" for n in range(3, 25))
_IDS = "0B,1G,G2,LU"
_PRESENT = "9?{N,U,W,Y}"


def _codes(lists: str, more: str = "", last: int = 12) -> str:
    """The composites of one HI: the first is required."""
    return " ".join(f"{n}{'?' if n > 1 else ''}(1{{{lists}}} 2 {more})" for n in range(1, last + 1))


_REFERENCES = "\n".join(f"      REF={code} S1 : 1 2" for code in "4N 9F G1 F8 9A 9C D9 LU EA P4 G4".split())

_CLAIM = f"""
    LOOP 2300 S100
      CLM R1 : 1 2 5(1 2{{A}} 3) 7{{A,B,C}} 8{{N,W,Y}} 9{{I,Y}} 20?{{1,2,3,4,5,6,7,8,9,10,11,15}}
      DTP=096 S1 : 1 2{{TM}} 3
      DTP=434 R1 : 1 2{{RD8}} 3
      DTP=435 S1 : 1 2{{D8,DT}} 3
      DTP=050 S1 : 1 2{{D8}} 3
      CL1 R1 : 1? 2? 3
      PWK S10 : {ATTACHMENT}
      CN1 S1 : 1{{01,02,03,04,05,06,09}} 2? 3? 4? 5? 6?
      AMT=F3 S1 : 1 2
{_REFERENCES}
      REF=LX S5 : 1 2
      K3 S10 : 1
      NTE=ALG,DCP,DGN,DME,MED,NTR,ODT,RHB,RLH,RNH,SET,SFM,SPT,UPI S10 : 1 2
      NTE=ADD S1 : 1 2
      CRC=ZZ S1 : 1 2{{N,Y}} 3{{AV,NU,S2,ST}} 4?{{AV,NU,S2,ST}} 5?{{AV,NU,S2,ST}}
      HI.1.1=ABK,BK R1 : {_codes("ABK,BK", _PRESENT, 1)}
      HI.1.1=ABJ,BJ S1 : {_codes("ABJ,BJ", last=1)}
      HI.1.1=APR,PR S1 : {_codes("APR,PR", last=3)}
      HI.1.1=ABN,BN S1 : {_codes("ABN,BN", _PRESENT)}
      HI.1.1=DR S1 : {_codes("DR", last=1)}
      HI.1.1=ABF,BF S2 : {_codes("ABF,BF", _PRESENT)}
      HI.1.1=BBR,BR,CAH S1 : {_codes("BBR,BR,CAH", "3{D8} 4", 1)}
      HI.1.1=BBQ,BQ S2 : {_codes("BBQ,BQ", "3{D8} 4")}
      HI.1.1=BI S2 : {_codes("BI", "3{RD8} 4")}
      HI.1.1=BH S2 : {_codes("BH", "3{D8} 4")}
      HI.1.1=BE S2 : {_codes("BE", "5")}
      HI.1.1=BG S2 : {_codes("BG")}
      HI.1.1=TC S2 : {_codes("TC")}
      HCP S1 : {PRICING} 8? 11?{{DA,UN}} 12? {PRICING_REASONS}
      LOOP 2310A S1
        NM1=71 R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
        PRV S1 : 1{{AT}} 2{{PXC}} 3
        REF={_IDS} S4 : 1 2
      LOOP 2310B S1
        NM1=72 R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
        REF={_IDS} S4 : 1 2
      LOOP 2310C S1
        NM1=ZZ R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
        REF={_IDS} S4 : 1 2
      LOOP 2310D S1
        NM1=82 R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
        REF={_IDS} S4 : 1 2
      LOOP 2310E S1
        NM1=77 R1 : 1 2{{2}} 3 8?{{XX}} 9?
{address("        ")}
        REF=0B,G2,LU S3 : 1 2
      LOOP 2310F S1
        NM1=DN R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
        REF=0B,1G,G2 S3 : 1 2
      LOOP 2320 S10
        SBR R1 : 1{{{SEQUENCE}}} 2{{01,18,19,20,21,39,40,53,G8}} 3? 4? 9?{{{FILING}}}
        CAS S5 : {CAS}
        AMT=D S1 : 1 2
        AMT=EAF S1 : 1 2
        AMT=A8 S1 : 1 2
        OI R1 : 3{{N,W,Y}} 6{{I,Y}}
        MIA S1 : {_MIA}
        MOA S1 : {MOA}
        LOOP 2330A R1
          NM1=IL R1 : 1 2{{1,2}} {PERSON} 8{{II,MI}} 9
{maybe_address("          ")}
          REF=SY S2 : 1 2
        LOOP 2330B R1
          NM1=PR R1 : 1 2{{2}} 3 8{{PI,XV}} 9
{maybe_address("          ")}
          DTP=573 S1 : 1 2{{D8}} 3
          REF=2U,EI,FY,NF S2 : 1 2
          REF=G1 S1 : 1 2
          REF=9F S1 : 1 2
          REF=T4 S1 : 1 2
          REF=F8 S1 : 1 2
        LOOP 2330C S1
          NM1=71 R1 : 1 2{{1}}
          REF={_IDS} R4 : 1 2
        LOOP 2330D S1
          NM1=72 R1 : 1 2{{1}}
          REF={_IDS} R4 : 1 2
        LOOP 2330E S1
          NM1=ZZ R1 : 1 2{{1}}
          REF={_IDS} R4 : 1 2
        LOOP 2330F S1
          NM1=77 R1 : 1 2{{2}}
          REF=0B,G2,LU R3 : 1 2
        LOOP 2330G S1
          NM1=82 R1 : 1 2{{1}}
          REF={_IDS} R4 : 1 2
        LOOP 2330H S1
          NM1=DN R1 : 1 2{{1}}
          REF=0B,1G,G2 R3 : 1 2
        LOOP 2330I S1
          NM1=85 R1 : 1 2{{2}}
          REF=G2,LU R2 : 1 2
      LOOP 2400 R999
        LX R1 : 1
        SV2 R1 : 1 2?({_PROCEDURE}) 3 4{{DA,UN}} 5 7?
        PWK S10 : {ATTACHMENT}
        DTP=472 S1 : 1 2{{D8,RD8}} 3
        REF=6R S1 : 1 2
        REF=9B S1 : 1 2
        REF=9D S1 : 1 2
        AMT=GT S1 : 1 2
        AMT=N8 S1 : 1 2
        NTE=TPO S1 : 1 2
        HCP S1 : {PRICING} 8? 9?{{ER,HC,HP,IV,WK}} 10? 11?{{DA,UN}} 12? {PRICING_REASONS}
        LOOP 2410 S1
          LIN R1 : 2{{N4}} 3
          CTP R1 : 4 5(1{{F2,GR,ME,ML,UN}})
          REF=VY,XZ S1 : 1 2
        LOOP 2420A S1
          NM1=72 R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
          REF={_IDS} S20 : {REF4}
        LOOP 2420B S1
          NM1=ZZ R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
          REF={_IDS} S20 : {REF4}
        LOOP 2420C S1
          NM1=82 R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
          REF={_IDS} S20 : {REF4}
        LOOP 2420D S1
          NM1=DN R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
          REF=0B,1G,G2 S20 : {REF4}
        LOOP 2430 S15
          SVD R1 : 1 2 3?({_PROCEDURE}) 4 5 6?
          CAS S5 : {CAS}
          DTP=573 R1 : 1 2{{D8}} 3
          AMT=EAF S1 : 1 2"""

X223 = Guide(
    "005010X223A2",
    "837I",
    f"""
ST=837 R1 : 1 2 3
BHT R1 : 1{{0019}} 2{{00,18}} 3 4 5 6{{31,CH,RP}}
LOOP 1000A R1
  NM1=41 R1 : 1 2{{1,2}} 3 4? 5? 8{{46}} 9
  PER=IC R2 : {CONTACT}
LOOP 1000B R1
  NM1=40 R1 : 1 2{{2}} 3 8{{46}} 9
LOOP 2000A R*
  HL.3=20 R1 : 1 3 4{{1}}
  PRV S1 : 1{{BI}} 2{{PXC}} 3
  CUR S1 : 1{{85}} 2
  LOOP 2010AA R1
    NM1=85 R1 : 1 2{{2}} 3 8?{{XX}} 9?
{address("    ")}
    REF=EI R1 : 1 2
    PER=IC S2 : {CONTACT}
  LOOP 2010AB S1
    NM1=87 R1 : 1 2{{2}}
{address("    ")}
  LOOP 2010AC S1
    NM1=PE R1 : 1 2{{2}} 3 8{{PI,XV}} 9
{address("    ")}
    REF=2U,FY,NF S1 : 1 2
    REF=EI R1 : 1 2
  LOOP 2000B R*
    HL.3=22 R1 : 1 2 3 4{{0,1}}
    SBR R1 : 1{{{SEQUENCE}}} 2?{{18}} 3? 4? 9?{{{FILING}}}
    LOOP 2010BA R1
      NM1=IL R1 : 1 2{{1,2}} {PERSON} 8?{{II,MI}} 9?
{maybe_address("      ")}
      DMG S1 : 1{{D8}} 2 3{{F,M,U}}
      REF=SY S1 : 1 2
      REF=Y4 S1 : 1 2
    LOOP 2010BB R1
      NM1=PR R1 : 1 2{{2}} 3 8{{PI,XV}} 9
{maybe_address("      ")}
      REF=2U,EI,FY,NF S3 : 1 2
      REF=G2,LU S1 : 1 2
{_CLAIM}
    LOOP 2000C S*
      HL.3=23 R1 : 1 2 3 4{{0}}
      PAT R1 : 1{{01,19,20,21,39,40,53,G8}}
      LOOP 2010CA R1
        NM1=QC R1 : 1 2{{1}} {PERSON}
{address("        ")}
        DMG R1 : 1{{D8}} 2 3{{F,M,U}}
        REF=Y4 S1 : 1 2
        REF=1W,SY S1 : 1 2
{deeper(_CLAIM).replace("LOOP 2300 S100", "LOOP 2300 R100")}
SE R1 : 1 2
""",
)
