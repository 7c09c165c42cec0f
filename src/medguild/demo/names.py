"""Invented people: common names put together at random, phone numbers of the fictional 555-01xx range."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

FEMALE = (
    "Abigail Alice Amara Anna Aurora Beatriz Bella Camila Carla Chloe Clara Daniela Elena Ella Emily Emma Esther Eva Fatima "
    "Gabriela Grace Hannah Hazel Irene Isabel Ivy Jade Jasmine Julia Karen Laila Laura Leah Lily Linda Lucia Luna Maria Maya "
    "Mei Mila Nadia Naomi Nina Nora Olivia Paula Priya Rachel Rosa Ruby Ruth Sara Sofia Stella Susan Teresa Thi Valeria Vera "
    "Victoria Violet Yasmin Zoe"
).split()
MALE = (
    "Aaron Adam Ahmed Alan Alex Andre Andrew Anthony Arjun Ben Brian Carlos Chen Daniel David Diego Dmitri Edward Eli Emil "
    "Ethan Felix Frank George Gustavo Hamid Henry Hugo Ian Isaac Ivan Jack James Javier Jin Joel John Jorge Jose Julian Karl "
    "Kevin Kofi Leo Liam Louis Lucas Luis Marco Mark Martin Mateo Max Miguel Nathan Noah Omar Oscar Owen Pablo Peter Rafael "
    "Ravi Robert Samuel Simon Thomas Tomas Victor Walter Yusuf"
).split()
FAMILY = (
    "Adams Aguilar Ahmed Allen Alvarez Anderson Andrade Bailey Baker Barnes Bell Bennett Brooks Brown Bryant Butler Campbell "
    "Carter Castillo Chan Chavez Chen Clark Cole Collins Cook Cooper Cox Cruz Davis Diaz Edwards Ellis Evans Fisher Flores "
    "Ford Foster Garcia Gibson Gomez Gonzalez Gordon Graham Gray Green Griffin Gupta Hall Hamilton Harris Hayes Henderson "
    "Hernandez Hill Howard Hughes Jackson James Jenkins Jimenez Johnson Jones Jordan Kelly Kennedy Khan Kim King Kumar Lee "
    "Lewis Long Lopez Marshall Martin Martinez Mason Medina Mendoza Miller Mitchell Moore Morales Morgan Morris Murphy Murray "
    "Myers Nelson Nguyen Nowak O'Brien Olsen Ortiz Owens Parker Patel Perez Perry Peterson Phillips Pham Powell Price Ramirez "
    "Ramos Reed Reyes Reynolds Richardson Rivera Roberts Robinson Rodriguez Rogers Romero Ross Ruiz Russell Sanchez Sanders "
    "Schmidt Scott Shah Silva Simmons Singh Smith Stewart Sullivan Taylor Thomas Thompson Torres Tran Turner Vargas Vasquez "
    "Walker Wallace Ward Washington Watson Webb West White Williams Wilson Wong Wood Wright Yang Young Zhang"
).split()
STREETS = "Oak Maple Cedar Pine Elm Birch Lake River Hill Park Garden Meadow Spring Mill Church Willow".split()
STREET_KINDS = ("Street", "Avenue", "Road", "Lane", "Court")

# Share of ages in a primary-care population, by decade of life.
AGE_WEIGHTS = (13, 12, 12, 13, 12, 12, 12, 9, 4, 1)
LANGUAGES = (("en", 84), ("es", 11), ("vi", 2), ("zh", 2), ("ru", 1))


@dataclass(frozen=True, slots=True)
class InventedPerson:
    given: str
    family: str
    sex: str
    birth_date: dt.date
    phone: str
    language: str
    line1: str


def invent(rng: random.Random, today: dt.date, family: str | None = None) -> InventedPerson:
    """One person, by the generator's chance."""
    sex = "F" if rng.random() < 0.53 else "M"
    decade = rng.choices(range(10), AGE_WEIGHTS)[0]
    age_days = int((decade * 10 + rng.random() * 10) * 365.25)
    return InventedPerson(
        given=rng.choice(FEMALE if sex == "F" else MALE),
        family=family or rng.choice(FAMILY),
        sex=sex,
        birth_date=today - dt.timedelta(days=age_days),
        phone=f"{rng.choice((503, 541, 971))}555{rng.randrange(100, 200):04d}",
        language=rng.choices([code for code, _ in LANGUAGES], [weight for _, weight in LANGUAGES])[0],
        line1=f"{rng.randrange(1, 999)} {rng.choice(STREETS)} {rng.choice(STREET_KINDS)}",
    )


def invent_adult(rng: random.Random, today: dt.date, family: str) -> InventedPerson:
    """A grown-up of a family: parents who answer for a child's account."""
    while True:
        person = invent(rng, today, family)
        if 22 * 365 < (today - person.birth_date).days < 60 * 365:
            return person
