"""Forms of the waiting list in the own record."""

from __future__ import annotations

from dataclasses import replace

from medguild.operations.scheduling.wish_forms import WishForm
from medguild.operations.waitlist.forms import DaysForm
from medguild.operations.waitlist.models import WaitlistEntry
from medguild.operations.waitlist.services import Wanted, wanted_of


class WaitForm(DaysForm, WishForm):
    """What to wait for. How urgent it is, the clinic decides."""

    def wanted(self) -> Wanted:
        return Wanted(**self.days())


class WishesForm(DaysForm):
    """Other days and times; what the desk has written down beside them stays."""

    def wanted(self, entry: WaitlistEntry) -> Wanted:
        return replace(wanted_of(entry), **self.days())
