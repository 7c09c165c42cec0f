# ruff: noqa: E501  (tables: one line per segment)
"""005010X231A1: implementation acknowledgment (999)."""

from __future__ import annotations

from medguild.x12.guides.model import Guide

_SET_ERRORS = "{1,2,3,4,5,6,7,8,9,10,11,12,13,15,16,17,18,19,20,21,22,23,24,25,26,27,I5,I6}"
_GROUP_ERRORS = "{1,2,3,4,5,6,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26}"
_TRIGGER = "1(1) 2 3 4? 5?(1 2? 3?) 6?(1 2?)"
_UNITS = "TRN02,NM109,PATIENT NAME NM109,SUBSCRIBER NAME NM109,ENT01,SUBSCRIBER NUMBER REF02,CLM01"

X231 = Guide(
    "005010X231A1",
    "999",
    f"""
ST=999 R1 : 1 2 3
AK1 R1 : 1 2 3
LOOP 2000 S*
  AK2 R1 : 1 2 3?
  LOOP 2100 S*
    IK3 R1 : 1 2 3? 4?{{1,2,3,4,5,6,7,8,I4,I6,I7,I8,I9}}
    CTX.1.1=SITUATIONAL TRIGGER S9 : {_TRIGGER}
    CTX.1.1={_UNITS} S1 : 1(1 2) 5?(1 2? 3?)
    LOOP 2110 S*
      IK4 R1 : 1(1 2? 3?) 2? 3{{1,2,3,4,5,6,7,8,9,10,11,12,13,I6,I9,I10,I11,I12,I13}} 4?
      CTX.1.1=SITUATIONAL TRIGGER S10 : {_TRIGGER}
  IK5 R1 : 1{{A,E,M,R,W,X}} 2?{_SET_ERRORS} 3?{_SET_ERRORS} 4?{_SET_ERRORS} 5?{_SET_ERRORS} 6?{_SET_ERRORS}
AK9 R1 : 1{{A,E,M,P,R,W,X}} 2 3 4 5?{_GROUP_ERRORS} 6?{_GROUP_ERRORS} 7?{_GROUP_ERRORS} 8?{_GROUP_ERRORS} 9?{_GROUP_ERRORS}
SE R1 : 1 2
""",
)
