"""What the pages of each role cost: CPU milliseconds of Python and of the database, and the ratio to a bare `select 1`.

Every page of the house that answers to its address alone, and those of the busiest site, patient and account, is asked
for in this process by Django's client, as each role of the demo. The best of three counts; the dearest are told.

    MEDGUILD_STATE=/path/of/a/loaded/demo MEDGUILD_DEMO=1 python -m bench.pages     # beside `medguild demo --load-only`
"""

from __future__ import annotations

import gc
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
    django.setup()

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path

from bench.results import Row, row
from medguild.foundation.access.models import User

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_TURNS = 3
_TOLD = 30
_MOST = 200.0
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
# Pages that do something when they are asked for, or that are no pages.
_LEFT_OUT = re.compile(r"^(admin|accounts|api|__)|logout|/pdf/|/file$|\.(json|js|svg)")
# What stands for an argument: the busiest of its kind.
_BUSIEST = {
    "site_id": "select unit_id from operations_appointment group by 1 order by count(*) desc limit 1",
    "patient_id": "select patient_id from operations_appointment group by 1 order by count(*) desc limit 1",
    "visit_id": "select id from operations_visit order by arrived_at desc limit 1",
    "appointment_id": "select id from operations_appointment order by start desc limit 1",
    "account_id": "select account_id from foundation_posting where account_id is not null"
    " group by 1 order by count(*) desc limit 1",
    "ledger_account_id": "select ledger_account_id from foundation_posting group by 1 order by count(*) desc limit 1",
    "claim_id": "select claim_id from revenue_claimline group by 1 order by count(*) desc limit 1",
    "charge_id": "select id from revenue_charge order by captured_at desc limit 1",
    "remittance_id": "select remittance_id from revenue_remittanceclaim group by 1 order by count(*) desc limit 1",
    "receipt_id": "select id from revenue_receipt order by taken_at desc limit 1",
    "item_id": "select id from foundation_workitem order by id desc limit 1",
    "complaint_id": "select id from experience_complaint order by id desc limit 1",
    "unit_id": "select unit_id from foundation_legalentity limit 1",
    "payer_id": "select id from payers_payer limit 1",
    "contract_id": "select contract_id from payers_contractrate group by 1 order by count(*) desc limit 1",
}
_MORE = (
    "/revenue-numbers/lag/",
    "/revenue-numbers/clean/",
    "/revenue-numbers/denials/",
    "/revenue-numbers/receivable/",
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of CPU."""

    python: float
    database: float

    @property
    def all(self) -> float:
        return self.python + self.database


def floor(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return HttpResponse(str(cursor.fetchone()))


urlpatterns = [path("floor", floor)]


def measure() -> list[Row]:
    """Lines of the table: the floor, the dearest pages with their ratio to it, and how many pages were asked for."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.FORCE_SECOND_FACTOR = False
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # one connection, whose process is watched
    spent = _meter()
    with override_settings(ROOT_URLCONF="bench.pages", MIDDLEWARE=[]):
        base = _best(Client(), "/floor", spent)
    if base is None:
        raise RuntimeError("the floor does not answer")
    gc.collect()
    gc.freeze()
    found: dict[str, tuple[Cost, str]] = {}
    for client, who in _clients():
        for address, name in _addresses():
            cost = _best(client, address, spent)
            if cost is not None and (name not in found or cost.all > found[name][0].all):
                found[name] = (cost, who)
    dearest = sorted(found.items(), key=lambda pair: -pair[1][0].all)
    rows = [row("a bare view with select 1", base.all, "CPU ms")]
    for name, (cost, who) in dearest[:_TOLD]:
        detail = (
            f"Python {cost.python:.0f}, database {cost.database:.0f}; {cost.all / base.all:.0f} times the floor; {who}"
        )
        rows.append(row(f"page {name}", cost.all, "CPU ms", most=_MOST, detail=detail))
    return [*rows, row("pages asked for", len(found), "")]


def _meter() -> Callable[[], Cost]:
    with connection.cursor() as cursor:
        # Helpers of the database would be processes of their own.
        cursor.execute("set max_parallel_workers_per_gather = 0")
        cursor.execute("select pg_backend_pid()")
        process = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: Cost(time.thread_time() * 1_000, int(process.read_text().split()[0]) / 1e6)


def _best(client: Client, address: str, spent: Callable[[], Cost]) -> Cost | None:
    """The cheapest of some turns; None where the page does not answer as a page."""
    best: Cost | None = None
    for _ in range(_TURNS):
        before = spent()
        answer: Any = client.get(address)
        if answer.status_code != 200 or answer.streaming:
            return None
        after = spent()
        cost = Cost(after.python - before.python, after.database - before.database)
        best = cost if best is None or cost.all < best.all else best
    return best


def _clients() -> Iterator[tuple[Client, str]]:
    """One login of the demo for each role."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select distinct on (g.role) g.role, u.id from foundation_grant g join foundation_user u on u.id = g.user_id
                where u.email like '%@larkspur.example' order by g.role, u.email"""
        )
        held = cursor.fetchall()
    for role, user_id in held:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(User.objects.get(pk=user_id), backend=_BACKEND)
        yield client, role


def _addresses() -> list[tuple[str, str]]:
    """Addresses with their names; an argument that has no row in this database leaves its pages out."""
    known = {name: _one(sql) for name, sql in _BUSIEST.items()}
    made = [(address, address) for address in _MORE]
    for route, name in _routes(get_resolver().url_patterns, "", ""):
        wanted = _ARGUMENT.findall(route)
        if _LEFT_OUT.search(route) or not name or any(known.get(one) is None for one in wanted):
            continue
        made.append(("/" + _ARGUMENT.sub(lambda match: str(known[match.group(1)]), route), name))
    return made


def _routes(patterns: list[Any], route: str, space: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(
                pattern.url_patterns, here, f"{space}{pattern.namespace}:" if pattern.namespace else space
            )
        elif isinstance(pattern, URLPattern) and pattern.name and "medguild" in str(pattern.callback.__module__):
            yield here, f"{space}{pattern.name}"


def _one(sql: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone()
    return str(found[0]) if found else None


if __name__ == "__main__":
    from medguild.config.cli import reach_database

    reach_database()
    for line in measure():
        print(f"{line['what']:<60} {line['value']:>9.1f} {line['unit']:<7} {line['detail']}", flush=True)
