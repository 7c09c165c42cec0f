"""The one library of the tags, filled by the modules beside."""

from __future__ import annotations

from django import template

register = template.Library()
