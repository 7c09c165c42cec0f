"""No foreign key has an index of its own where another index of the table begins with its column.

Django makes one for every foreign key. It costs each insert and update, and the planner takes the other one anyway:
such a key says `db_index=False`.
"""

from __future__ import annotations

import pytest
from django.db.models import ForeignKey, Model, Q, UniqueConstraint

from tests.architecture.house import own_models

MODELS = [model for model in own_models() if not model._meta.auto_created]


def _serving(model: type[Model], field: str) -> list[str]:
    """Indexes that find rows by this column alone; one of the rows that have a value there does too."""
    everywhere = (None, Q((f"{field}__isnull", False)))
    unique = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    return [
        one.name
        for one in (*model._meta.indexes, *unique)
        if one.fields and one.fields[0].removeprefix("-") == field and one.condition in everywhere
    ]


@pytest.mark.parametrize("model", MODELS, ids=[model._meta.label for model in MODELS])
def test_no_index_is_the_beginning_of_another(model: type[Model]) -> None:
    keys = [field for field in model._meta.local_fields if isinstance(field, ForeignKey) and not field.unique]
    twice = {field.name: _serving(model, field.name) for field in keys if field.db_index}

    assert not {name: serving for name, serving in twice.items() if serving}
