"""A deviation is proposed, decided by somebody else, and ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.standards.deviations import (
    approve_deviation,
    end_deviation,
    end_expired,
    reject_deviation,
    withdraw_deviation,
)
from medguild.foundation.standards.models import Deviation
from medguild.foundation.standards.resolution import StandardContext, resolve
from medguild.foundation.standards.selectors import deviation_for, deviations_visible, open_proposals
from tests.factories.world import HOUSE, World

TODAY = dt.datetime.now(dt.UTC).date()
Propose = Callable[..., Deviation]


def types_of(deviation: Deviation) -> list[str]:
    events = Event.objects.unscoped("test").filter(subject_type="deviation", subject_id=deviation.pk)
    return list(events.order_by("pk").values_list("type", flat=True))


def test_proposed_then_approved_then_ended(world: World, propose: Propose) -> None:
    deviation = propose()
    owner = world.actor(Role.PHYSICIAN_OWNER)
    assert open_proposals(owner) == 1
    approve_deviation(deviation_id=deviation.pk, by=owner, note="until March")
    ended = end_deviation(deviation_id=deviation.pk, by=owner, on=TODAY + dt.timedelta(days=10))
    assert (ended.status, ended.period.upper) == ("ended", TODAY + dt.timedelta(days=10))
    assert types_of(deviation) == ["deviation.proposed", "deviation.approved", "deviation.ended"]
    context = StandardContext(unit_id=world.main.site.unit_id, on=TODAY + dt.timedelta(days=5))
    assert resolve("work.escalation_step", context).value == dt.timedelta(days=20)


def test_nobody_approves_their_own_and_roles_without_the_right_do_not(world: World, propose: Propose) -> None:
    own = propose(by=world.actor(Role.PHYSICIAN_OWNER))
    with pytest.raises(NotAllowed) as refused:
        approve_deviation(deviation_id=own.pk, by=world.actor(Role.PHYSICIAN_OWNER))
    assert refused.value.code == "own_proposal"
    with pytest.raises(NotAllowed):
        approve_deviation(deviation_id=own.pk, by=world.actor(Role.PRACTICE_MANAGER))
    with pytest.raises(NotAllowed):
        approve_deviation(deviation_id=own.pk, by=HOUSE)
    with pytest.raises(NotAllowed):
        propose(by=HOUSE)
    with pytest.raises(NotAllowed):
        propose(by=world.actor(Role.FRONT_DESK))


def test_a_rejection_needs_words_and_is_final(world: World, propose: Propose) -> None:
    deviation = propose()
    owner = world.actor(Role.PHYSICIAN_OWNER)
    with pytest.raises(Refusal) as wordless:
        reject_deviation(deviation_id=deviation.pk, by=owner, note=" ")
    assert wordless.value.field == "note"
    reject_deviation(deviation_id=deviation.pk, by=owner, note="hire first")
    with pytest.raises(Conflict):
        approve_deviation(deviation_id=deviation.pk, by=owner)
    context = StandardContext(unit_id=world.main.site.unit_id)
    assert resolve("work.escalation_step", context).deviation_id is None


def test_only_the_asker_withdraws_and_only_before_the_decision(world: World, propose: Propose) -> None:
    deviation = propose()
    with pytest.raises(Refusal) as foreign:
        withdraw_deviation(deviation_id=deviation.pk, by=world.actor(Role.PHYSICIAN_OWNER))
    assert foreign.value.code == "not_yours"
    assert withdraw_deviation(deviation_id=deviation.pk, by=world.actor(Role.PRACTICE_MANAGER)).status == "withdrawn"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "because"}, "reason"),
        ({"end": TODAY}, "end"),
        ({"end": TODAY + dt.timedelta(days=500)}, "end"),
        ({"value": 5}, "value"),
    ],
)
def test_a_proposal_says_why_until_when_and_what(propose: Propose, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        propose(**changes)
    assert refused.value.field == field


def test_two_deviations_never_hold_at_once(world: World, propose: Propose) -> None:
    owner = world.actor(Role.PHYSICIAN_OWNER)
    first, second = propose(), propose(value=dt.timedelta(days=21))
    approve_deviation(deviation_id=first.pk, by=owner)
    with pytest.raises(Conflict) as overlapping:
        approve_deviation(deviation_id=second.pk, by=owner)
    assert overlapping.value.code == "deviation_overlaps"


def test_what_has_not_begun_is_withdrawn_and_what_is_over_is_closed(world: World, propose: Propose) -> None:
    owner = world.actor(Role.PHYSICIAN_OWNER)
    coming = propose(start=TODAY + dt.timedelta(days=10))
    approve_deviation(deviation_id=coming.pk, by=owner)
    assert end_deviation(deviation_id=coming.pk, by=owner).status == "withdrawn"
    short = propose(end=TODAY + dt.timedelta(days=3))
    approve_deviation(deviation_id=short.pk, by=owner)
    assert end_expired(by=HOUSE, on=TODAY + dt.timedelta(days=3)) == 1
    assert end_expired(by=HOUSE, on=TODAY + dt.timedelta(days=3)) == 0


def test_a_member_of_the_ipa_sees_no_deviation_of_another(world: World, propose: Propose) -> None:
    theirs = propose(unit=world.member_a.practice, by=world.actor(Role.PRACTICE_MANAGER, world.member_a.entity))
    outsider = world.actor(Role.PHYSICIAN_OWNER, world.member_b.entity)
    assert not deviations_visible(outsider).exists()
    with pytest.raises(NotVisible):
        deviation_for(outsider, theirs.pk)
    for act in (approve_deviation, end_deviation):
        with pytest.raises(NotVisible):
            act(deviation_id=theirs.pk, by=outsider)
    own = world.actor(Role.PHYSICIAN_OWNER, world.member_a.entity)
    assert deviation_for(own, theirs.pk).pk == theirs.pk
    of_the_group = propose(unit=world.enterprise, by=world.actor(Role.PRACTICE_MANAGER, world.enterprise))
    assert list(deviations_visible(outsider)) == [of_the_group]
