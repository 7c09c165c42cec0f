"""A process that posts a file or sends claims, stops before its commit, says so, and waits to be killed."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medguild.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from medguild.foundation.kernel.actor import Actor  # noqa: E402
from medguild.revenue.claims.export import export_claims  # noqa: E402
from medguild.revenue.remittances.importing import import_remittances  # noqa: E402


def main(database: str, act: str, path: str) -> None:
    connection.settings_dict["NAME"] = database
    by = Actor.job("child")
    with transaction.atomic():
        if act == "import":
            import_remittances(content=Path(path).read_bytes(), filename="era.835", by=by)
        else:
            export_claims(by=by)
        print("done, not committed", flush=True)
        time.sleep(60)


main(*sys.argv[1:])
