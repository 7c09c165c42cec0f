"""How many queries a page costs: a bound that is written down, so that a new query in a loop is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_FRAME = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


@contextmanager
def queries_at_most(most: int) -> Iterator[CaptureQueriesContext]:
    """Fails when more than `most` queries run inside (savepoints, which only tests have, not counted), and lists them.

    with queries_at_most(12):
        client.get("/organization/")
    """
    with CaptureQueriesContext(connection) as captured:
        yield captured
    asked = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(_FRAME)]
    listed = "\n".join(f"{number:3} {sql[:200]}" for number, sql in enumerate(asked, start=1))
    assert len(asked) <= most, f"{len(asked)} queries, at most {most} allowed:\n{listed}"
