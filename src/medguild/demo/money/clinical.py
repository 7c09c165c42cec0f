"""What is found and done in a visit of the past: diagnoses, services and a few words, by specialty and reason."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from medguild.demo.flow import Seen
from medguild.payers.payers.rules import PayerKind

# Diagnoses by the reason of the visit; the first is the main one, the second comes along for about half.
BY_REASON = {
    "Blood pressure": ("I10", "E78.5"),
    "Diabetes follow-up": ("E11.9", "I10"),
    "Back pain": ("M54.50", ""),
    "Medication review": ("Z79.899", "I10"),
    "Asthma follow-up": ("J45.909", "J30.9"),
    "New patient": ("E78.5", "K21.9"),
    "Wants a family doctor": ("I10", "E66.9"),
    "Second opinion": ("M54.50", ""),
    "Cough and fever": ("J06.9", "R05.9"),
    "Sore throat": ("J02.9", ""),
    "Ear pain": ("H66.90", ""),
    "Rash": ("R21", "L20.9"),
    "Stomach pain": ("R10.9", "K21.9"),
    "Twisted ankle": ("S93.401A", ""),
}
OF_THE_HEART = ("I25.10", "I48.91", "I50.9", "I10")
OF_WOMEN = ("N92.6", "Z30.09", "N95.1")
UNDER_ULTRASOUND = ("I50.9", "I35.0", "R01.1", "I25.10")
ADULT_CHECK, CHILD_CHECK, IMMUNIZATION = "Z00.00", "Z00.129", "Z23"
DIAGNOSES = sorted(
    {code for pair in BY_REASON.values() for code in pair if code}
    | {*OF_THE_HEART, *OF_WOMEN, *UNDER_ULTRASOUND, ADULT_CHECK, CHILD_CHECK, IMMUNIZATION}
)

_RETURN = (("99212", 10), ("99213", 48), ("99214", 38), ("99215", 4))
_NEW = (("99202", 10), ("99203", 40), ("99204", 45), ("99205", 5))
_FLU_MONTHS = frozenset({10, 11, 12, 1})
# Services that come with a reason, and how often.
_WITH_REASON = {
    "Blood pressure": (("36415", 0.25), ("93000", 0.06)),
    "Diabetes follow-up": (("83036", 0.7), ("36415", 0.3)),
    "Medication review": (("36415", 0.3), ("99406", 0.08)),
    "Back pain": (("96372", 0.15),),
    "Sore throat": (("87880", 0.75),),
    "Cough and fever": (("87880", 0.2),),
    "Rash": (("17110", 0.08),),
    "Stomach pain": (("81002", 0.5),),
}


@dataclass(frozen=True, slots=True)
class Examined:
    """What of a patient decides about codes. `sex` is F or M."""

    birth_date: dt.date
    sex: str
    payer_kind: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Diagnoses in order, services as code and pointers (1-based), and the words of the note."""

    diagnoses: tuple[str, ...]
    services: tuple[tuple[str, tuple[int, ...]], ...]
    history: str
    exam: str
    assessment: str


def findings_of(seen: Seen, day: dt.date, rng: random.Random) -> Findings:
    booked = seen.booked
    person = booked.patient.person
    who = Examined(person.birth_date, person.sex, booked.patient.plan.payer.kind)
    return find(booked.visit_type.code, booked.clinician.specialty, seen.reason, who, day, rng)


def find(kind: str, specialty: str, reason: str, who: Examined, day: dt.date, rng: random.Random) -> Findings:
    """What a visit of this type and reason finds. `kind` is the code of the visit type."""
    age = (day - who.birth_date).days // 365
    codes = _services(kind, specialty, reason, age, who.payer_kind, rng)
    vaccinated = kind in ("follow-up", "physical") and day.month in _FLU_MONTHS and rng.random() < 0.16
    if vaccinated:
        codes += ["90471", "90686"]
    diagnoses = _diagnoses(kind, specialty, reason, age, who.sex, rng)
    if vaccinated:
        diagnoses.append(IMMUNIZATION)
    last = len(diagnoses)
    services = tuple((code, (last,) if code in ("90471", "90686") else (1,)) for code in codes)
    return Findings(tuple(diagnoses), services, *_words(reason, rng))


def _diagnoses(kind: str, specialty: str, reason: str, age: int, sex: str, rng: random.Random) -> list[str]:
    if kind == "echo":
        return [rng.choice(UNDER_ULTRASOUND)]
    if kind == "physical":
        return [CHILD_CHECK if age < 18 else ADULT_CHECK]
    if specialty == "cardiology":
        return rng.sample(OF_THE_HEART, 1 + (rng.random() < 0.5))
    if specialty == "obstetrics_gynecology" and sex == "F" and age >= 14:
        return [rng.choice(OF_WOMEN)]
    first, second = BY_REASON.get(reason, ("I10", ""))
    return [first, second] if second and rng.random() < 0.5 else [first]


def _services(kind: str, specialty: str, reason: str, age: int, payer: str, rng: random.Random) -> list[str]:
    if kind == "echo":
        return ["93306", "99213"] if rng.random() < 0.25 else ["93306"]
    if kind == "physical":
        return [_check_up(age, payer)]
    codes = [_drawn(_NEW if kind == "new" else _RETURN, rng)]
    if specialty == "cardiology":
        codes += ["93000"] if rng.random() < 0.55 else []
        codes += ["93015"] if kind == "new" and rng.random() < 0.3 else []
        return codes
    return codes + [code for code, share in _WITH_REASON.get(reason, ()) if rng.random() < share]


def _check_up(age: int, payer: str) -> str:
    if payer in (PayerKind.MEDICARE, PayerKind.MEDICARE_ADVANTAGE):
        return "G0439"
    for below, code in ((1, "99391"), (5, "99392"), (12, "99393"), (18, "99394"), (40, "99395"), (65, "99396")):
        if age < below:
            return code
    return "99397"


def _drawn(weighted: tuple[tuple[str, int], ...], rng: random.Random) -> str:
    return rng.choices([code for code, _ in weighted], [weight for _, weight in weighted])[0]


def _words(reason: str, rng: random.Random) -> tuple[str, str, str]:
    return (
        f"{reason}. {rng.choice(('Since some days.', 'Known for years.', 'Better than last time.', 'No change.'))}",
        rng.choice(("Well, no distress.", "Vital signs in range.", "Nothing remarkable.", "As described.")),
        rng.choice(("Explained, medicine as listed.", "Go on as before, return in three months.", "Rest and fluids.",
                    "Results will be sent.")),
    )  # fmt: skip
