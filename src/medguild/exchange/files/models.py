"""Files that could not be taken in, as they came, with the reason."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from medguild.exchange.edi.permissions import EdiRight
from medguild.exchange.files.rules import DECIDED, FileState
from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import Unit


class QuarantinedFile(ScopedModel):
    """A file that is unreadable or whose content cannot be trusted; the same bytes are one row in an entity.

    `reason` is the sentence of the first grave finding, `issues` are the first findings as `edi inspect --json` gives
    them; neither holds patient data. The bytes are a document; an empty file has none.
    """

    SCOPING = Scoping(right=EdiRight.INSPECT, unit="unit_id")
    PHI = {"document_id": Phi.LINK, "filename": Phi.IDENTIFIER, "sha256": Phi.LINK}

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64)
    filename = models.TextField()
    size = models.PositiveIntegerField()
    document_id = models.UUIDField(null=True, blank=True)
    readable = models.BooleanField()
    kinds = ArrayField(models.TextField(), default=list, blank=True, help_text="transactions in it, each kind once")
    status = models.TextField(choices=[(state.value, state.value) for state in FileState])
    reason = models.TextField(default="", blank=True)
    issues = models.JSONField(default=list, blank=True)
    issue_count = models.PositiveIntegerField(default=0)
    note = models.TextField(default="", blank=True, help_text="why it was discarded; no patient data")
    received_at = models.DateTimeField()
    received_by = models.UUIDField(null=True, blank=True)
    received_label = models.TextField(default="", blank=True)
    looked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "sha256"], name="quarantined_file_once"),
            models.CheckConstraint(name="quarantined_file_hash_form", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            one_of("status", list(FileState), name="quarantined_file_status_known"),
            models.CheckConstraint(
                name="quarantined_file_bytes_kept", condition=Q(size=0) | Q(document_id__isnull=False)
            ),
            models.CheckConstraint(
                name="quarantined_file_waiting_has_reason", condition=~Q(status=FileState.WAITING) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="quarantined_file_discarded_has_note", condition=~Q(status=FileState.DISCARDED) | ~Q(note="")
            ),
            models.CheckConstraint(
                name="quarantined_file_decided_has_time",
                condition=Q(status__in=list(DECIDED), decided_at__isnull=False)
                | (~Q(status__in=list(DECIDED)) & Q(decided_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["unit", "-received_at"], name="quarantined_file_of_unit")]

    def label(self) -> str:
        return self.filename
