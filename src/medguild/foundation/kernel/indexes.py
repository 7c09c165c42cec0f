"""Taking away the index that Django makes for every foreign key, where another one serves or nobody looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.migrations.operations.base import Operation


class WithoutIndex(Operation):
    """As `AlterField` to `db_index=False` for each field, in one go; `fields` are names by model.

    `AlterField` draws up every model that is related to the field's anew, which made a first start seconds longer.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self.fields = fields

    def state_forwards(self, app_label: str, state: Any) -> None:
        for model, names in self.fields.items():
            held = state.models[app_label, model].fields
            for name in names:
                held[name] = held[name].clone()
                held[name].db_index = False
        state.reload_models({(app_label, model) for model in self.fields}, delay=True)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model, field in self._of(app_label, from_state):
            name = schema_editor._create_index_name(model._meta.db_table, [field.column])
            schema_editor.execute(f"drop index if exists {schema_editor.quote_name(name)}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model, field in self._of(app_label, to_state):
            schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))

    def describe(self) -> str:
        return f"Drop indexes of foreign keys of {', '.join(self.fields)}"

    def _of(self, app_label: str, state: Any) -> list[tuple[Any, Any]]:
        models = {name: state.apps.get_model(app_label, name) for name in self.fields}
        return [(models[name], models[name]._meta.get_field(field)) for name in models for field in self.fields[name]]
