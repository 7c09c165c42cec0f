"""Base models: a version-7 key, a declared PHI class per field, and a decision about scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce

from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import ScopedManager, Scoping


class MedguildModel(models.Model):
    """Common root. Subclasses are `ScopedModel` or `OpenModel` and declare `PHI`."""

    PHI: ClassVar[Mapping[str, Phi]]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"

    def label(self) -> str:
        """What people call this row; may hold patient data, so never logged."""
        return str(self.pk)


class ScopedModel(MedguildModel):
    """Rows that belong to someone: no query runs before its scope is decided."""

    SCOPING: ClassVar[Scoping]

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True


class OpenModel(MedguildModel):
    """Rows that every signed-in part of the house may read; `OPEN_REASON` says why that is right."""

    OPEN_REASON: ClassVar[str]

    class Meta:
        abstract = True


_NOBODY = UUID(int=0)


def _alone(value: Any, function: str) -> Func:
    """A range that holds one value, so that a range operator can compare for equality without an extension."""
    return Func(value, value, Value("[]"), function=function)


def no_overlap(
    *,
    name: str,
    keys: Sequence[str],
    texts: Sequence[str] = (),
    nullable: Sequence[str] = (),
    integers: Sequence[str] = (),
    period: str = "period",
    condition: Q | None = None,
    by_time: bool = False,
) -> ExclusionConstraint:
    """Rows with equal `keys`, `nullable` (UUID columns; null equals null), `texts` and `integers` never have
    overlapping `period` ranges.

    btree_gist is not needed: each key is compared as a range of one value (types `uuidrange`, `textrange`).
    `by_time` is for millions of short ranges: the index then goes by `period` first, because it can tell how far apart
    times are, but not how far apart such keys are, and grows into a heap in which each check reads a large part.
    """
    expressions: list[tuple[Any, str]] = [(_alone(F(key), "uuidrange"), RangeOperators.OVERLAPS) for key in keys]
    expressions += [
        (_alone(Coalesce(F(key), Value(_NOBODY)), "uuidrange"), RangeOperators.OVERLAPS) for key in nullable
    ]
    expressions += [(_alone(F(text), "textrange"), RangeOperators.OVERLAPS) for text in texts]
    expressions += [(_alone(F(number), "int4range"), RangeOperators.OVERLAPS) for number in integers]
    expressions.insert(0 if by_time else len(expressions), (period, RangeOperators.OVERLAPS))
    return ExclusionConstraint(name=name, expressions=expressions, condition=condition)


def one_of(field: str, values: type[models.TextChoices] | Sequence[str], *, name: str) -> models.CheckConstraint:
    """The column holds one of the enum's values."""
    allowed = [str(getattr(value, "value", value)) for value in values]
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": allowed}))


def whole_period(field: str = "period", *, name: str) -> models.CheckConstraint:
    """The range is neither empty nor without a start."""
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__isempty": False}) & Q(**{f"{field}__startswith__isnull": False})
    )
