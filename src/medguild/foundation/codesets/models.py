"""Dated code sets: each edition of a system with its codes."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from medguild.foundation.codesets.rules import System
from medguild.foundation.kernel.models import OpenModel, no_overlap, one_of, whole_period
from medguild.foundation.kernel.phi import NO_PHI

_REFERENCE = "reference data tell nothing of patients or of a group"


class CodeSet(OpenModel):
    """One edition of a system, in force for a period; one edition of a system is in force at a time."""

    OPEN_REASON = _REFERENCE
    PHI = NO_PHI

    system = models.TextField(choices=[(system.value, system.value) for system in System])
    version = models.TextField()
    period = DateRangeField()
    source = models.TextField(help_text="where the codes came from")
    checksum = models.TextField(help_text="sha256 of the file, in hexadecimal")
    codes_count = models.PositiveIntegerField()
    loaded_by = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("system", list(System), name="code_set_system_known"),
            models.UniqueConstraint(fields=["system", "version"], name="code_set_version_once"),
            no_overlap(name="code_set_one_in_force", keys=[], texts=["system"]),
            whole_period(name="code_set_period_whole"),
        ]

    def label(self) -> str:
        return f"{self.system} {self.version}"


class Code(OpenModel):
    """A code of one edition. `key` is the code without dots, `words` the label without accents, for look-ups."""

    OPEN_REASON = _REFERENCE
    PHI = NO_PHI

    code_set = models.ForeignKey(CodeSet, on_delete=models.CASCADE, related_name="codes", db_index=False)
    code = models.TextField()
    key = models.TextField(db_collation="C")
    label_text = models.TextField()
    words = models.TextField()
    rank = models.SmallIntegerField(help_text="lower comes first in searches")
    selectable = models.BooleanField(default=True)
    attributes = models.JSONField(default=dict)
    period = DateRangeField(null=True, blank=True, help_text="empty where the edition's own period holds")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_set", "key"], name="code_once_per_set"),
            models.CheckConstraint(name="code_has_label", condition=~Q(key="") & ~Q(label_text="")),
            models.CheckConstraint(
                name="code_period_not_empty", condition=Q(period__isnull=True) | Q(period__isempty=False)
            ),
        ]

    def label(self) -> str:
        return f"{self.code} {self.label_text}"
