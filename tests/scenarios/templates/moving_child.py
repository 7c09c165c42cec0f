"""A process that carries out three moves of a list, stops in the middle of the fourth, and waits to be killed."""

from __future__ import annotations

import os
import sys
import time
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from medguild.foundation.kernel.clock import now  # noqa: E402
from medguild.operations.templates.moving import carry_out_one  # noqa: E402


def main(database: str, plan: str) -> None:
    connection.settings_dict["NAME"] = database
    for _ in range(3):
        carry_out_one(UUID(plan), now())
    with transaction.atomic():
        carry_out_one(UUID(plan), now())
        print("in the middle", flush=True)
        time.sleep(60)


main(*sys.argv[1:])
