"""Each named constraint of documents is violated once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from medguild.foundation.documents.models import Document, Signature
from medguild.foundation.kernel.ids import new_id

AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("document_hash_form", {"sha256": "A" * 64}),
        ("document_size_in_range", {"size": 0}),
        ("document_has_filename", {"filename": ""}),
        ("document_has_subject", {"subject_type": ""}),
        ("document_media_type_known", {"media_type": "text/html"}),
        ("document_kind_known", {"kind": "secret"}),
    ],
)
def test_documents(stored: Document, name: str, change: dict[str, object]) -> None:
    fields = {
        field.attname: getattr(stored, field.attname) for field in Document._meta.concrete_fields if field.name != "id"
    }
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Document.objects.create(**{**fields, **change})


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("signature_hash_form", {"sha256": "0"}),
        ("signature_has_words", {"meaning": ""}),
        ("signature_once_per_signer", {}),
    ],
)
def test_signatures(stored: Document, name: str, change: dict[str, object]) -> None:
    given = {
        "document": stored, "signer_id": new_id(), "signer_label": "Ana", "meaning": "I agree.",
        "sha256": stored.sha256, "signed_at": AT,
    }  # fmt: skip
    if not change:
        Signature.objects.create(**given)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Signature.objects.create(**{**given, **change})


@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_signature_is_final(stored: Document, act: str) -> None:
    signature = Signature.objects.create(
        document=stored, signer_id=new_id(), signer_label="Ana", meaning="I agree.", sha256=stored.sha256, signed_at=AT
    )
    rows = Signature.objects.unscoped("test").filter(pk=signature.pk)
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        rows.update(meaning="I do not.") if act == "update" else rows.delete()


def test_the_content_of_a_document_is_final(stored: Document) -> None:
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Document.objects.unscoped("test").filter(pk=stored.pk).update(sha256="0" * 64)
