# ruff: noqa: E501  (tables: one line per segment)
"""005010X279A1: eligibility, coverage and benefit inquiry (270) and response (271)."""

from __future__ import annotations

from medguild.x12.guides.model import Guide

_PLACE = "1 2? 3? 4? 7?"
_SOURCES = "2B,36,GP,P5,PR"
_RECEIVERS = "1P,2B,36,80,FA,GP,P5,PR"
_ROLES = "AD,AT,BI,CO,CV,H,HH,LA,OT,P1,P2,PC,PE,R,RF,SB,SK,SU"
_PROVIDER = f"1{{{_ROLES}}} 2?{{9K,D3,EI,HPI,PXC,SY,TJ}} 3?"
_RECEIVER_IDS = "0B,1C,1D,1J,4A,CT,EL,EO,HPI,JD,N5,N7,Q4,SY,TJ"
_PERSON_IDS = "18,1L,1W,3H,49,6P,CE,CT,EA,EJ,F6,GH,HJ,IF,IG,ML,MRC,N6,NQ,Q4,SY,Y4"
_PROCEDURE = "1{AD,CJ,HC,ID,IV,N4,ZZ} 2 3? 4? 5? 6? 8?"
_RELATIONS = "01,19,20,21,39,40,53,G8"
_DIAGNOSES = "1(1{ABK,BK} 2) " + " ".join(f"{n}?(1{{ABF,BF}} 2)" for n in range(2, 9))
_SUBSCRIBER_INS = "INS S1 : 1{Y} 2{18} 3? 4? 17?"
_DEPENDENT_INS = f"INS S1 : 1{{N}} 2{{{_RELATIONS}}} 3? 4? 17?"
_HEAD = """ST={kind} R1 : 1 2 3
BHT R1 : 1{{0022}} 2{{{purposes}}} 3{reference} 4 5 6?{{RT,RU}}
"""


def _each(codes: str, elements: str, indent: int) -> str:
    """Numbers of a person or a benefit: each kind of number once."""
    return "\n".join(f"{' ' * indent}REF={code} S1 : {elements}" for code in codes.split(","))


def _deeper(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        text = text.replace(old, new)
    return "\n".join("  " + line for line in text.splitlines())


_ASKED = f"""
      LOOP 2110C S99
        EQ R1 : 1?+ 2?({_PROCEDURE}) 3?{{FAM}} 5?(1 2? 3? 4?)
        AMT=R S1 : 1 2
        AMT=PB S1 : 1 2
        III S1 : 1{{ZZ}} 2
        REF=9F,G1 S1 : 1 2
        DTP=291 S1 : 1 2{{D8,RD8}} 3"""
_ASKED_OF = f"""
      LOOP 2100C R1
        NM1=IL R1 : 1 2{{1,2}} 3? 4? 5? 7? 8?{{II,MI}} 9?
{_each(_PERSON_IDS, "1 2", 8)}
        N3 S1 : 1 2?
        N4 S1 : {_PLACE}
        PRV S1 : {_PROVIDER}
        DMG S1 : 1?{{D8}} 2? 3?{{F,M}}
        {_SUBSCRIBER_INS}
        HI S1 : {_DIAGNOSES}
        DTP=102,291 S2 : 1 2{{D8,RD8}} 3
{_deeper(_ASKED)}"""

X279_REQUEST = Guide(
    "005010X279A1",
    "270",
    f"""
{_HEAD.format(kind=270, purposes="01,13,36", reference="?")}LOOP 2000A R*
  HL.3=20 R1 : 1 3 4{{1}}
  LOOP 2100A R1
    NM1={_SOURCES} R1 : 1 2{{1,2}} 3? 4? 5? 7? 8{{24,46,FI,NI,PI,XV,XX}} 9
  LOOP 2000B R*
    HL.3=21 R1 : 1 2 3 4{{1}}
    LOOP 2100B R1
      NM1={_RECEIVERS} R1 : 1 2{{1,2}} 3? 4? 5? 7? 8{{24,34,FI,PI,PP,SV,XV,XX}} 9
{_each(_RECEIVER_IDS, "1 2 3?", 6)}
      N3 S1 : 1 2?
      N4 S1 : {_PLACE}
      PRV S1 : 1{{{_ROLES}}} 2?{{PXC}} 3?
    LOOP 2000C R*
      HL.3=22 R1 : 1 2 3 4{{0,1}}
      TRN S2 : 1{{1}} 2 3 4?
{_ASKED_OF}
      LOOP 2000D S*
        HL.3=23 R1 : 1 2 3 4{{0}}
        TRN S2 : 1{{1}} 2 3 4?
{_deeper(_ASKED_OF, ("2100C", "2100D"), ("2110C S99", "2110D R99"), ("NM1=IL R1 : 1 2{1,2} 3? 4? 5? 7? 8?{II,MI} 9?", "NM1=03 R1 : 1 2{1} 3? 4? 5? 7?"), (_SUBSCRIBER_INS, _DEPENDENT_INS))}
SE R1 : 1 2
""",
)

_CONTACT = "1 2? 3?{ED,EM,FX,TE,UR,WP} 4? 5?{ED,EM,EX,FX,TE,UR,WP} 6? 7?{ED,EM,EX,FX,TE,UR,WP} 8?"
_AAA = "1{N,Y} 3 4{C,N,P,R,S,W,X,Y}"
_BENEFITS = "1,2,3,4,5,6,7,8,A,B,C,CB,D,E,F,G,H,I,J,K,L,M,MC,N,O,P,Q,R,S,T,U,V,W,X,Y"
_PERIODS = "6,7,13,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36"
_UNITS = "8H,99,CA,CE,D3,DB,DY,HS,LA,LE,M2,MN,P6,QA,S7,S8,VS,YY"
_DATES = "096,102,152,291,307,318,340,341,342,343,346,347,356,357,382,435,442,458,472,539,540,636,771"
_BENEFIT_DATES = "096,193,194,198,290,291,292,295,304,307,318,348,349,356,357,435,472,636,771"
_BENEFIT_IDS = "18,1L,1W,49,6P,9F,ALS,CLI,CT,F6,FO,G1,IG,M7,N6,NQ"
_RELATED = "13,1I,1P,2B,36,73,FA,GP,GW,I3,IL,LR,OC,P3,P4,P5,PR,PRP,SEP,TTP,VER,VN,VY,X3,Y2"
_ANSWERED = f"""
      LOOP 2110C S*
        EB R1 : 1{{{_BENEFITS}}} 2?{{CHD,DEP,ECH,EMP,ESP,FAM,IND,SPC,SPO}} 3?+ 4? 5? 6?{{{_PERIODS}}} 7? 8? 9?{{{_UNITS}}} 10? 11?{{N,U,Y}} 12?{{N,U,W,Y}} 13?({_PROCEDURE}) 14?(1 2? 3? 4?)
        HSD S9 : 1?{{DY,FL,HS,MN,VS}} 2? 3?{{DA,MO,VS,WK,YR}} 4? 5?{{6,7,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35}} 6? 7? 8?
{_each(_BENEFIT_IDS, "1 2 3?", 8)}
        DTP={_BENEFIT_DATES} S20 : 1 2{{D8,RD8}} 3
        AAA S9 : {_AAA}
        MSG S10 : 1
        LOOP 2115C S10
          III R1 : 1?{{BF,BK,GR,NI,ZZ}} 2? 3?{{44}} 4?
        LS S1 : 1{{2120}}
        LOOP 2120C S23
          NM1={_RELATED} R1 : 1 2{{1,2}} 3? 4? 5? 7? 8?{{24,34,46,FA,FI,II,MI,NI,PI,PP,SV,XV,XX}} 9? 10?{{01,02,27,41,48,65,72}}
          N3 S1 : 1 2?
          N4 S1 : {_PLACE}
          PER=IC S3 : {_CONTACT}
          PRV S1 : {_PROVIDER}
        LE S1 : 1{{2120}}"""
_ANSWERED_OF = f"""
      LOOP 2100C R1
        NM1=IL R1 : 1 2{{1,2}} 3? 4? 5? 7? 8?{{II,MI}} 9?
{_each(_PERSON_IDS, "1 2 3?", 8)}
        N3 S1 : 1 2?
        N4 S1 : {_PLACE}
        AAA S9 : {_AAA}
        PRV S1 : {_PROVIDER}
        DMG S1 : 1?{{D8}} 2? 3?{{F,M,U}}
        {_SUBSCRIBER_INS}
        HI S1 : {_DIAGNOSES}
        DTP={_DATES} S9 : 1 2{{D8,RD8}} 3
        MPI S1 : 1 2 3 4? 5? 6?{{D8,RD8}} 7?
{_deeper(_ANSWERED)}"""

X279_RESPONSE = Guide(
    "005010X279A1",
    "271",
    f"""
{_HEAD.format(kind=271, purposes="06,11", reference="")}LOOP 2000A R*
  HL.3=20 R1 : 1 3 4{{0,1}}
  AAA S9 : {_AAA}
  LOOP 2100A R1
    NM1={_SOURCES} R1 : 1 2{{1,2}} 3? 4? 5? 7? 8{{24,46,FI,NI,PI,XV,XX}} 9
    PER=IC S3 : {_CONTACT}
    AAA S9 : {_AAA}
  LOOP 2000B S*
    HL.3=21 R1 : 1 2 3 4{{0,1}}
    LOOP 2100B R1
      NM1={_RECEIVERS} R1 : 1 2{{1,2}} 3? 4? 5? 7? 8{{24,34,FI,PI,PP,SV,XV,XX}} 9
{_each(_RECEIVER_IDS, "1 2 3?", 6)}
      N3 S1 : 1 2?
      N4 S1 : {_PLACE}
      AAA S9 : {_AAA}
      PRV S1 : 1{{{_ROLES}}} 2?{{PXC}} 3?
    LOOP 2000C S*
      HL.3=22 R1 : 1 2 3 4{{0,1}}
      TRN S3 : 1{{1,2}} 2 3 4?
{_ANSWERED_OF}
      LOOP 2000D S*
        HL.3=23 R1 : 1 2 3 4{{0}}
        TRN S3 : 1{{1,2}} 2 3 4?
{_deeper(_ANSWERED_OF, ("2100C", "2100D"), ("2110C", "2110D"), ("2115C", "2115D"), ("2120C", "2120D"), ("NM1=IL R1 : 1 2{1,2} 3? 4? 5? 7? 8?{II,MI} 9?", "NM1=03 R1 : 1 2{1} 3? 4? 5? 7?"), (_SUBSCRIBER_INS, _DEPENDENT_INS))}
SE R1 : 1 2
""",
)
