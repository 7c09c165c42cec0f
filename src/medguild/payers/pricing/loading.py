"""Loading prices from a file: all of it or nothing, and a second time nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.errors import Refusal
from medguild.payers.pricing import file_rules
from medguild.payers.pricing.file_rules import Change, RowError
from medguild.payers.pricing.models import Contract, ContractRate, FeeLine, FeeSchedule
from medguild.payers.pricing.services import Fee, Rate, set_fees, set_rates


class PricesRefused(Refusal):
    """A file of prices has errors; `errors` names them by line. Nothing was loaded."""

    code = "file_refused"

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(_("The file has %(count)d error(s); nothing was loaded.") % {"count": len(errors)})
        self.field = "file"
        self.errors = tuple(errors)


@transaction.atomic
def load_fees(*, schedule: FeeSchedule, content: bytes, by: Actor, dry_run: bool = False) -> Change:
    """Add or replace the fees of a file (columns `code`, `modifier`, `amount`); codes that it lacks stay as they are.

    Returns what changes; the same file again changes nothing and tells nothing. Raises PricesRefused.
    """
    read = file_rules.read_fees(content)
    _refuse(read.errors)
    FeeSchedule.objects.unscoped("locked while it is loaded").select_for_update().get(pk=schedule.pk)
    lines = FeeLine.objects.unscoped("compared with the file").filter(schedule=schedule)
    values = lines.values_list("code", "modifier", "amount")
    held: dict[file_rules.Key, tuple[int | None, int | None]] = {
        (code, mod): (amount, None) for code, mod, amount in values
    }
    found = file_rules.change(held, read.rows)
    if not (dry_run or found.nothing):
        fresh = [row for row in read.rows if held.get(row.key) != row.value]
        set_fees(schedule=schedule, fees=[Fee(row.code, row.amount, row.modifier) for row in fresh], by=by)
    return found


@transaction.atomic
def load_rates(*, contract: Contract, content: bytes, by: Actor, dry_run: bool = False) -> Change:
    """Add or replace the rates of a file (`code`, `modifier`, `allowed` or `percent`). Else as `load_fees`."""
    read = file_rules.read_rates(content)
    _refuse(read.errors)
    Contract.objects.unscoped("locked while it is loaded").select_for_update().get(pk=contract.pk)
    rates = ContractRate.objects.unscoped("compared with the file").filter(contract=contract)
    values = rates.values_list("code", "modifier", "allowed", "percent")
    held = {(code, mod): (allowed, percent) for code, mod, allowed, percent in values}
    found = file_rules.change(held, read.rows)
    if not (dry_run or found.nothing):
        fresh = [row for row in read.rows if held.get(row.key) != row.value]
        set_rates(
            contract=contract, rates=[Rate(row.code, row.allowed, row.percent, row.modifier) for row in fresh], by=by
        )
    return found


def _refuse(errors: Sequence[RowError]) -> None:
    if errors:
        raise PricesRefused(errors)
