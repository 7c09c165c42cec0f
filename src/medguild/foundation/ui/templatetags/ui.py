"""`{% load ui %}`: every component as a template tag. The README of this room shows each one."""

from __future__ import annotations

from medguild.foundation.ui.templatetags import blocks, elements, formtags, pagetags, records, values
from medguild.foundation.ui.templatetags._library import register

__all__ = ["blocks", "elements", "formtags", "pagetags", "records", "register", "values"]
