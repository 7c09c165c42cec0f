# ruff: noqa: E501  (tables: one line per segment)
"""005010X217: health care services review, request and response (278).

A request carries no decision, so AAA and HCR stand in the response alone. The event hangs below the subscriber or below
the dependant, whoever is the patient.
"""

from __future__ import annotations

from medguild.x12.guides.model import Guide

_PLACE = "1 2? 3? 4? 7?"
_CONTACT = "1 2? 3?{EM,FX,TE,UR} 4? 5?{EM,EX,FX,TE,UR} 6? 7?{EM,EX,FX,TE,UR} 8?"
_ROLES = "AD,AS,AT,CO,CV,OP,OR,OT,PC,PE,RF"
_PERSON = "3? 4? 5? 6? 7?"
_DIAGNOSES = " ".join(f"{n}{'?' if n > 1 else ''}(1 2 3? 4?)" for n in range(1, 13))
_UM = "1{AR,HS,IN,SC} 2?{1,2,3,4,I,N,R,S} 3? 4?(1 2{A,B}) 5?(1{AA,AP,EM,OA} 2?{AA,AP,EM,OA} 3?{AA,AP,EM,OA} 4? 5?) 6?{03,E,U} 7? 8? 9?{M,Y} 10?"
_HSD = "1?{DY,FL,HS,MN,VS} 2? 3?{DA,MO,WK} 4? 5?{6,7,21,26,27,29,34,35} 6? 7? 8?"
_PROCEDURE = "1{AD,HC,ID,IV,N4,WK,ZZ} 2 3? 4? 5? 6? 7? 8?"
_PWK = "1 2{AA,BM,EL,EM,FT,FX,VO} 5?{AC} 6? 7?"
_CR6 = "1 2 3?{RD8} 4? 5? 6? 7{N,W,Y} 8 9? 10? 11? 12? 13? 14? 15? 16? 17? 18? 19? 20? 21?"


def _table(*, answer: bool) -> str:
    def decided(line: str) -> str:
        return line if answer else ""

    aaa = decided("AAA S9 : 1{N,Y} 3 4?")
    hcr = decided("HCR S1 : 1{A1,A2,A3,A4,A6,C,CT,NA} 2? 3? 4?{N,Y}")
    certified = decided("DTP=007,036,102 S3 : 1 2{D8,RD8} 3")

    def provider(roles: str, spaces: int) -> str:
        return _in(
            f"""NM1={roles} R1 : 1 2{{1,2}} {_PERSON} 8?{{24,34,46,XX}} 9?
REF=0B,1G,1J,EI,G5,N5,N7,SY,ZH S8 : 1 2 3?
N3 S1 : 1 2?
N4 S1 : {_PLACE}
PER=IC S1 : {_CONTACT}
{aaa}
PRV S1 : 1{{{_ROLES}}} 2{{PXC}} 3""",
            spaces,
        )

    um_usage = "S1" if answer else "R1"
    event = f"""LOOP 2000E S*
  HL.3=EV R1 : 1 2 3 4{{0,1}}
  TRN S3 : 1{{1,2}} 2 3? 4?
  {aaa}
  UM {um_usage} : {_UM}
  {hcr}
  REF=BB,D9,NT S3 : 1 2 3?
  {certified}
  DTP=096,431,435,439,484,ABC,AAH S7 : 1 2{{D8,RD8}} 3
  HI S1 : {_DIAGNOSES}
  HSD S1 : {_HSD}
  CRC S6 : 1{{07,08,09,11,75,76,77}} 2{{N,Y}} 3 4? 5? 6? 7?
  CL1 S1 : 1? 2? 3? 4?
  CR1 S1 : 1?{{LB}} 2? 3?{{I,R,T,X}} 4? 5?{{DH,DK}} 6? 7? 8? 9? 10?
  CR2 S1 : 1? 2? 3? 4? 5? 6? 7? 8? 9? 10? 11? 12?
  CR5 S1 : 1? 2? 3? 4? 5? 6? 7? 8? 9? 10? 11? 12? 13? 14? 15? 16? 17? 18?
  CR6 S1 : {_CR6}
  PWK S10 : {_PWK}
  MSG S1 : 1
  LOOP 2010EA S14
{provider("71,72,73,77,AAJ,DD,DK,DN,FA,G3,P3,QB,QV,SJ", 4)}
  LOOP 2010EB S5
    NM1=45,FS,ND,PW,R3 R1 : 1 2{{1,2}} 3?
    N3 S1 : 1 2?
    N4 S1 : {_PLACE}
  LOOP 2000F S*
    HL.3=SS R1 : 1 2 3 4{{0}}
    TRN S3 : 1{{1,2}} 2 3? 4?
    {aaa}
    UM S1 : {_UM}
    {hcr}
    REF=BB,D9,NT S3 : 1 2 3?
    DTP=472 S1 : 1 2{{D8,RD8}} 3
    {certified}
    HI S1 : {_DIAGNOSES}
    SV1 S1 : 1({_PROCEDURE}) 2? 3?{{MJ,UN,F2}} 4? 7?(1 2? 3? 4?) 11?{{N,Y}} 20?
    SV2 S1 : 1? 2?({_PROCEDURE}) 3? 4?{{DA,F2,UN}} 5? 6? 9? 10?
    SV3 S1 : 1({_PROCEDURE}) 2? 4?(1 2? 3? 4? 5?) 5? 6? 7?
    TOO S32 : 1{{JP}} 2 3?(1 2? 3? 4? 5?)
    HSD S1 : {_HSD}
    PWK S10 : {_PWK}
    MSG S1 : 1
    LOOP 2010F S12
{provider("71,72,73,77,AAJ,DD,DK,DN,DQ,FA,G3,P3,QB,QV,SJ", 6)}"""
    return f"""
ST=278 R1 : 1 2 3
BHT R1 : 1{{0007}} 2{{{"11" if answer else "01,13,36"}}} 3 4 5 6?{{18,19,AT,RU}}
LOOP 2000A R1
  HL.3=20 R1 : 1 3 4{{0,1}}
  {aaa}
  LOOP 2010A R1
    NM1=2B,36,PR,X3 R1 : 1 2{{1,2}} 3? 4? 5? 7? 8{{24,34,46,PI,XV,XX}} 9
    PER=IC S1 : {_CONTACT}
    {aaa}
  LOOP 2000B {"S1" if answer else "R1"}
    HL.3=21 R1 : 1 2 3 4{{0,1}}
    LOOP 2010B R2
{provider("1P,FA", 6)}
    LOOP 2000C {"S1" if answer else "R1"}
      HL.3=22 R1 : 1 2 3 4{{0,1}}
      LOOP 2010C R1
        NM1=IL R1 : 1 2{{1}} {_PERSON} 8?{{II,MI}} 9?
        REF=1L,3L,6P,DP,EJ,F6,HJ,IG,N6,NQ,SY S9 : 1 2
        N3 S1 : 1 2?
        N4 S1 : {_PLACE}
        {aaa}
        DMG S1 : 1?{{D8}} 2? 3?{{F,M,U}}
        INS S1 : 1{{Y}} 2{{18}} 8?
      LOOP 2000D S1
        HL.3=23 R1 : 1 2 3 4{{0,1}}
        LOOP 2010D R1
          NM1=QC R1 : 1 2{{1}} {_PERSON}
          REF=EJ,SY S3 : 1 2
          N3 S1 : 1 2?
          N4 S1 : {_PLACE}
          {aaa}
          DMG S1 : 1?{{D8}} 2? 3?{{F,M,U}}
          INS S1 : 1{{N}} 2 17?
{_in(event, 8)}
{_in(event, 6)}
SE R1 : 1 2
"""


def _in(text: str, spaces: int) -> str:
    return "\n".join(" " * spaces + line for line in text.splitlines())


X217_REQUEST: Guide = Guide("005010X217", "278", _table(answer=False))
X217_RESPONSE: Guide = Guide("005010X217", "278", _table(answer=True))
