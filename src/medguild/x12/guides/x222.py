# ruff: noqa: E501  (tables: one line per segment)
"""005010X222A1: professional health care claim (837P)."""

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
    PROCEDURE,
    REF4,
    SEQUENCE,
    address,
    deeper,
    maybe_address,
)

_DIAGNOSES = " ".join(f"{n}?(1{{ABF,BF}} 2)" for n in range(2, 13))
_CONDITIONS = "1(1{BG} 2) " + " ".join(f"{n}?(1{{BG}} 2)" for n in range(2, 13))


def _conditions(codes: str) -> str:
    """A CRC: do the conditions hold, and up to five of them."""
    return "1 2{N,Y} " + " ".join(f"{n}{'?' if n > 3 else ''}{{{codes}}}" for n in range(3, 8))


_AMBULANCE = _conditions("01,04,05,06,07,08,09,12")
_VISION = _conditions("L1,L2,L3,L4,L5")
_CLAIM_DATES = "\n".join(
    f"      DTP={code} S{limit} : 1 2{{{form}}} 3"
    for code, limit, form in (
        ("431", 1, "D8"), ("454", 1, "D8"), ("304", 1, "D8"), ("453", 1, "D8"), ("439", 1, "D8"), ("484", 1, "D8"),
        ("455", 1, "D8"), ("471", 1, "D8"), ("314,360,361", 1, "D8,RD8"), ("297", 1, "D8"), ("296", 1, "D8"),
        ("435", 1, "D8"), ("096", 1, "D8"), ("090,091", 2, "D8"), ("444", 1, "D8"), ("050", 1, "D8"),
    )
)  # fmt: skip
_CLAIM_REFERENCES = "\n".join(
    f"      REF={code} S1 : 1 2" for code in "4N F5 EW 9F G1 F8 X4 9A 9C LX D9 EA P4 1J".split()
)
_LINE_DATES = "\n".join(f"        DTP={code} S1 : 1 2{{D8}} 3" for code in "471 607 463 461 304".split())

_CLAIM = f"""
    LOOP 2300 S100
      CLM R1 : 1 2 5(1 2{{B}} 3) 6{{N,Y}} 7{{A,B,C}} 8{{N,W,Y}} 9{{I,Y}} 10?{{P}} 11?(1{{AA,EM,OA}} 2?{{AA,EM,OA}} 4? 5?) 12?{{02,03,05,09}} 20?{{1,2,3,4,5,6,7,8,9,10,11,15}}
{_CLAIM_DATES}
      PWK S10 : {ATTACHMENT}
      CN1 S1 : 1{{01,02,03,04,05,06,09}} 2? 3? 4? 5? 6?
      AMT=F5 S1 : 1 2
{_CLAIM_REFERENCES}
      K3 S10 : 1
      NTE=ADD,CER,DCP,DGN,TPO S1 : 1 2
      CR1 S1 : 1?{{LB}} 2? 4{{A,B,C,D,E}} 5{{DH}} 6 9? 10?
      CR2 S1 : 8{{A,C,D,E,F,G,M}} 10? 11?
      CRC=07 S3 : {_AMBULANCE}
      CRC=E1,E2,E3 S3 : {_VISION}
      CRC=75 S1 : 1 2{{Y}} 3{{IH}}
      CRC=ZZ S1 : 1 2{{N,Y}} 3{{AV,NU,S2,ST}} 4?{{AV,NU,S2,ST}} 5?{{AV,NU,S2,ST}}
      HI.1.1=ABK,BK R1 : 1(1{{ABK,BK}} 2) {_DIAGNOSES}
      HI.1.1=BP S1 : 1(1{{BP}} 2) 2?(1{{BO}} 2)
      HI.1.1=BG S2 : {_CONDITIONS}
      HCP S1 : {PRICING} {PRICING_REASONS}
      LOOP 2310A S2
        NM1=DN,P3 R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
        REF=0B,1G,G2 S3 : 1 2
      LOOP 2310B S1
        NM1=82 R1 : 1 2{{1,2}} {PERSON} 8?{{XX}} 9?
        PRV S1 : 1{{PE}} 2{{PXC}} 3
        REF=0B,1G,G2,LU S4 : 1 2
      LOOP 2310C S1
        NM1=77 R1 : 1 2{{2}} 3 8?{{XX}} 9?
{address("        ")}
        REF=0B,G2,LU S3 : 1 2
        PER=IC S1 : 1 2? 3{{TE}} 4 5?{{EX}} 6?
      LOOP 2310D S1
        NM1=DQ R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
        REF=0B,1G,G2,LU S4 : 1 2
      LOOP 2310E S1
        NM1=PW R1 : 1 2{{2}}
{address("        ")}
      LOOP 2310F S1
        NM1=45 R1 : 1 2{{2}} 3?
{address("        ")}
      LOOP 2320 S10
        SBR R1 : 1{{{SEQUENCE}}} 2{{01,18,19,20,21,39,40,53,G8}} 3? 4? 5?{{12,13,14,15,16,41,42,43,47}} 9?{{{FILING}}}
        CAS S5 : {CAS}
        AMT=D S1 : 1 2
        AMT=A8 S1 : 1 2
        AMT=EAF S1 : 1 2
        OI R1 : 3{{N,W,Y}} 4?{{P}} 6{{I,Y}}
        MOA S1 : {MOA}
        LOOP 2330A R1
          NM1=IL R1 : 1 2{{1,2}} {PERSON} 8{{II,MI}} 9
{maybe_address("          ")}
          REF=SY S1 : 1 2
        LOOP 2330B R1
          NM1=PR R1 : 1 2{{2}} 3 8{{PI,XV}} 9
{maybe_address("          ")}
          DTP=573 S1 : 1 2{{D8}} 3
          REF=2U,EI,FY,NF S2 : 1 2
          REF=G1 S1 : 1 2
          REF=9F S1 : 1 2
          REF=T4 S1 : 1 2
          REF=F8 S1 : 1 2
        LOOP 2330C S2
          NM1=DN,P3 R1 : 1 2{{1}}
          REF=0B,1G,G2 R3 : 1 2
        LOOP 2330D S1
          NM1=82 R1 : 1 2{{1,2}}
          REF=0B,1G,G2,LU R3 : 1 2
        LOOP 2330E S1
          NM1=77 R1 : 1 2{{2}}
          REF=0B,G2,LU R3 : 1 2
        LOOP 2330F S1
          NM1=DQ R1 : 1 2{{1}}
          REF=0B,1G,G2,LU R3 : 1 2
        LOOP 2330G S1
          NM1=85 R1 : 1 2{{1,2}}
          REF=G2,LU R2 : 1 2
      LOOP 2400 R50
        LX R1 : 1
        SV1 R1 : 1({PROCEDURE}) 2 3{{MJ,UN}} 4 5? 7(1 2? 3? 4?) 9?{{Y}} 11?{{Y}} 12?{{Y}} 15?{{0}}
        SV5 S1 : 1(1{{HC}} 2) 2{{DA}} 3 4 5 6{{1,4,6}}
        PWK=CT S1 : 1 2{{AB,AD,AF,AG,NS}}
        PWK S10 : {ATTACHMENT}
        CR1 S1 : 1?{{LB}} 2? 4{{A,B,C,D,E}} 5{{DH}} 6 9? 10?
        CR3 S1 : 1{{I,R,S}} 2{{MO}} 3
        CRC=07 S3 : {_AMBULANCE}
        CRC=70 S1 : 1 2{{N,Y}} 3{{65}}
        CRC=09 S1 : 1 2{{N,Y}} 3{{38,ZV}} 4?{{38,ZV}}
        DTP=472 R1 : 1 2{{D8,RD8}} 3
{_LINE_DATES}
        DTP=738,739 S2 : 1 2{{D8}} 3
        DTP=011 S1 : 1 2{{D8}} 3
        DTP=455 S1 : 1 2{{D8}} 3
        DTP=454 S1 : 1 2{{D8}} 3
        QTY=PT S1 : 1 2
        QTY=FL S1 : 1 2
        MEA=OG,TR S5 : 1 2{{HT,R1,R2,R3,R4}} 3
        CN1 S1 : 1{{01,02,03,04,05,06,09}} 2? 3? 4? 5? 6?
        REF=9B S1 : 1 2
        REF=9D S1 : 1 2
        REF=G1 S5 : {REF4}
        REF=6R S1 : 1 2
        REF=EW S1 : 1 2
        REF=X4 S1 : 1 2
        REF=F4 S1 : 1 2
        REF=BT S1 : 1 2
        REF=9F S5 : {REF4}
        AMT=T S1 : 1 2
        AMT=F4 S1 : 1 2
        K3 S10 : 1
        NTE=ADD,DCP S1 : 1 2
        NTE=TPO S1 : 1 2
        PS1 S1 : 1 2
        HCP S1 : {PRICING} 9?{{ER,HC,IV,WK}} 10? 11?{{MJ,UN}} 12? {PRICING_REASONS}
        LOOP 2410 S1
          LIN R1 : 2{{EN,EO,HI,N4,ON,UK,UP}} 3
          CTP R1 : 4 5(1{{F2,GR,ME,ML,UN}})
          REF=VY,XZ S1 : 1 2
        LOOP 2420A S1
          NM1=82 R1 : 1 2{{1,2}} {PERSON} 8?{{XX}} 9?
          PRV S1 : 1{{PE}} 2{{PXC}} 3
          REF=0B,1G,G2,LU S20 : {REF4}
        LOOP 2420B S1
          NM1=QB R1 : 1 2{{1,2}} 8?{{XX}} 9?
          REF=0B,1G,G2 S20 : {REF4}
        LOOP 2420C S1
          NM1=77 R1 : 1 2{{2}} 3 8?{{XX}} 9?
{address("          ")}
          REF=G2,LU S3 : {REF4}
        LOOP 2420D S1
          NM1=DQ R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
          REF=0B,1G,G2,LU S20 : {REF4}
        LOOP 2420E S1
          NM1=DK R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
{maybe_address("          ")}
          REF=0B,1G,G2 S20 : {REF4}
          PER=IC S1 : {CONTACT}
        LOOP 2420F S2
          NM1=DN,P3 R1 : 1 2{{1}} {PERSON} 8?{{XX}} 9?
          REF=0B,1G,G2 S20 : {REF4}
        LOOP 2420G S1
          NM1=PW R1 : 1 2{{2}}
{address("          ")}
        LOOP 2420H S1
          NM1=45 R1 : 1 2{{2}} 3?
{address("          ")}
        LOOP 2430 S15
          SVD R1 : 1 2 3({PROCEDURE}) 5 6?
          CAS S5 : {CAS}
          DTP=573 R1 : 1 2{{D8}} 3
          AMT=EAF S1 : 1 2
        LOOP 2440 S*
          LQ R1 : 1{{AS,UT}} 2
          FRM R99 : 1 2?{{N,W,Y}} 3? 4? 5?"""


X222 = Guide(
    "005010X222A1",
    "837P",
    f"""
ST=837 R1 : 1 2 3
BHT R1 : 1{{0019}} 2{{00,18}} 3 4 5 6{{31,CH,RP}}
LOOP 1000A R1
  NM1=41 R1 : 1 2{{1,2}} 3 4? 5? 8{{46}} 9
  PER=IC R2 : 1 2? 3{{ED,EM,FX,TE}} 4 5?{{ED,EM,EX,FX,TE}} 6? 7?{{ED,EM,EX,FX,TE}} 8?
LOOP 1000B R1
  NM1=40 R1 : 1 2{{2}} 3 8{{46}} 9
LOOP 2000A R*
  HL.3=20 R1 : 1 3 4{{1}}
  PRV S1 : 1{{BI}} 2{{PXC}} 3
  CUR S1 : 1{{85}} 2
  LOOP 2010AA R1
    NM1=85 R1 : 1 2{{1,2}} {PERSON} 8?{{XX}} 9?
{address("    ")}
    REF=EI,SY R1 : 1 2
    REF=0B,1G S2 : 1 2
    PER=IC S2 : {CONTACT}
  LOOP 2010AB S1
    NM1=87 R1 : 1 2{{1,2}}
{address("    ")}
  LOOP 2010AC S1
    NM1=PE R1 : 1 2{{2}} 3 8{{PI,XV}} 9
{address("    ")}
    REF=2U,FY,NF S1 : 1 2
    REF=EI R1 : 1 2
  LOOP 2000B R*
    HL.3=22 R1 : 1 2 3 4{{0,1}}
    SBR R1 : 1{{{SEQUENCE}}} 2?{{18}} 3? 4? 5?{{12,13,14,15,16,41,42,43,47}} 9?{{{FILING}}}
    PAT S1 : 5?{{D8}} 6? 7?{{01}} 8? 9?{{Y}}
    LOOP 2010BA R1
      NM1=IL R1 : 1 2{{1,2}} {PERSON} 8{{II,MI}} 9
{maybe_address("      ")}
      DMG S1 : 1{{D8}} 2 3{{F,M,U}}
      REF=SY S1 : 1 2
      REF=Y4 S1 : 1 2
      PER=IC S1 : 1 2? 3{{TE}} 4 5?{{EX}} 6?
    LOOP 2010BB R1
      NM1=PR R1 : 1 2{{2}} 3 8{{PI,XV}} 9
{maybe_address("      ")}
      REF=2U,EI,FY,NF S3 : 1 2
      REF=G2,LU S2 : 1 2
{_CLAIM}
    LOOP 2000C S*
      HL.3=23 R1 : 1 2 3 4{{0}}
      PAT R1 : 1{{01,19,20,21,39,40,53,G8}} 5?{{D8}} 6? 7?{{01}} 8? 9?{{Y}}
      LOOP 2010CA R1
        NM1=QC R1 : 1 2{{1}} {PERSON}
{address("        ")}
        DMG R1 : 1{{D8}} 2 3{{F,M,U}}
        REF=Y4 S1 : 1 2
        REF=1W,SY S1 : 1 2
        PER=IC S1 : 1 2? 3{{TE}} 4 5?{{EX}} 6?
{deeper(_CLAIM).replace("LOOP 2300 S100", "LOOP 2300 R100")}
SE R1 : 1 2
""",
)
