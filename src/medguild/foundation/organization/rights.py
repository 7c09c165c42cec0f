"""The rights that this room knows; `access` gives them to roles."""

from __future__ import annotations

import enum


class OrganizationRight(enum.StrEnum):
    READ = "organization.read"
    MANAGE = "organization.manage"
    BILLING = "organization.billing"
