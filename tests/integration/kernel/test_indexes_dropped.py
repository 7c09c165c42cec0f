"""The migrations leave in the database the indexes that the models ask for, and can be taken back."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.state import ProjectState
from django.db.models import ForeignKey

from medguild.foundation.kernel.indexes import WithoutIndex

pytestmark = pytest.mark.django_db

# Plain indexes of one column each, as Django makes them for foreign keys.
SINGLE = """
select c.relname from pg_index i
  join pg_class c on c.oid = i.indexrelid
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
 where i.indrelid = %s::regclass and a.attname = %s and i.indnatts = 1 and not i.indisunique and i.indpred is null
"""


def _single(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(SINGLE, [table, column])
        return [name for (name,) in cursor.fetchall()]


def test_foreign_keys_without_index_have_none_in_the_database() -> None:
    wrong = {}
    for model in apps.get_models():
        if not model.__module__.startswith("medguild."):
            continue
        declared = {index.name for index in model._meta.indexes}
        for field in model._meta.local_fields:
            if isinstance(field, ForeignKey) and not field.db_index and not field.unique:
                found = set(_single(model._meta.db_table, field.column)) - declared
                if found:
                    wrong[f"{model._meta.label}.{field.name}"] = found
    assert wrong == {}


def test_an_index_comes_and_goes() -> None:
    before = ProjectState.from_apps(apps)
    operation = WithoutIndex({"claim": ["file"]})
    after = before.clone()
    operation.state_forwards("revenue", after)
    assert before.apps.get_model("revenue", "claim")._meta.get_field("file").db_index
    assert not after.apps.get_model("revenue", "claim")._meta.get_field("file").db_index

    held = _single("revenue_claim", "file_id")
    assert len(held) == 1
    with connection.schema_editor(atomic=False) as editor:
        operation.database_forwards("revenue", editor, before, after)
        assert _single("revenue_claim", "file_id") == []
        operation.database_backwards("revenue", editor, after, before)
    assert _single("revenue_claim", "file_id") == held
