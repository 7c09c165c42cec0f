"""Puts the synthetic group together, step by step, in one transaction: all of it or nothing."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable

from django.db import connection, transaction

from medguild.config.state import STATE
from medguild.demo import plan
from medguild.demo.group import Group, build
from medguild.foundation.access.models import User
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind

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
    """Build the structure, then run each step of mass data; `say` gets a line of progress per step."""
    with transaction.atomic():
        begun = time.monotonic()
        group = build(size=size, today=today, password=password())
        say(f"organisation, {size.clinicians} clinicians, logins ({time.monotonic() - begun:.1f} s)")
        for name, step in steps:
            begun = time.monotonic()
            step(group, size, today)
            say(f"{name} ({time.monotonic() - begun:.1f} s)")
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def logins() -> list[tuple[str, str]]:
    """Who can log in: e-mail and what they are."""
    users = User.objects.filter(is_active=True).prefetch_related("grants__unit").order_by("email")
    return [
        (user.email, ", ".join(f"{g.role.replace('_', ' ')} at {g.unit.name}" for g in user.grants.all() if g.unit))
        for user in users
    ]
