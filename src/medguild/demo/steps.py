"""The steps of mass data, in order."""

from __future__ import annotations

from medguild.demo.attendance import ask_for_models, build_choices
from medguild.demo.complaints import build_complaints
from medguild.demo.copays import set_copays
from medguild.demo.demand import build_demand, refill_cancelled
from medguild.demo.flow import build_visits
from medguild.demo.frontdesk import build_front_desk
from medguild.demo.house import assign_duties, load_code_sets, open_all_books
from medguild.demo.load import Step, count_rows
from medguild.demo.money.build import build_money
from medguild.demo.needs import build_needs
from medguild.demo.people import build_people
from medguild.demo.portal import open_records
from medguild.demo.prices import build_prices
from medguild.demo.ratings import build_ratings
from medguild.demo.reaching import build_reaching
from medguild.demo.remote import build_remote_rules
from medguild.demo.schedule import build_schedule
from medguild.demo.series import build_series
from medguild.demo.verdicts import build_verdicts
from medguild.demo.versions import plan_templates

STEPS: list[Step] = [
    ("books of each entity", open_all_books),
    ("who answers for what", assign_duties),
    ("payers, plans, charges, contracts", build_prices),
    ("co-pays to take at check-in", set_copays),
    ("patients, accounts, coverages, consents", build_people),
    ("templates and appointments", build_schedule),
    ("cancelled times filled again", refill_cancelled),
    ("visits and their times", build_visits),
    ("what became of proposed times", build_choices),
    ("code sets", load_code_sets),
    ("front desks and their calls", build_front_desk),
    ("complaints", build_complaints),
    ("ratings of visits", build_ratings),
    ("notes, charges, claims, remittances, payments", build_money),
    ("statistics of the tables", count_rows),
    ("what visits need", build_needs),
    ("templates to come, held times, holidays", plan_templates),
    ("series, days with several visits, bump list", build_series),
    ("numbers of access over time", build_demand),
    ("recalls, waiting lists, promises, long waits", build_reaching),
    ("languages, licences, networks", build_verdicts),
    ("how payers want remote visits billed", build_remote_rules),
    ("people who read their record online", open_records),
    ("models to be learned", ask_for_models),
]
