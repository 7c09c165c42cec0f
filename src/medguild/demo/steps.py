"""The steps of mass data, in order."""

from __future__ import annotations

from medguild.demo.flow import build_visits
from medguild.demo.house import assign_duties, load_code_sets, open_all_books
from medguild.demo.load import Step
from medguild.demo.people import build_people
from medguild.demo.prices import build_prices
from medguild.demo.schedule import build_schedule

STEPS: list[Step] = [
    ("code sets", load_code_sets),
    ("books of each entity", open_all_books),
    ("who answers for what", assign_duties),
    ("payers, plans, charges, contracts", build_prices),
    ("patients, accounts, coverages, consents", build_people),
    ("templates and appointments", build_schedule),
    ("visits and their times", build_visits),
]
