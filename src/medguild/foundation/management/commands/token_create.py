"""`medguild token create`: makes an API token and prints its secret, once."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from medguild.foundation.access.rules import RECORD_ROLES, Role
from medguild.foundation.access.services import create_token
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.organization.models import Unit
from medguild.foundation.organization.rules import UnitKind

UNUSABLE = 2
LONGEST = 3660  # days


class Command(BaseCommand):
    help = "Make an API token. The secret is shown once and never kept."

    def add_arguments(self, parser: CommandParser) -> None:
        roles = sorted(role.value for role in Role if role not in RECORD_ROLES)
        parser.add_argument("--role", required=True, choices=roles, help="what the token may do")
        parser.add_argument("--name", default="command line", help="for what program it is")
        parser.add_argument("--unit", help="where: id or name of a unit (default: the enterprise)")
        parser.add_argument("--scopes", help="only these rights of the role, separated by commas")
        parser.add_argument("--days", type=int, default=90, help="how long it lasts (default: 90)")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= LONGEST:
            raise CommandError(f"--days must be 1 or more, and {LONGEST} at most", returncode=UNUSABLE)
        unit = _unit(options["unit"])
        scopes = [part.strip() for part in options["scopes"].split(",")] if options["scopes"] else None
        try:
            token, secret = create_token(
                name=options["name"], role=Role(options["role"]), unit=unit, scopes=scopes,
                lasts=dt.timedelta(days=options["days"]), by=Actor.job("command line"),
            )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(refusal.message, returncode=UNUSABLE) from refusal
        if not options["json"]:
            self.stdout.write(secret)
            self.stdout.write(f"{token.role} at {unit.name}, until {token.expires_at:%Y-%m-%d}. Keep it safe.")
            return
        self.stdout.write(
            json.dumps(
                {
                    "token": secret, "id": str(token.pk), "role": token.role, "unit": str(unit.pk),
                    "scopes": scopes, "expires_at": token.expires_at.isoformat(),
                }
            )
        )  # fmt: skip


def _unit(wanted: str | None) -> Unit:
    """The unit by id or name; the enterprise where none is named."""
    today = Unit.objects.filter(period__contains=now().date())
    if wanted is None:
        units = today.filter(kind=UnitKind.ENTERPRISE)
    else:
        units = today.filter(pk=wanted) if _is_id(wanted) else today.filter(name=wanted)
    found = list(units[:2])
    if len(found) == 1:
        return found[0]
    what = f"'{wanted}'" if wanted else "the enterprise"
    problem = "there is no unit" if not found else "there are several units"
    raise CommandError(f"{problem} like {what}: name one with --unit (its id, or its name)", returncode=UNUSABLE)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
