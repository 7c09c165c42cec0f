from __future__ import annotations

import datetime as dt

import pytest

from medguild.foundation.access.rules import Role
from medguild.foundation.documents.selectors import content_of, document
from medguild.foundation.events.models import Event
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.patients.coverage import selectors, services
from medguild.patients.coverage.cards import Side, attach_card
from medguild.patients.coverage.rules import (
    RANK_CODE,
    RELATION_CODE,
    Line,
    Rank,
    Subscriber,
    SubscriberRelation,
    normal_member_id,
)
from medguild.payers.payers.rules import PayerKind
from tests.factories.patients import make_coverage, make_patient
from tests.factories.payers import make_payer, make_plan
from tests.factories.world import HOUSE, START, World

DAY = dt.date(2026, 11, 22)
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def test_payers_of_a_day_in_their_order(world: World) -> None:
    patient = make_patient(world)
    second = make_coverage(patient, rank=Rank.SECONDARY)
    first = make_coverage(patient, end=dt.date(2027, 1, 1))
    later = make_coverage(patient, start=dt.date(2027, 1, 1))
    assert selectors.coverages_on([patient.pk], DAY) == [first, second]
    assert selectors.coverages_on([patient.pk], dt.date(2027, 1, 1)) == [later, second]
    assert selectors.coverages_on([patient.pk], START - dt.timedelta(days=1)) == []
    assert [row.rank for row in selectors.coverages_of(world.actor(Role.CODER), [patient.pk])] == [
        "primary", "primary", "secondary",
    ]  # fmt: skip


def test_an_injury_has_payers_of_its_own(world: World) -> None:
    patient = make_patient(world)
    health = make_coverage(patient)
    comp = make_payer("State Fund", PayerKind.WORK_COMP)
    injury = services.add_coverage(
        patient=patient, payer=comp, member_id="c 77", claim_number="77", injured_on=DAY, start=START, by=HOUSE
    )
    assert (injury.line, injury.member_id) == ("work_comp", "C77")
    assert selectors.coverages_on([patient.pk], DAY) == [health]
    assert selectors.coverages_on([patient.pk], DAY, line=Line.WORK_COMP) == [injury]


def test_verdicts(world: World) -> None:
    patient = make_patient(world)
    assert selectors.covered([patient.pk], DAY).ok is False
    coverage = make_coverage(patient)
    assert selectors.covered([patient.pk], DAY).ok is None
    services.verify_coverage(coverage=coverage, by=world.actor(Role.FRONT_DESK))
    assert selectors.covered([patient.pk], DAY).ok is True


def test_another_holds_the_policy(world: World) -> None:
    patient = make_patient(world)
    subscriber = Subscriber(" Ruiz ", "Marta", birth_date=dt.date(1975, 1, 1), postal_code="97201-1234")
    coverage = make_coverage(patient, relation=SubscriberRelation.CHILD, subscriber=subscriber)
    assert (coverage.subscriber_family_name, coverage.subscriber_postal_code) == ("Ruiz", "972011234")
    desk = world.actor(Role.FRONT_DESK)
    services.verify_coverage(coverage=coverage, by=desk)
    changed = services.change_coverage(
        coverage=coverage, member_id="new1", plan=None, group_number="G", relation=SubscriberRelation.SELF,
        subscriber=subscriber, start=START, end=None, rank=Rank.SECONDARY, by=desk,
    )  # fmt: skip
    assert (changed.subscriber_family_name, changed.member_id, changed.rank) == ("", "NEW1", "secondary")
    assert changed.verified_at is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "rank_taken"),
        ({"rank": Rank.SECONDARY, "member_id": " "}, "member_id_needed"),
        ({"rank": Rank.SECONDARY, "relation": SubscriberRelation.SPOUSE}, "subscriber_needed"),
        ({"rank": Rank.SECONDARY, "end": START}, "end_too_early"),
    ],
)
def test_wrong_coverages_are_refused(world: World, given: dict[str, object], code: str) -> None:
    patient = make_patient(world)
    make_coverage(patient)
    with pytest.raises(Refusal) as error:
        make_coverage(patient, **given)
    assert error.value.code == code


def test_a_plan_belongs_to_its_payer(world: World) -> None:
    with pytest.raises(Refusal) as error:
        services.add_coverage(
            patient=make_patient(world), payer=make_payer(), plan=make_plan(), member_id="1", start=START, by=HOUSE
        )
    assert error.value.code == "plan_of_other_payer"


def test_an_end_frees_the_rank(world: World) -> None:
    coverage = make_coverage(make_patient(world))
    desk = world.actor(Role.FRONT_DESK)
    with pytest.raises(Refusal, match="after the first day"):
        services.end_coverage(coverage=coverage, on=START, by=desk)
    services.end_coverage(coverage=coverage, on=DAY, by=desk)
    assert make_coverage(coverage.patient, start=DAY)


def test_a_new_card_replaces_the_old_one_from_its_first_day(world: World) -> None:
    patient = make_patient(world)
    old, second = make_coverage(patient), make_coverage(patient, rank=Rank.SECONDARY)
    new = make_coverage(patient, start=DAY, replaces=True)
    assert selectors.coverages_on([patient.pk], DAY - dt.timedelta(days=1)) == [old, second]
    assert selectors.coverages_on([patient.pk], DAY) == [new, second]
    with pytest.raises(Refusal) as refusal:  # one that began on that very day was written wrongly: it is corrected
        make_coverage(patient, start=DAY, replaces=True)
    assert refusal.value.code == "rank_taken"


def test_cards_are_kept_and_shown_inside_the_circle_only(world: World) -> None:
    coverage = make_coverage(make_patient(world))
    desk = world.actor(Role.FRONT_DESK)
    front = attach_card(coverage=coverage, side=Side.FRONT, content=PICTURE, filename="card.png", by=desk)
    kept = selectors.coverage(desk, coverage.pk)
    assert (kept.front_id, kept.back_id) == (front.pk, None)
    assert content_of(document(desk, front.pk)) == PICTURE
    stranger = world.actor(Role.FRONT_DESK, world.member_a.entity)
    for refused in (
        lambda: document(stranger, front.pk),
        lambda: attach_card(coverage=coverage, side=Side.BACK, content=PICTURE, filename="x.png", by=stranger),
    ):
        with pytest.raises(NotVisible):
            refused()


def test_strangers_change_nothing_and_see_nothing(world: World) -> None:
    coverage = make_coverage(make_patient(world))
    stranger, coder = world.actor(Role.FRONT_DESK, world.member_a.entity), world.actor(Role.CODER)
    assert selectors.coverages_of(stranger, [coverage.patient_id]) == []
    with pytest.raises(NotVisible):
        selectors.coverage(stranger, coverage.pk)
    for actor in (stranger, coder):
        for act in (
            lambda by: services.end_coverage(coverage=coverage, on=DAY, by=by),
            lambda by: services.verify_coverage(coverage=coverage, by=by),
            lambda by: services.add_coverage(
                patient=coverage.patient, payer=coverage.payer, member_id="1", start=DAY, by=by
            ),
        ):
            with pytest.raises(NotVisible):
                act(actor)


def test_every_change_is_told(world: World) -> None:
    coverage = make_coverage(make_patient(world))
    services.verify_coverage(coverage=coverage, by=HOUSE)
    services.end_coverage(coverage=coverage, on=DAY, by=HOUSE)
    told = Event.objects.unscoped("test").filter(subject_id=coverage.pk).order_by("pk")
    assert [event.type for event in told] == ["coverage.added", "coverage.verified", "coverage.ended"]
    assert {event.patient_id for event in told} == {coverage.patient_id}
    assert coverage.member_id not in str([event.data for event in told])


def test_codes_of_claims() -> None:
    assert RANK_CODE[Rank.PRIMARY] == "P"
    assert RELATION_CODE[SubscriberRelation.SELF] == "18"
    assert normal_member_id(" ab 12 ") == "AB12"
    with pytest.raises(ValueError, match="member id"):
        normal_member_id("x" * 81)
