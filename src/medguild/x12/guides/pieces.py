# ruff: noqa: E501  (tables: one line per segment)
"""Lines that the professional and the institutional claim share."""

from __future__ import annotations

PERSON = "3 4? 5? 7?"
PLACE = "1 2? 3? 4? 7?"
PROCEDURE = "1{ER,HC,IV,WK} 2 3? 4? 5? 6? 7?"
CAS = "1{CO,CR,OA,PI,PR} 2 3 4? 5? 6? 7? 8? 9? 10? 11? 12? 13? 14? 15? 16? 17? 18? 19?"
CONTACT = "1 2? 3{EM,FX,TE} 4 5?{EM,EX,FX,TE} 6? 7?{EM,EX,FX,TE} 8?"
SEQUENCE = "A,B,C,D,E,F,G,H,P,S,T,U"
FILING = "11,12,13,14,15,16,17,AM,BL,CH,CI,DS,FI,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ"
REPORTS = (
    "03,04,05,06,07,08,09,10,11,13,15,21,A3,A4,AM,AS,B2,B3,B4,BR,BS,BT,CB,CK,CT,D2,DA,DB,DG,DJ,DS,EB,HC,HR,I5,IR,LA,M1,"
    "MT,NN,OB,OC,OD,OE,OX,OZ,P4,P5,PE,PN,PO,PQ,PY,PZ,RB,RR,RT,RX,SG,V5,XP"
)
ATTACHMENT = f"1{{{REPORTS}}} 2{{AA,BM,EL,EM,FT,FX}} 5?{{AC}} 6?"
# a repriced claim or line: the price first, at the end why it was refused or differs
PRICING = "1{00,01,02,03,04,05,06,07,08,09,10,11,12,13,14} 2 3? 4? 5? 6? 7?"
PRICING_REASONS = "13?{T1,T2,T3,T4,T5,T6} 14?{1,2,3,4,5} 15?{1,2,3,4,5,6}"
MOA = "1? 2? 3? 4? 5? 6? 7? 8? 9?"
REF4 = "1 2 4?(1{2U} 2)"


def address(indent: str) -> str:
    return f"{indent}N3 R1 : 1 2?\n{indent}N4 R1 : {PLACE}"


def maybe_address(indent: str) -> str:
    return f"{indent}N3 S1 : 1 2?\n{indent}N4 S1 : {PLACE}"


def deeper(text: str) -> str:
    """The same loops one level further down: a claim hangs below a subscriber or below a patient."""
    return "\n".join("  " + line for line in text.splitlines())
