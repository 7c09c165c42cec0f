"""Puts the synthetic group together, step by step, in one transaction: all of it or nothing."""

from __future__ import annotations

import datetime as dt
import gc
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from medguild.config.state import STATE
from medguild.demo import plan
from medguild.demo.copying import writing_behind
from medguild.demo.group import Group, build
from medguild.foundation.access.models import User
from medguild.foundation.events.models import DispatchCursor
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind

_COUNTED = """
select c.oid::regclass::text from pg_class c
 where c.relkind = 'r' and not c.relispartition and c.relnamespace = current_schema()::regnamespace"""

Step = tuple[str, Callable[[Group, plan.Size, dt.date], None]]


def is_loaded() -> bool:
    return Unit.objects.filter(kind=UnitKind.ENTERPRISE).exists()


def password() -> str:
    """The one password of all demo logins: made once, kept in the state folder."""
    path = STATE / "demo_password"
    if not path.exists():
        STATE.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{secrets.choice('bcdfghkmnprstvz')}ay-{secrets.token_hex(5)}")
        path.chmod(0o600)
    return path.read_text()


def load(*, size: plan.Size, today: dt.date, steps: list[Step], say: Callable[[str], None]) -> None:
    """Build the structure, then run each step of mass data; `say` gets a line of progress per step.

    A step ends when its rows are thought up; the last of them may still be on their way into the database.
    """
    with transaction.atomic(), _without_collector(), writing_behind():
        _triggers_ask_less()
        begun = time.monotonic()
        group = build(size=size, today=today, password=password())
        say(f"organisation, {size.clinicians} clinicians, logins ({time.monotonic() - begun:.1f} s)")
        for name, step in steps:
            begun = time.monotonic()
            step(group, size, today)
            say(f"{name} ({time.monotonic() - begun:.1f} s)")
        _history_is_no_news()


@contextmanager
def _without_collector() -> Iterator[None]:
    """Millions of objects stay until their rows are written, and hardly one of them refers to itself: Python's
    collector would walk over all of them again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _triggers_ask_less() -> None:
    """Each trigger asks whether it is to be ignored. Told that none is, it need not find out by an error per row."""
    with connection.cursor() as cursor:
        cursor.execute("set local pgtrigger.ignore = '{}'")


def count_rows(group: Group, size: plan.Size, today: dt.date) -> None:
    """Tell the planner what has come: the steps after this one ask as the pages do.

    Events are only ever asked by their indexes, so a smaller sample of each month does: it takes half as long in all.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED)
        tables = ", ".join(name for (name,) in cursor.fetchall())
        cursor.execute(f"analyze {tables}")
        cursor.execute("set local default_statistics_target = 20")
        cursor.execute("analyze foundation_event")
        cursor.execute("set local default_statistics_target to default")


def settle() -> None:
    """After the load has committed: say which pages all may see, so that indexes answer alone from the first page on."""
    with connection.cursor() as cursor:
        cursor.execute("vacuum")


def _history_is_no_news() -> None:
    """Subscribers hear of what happens from now on; nobody is told of eighteen months at once."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text")
        xid = cursor.fetchone()[0]
    DispatchCursor.objects.update_or_create(name="main", defaults={"xid": xid, "event_id": UUID(int=(1 << 128) - 1)})


def logins() -> list[tuple[str, str]]:
    """Who can log in: e-mail and what they are."""
    users = User.objects.filter(is_active=True).prefetch_related("grants__unit").order_by("email")
    return [
        (user.email, ", ".join(dict.fromkeys(_held(grant.role, grant.unit) for grant in user.grants.all())))
        for user in users
    ]


def _held(role: str, unit: Unit | None) -> str:
    words = role.replace("_", " ")
    return f"{words} at {unit.name}" if unit else f"{words}, on their own record"
