# ruff: noqa: E501  (tables: one line per segment)
"""005010X221A1: health care claim payment and advice (835)."""

from __future__ import annotations

from medguild.x12.guides.model import Guide

_CAS = "1{CO,OA,PI,PR} 2 3 4? 5? 6? 7? 8? 9? 10? 11? 12? 13? 14? 15? 16? 17? 18? 19?"
_SUMMARY = " ".join(f"{n}?" for n in range(1, 20))
_MIA = "1 " + " ".join(f"{n}?" for n in range(2, 25))
_MOA = "1? 2? 3? 4? 5? 6? 7? 8? 9?"
_REASON = "1{50,51,72,90,AH,AM,AP,B2,B3,BD,BN,C5,CR,CS,CT,CV,CW,DM,E3,FB,FC,GO,HM,IP,IR,IS,J1,L3,L6,LE,LS,OA,OB,PI,PL,RA,RE,SL,TL,WO,WU} 2?"
_PERSON = "3? 4? 5? 7?"
_PLACE = "1 2? 3? 4? 7?"

X221 = Guide(
    "005010X221A1",
    "835",
    f"""
ST=835 R1 : 1 2
BPR R1 : 1{{C,D,H,I,P,U,X}} 2 3{{C,D}} 4{{ACH,BOP,CHK,FWT,NON}} 5?{{CCP,CTX}} 6?{{01,04}} 7? 8?{{DA}} 9? 10? 11? 12?{{01,04}} 13? 14?{{DA,SG}} 15? 16
TRN R1 : 1{{1}} 2 3 4?
CUR S1 : 1{{PR}} 2
REF=EV S1 : 1 2
REF=F2 S1 : 1 2
DTM=405 S1 : 1 2
LOOP 1000A R1
  N1=PR R1 : 1 2 3?{{XV}} 4?
  N3 R1 : 1 2?
  N4 R1 : {_PLACE}
  REF=2U,EO,HI,NF S4 : 1 2
  PER=CX S1 : 1 2? 3?{{EM,FX,TE}} 4? 5?{{EM,EX,FX,TE}} 6? 7?{{EX}} 8?
  PER=BL R* : 1 2? 3?{{EM,TE,UR}} 4? 5?{{EM,EX,FX,TE,UR}} 6? 7?{{EM,EX,FX,UR}} 8?
  PER=IC S1 : 1 3{{UR}} 4
LOOP 1000B R1
  N1=PE R1 : 1 2 3{{FI,XV,XX}} 4
  N3 S1 : 1 2?
  N4 S1 : {_PLACE}
  REF=0B,D3,PQ,TJ S* : 1 2
  RDM S1 : 1{{BM,EM,FT,OL}} 2? 3?
LOOP 2000 S*
  LX R1 : 1
  TS3 S1 : 1 2 3 4 5 13? 15? 17? 18? 20? 21? 22? 23? 24?
  TS2 S1 : {_SUMMARY}
  LOOP 2100 R*
    CLP R1 : 1 2{{1,2,3,4,19,20,21,22,23,25}} 3 4 5? 6{{12,13,14,15,16,17,AM,CH,DS,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ}} 7 8? 9? 11? 12? 13?
    CAS S99 : {_CAS}
    NM1=QC R1 : 1 2{{1}} {_PERSON} 8?{{34,HN,II,MI,MR}} 9?
    NM1=IL S1 : 1 2{{1,2}} {_PERSON} 8{{FI,II,MI}} 9
    NM1=74 S1 : 1 2{{1,2}} {_PERSON} 8?{{C}} 9?
    NM1=82 S1 : 1 2{{1,2}} {_PERSON} 8{{BD,BS,FI,MC,PC,SL,UP,XX}} 9
    NM1=TT S1 : 1 2{{2}} 3 8{{AD,FI,NI,PI,PP,XV}} 9
    NM1=PR S1 : 1 2{{2}} 3 8{{AD,FI,NI,PI,PP,XV}} 9
    NM1=GB S1 : 1 2{{1,2}} {_PERSON} 8?{{FI,II,MI}} 9?
    MIA S1 : {_MIA}
    MOA S1 : {_MOA}
    REF=1L,1W,28,6P,9A,9C,BB,CE,EA,F8,G1,G3,IG,SY S5 : 1 2
    REF=0B,1A,1B,1C,1D,1G,1H,1J,D3,G2,LU S10 : 1 2
    DTM=232,233 S2 : 1 2
    DTM=036 S1 : 1 2
    DTM=050 S1 : 1 2
    PER=CX S2 : 1 2? 3{{EM,FX,TE}} 4 5?{{EM,EX,FX,TE}} 6? 7?{{EX}} 8?
    AMT=AU,D8,DY,F5,I,NL,T,T2,ZK,ZL,ZM,ZN,ZO S13 : 1 2
    QTY=CA,CD,LA,LE,NE,NR,OU,PS,VS,ZK,ZL,ZM,ZN,ZO S14 : 1 2
    LOOP 2110 S999
      SVC R1 : 1(1{{AD,ER,HC,HP,IV,N4,N6,NU,UI,WK}} 2 3? 4? 5? 6? 7?) 2 3 4? 5? 6?(1{{AD,ER,HC,HP,IV,N4,NU,WK}} 2 3? 4? 5? 6? 7?) 7?
      DTM=150,151,472 S2 : 1 2
      CAS S99 : {_CAS}
      REF=1S,APC,BB,E9,G1,G3,LU,RB S8 : 1 2
      REF=6R S1 : 1 2
      REF=0B,1A,1B,1C,1D,1G,1H,1J,D3,G2,HPI,SY,TJ S10 : 1 2
      REF=0K S5 : 1 2
      AMT=B6,KH,T,T2,ZK,ZL,ZM,ZN,ZO S9 : 1 2
      QTY=ZK,ZL,ZM,ZN,ZO S6 : 1 2
      LQ=HE,RX S99 : 1 2
PLB S* : 1 2 3({_REASON}) 4 5?({_REASON}) 6? 7?({_REASON}) 8? 9?({_REASON}) 10? 11?({_REASON}) 12? 13?({_REASON}) 14?
SE R1 : 1 2
""",
)
