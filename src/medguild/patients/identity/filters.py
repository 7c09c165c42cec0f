"""The search field of lists whose rows belong to a patient."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

from django.db.models import Q, QuerySet

from medguild.foundation.kernel.scoping import ScopedQuerySet
from medguild.foundation.ui import tables
from medguild.patients.identity.rules.names import name_key


class PatientSearch(tables.SearchFilter):
    """Finds rows by their patient as people write a name (`Núñez`, `nunez`, `Nunez, Ana`, `Ana Nunez`), by the
    record number, or by `fields` of the rows themselves. `patient` is the path from the row to the patient.
    """

    def __init__(self, *args: Any, patient: str = "patient", fields: Sequence[str] = (), **kwargs: Any) -> None:
        self.patient = patient
        super().__init__(*args, fields=fields, **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        words = (value or "").replace(",", " ").split()
        if not words:
            return qs
        found = reduce(operator.and_, (_any_of(qs, self._word(word)) for word in words))
        if len(words) > 1:
            found |= _any_of(qs, self._whole_name(value))
        return qs.filter(found)

    def _word(self, word: str) -> Iterator[Q]:
        yield Q(**{f"{self.patient}__mrn__iexact": word})
        yield from (Q(**{lookup: word}) for lookup in self.fields)
        if key := name_key(word):
            yield self._begins("family", key)
            yield self._begins("given", key)

    def _whole_name(self, text: str) -> Iterator[Q]:
        """Names of several words, as `Van der Berg, Ann` or `Van der Berg`: their key has no blanks."""
        family, _comma, given = text.partition(",")
        if name_key(family):
            yield self._begins("family", name_key(family)) & self._begins("given", name_key(given))

    def _begins(self, part: str, key: str) -> Q:
        return Q(**{f"{self.patient}__{part}_key__startswith": key})


def _any_of(qs: QuerySet[Any], conditions: Iterator[Q]) -> Q:
    """Each condition looked for by itself, as they stand in several tables and no index serves all of them at once.

    Among all rows of the table: what else limits the rows would only be asked once more for each condition.
    """
    everywhere = qs.model._default_manager.all()
    if isinstance(everywhere, ScopedQuerySet):
        everywhere = everywhere.unscoped("the rows that are searched have their own scope")
    found = [everywhere.order_by().filter(condition).values("pk") for condition in conditions]
    return Q(pk__in=found[0].union(*found[1:])) if found else Q(pk__in=())
