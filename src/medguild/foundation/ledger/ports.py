"""What upper wings tell the ledger: kinds of entries, and how their ids are checked and named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.ports import Registry
from medguild.foundation.ledger.rules import LOOSE_DIMENSIONS


@dataclass(frozen=True, slots=True)
class EntryType:
    """A declared kind of entry and its words."""

    name: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Named:
    """How an id is shown to an actor who may see it."""

    label: str
    url: str = ""


ExistingIds = Callable[[Collection[UUID]], set[UUID]]
Names = Callable[[Actor, Collection[UUID]], Mapping[UUID, Named]]

entry_types: Registry[EntryType] = Registry("entry type")
_existence: Registry[ExistingIds] = Registry("dimension check")
_names: Registry[Names] = Registry("dimension name")
_source_names: Registry[Names] = Registry("entry source")


def declare_entry_type(name: str, label: str | Promise) -> str:
    """Declare a kind of entry and return its name."""
    entry_types.register(name, EntryType(name, label))
    return name


def check_dimension(dimension: str, existing: ExistingIds) -> None:
    """Register who knows which ids of a dimension exist (`payer_id`, `patient_id`, `account_id`, `claim_line_id`)."""
    if dimension not in LOOSE_DIMENSIONS:
        raise ValueError(f"{dimension} is not a dimension without a foreign key")
    _existence.register(dimension, existing)


def name_dimension(dimension: str, names: Names) -> None:
    """Register how ids of a dimension are shown; the function leaves out what the actor may not see."""
    if dimension not in LOOSE_DIMENSIONS:
        raise ValueError(f"{dimension} is not a dimension without a foreign key")
    _names.register(dimension, names)


def name_source(source_type: str, names: Names) -> None:
    """Register how the sources of entries (a claim, a remittance, a receipt) are shown."""
    _source_names.register(source_type, names)


def dimension_checks() -> list[tuple[str, ExistingIds]]:
    return _existence.items()


def names_of(dimension: str, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    found = _names.find(dimension)
    return found(actor, ids) if found and ids else {}


def source_name(source_type: str, actor: Actor, source_id: UUID | None) -> Named | None:
    found = _source_names.find(source_type)
    return found(actor, [source_id]).get(source_id) if found and source_id else None


CHARGE = declare_entry_type("charge", _("Charge"))
PAYMENT = declare_entry_type("payment", _("Payment"))
REMITTANCE = declare_entry_type("remittance", _("Remittance"))
ADJUSTMENT = declare_entry_type("adjustment", _("Adjustment"))
WRITE_OFF = declare_entry_type("write_off", _("Write-off"))
REFUND = declare_entry_type("refund", _("Refund"))
TRANSFER = declare_entry_type("transfer", _("Transfer"))
DEPOSIT = declare_entry_type("deposit", _("Deposit"))
OPENING_BALANCE = declare_entry_type("opening_balance", _("Opening balance"))
JOURNAL = declare_entry_type("journal", _("Journal entry"))
REVERSAL = declare_entry_type("reversal", _("Reversal"))
