"""The form of an upload."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from medguild.foundation.documents.rules import LARGEST, DocumentKind

KINDS = [
    (DocumentKind.CLINICAL.value, _("Medical record")),
    (DocumentKind.LETTER.value, _("Letter")),
    (DocumentKind.CONSENT.value, _("Consent")),
    (DocumentKind.CARD.value, _("Insurance card")),
    (DocumentKind.STATEMENT.value, _("Statement")),
    (DocumentKind.RECEIPT.value, _("Receipt")),
    (DocumentKind.CONTRACT.value, _("Contract")),
    (DocumentKind.CREDENTIAL.value, _("Credential")),
    (DocumentKind.POLICY.value, _("Policy")),
    (DocumentKind.REMITTANCE.value, _("Remittance")),
    (DocumentKind.CLAIM_FILE.value, _("Claim file")),
    (DocumentKind.EVIDENCE.value, _("Evidence")),
    (DocumentKind.OTHER.value, _("Other")),
]
# Made by the house alone.
_NOT_UPLOADED = {DocumentKind.STATEMENT.value, DocumentKind.CLAIM_FILE.value, DocumentKind.REMITTANCE.value}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG or JPEG picture, or CSV; at most 20 MB. What it is, is found from its content."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[one for one in KINDS if one[0] not in _NOT_UPLOADED])
    title = forms.CharField(label=_("Title"), max_length=200, required=False)

    def clean_file(self) -> UploadedFile[bytes]:
        """Too large is said before the bytes are read into memory."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("The file is larger than 20 MB."), code="too_large")
        return file
