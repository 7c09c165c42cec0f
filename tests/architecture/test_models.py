"""Every model has a scope decision and says which of its fields carry patient data."""

from __future__ import annotations

import re

import pytest
from django.db import models
from django.db.models import Model

from medguild.foundation.access.models import User
from medguild.foundation.access.permissions import known_rights
from medguild.foundation.kernel.models import OpenModel, ScopedModel
from medguild.foundation.kernel.phi import Phi
from tests.architecture.house import own_models, place

MODELS = [model for model in own_models() if not model._meta.auto_created]
# Words in field names of patients' records that tell of a person or of health.
TELLING = re.compile(
    r"(^|_)(name|names|birth|born|phone|email|note|notes|reason|line1|line2|address|mrn|member_id|text|body|narrative)$"
)
NAMES = [model._meta.label for model in MODELS]


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_a_model_is_scoped_or_open_for_a_reason(model: type[Model]) -> None:
    if model is User:
        return
    assert issubclass(model, ScopedModel) != issubclass(model, OpenModel), "subclass ScopedModel or OpenModel"
    if issubclass(model, OpenModel):
        assert len(model.OPEN_REASON) > 10, "OPEN_REASON says why everybody in the house may read it"
        assert "patient" not in (field.name for field in model._meta.get_fields() if field.concrete)
        return
    scoping = model.SCOPING
    assert scoping.right in known_rights(), f"right {scoping.right} is not declared"
    paths = [path for path in (scoping.unit, scoping.circle, scoping.patient) if path]
    assert paths, "SCOPING names no path"
    for path in paths:
        model.objects.unscoped("only compiled").filter(**{f"{path}__in": []})


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_a_model_declares_its_patient_data(model: type[Model]) -> None:
    declared = getattr(model, "PHI", None)
    assert declared is not None, "declare PHI, or NO_PHI"
    fields = {field.name for field in model._meta.get_fields() if field.concrete}
    columns = {field.column for field in model._meta.concrete_fields}
    assert set(declared) <= fields | columns, f"no such fields: {sorted(set(declared) - fields - columns)}"
    assert all(isinstance(kind, Phi) for kind in declared.values())


def _of_patients(model: type[Model]) -> bool:
    if not issubclass(model, ScopedModel):
        return False
    return model.SCOPING.patient is not None


def _coded(model: type[Model]) -> set[str]:
    """Fields that a constraint holds to a list of codes: they tell nothing that people wrote."""
    lookups = [
        child[0]
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        for child in getattr(constraint.condition, "children", ())
        if isinstance(child, tuple)
    ]
    return {lookup.removesuffix("__in") for lookup in lookups if lookup.endswith("__in")}


@pytest.mark.parametrize("model", [model for model in MODELS if _of_patients(model)], ids=str)
def test_telling_fields_of_patients_records_are_declared(model: type[Model]) -> None:
    declared = model.PHI  # type: ignore[attr-defined]
    texts = (models.CharField, models.TextField, models.DateField)
    telling = [
        field.name for field in model._meta.concrete_fields if isinstance(field, texts) and TELLING.search(field.name)
    ]
    links = [field.name for field in model._meta.concrete_fields if field.name in ("patient", "patient_id")]
    wanted = [name for name in telling + links if name not in _coded(model)]
    missing = [name for name in wanted if name not in declared and f"{name}_id" not in declared]
    assert not missing, f"declare a PHI class for {missing}"


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
def test_foreign_keys_point_down(model: type[Model]) -> None:
    here = place(model.__module__)
    for field in model._meta.get_fields():
        if not (field.concrete and field.is_relation) or field.related_model is None:
            continue
        target = field.related_model.__module__  # type: ignore[union-attr]
        if target.startswith("medguild."):
            assert place(target) <= here, f"{field.name} points up to {target}"


def test_model_names_are_unique_in_their_wing() -> None:
    labels = [model._meta.label_lower for model in MODELS]
    assert len(labels) == len(set(labels))
