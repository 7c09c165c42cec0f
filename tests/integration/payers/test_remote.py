"""Rules for remote visits: kept for a period, told before they end, and on the claims of video and phone visits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.clock import today
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.work.models import WorkItem
from medguild.payers.payers.models import Payer
from medguild.payers.remote.models import RemoteRule
from medguild.payers.remote.rules import RemoteMode, RemoteTerms
from medguild.payers.remote.selectors import remote_terms
from medguild.payers.remote.services import end_remote_rule, set_remote_rule
from medguild.payers.remote.work import RULE_ENDING, warn_of_ends
from tests.factories.payers import make_contract, make_payer
from tests.factories.work import duty
from tests.factories.world import HOUSE, START, World

pytestmark = pytest.mark.django_db
VIDEO = RemoteTerms(True, "10", "02", ("95",))
DAY = dt.timedelta(days=1)


def put(payer: Payer, terms: RemoteTerms = VIDEO, start: dt.date = START, **more: Any) -> RemoteRule:
    return set_remote_rule(payer=payer, mode=RemoteMode.VIDEO, terms=terms, start=start, by=HOUSE, **more)


def asked(payer: Payer, day: dt.date, mode: str = "video") -> RemoteTerms | None:
    return remote_terms({(payer.pk, mode, day)}).get((payer.pk, mode, day))


def test_a_rule_holds_from_its_day_and_the_one_before_until_then(world: World) -> None:
    payer = make_payer()
    put(payer)
    put(payer, RemoteTerms(False, "99", "99", ("95",)), today())
    assert asked(payer, today() - DAY) == VIDEO
    assert asked(payer, today()) == RemoteTerms(covered=False)
    assert asked(payer, START - DAY) is None
    assert asked(payer, today(), "phone") is None
    assert asked(make_payer("Other"), today()) is None


def test_what_does_not_fit_is_refused(world: World) -> None:
    payer = make_payer()
    put(payer, start=today())
    with pytest.raises(Refusal, match="rule for that time"):
        put(payer, start=today() - DAY)
    with pytest.raises(Refusal, match="after the first day"):
        put(payer, start=today() + DAY, end=today() + DAY)
    with pytest.raises(Refusal, match="both codes"):
        put(payer, RemoteTerms(True, "10", ""), today() + DAY)
    assert RemoteRule.objects.get().period == DateRange(today(), None)


def test_a_rule_that_was_entered_wrongly_is_replaced_from_its_first_day(world: World) -> None:
    payer = make_payer()
    put(payer, RemoteTerms(True, "10", "02", ("93",)))
    put(payer)
    assert asked(payer, START) == VIDEO
    assert RemoteRule.objects.count() == 1


def test_after_a_rule_for_a_while_the_one_before_goes_on(world: World) -> None:
    payer = make_payer()
    put(payer)
    put(payer, RemoteTerms(covered=False), today(), end=today() + 7 * DAY)
    held = [asked(payer, today() + days * DAY) for days in (-1, 0, 6, 7)]
    assert held == [VIDEO, RemoteTerms(covered=False), RemoteTerms(covered=False), VIDEO]


def test_a_rule_is_ended_but_not_before_it_began_nor_into_the_next(world: World) -> None:
    payer = make_payer()
    first = put(payer, end=today())
    put(payer, start=today())
    with pytest.raises(Refusal, match="after the first day"):
        end_remote_rule(rule=first, on=START, by=HOUSE)
    with pytest.raises(Refusal, match="Another rule"):
        end_remote_rule(rule=first, on=today() + DAY, by=HOUSE)
    assert end_remote_rule(rule=first, on=START + DAY, by=HOUSE).period.upper == START + DAY


def warned() -> list[str]:
    rows = WorkItem.objects.unscoped("test").filter(work_type=RULE_ENDING)
    return sorted(rows.values_list("unit__name", flat=True))


def test_who_has_a_contract_is_told_before_a_rule_ends(world: World) -> None:
    duty(world, world.enterprise, RULE_ENDING)
    payer = make_payer()
    make_contract(world.main.entity, payer, c99213=1)
    put(payer, end=today() + 40 * DAY)
    assert warn_of_ends(by=HOUSE) == 1
    assert warn_of_ends(by=HOUSE) == 1
    assert warned() == [world.main.entity.name]  # a second run opens nothing new
    assert warn_of_ends(by=HOUSE, on=today() + 11 * DAY) == 1
    assert len(warned()) == 2  # the next warning is reached


def test_a_rule_that_another_follows_and_one_far_off_need_nobody(world: World) -> None:
    payer, other = make_payer(), make_payer("Other")
    put(payer, end=today() + 40 * DAY)
    put(payer, start=today() + 40 * DAY)
    put(other, end=today() + 100 * DAY)
    assert warn_of_ends(by=HOUSE) == 0
    assert warned() == []


def test_without_a_contract_the_enterprise_is_told(world: World) -> None:
    duty(world, world.enterprise, RULE_ENDING)
    put(make_payer(), end=today() + 5 * DAY)
    warn_of_ends(by=HOUSE)
    assert warned() == [world.enterprise.name]


def test_rules_are_kept_on_pages(world: World, client: Client) -> None:
    payer = make_payer()
    client.force_login(world.user(Role.BILLER))
    assert "No rules yet" in client.get(reverse("payers:remote_rules")).content.decode()
    sent = {
        "payer": payer.pk, "mode": "phone", "covered": "on", "place_at_home": "10", "place_elsewhere": "02",
        "modifiers": "93 fq", "start": today().isoformat(), "source": "Manual, page 7",
    }  # fmt: skip
    new = reverse("payers:new_remote_rule")
    assert client.post(new, sent | {"modifiers": "ninety"}).status_code == 422
    assert client.post(new, sent | {"place_at_home": ""}).status_code == 422
    assert client.post(new, sent).status_code == 302
    page = client.get(reverse("payers:remote_rules")).content.decode()
    assert "93 FQ" in page
    assert "Manual, page 7" in page
    rule = RemoteRule.objects.get()
    end = reverse("payers:end_remote_rule", args=[rule.pk])
    assert end in page
    assert client.post(end, {"on": (today() + DAY).isoformat()}).status_code == 302
    assert RemoteRule.objects.get().period.upper == today() + DAY


def test_who_only_reads_sees_no_way_to_change(world: World, client: Client) -> None:
    put(make_payer())
    client.force_login(world.user(Role.FRONT_DESK))
    page = client.get(reverse("payers:remote_rules")).content.decode()
    assert "/end/" not in page
    assert reverse("payers:new_remote_rule") not in page


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"mode": "letter"}, "remote_rule_mode_known"),
        ({"period": DateRange(START, START)}, "remote_rule_period_whole"),
        ({"covered": False}, "remote_rule_places_with_cover"),
        ({"place_at_home": ""}, "remote_rule_places_with_cover"),
        ({"modifiers": ["955"]}, "remote_rule_modifiers_form"),
        ({"modifiers": ["95", "93", "FQ", "25", "59"]}, "remote_rule_modifiers_form"),
    ],
)
def test_rules_are_whole(world: World, changes: dict[str, object], constraint: str) -> None:
    rule = put(make_payer())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RemoteRule.objects.filter(pk=rule.pk).update(**changes)


def test_one_rule_at_a_time(world: World) -> None:
    rule = put(make_payer())
    again = RemoteRule(payer=rule.payer, mode="video", covered=False, period=DateRange(START + DAY, None))
    with pytest.raises(IntegrityError, match="remote_rule_once_at_a_time"), transaction.atomic():
        again.save()
