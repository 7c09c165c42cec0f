"""Querysets that refuse to run until someone has said for whom they run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.actor import Actor, Scope

_Model = TypeVar("_Model", bound=models.Model)


class UnscopedQuery(RuntimeError):
    """A scoped model was read or written without `.visible_to(actor)` or `.unscoped(reason)`."""


@dataclass(frozen=True, slots=True)
class Scoping:
    """How a row is found visible: look-up paths to its unit, sharing circle and patient; a row is seen by any of them.

    `right` is the right asked when the caller names none.
    """

    right: str
    unit: str | None = None
    circle: str | None = None
    patient: str | None = None

    def condition(self, scope: Scope) -> Q | None:
        """The filter for a scope; None where nothing is visible."""
        paths = ((self.unit, scope.units), (self.circle, scope.circles), (self.patient, scope.patients))
        condition = Q()
        for path, ids in paths:
            if path is not None and ids:
                condition |= Q(**{f"{path}__in": ids})
        return condition or None


class ScopedQuerySet(models.QuerySet[_Model]):
    """Evaluation, counting and writing raise `UnscopedQuery` until the scope is decided."""

    _scope_decided = False

    def visible_to(self, actor: Actor, right: str | None = None) -> Self:
        """Rows that the actor may see with `right` (default: the model's own)."""
        scoping: Scoping = self.model.SCOPING  # type: ignore[attr-defined]
        scope = actor.scope(right or scoping.right)
        decided = self._clone()
        decided._scope_decided = True
        if scope.everything:
            return decided
        condition = scoping.condition(scope)
        return decided.none() if condition is None else decided.filter(condition)

    def unscoped(self, reason: str) -> Self:
        """All rows, for work that the house itself does; `reason` is for the reader of the code."""
        if not reason:
            raise ValueError("say why the query needs no scope")
        decided = self._clone()
        decided._scope_decided = True
        return decided

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._scope_decided = self._scope_decided
        return clone

    def _combinator_query(self, combinator: str, *others: Any, all: bool = False) -> Any:
        combined = super()._combinator_query(combinator, *others, all=all)  # type: ignore[misc]
        combined._scope_decided = self._scope_decided and all_decided(others)
        return combined

    def __or__(self, other: Any) -> Self:
        return self._joined(other, "__or__")

    def __and__(self, other: Any) -> Self:
        return self._joined(other, "__and__")

    def __xor__(self, other: Any) -> Self:
        return self._joined(other, "__xor__")

    def _joined(self, other: Any, operator: str) -> Self:
        """Both sides decided, or neither: a decided side must not lend its decision to the other."""
        if not (self._scope_decided or all_decided((other,))) and self.query.can_filter() and other.query.can_filter():
            joined: Self = getattr(super(), operator)(other)
            return joined
        self._refuse()
        if not all_decided((other,)):
            self._say_no()
        joined = getattr(super(), operator)(other)
        joined._scope_decided = True
        return joined

    def _refuse(self) -> None:
        if not self._scope_decided:
            self._say_no()

    @property
    def _holds_rows(self) -> bool:
        """Rows that are held already came through a decided query, such as a prefetch."""
        return self._result_cache is not None

    def _say_no(self) -> NoReturn:
        raise UnscopedQuery(f"{self.model.__name__}: say .visible_to(actor) or .unscoped(reason) first")


def all_decided(querysets: tuple[Any, ...]) -> bool:
    return all(getattr(queryset, "_scope_decided", False) for queryset in querysets)


# What answers from rows that are held, and what always asks the database.
_FROM_ROWS = ("_fetch_all", "count", "exists", "contains")
_FROM_DATABASE = (
    "aggregate", "update", "delete", "iterator", "_iterator", "aiterator", "explain", "in_bulk", "_raw_delete",
    "_update", "raw",
)  # fmt: skip


def _guard(name: str) -> Callable[..., Any]:
    def method(self: ScopedQuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        if not (name in _FROM_ROWS and self._holds_rows):
            self._refuse()
        return getattr(super(ScopedQuerySet, self), name)(*args, **kwargs)

    method.__name__ = name
    return method


for _name in (*_FROM_ROWS, *_FROM_DATABASE):
    setattr(ScopedQuerySet, _name, _guard(_name))


if TYPE_CHECKING:

    class ScopedManager(models.Manager[_Model]):
        """The default manager of scoped models, as the type checker sees it."""

        def visible_to(self, actor: Actor, right: str | None = None) -> ScopedQuerySet[_Model]: ...
        def unscoped(self, reason: str) -> ScopedQuerySet[_Model]: ...

else:

    class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):
        """The default manager of scoped models."""
