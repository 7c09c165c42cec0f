"""The words of files: which sets are read, and what the levels of checking are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SETS = "837P, 837I, 835, 270, 271, 276, 277, 277CA, 278 (X217), 999 and TA1"

LEVELS = {
    1: _("Envelope and syntax"),
    2: _("Guide"),
    3: _("Balance"),
    4: _("Situation"),
    5: _("Code lists"),
    6: _("Product or service"),
    7: _("Payer's own rules"),
}
