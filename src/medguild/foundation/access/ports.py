"""What upper wings tell this room about the records that it opens: it knows patients by id only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.kernel.verdict import Verdict, no


@dataclass(frozen=True, slots=True)
class RecordKeeper:
    """The wing that keeps patient records.

    `may_open(actor, patient_id)`: whether the record exists and may be opened in an emergency; asked without showing
    anything of it. `labels(patient_ids)`: how a reviewer sees the records named. `page(patient_id)`: URL of the record.
    """

    may_open: Callable[[Actor, UUID], Verdict]
    labels: Callable[[Iterable[UUID]], Mapping[UUID, str]]
    page: Callable[[UUID], str]


record_keepers: Registry[RecordKeeper] = Registry("record keeper")
_PATIENTS = "patients"


def keep_records(keeper: RecordKeeper) -> None:
    """Called once, by the wing that keeps patient records."""
    record_keepers.register(_PATIENTS, keeper)


def glass_verdict(actor: Actor, patient_id: UUID) -> Verdict:
    """Whether this record may be opened in an emergency; a house without records has none to open."""
    keeper = record_keepers.find(_PATIENTS)
    if keeper is None:
        return no("no_records", _("There is no such record."))
    return keeper.may_open(actor, patient_id)


def record_labels(patient_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    keeper = record_keepers.find(_PATIENTS)
    return keeper.labels(patient_ids) if keeper else {}


def record_page(patient_id: UUID) -> str:
    keeper = record_keepers.find(_PATIENTS)
    return keeper.page(patient_id) if keeper else "/"
