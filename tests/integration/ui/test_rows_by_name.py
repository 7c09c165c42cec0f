"""Rows to choose from go by the names people know them by, never by their ids."""

from __future__ import annotations

import re

from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.organization.models import Unit
from medguild.payers.networks.forms import GroupForm
from tests.factories.scheduling import schedule
from tests.factories.world import World

OPTION = re.compile(r"<option[^>]*>([^<]*)</option>")


def test_a_list_is_narrowed_by_names(client: Client, world: World) -> None:
    plan = schedule(world)
    _ = plan.session, plan.book()
    client.force_login(world.user(Role.SCHEDULER))
    words = OPTION.findall(client.get("/schedule/appointments/").content.decode())
    assert {plan.site.unit.name, plan.clinician.label()} <= set(words)


def test_a_form_offers_names(world: World) -> None:
    unit = world.main.site.unit
    form = GroupForm(entities=Unit.objects.all(), sites=Unit.objects.filter(pk=unit.pk))
    assert unit.name in OPTION.findall(str(form["site"]))
    assert unit.name in OPTION.findall(str(form["entity"]))
