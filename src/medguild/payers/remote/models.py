"""What payers ask of remote visits, each rule for a period."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Regex

from medguild.foundation.kernel.models import OpenModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI
from medguild.payers.payers.models import Payer
from medguild.payers.remote.rules import MOST_MODIFIERS, RemoteMode, RemoteTerms

_JOINED = Func(F("modifiers"), Value(" "), function="array_to_string", output_field=models.TextField())


class RemoteRule(OpenModel):
    """How a payer wants visits of a mode billed from a day on, or that it does not pay them. `source` is where it is
    written."""

    OPEN_REASON = "a payer's billing rules are printed in its manual"
    PHI = NO_PHI

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="remote_rules", db_index=False)
    mode = models.TextField()
    covered = models.BooleanField()
    place_at_home = models.TextField(default="", blank=True)
    place_elsewhere = models.TextField(default="", blank=True)
    modifiers = ArrayField(models.TextField(), default=list, blank=True)
    source = models.TextField(default="", blank=True)
    period = DateRangeField()

    class Meta:
        constraints = [
            one_of("mode", list(RemoteMode), name="remote_rule_mode_known"),
            no_overlap(name="remote_rule_once_at_a_time", keys=["payer_id"], texts=["mode"]),
            whole_period(name="remote_rule_period_whole"),
            models.CheckConstraint(
                name="remote_rule_places_with_cover",
                condition=Q(covered=False, place_at_home="", place_elsewhere="", modifiers=[])
                | Q(covered=True, place_at_home__regex=r"^[0-9]{2}$", place_elsewhere__regex=r"^[0-9]{2}$"),
            ),
            models.CheckConstraint(
                name="remote_rule_modifiers_form",
                condition=Q(modifiers__len__lte=MOST_MODIFIERS)
                & Q(Regex(_JOINED, Value(r"^([A-Z0-9]{2}( [A-Z0-9]{2})*)?$"))),
            ),
        ]

    @property
    def terms(self) -> RemoteTerms:
        return RemoteTerms(self.covered, self.place_at_home, self.place_elsewhere, tuple(self.modifiers))
