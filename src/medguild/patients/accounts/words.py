"""The words for kinds of account and relations."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medguild.patients.accounts.rules import AccountKind, GuarantorRelation

ACCOUNT_KINDS: list[tuple[str, Promise | str]] = [
    (AccountKind.PERSONAL.value, _("Personal")),
    (AccountKind.WORK_COMP.value, _("Work injury")),
    (AccountKind.AUTO.value, _("Auto accident")),
]
RELATIONS: list[tuple[str, Promise | str]] = [
    (GuarantorRelation.SELF.value, _("The patient")),
    (GuarantorRelation.SPOUSE.value, _("Spouse")),
    (GuarantorRelation.PARENT.value, _("Parent")),
    (GuarantorRelation.GUARDIAN.value, _("Guardian")),
    (GuarantorRelation.CHILD.value, _("Child")),
    (GuarantorRelation.EMPLOYER.value, _("Employer")),
    (GuarantorRelation.ATTORNEY.value, _("Attorney")),
    (GuarantorRelation.ESTATE.value, _("Estate")),
    (GuarantorRelation.OTHER.value, _("Other")),
]
