"""Stored files and signatures on them. The bytes lie in files named by their hash; a row says whose they are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from medguild.foundation.documents.permissions import DocumentRight
from medguild.foundation.documents.rules import LARGEST, DocumentKind, MediaType
from medguild.foundation.kernel.models import ScopedModel, one_of
from medguild.foundation.kernel.phi import Phi
from medguild.foundation.kernel.scoping import Scoping
from medguild.foundation.organization.models import SharingCircle, Unit


class Document(ScopedModel):
    """One file kept about one subject. Its content never changes; a new version is a new document.

    Being in scope is necessary, not sufficient: the room that owns the subject type must also agree (see ports).
    """

    SCOPING = Scoping(right=DocumentRight.READ, unit="unit_id", circle="circle_id", patient="patient_id")
    PHI = {
        "filename": Phi.IDENTIFIER,
        "title": Phi.CLINICAL,
        "subject_id": Phi.LINK,
        "patient_id": Phi.LINK,
        "sha256": Phi.LINK,
    }

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.TextField(choices=[(kind.value, kind.value) for kind in MediaType])
    filename = models.TextField()
    title = models.TextField(default="", blank=True)
    kind = models.TextField(choices=[(kind.value, kind.value) for kind in DocumentKind])
    subject_type = models.TextField()
    subject_id = models.UUIDField()
    patient_id = models.UUIDField(null=True, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="documents")
    circle = models.ForeignKey(SharingCircle, on_delete=models.PROTECT, null=True, blank=True, related_name="documents")
    uploaded_by = models.UUIDField(null=True, blank=True, help_text="user; empty when the house made it")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="document_hash_form", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="document_size_in_range", condition=Q(size__gte=1, size__lte=LARGEST)),
            models.CheckConstraint(name="document_has_filename", condition=~Q(filename="")),
            models.CheckConstraint(name="document_has_subject", condition=~Q(subject_type="")),
            one_of("media_type", list(MediaType), name="document_media_type_known"),
            one_of("kind", list(DocumentKind), name="document_kind_known"),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="document_of_subject"),
            models.Index(fields=["sha256"], name="document_by_hash"),
            models.Index(fields=["patient_id"], name="document_of_patient", condition=Q(patient_id__isnull=False)),
        ]

    def label(self) -> str:
        return self.title or self.filename


class Signature(ScopedModel):
    """Who signed which content, when, and what the signature means. Never changed or removed (a trigger refuses)."""

    SCOPING = Scoping(
        right=DocumentRight.READ, unit="document__unit_id", circle="document__circle_id", patient="document__patient_id"
    )
    PHI = {"signer_label": Phi.IDENTIFIER, "sha256": Phi.LINK}

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="signatures", db_index=False)
    signer_id = models.UUIDField()
    signer_label = models.TextField()
    meaning = models.TextField()
    sha256 = models.CharField(max_length=64, help_text="hash of the content that was signed")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "signer_id"], name="signature_once_per_signer"),
            models.CheckConstraint(name="signature_hash_form", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="signature_has_words", condition=~Q(meaning="") & ~Q(signer_label="")),
        ]
