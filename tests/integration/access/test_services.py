from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import time_machine
from django.utils import timezone

from medguild.foundation.access import ports
from medguild.foundation.access.models import ApiToken, BrokenGlass, Grant, User
from medguild.foundation.access.permissions import emergency_rights
from medguild.foundation.access.ports import RecordKeeper, record_keepers
from medguild.foundation.access.rules import GLASS_LASTS, Role
from medguild.foundation.access.selectors import actor_of_token, actor_of_user, forget_actors
from medguild.foundation.access.services import (
    GLASS_BROKEN,
    break_glass,
    create_token,
    end_grant,
    grant_role,
    review_glass,
    revoke_token,
)
from medguild.foundation.access.users import close_login, invite, link_person, password_link, reopen_login, speak
from medguild.foundation.kernel.actor import Actor, ActorKind
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import NotAllowed, Refusal
from medguild.foundation.kernel.verdict import no, yes
from medguild.foundation.organization.local_time import day_at
from tests.factories.world import HOUSE, START, World
from tests.integration.events.support import everything

pytestmark = pytest.mark.django_db
CLOSED_RECORD = UUID(int=13)


@pytest.fixture(autouse=True)
def records() -> Iterator[None]:
    """A house that keeps records, all of which may be opened in an emergency but one."""
    held = dict(record_keepers._entries)
    record_keepers._entries = {
        "patients": RecordKeeper(
            may_open=lambda actor, patient: no("sealed", "Never.") if patient == CLOSED_RECORD else yes(),
            labels=lambda ids: dict.fromkeys(ids, "Somebody"),
            page=lambda patient: f"/patients/{patient}/",
        )
    }
    yield
    record_keepers._entries = held


def test_a_grant_is_dated_and_recorded(world: World) -> None:
    user = User.objects.create_user("a@example.org", display_name="Ana")
    today = day_at(world.main.site_unit.pk, now())
    grant = grant_role(
        user=user, role=Role.NURSE, unit=world.main.site_unit, by=HOUSE, end=today + dt.timedelta(days=2)
    )
    assert actor_of_user(user, at=now()).roles == {"nurse"}
    assert actor_of_user(user, at=now() + dt.timedelta(days=2)).roles == frozenset()
    event = everything().get(type="access.granted", subject_id=user.pk)
    assert event.data == {"role": "nurse", "grant_id": str(grant.pk)}
    assert event.unit_id == world.main.site_unit.pk


def test_a_grant_ends_at_midnight_where_it_is_held(world: World) -> None:
    user = User.objects.create_user("a@example.org", display_name="Ana")
    monday, tuesday = dt.date(2027, 3, 1), dt.date(2027, 3, 2)
    grant_role(user=user, role=Role.NURSE, unit=world.main.site_unit, by=HOUSE, start=monday, end=tuesday)
    midnight = dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC)  # in Oregon
    minute = dt.timedelta(minutes=1)
    assert not actor_of_user(user, at=midnight - minute).roles
    assert actor_of_user(user, at=midnight).roles == {"nurse"}
    assert actor_of_user(user, at=midnight + dt.timedelta(hours=24) - minute).roles == {"nurse"}
    assert not actor_of_user(user, at=midnight + dt.timedelta(hours=24)).roles


def test_access_given_in_the_evening_holds_and_ends_at_once(world: World) -> None:
    user = User.objects.create_user("a@example.org", display_name="Ana")
    with time_machine.travel(dt.datetime(2027, 3, 2, 3, tzinfo=dt.UTC), tick=False):  # Monday evening in Oregon
        grant = grant_role(user=user, role=Role.NURSE, unit=world.main.site_unit, by=HOUSE)
        assert actor_of_user(user, at=now()).roles == {"nurse"}
        end_grant(grant=grant, by=HOUSE)
        assert not actor_of_user(user, at=now()).roles


def test_the_same_role_twice_is_refused(world: World) -> None:
    user = world.user(Role.NURSE)
    with pytest.raises(Refusal, match="already holds") as refused:
        grant_role(user=user, role=Role.NURSE, unit=world.main.entity, by=HOUSE)
    assert refused.value.code == "granted_already"
    grant_role(user=user, role=Role.NURSE, unit=world.second.entity, by=HOUSE)


@pytest.mark.parametrize(
    ("role", "with_unit", "with_patient"),
    [(Role.NURSE, False, False), (Role.NURSE, True, True), (Role.PATIENT, True, False), (Role.PROXY, False, False)],
)
def test_staff_roles_need_a_unit_and_record_roles_a_record(
    world: World, role: Role, with_unit: bool, with_patient: bool
) -> None:
    user = User.objects.create_user("a@example.org")
    with pytest.raises(Refusal, match="Choose a unit"):
        grant_role(
            user=user, role=role, unit=world.main.entity if with_unit else None,
            patient_id=uuid4() if with_patient else None, by=HOUSE,
        )  # fmt: skip


def test_a_period_that_ends_before_it_starts_is_refused(world: World) -> None:
    user = User.objects.create_user("a@example.org")
    with pytest.raises(Refusal, match="end after"):
        grant_role(user=user, role=Role.NURSE, unit=world.main.entity, by=HOUSE, start=START, end=START)


def test_an_administrator_gives_access_only_where_she_administers(world: World) -> None:
    admin = world.actor(Role.ADMINISTRATOR)
    user = User.objects.create_user("a@example.org")
    grant = grant_role(user=user, role=Role.NURSE, unit=world.main.site_unit, by=admin)
    for unit in (world.second.entity, world.enterprise):
        with pytest.raises(NotAllowed):
            grant_role(user=user, role=Role.NURSE, unit=unit, by=admin)
        with pytest.raises(NotAllowed):
            create_token(name="x", role=Role.SCHEDULER, unit=unit, by=admin)
    other = world.actor(Role.ADMINISTRATOR, world.second.entity)
    with pytest.raises(NotAllowed):
        end_grant(grant=grant, by=other)
    end_grant(grant=grant, by=admin)


def test_a_grant_ends_today_at_once_and_one_that_has_not_begun_goes_away(world: World) -> None:
    user = world.user(Role.NURSE)
    grant = Grant.objects.get(user=user)
    end_grant(grant=grant, by=HOUSE)
    grant.refresh_from_db()
    assert grant.period.upper == day_at(grant.unit_id, now())
    assert actor_of_user(user, at=now()).roles == frozenset()
    with pytest.raises(Refusal, match="ended already"):
        end_grant(grant=grant, by=HOUSE, on=now().date() + dt.timedelta(days=30))
    later = grant_role(user=user, role=Role.CODER, unit=world.main.entity, by=HOUSE, start=now().date())
    end_grant(grant=later, by=HOUSE)
    assert not Grant.objects.filter(pk=later.pk).exists()


def test_access_to_a_record_is_given_and_ended_at_once_by_who_is_ahead_of_utc() -> None:
    user, patient = User.objects.create_user("a@example.org", display_name="Ana"), uuid4()
    evening = dt.datetime(2027, 3, 1, 20, tzinfo=dt.UTC)  # on Guam it is the next day
    given = grant_role(user=user, role=Role.PATIENT, patient_id=patient, by=HOUSE, start=dt.date(2027, 1, 4))
    with timezone.override("Pacific/Guam"), time_machine.travel(evening, tick=False):
        end_grant(grant=given, by=HOUSE)
        assert not actor_of_user(user, at=now()).roles
        grant_role(user=user, role=Role.PATIENT, patient_id=patient, by=HOUSE)
        assert actor_of_user(user, at=now()).roles == {"patient"}


def test_broken_glass_opens_one_record_for_hours_with_emergency_rights_only(world: World) -> None:
    nurse, patient = world.user(Role.NURSE), uuid4()
    actor = actor_of_user(nurse)
    opened = break_glass(user=nurse, patient_id=patient, reason="Unconscious in the waiting room", by=actor)
    assert opened.ends_at - opened.started_at == GLASS_LASTS
    event = everything().get(type=GLASS_BROKEN)
    assert (event.patient_id, event.unit_id) == (patient, world.main.entity.pk)
    assert "Unconscious" not in str(event.data)
    forget_actors()
    held = {right for right, scope in actor_of_user(nurse).scopes.items() if patient in scope.patients}
    assert held == emergency_rights()
    with time_machine.travel(now() + GLASS_LASTS + dt.timedelta(seconds=1)):
        forget_actors()
        assert not any(patient in scope.patients for scope in actor_of_user(nurse).scopes.values())


@pytest.mark.parametrize(
    ("patient", "reason", "code"),
    [(UUID(int=1), "because", "reason_needed"), (CLOSED_RECORD, "Chest pain in the hall", "sealed")],
)
def test_glass_stays_whole_without_a_reason_or_where_the_record_keeper_says_so(
    world: World, patient: UUID, reason: str, code: str
) -> None:
    nurse = world.user(Role.NURSE)
    with pytest.raises(Refusal) as refused:
        break_glass(user=nurse, patient_id=patient, reason=reason, by=actor_of_user(nurse))
    assert refused.value.code == code
    assert BrokenGlass.objects.count() == 0


def test_a_house_without_records_has_none_to_open() -> None:
    record_keepers._entries = {}
    assert not ports.glass_verdict(HOUSE, uuid4())
    assert ports.record_labels([uuid4()]) == {}
    assert ports.record_page(uuid4()) == "/"


def test_a_review_is_made_once_by_somebody_else_with_a_finding(world: World) -> None:
    director, officer = world.user(Role.MEDICAL_DIRECTOR), world.user(Role.COMPLIANCE_OFFICER)
    opened = break_glass(user=director, patient_id=uuid4(), reason="Chest pain in the hall", by=HOUSE)
    with pytest.raises(Refusal, match="own access"):
        review_glass(opened=opened, reviewer=director, finding="fine", by=HOUSE)
    with pytest.raises(Refusal, match="what you found"):
        review_glass(opened=opened, reviewer=officer, finding=" ", by=HOUSE)
    review_glass(opened=opened, reviewer=officer, finding="Justified by the visit note", by=HOUSE)
    opened.refresh_from_db()
    assert opened.reviewed_by == officer
    with pytest.raises(Refusal, match="reviewed already"):
        review_glass(opened=opened, reviewer=officer, finding="again", by=HOUSE)


def test_a_token_holds_its_role_narrowed_to_its_scopes_until_it_ends(world: World) -> None:
    token, secret = create_token(
        name="Kiosk", role=Role.FRONT_DESK, unit=world.main.entity, by=HOUSE, scopes=["organization.read"]
    )
    actor = actor_of_token(secret)
    assert actor is not None
    assert (actor.kind, actor.id, actor.home) == (ActorKind.SERVICE, token.pk, world.main.entity.pk)
    assert set(actor.scopes) == {"organization.read"}
    assert secret not in str(ApiToken.objects.values().get())
    assert actor_of_token("mg_wrong") is None
    revoke_token(token=token, by=HOUSE)
    forget_actors()
    assert actor_of_token(secret) is None


def test_a_token_expires(world: World) -> None:
    _, secret = create_token(
        name="x", role=Role.SCHEDULER, unit=world.main.entity, by=HOUSE, lasts=dt.timedelta(days=1)
    )
    with time_machine.travel(now() + dt.timedelta(days=1, seconds=1)):
        assert actor_of_token(secret) is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"scopes": ["everything.please"]}, "not known: everything.please"),
        ({"role": Role.PATIENT}, "not for patients"),
        ({"name": " "}, "what program"),
    ],
)
def test_tokens_that_are_refused(world: World, fields: dict[str, object], message: str) -> None:
    given = {"name": "x", "role": Role.SCHEDULER, "unit": world.main.entity, "by": HOUSE, **fields}
    with pytest.raises(Refusal, match=message):
        create_token(**given)  # type: ignore[arg-type]


def test_an_invited_user_has_a_role_and_no_password(world: World) -> None:
    admin = world.actor(Role.ADMINISTRATOR)
    user = invite(
        email=" New@Example.org ",
        display_name="New One",
        role=Role.NURSE,
        unit=world.main.entity,
        by=admin,
        language="es",
    )
    assert (user.email, user.language, user.has_usable_password()) == ("new@example.org", "es", False)
    assert actor_of_user(user).roles == {"nurse"}
    assert password_link(user=user, by=admin).startswith("/accounts/password/reset/key/")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": "nobody"}, "like name@example.org"),
        ({"email": "TAKEN@example.org"}, "login with this address"),
        ({"language": "xx"}, "one of the languages"),
    ],
)
def test_invitations_that_are_refused(world: World, fields: dict[str, object], message: str) -> None:
    User.objects.create_user("taken@example.org")
    given = {"email": "a@example.org", "display_name": "", "role": Role.NURSE, "unit": world.main.entity, "by": HOUSE}
    with pytest.raises(Refusal, match=message):
        invite(**{**given, **fields})  # type: ignore[arg-type]


def test_a_person_has_one_login(world: World) -> None:
    person = world.main.clinician.person
    first, second = world.user(Role.CLINICIAN), world.user(Role.NURSE)
    link_person(user=first, person=person, by=HOUSE)
    link_person(user=first, person=person, by=HOUSE)
    with pytest.raises(Refusal, match="has a login already"):
        link_person(user=second, person=person, by=HOUSE)
    link_person(user=first, person=None, by=HOUSE)
    link_person(user=second, person=person, by=HOUSE)


def test_closing_a_login_takes_its_rights_at_once(world: World) -> None:
    admin, nurse = world.user(Role.ADMINISTRATOR), world.user(Role.NURSE)
    by = actor_of_user(admin)
    assert actor_of_user(nurse).roles
    close_login(user=nurse, by=by)
    assert not actor_of_user(nurse).roles
    with pytest.raises(Refusal, match="closed"):
        password_link(user=nurse, by=by)
    reopen_login(user=nurse, by=by)
    assert actor_of_user(nurse).roles
    with pytest.raises(Refusal, match="your own"):
        close_login(user=admin, by=by)


def test_a_login_that_works_elsewhere_too_is_not_hers_to_manage(world: World) -> None:
    admin, nurse = world.actor(Role.ADMINISTRATOR), world.user(Role.NURSE)
    grant_role(user=nurse, role=Role.NURSE, unit=world.second.entity, by=HOUSE)
    for act in (close_login, reopen_login, password_link):
        with pytest.raises(NotAllowed):
            act(user=nurse, by=admin)  # type: ignore[operator]
    nobody = User.objects.create_user("n@example.org")
    with pytest.raises(NotAllowed):
        close_login(user=nobody, by=admin)


def test_the_house_speaks_the_languages_it_has(world: World) -> None:
    user = world.user(Role.NURSE)
    speak(user=user, language="es")
    user.refresh_from_db()
    assert user.language == "es"


def test_the_home_of_an_actor_is_where_its_longest_grant_is(world: World) -> None:
    nurse = world.user(Role.NURSE)
    grant_role(user=nurse, role=Role.CODER, unit=world.second.entity, by=HOUSE)
    assert actor_of_user(nurse, at=now()).home == world.main.entity.pk
    assert Actor.job("x").home is None
