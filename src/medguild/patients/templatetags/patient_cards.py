"""Draws the cards that wings put on the patient's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import RequestContext
from django.utils.safestring import SafeString

from medguild.patients.identity.ports import PatientSlot
from medguild.patients.identity.rules.phones import spoken_phone

register = template.Library()
register.filter("phone", spoken_phone)


@register.simple_tag(takes_context=True)
def patient_card(context: RequestContext, slot: PatientSlot, values: Mapping[str, Any]) -> SafeString:
    """The slot's fragment, with its values by name and together as `slot`."""
    assert context.template is not None  # noqa: S101 - the tag runs inside a page
    fragment = context.template.engine.get_template(slot.template)
    with context.push(**{**values, "slot": values}):
        return fragment.render(context)
