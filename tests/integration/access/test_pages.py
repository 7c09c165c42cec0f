"""The pages of access: who may do what is shown, given, ended; records are opened in an emergency and reviewed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from medguild.foundation.access.models import ApiToken, BrokenGlass, Grant, User
from medguild.foundation.access.ports import RecordKeeper, record_keepers
from medguild.foundation.access.rules import Role
from medguild.foundation.access.selectors import actor_of_token, actor_of_user, forget_actors
from medguild.foundation.access.services import grant_role
from medguild.foundation.events.events import SubjectRef
from medguild.foundation.events.proofs import prove
from medguild.foundation.events.sealing import seal_all
from medguild.foundation.events.services import record
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.verdict import no, yes
from medguild.foundation.organization.models import Unit
from tests.factories.world import HOUSE, World
from tests.integration.events.support import TOLD, everything, superuser, tell

pytestmark = pytest.mark.django_db
PATIENT, UNKNOWN = UUID(int=5), UUID(int=6)
PHRASE = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _house(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.FORCE_SECOND_FACTOR = False
    settings.ANCHOR_FOLDER = tmp_path
    held = dict(record_keepers._entries)
    record_keepers._entries = {
        "patients": RecordKeeper(
            may_open=lambda actor, patient: (
                yes() if patient == PATIENT else no("not_found", "There is no such record.")
            ),
            labels=lambda ids: dict.fromkeys(ids, "Ruiz, Ana"),
            page=lambda patient: f"/patients/{patient}/",
        )
    }
    yield
    record_keepers._entries = held


def _as(world: World, role: Role, unit: Unit | None = None) -> Client:
    client = Client()
    client.force_login(world.user(role, unit))
    return client


def _text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


def test_an_invited_user_chooses_a_password_by_a_link_that_works_once(world: World) -> None:
    admin = _as(world, Role.ADMINISTRATOR)
    given = {
        "email": "new@example.org", "display_name": "New One", "role": "nurse", "unit": str(world.main.entity.pk),
        "language": "es", "person": str(world.main.clinician.person_id),
    }  # fmt: skip
    assert admin.post("/access/users/invite/", given).status_code == 302
    taken = admin.post("/access/users/invite/", given)
    assert taken.status_code == 422
    user = User.objects.get(email="new@example.org")
    assert user.person == world.main.clinician.person
    assert "new@example.org" in _text(admin, "/access/users/?q=New")
    page = f"/access/users/{user.pk}/"
    shown = admin.post(f"{page}password-link/").content.decode()
    found = re.search(r"http://testserver(/accounts/password/reset/key/[^<\s]+)", shown)
    assert found is not None
    link, visitor = found[1], Client()
    form = visitor.get(link, follow=True)
    assert form.status_code == 200
    done = visitor.post(form.redirect_chain[-1][0], {"password1": PHRASE, "password2": PHRASE})
    assert done.status_code == 302, done.content.decode()[:2000]
    user.refresh_from_db()
    assert user.check_password(PHRASE)
    again = Client().get(link, follow=True).content.decode()
    assert 'name="password1"' not in again
    signed = Client().post("/accounts/login/", {"login": "new@example.org", "password": PHRASE})
    assert signed.status_code == 302


def test_roles_are_given_explained_and_ended(world: World) -> None:
    admin, nurse = _as(world, Role.ADMINISTRATOR), world.user(Role.NURSE)
    page = f"/access/users/{nurse.pk}/"
    assert "organization.read" in _text(admin, page)
    site, day = str(world.main.site_unit.pk), now().date()
    given = {"role": "biller", "unit": site, "start": day, "end": day + dt.timedelta(days=7), "reason": "Holiday cover"}
    assert admin.post(f"{page}roles/new/", given).status_code == 302
    assert admin.post(f"{page}roles/new/", given).status_code == 422
    elsewhere = admin.post(f"{page}roles/new/", {**given, "unit": str(world.second.entity.pk)})
    assert elsewhere.status_code == 422, "units of others are no choice"
    assert "Holiday cover" in _text(admin, page)
    grant = Grant.objects.get(user=nurse, role="biller")
    end = f"/access/roles/{grant.pk}/end/"
    assert admin.post(end, {"on": day + dt.timedelta(days=30)}).status_code == 422
    assert admin.post(end, {"on": day}).status_code == 302
    assert not Grant.objects.filter(pk=grant.pk).exists()


def test_grants_at_units_of_others_are_not_shown(world: World) -> None:
    nurse = world.user(Role.NURSE)
    grant_role(user=nurse, role=Role.CODER, unit=world.second.entity, by=HOUSE)
    shown = _text(_as(world, Role.ADMINISTRATOR), f"/access/users/{nurse.pk}/")
    assert "Nurse" in shown
    assert "Coder" not in shown


def test_closing_a_login_ends_its_session_and_it_can_be_opened_again(world: World) -> None:
    admin, nurse = _as(world, Role.ADMINISTRATOR), _as(world, Role.NURSE)
    page = f"/access/users/{world.user(Role.NURSE).pk}/"
    assert nurse.get("/access/me/").status_code == 200
    assert admin.post(f"{page}close/").status_code == 302
    assert nurse.get("/access/me/").status_code == 302
    assert "This login is closed" in _text(admin, page)
    assert admin.post(f"{page}password-link/").status_code == 409
    assert admin.post(f"{page}reopen/").status_code == 302
    own = f"/access/users/{world.user(Role.ADMINISTRATOR).pk}/close/"
    assert "cannot close your own" in admin.post(own).content.decode()


def test_a_login_is_linked_to_a_person(world: World) -> None:
    admin, nurse = _as(world, Role.ADMINISTRATOR), world.user(Role.NURSE)
    person = world.main.clinician.person
    page = f"/access/users/{nurse.pk}/"
    assert admin.post(f"{page}person/", {"person": str(person.pk)}).status_code == 302
    assert person.label() in _text(admin, page)
    assert admin.post(f"{page}person/", {"person": ""}).status_code == 302
    nurse.refresh_from_db()
    assert nurse.person is None


def test_a_token_shows_its_secret_once_and_can_be_ended(world: World) -> None:
    admin = _as(world, Role.ADMINISTRATOR)
    given = {
        "name": "Kiosk", "role": "scheduler", "unit": str(world.main.entity.pk), "days": 30,
        "scopes": ["organization.read"],
    }  # fmt: skip
    assert admin.post("/access/tokens/new/", {**given, "days": 0}).status_code == 422
    made = admin.post("/access/tokens/new/", given).content.decode()
    secret = re.search(r"mg_[\w-]{20,}", made)
    assert secret is not None
    actor = actor_of_token(secret[0])
    assert actor is not None
    assert set(actor.scopes) == {"organization.read"}
    listed = _text(admin, "/access/tokens/")
    assert "Kiosk" in listed
    assert secret[0] not in listed
    token = ApiToken.objects.get()
    assert admin.post(f"/access/tokens/{token.pk}/end/").status_code == 302
    forget_actors()
    assert actor_of_token(secret[0]) is None


def test_the_table_of_rights_names_every_role(world: World) -> None:
    table = _text(_as(world, Role.ADMINISTRATOR), "/access/rights/")
    for words in ("organization.manage", "Payment poster", "IPA staff", "Proxy of a patient"):
        assert words in table


def test_a_record_is_opened_with_a_reason_and_reviewed_by_another(world: World) -> None:
    nurse = _as(world, Role.NURSE)
    page = f"/access/break-glass/{PATIENT}/"
    assert "Ruiz" not in _text(nurse, page), "nothing of the record is shown before"
    assert nurse.post(page, {"reason": "urgent"}).status_code == 422
    opened = nurse.post(page, {"reason": "Chest pain, no history at hand"})
    assert (opened.status_code, opened["Location"]) == (302, f"/patients/{PATIENT}/")
    assert any(PATIENT in scope.patients for scope in actor_of_user(world.user(Role.NURSE)).scopes.values())
    assert "Open in an emergency" in _text(nurse, "/access/me/")
    officer = _as(world, Role.COMPLIANCE_OFFICER)
    waiting = _text(officer, "/access/reviews/")
    assert "Chest pain" in waiting
    assert "Ruiz, Ana" in waiting
    row = BrokenGlass.objects.get()
    review = f"/access/reviews/{row.pk}/"
    assert officer.post(review, {"finding": " "}).status_code == 422
    assert officer.post(review, {"finding": "Note of the visit agrees"}).status_code == 302
    assert "Note of the visit agrees" in _text(officer, "/access/reviews/")
    assert officer.post(review, {"finding": "again"}).status_code == 422
    reads = everything().filter(type="record.read", actor_id=world.user(Role.COMPLIANCE_OFFICER).pk)
    assert reads.exists()


def test_a_record_that_is_not_there_cannot_be_opened_and_looks_the_same_before_and_after(world: World) -> None:
    nurse = _as(world, Role.NURSE)
    assert nurse.get(f"/access/break-glass/{UNKNOWN}/").status_code == 404
    assert nurse.post(f"/access/break-glass/{UNKNOWN}/", {"reason": "Chest pain in the hall"}).status_code == 404
    assert BrokenGlass.objects.count() == 0


def test_reviewers_see_only_their_own_people(world: World) -> None:
    nurse = _as(world, Role.NURSE)
    nurse.post(f"/access/break-glass/{PATIENT}/", {"reason": "Chest pain, no history at hand"})
    other = _as(world, Role.COMPLIANCE_OFFICER, world.member_a.entity)
    assert "Chest pain" not in _text(other, "/access/reviews/")
    assert other.get(f"/access/reviews/{BrokenGlass.objects.get().pk}/").status_code == 404


def test_jobs_of_the_house_are_told_in_plain_words(world: World) -> None:
    by = Actor.job("waitlist.offers", cause="timer")
    told = record(TOLD, subject=SubjectRef("thing", new_id()), by=by, unit_id=world.main.site_unit.pk)
    officer = _as(world, Role.COMPLIANCE_OFFICER)
    for page in ("/access/audit/", f"/access/audit/events/{told}/"):
        shown = _text(officer, page)
        assert "By itself: offer of the waiting list" in shown
        assert "waitlist.offers" not in shown


def test_the_log_is_filtered_and_scoped(world: World) -> None:
    nurse, officer = _as(world, Role.NURSE), _as(world, Role.COMPLIANCE_OFFICER)
    nurse.get("/access/users/")
    mine = tell(unit_id=world.main.site_unit.pk)
    theirs = tell(unit_id=world.member_a.site_unit.pk)
    shown = _text(officer, "/access/audit/")
    assert str(mine) in shown
    assert str(theirs) not in shown
    refused = _text(officer, "/access/audit/?type=access.refused&actor=nurse")
    assert "Access refused" in refused
    assert str(mine) not in refused
    assert str(mine) not in _text(officer, "/access/audit/?at_from=2019-01-01&at_to=2019-01-02")
    assert str(mine) in _text(officer, f"/access/audit/events/{mine}/")
    assert officer.get(f"/access/audit/events/{theirs}/").status_code == 404


def test_who_read_a_patient_is_shown_to_those_whose_people_read(world: World) -> None:
    nurse, officer = _as(world, Role.NURSE), _as(world, Role.COMPLIANCE_OFFICER)
    nurse.post(f"/access/break-glass/{PATIENT}/", {"reason": "Chest pain, no history at hand"})
    officer.get("/access/reviews/")
    shown = _text(officer, f"/access/audit/patients/{PATIENT}/readers/")
    assert "access:reviews" in shown
    other = _as(world, Role.COMPLIANCE_OFFICER, world.member_a.entity)
    assert other.get(f"/access/audit/patients/{PATIENT}/readers/").status_code == 404


def test_the_state_of_the_seals_and_the_last_proof_are_shown(world: World) -> None:
    officer = _as(world, Role.COMPLIANCE_OFFICER)
    assert "Never proved" in _text(officer, "/access/audit/")
    tell()
    seal_all()
    prove(by=HOUSE)
    assert "As written" in _text(officer, "/access/audit/")
    assert officer.post("/access/audit/prove/").status_code == 302


def test_a_broken_log_is_told_on_the_page(world: World) -> None:
    told = tell()
    seal_all()
    with superuser() as cursor:
        cursor.execute("update foundation_event set actor_label = 'x' where id = %s", [told])
    assert not prove(by=HOUSE).ok
    assert "The log was changed" in _text(_as(world, Role.COMPLIANCE_OFFICER), "/access/audit/")


def test_everybody_sees_their_own_access_and_chooses_a_language(world: World) -> None:
    nurse = _as(world, Role.NURSE)
    assert "Harbor" in _text(nurse, "/access/me/")
    nurse.post("/access/me/", {"language": "es"})
    assert nurse.get("/access/me/")["Content-Language"] == "es"
