"""How code systems are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from medguild.foundation.codesets.rules import System

SYSTEMS = {
    System.ICD10CM.value: _("Diagnoses (ICD-10-CM)"),
    System.PROCEDURE.value: _("Procedures (CPT and HCPCS)"),
    System.MODIFIER.value: _("Modifiers"),
    System.PLACE_OF_SERVICE.value: _("Places of service"),
    System.CARC.value: _("Reasons of adjustments (CARC)"),
    System.RARC.value: _("Remarks of remittances (RARC)"),
    System.CLAIM_GROUP.value: _("Groups of adjustments"),
    System.DENIAL_CATEGORY.value: _("Categories of denials"),
    System.SPECIALTY.value: _("Medicare specialties"),
    System.TAXONOMY.value: _("Provider taxonomy"),
    System.RACE_ETHNICITY.value: _("Race and ethnicity"),
    System.SDOH.value: _("Social needs"),
    System.PFS_INDICATOR.value: _("Indicators of the physician fee schedule"),
    System.CLAIM_STATUS.value: _("Claim status"),
    System.CLAIM_STATUS_CATEGORY.value: _("Categories of claim status"),
    System.COMPLIANCE_CALENDAR.value: _("Compliance calendar"),
}
