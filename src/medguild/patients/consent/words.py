"""The words for consents."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.patients.consent.rules import ConsentKind, Decision

CONSENT_KINDS: list[tuple[str, Promise | str]] = [
    (ConsentKind.TREATMENT.value, _("Treatment")),
    (ConsentKind.PRIVACY_NOTICE.value, _("Privacy notice received")),
    (ConsentKind.COMMUNICATION.value, _("Messages by phone, text and e-mail")),
    (ConsentKind.SHARING.value, _("Sharing of records for care")),
]
DECISIONS: list[tuple[str, Promise | str]] = [
    (Decision.GIVEN.value, _("Given")),
    (Decision.REFUSED.value, _("Refused")),
]
