"""Verdicts on who may practise where, warnings before something runs out, and the pages that keep it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from medguild.foundation.access.rules import Role
from medguild.foundation.kernel.errors import NotVisible, Refusal
from medguild.foundation.organization.rules import ClinicianKind
from medguild.foundation.organization.staffing import record_licence
from medguild.foundation.work.models import UnownedNeed, WorkItem
from medguild.people.credentialing import selectors, services
from medguild.people.credentialing.models import Compact, CompactPrivilege, Privilege, TelehealthRegistration
from medguild.people.credentialing.rules import PrivilegeStanding
from medguild.people.credentialing.services import Membership
from medguild.people.credentialing.subjects import view_people
from medguild.people.credentialing.work import warn_of_expiry
from tests.factories.credentials import make_compact, make_privilege, make_privilege_type
from tests.factories.world import HOUSE, START, World
from tests.support_queries import queries_at_most

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 6, 1)


def test_licence_compact_and_registration(world: World) -> None:
    clinician = world.main.clinician
    assert selectors.may_treat(clinician.pk, "OR", DAY).code == "licence"
    assert selectors.may_treat(clinician.pk, "WA", DAY).code == "no_licence"

    services.register_telehealth(clinician=clinician, state="wa", number="T1", start=START, by=HOUSE)
    assert selectors.may_treat(clinician.pk, "WA", DAY, remote=True).code == "telehealth"
    assert selectors.may_treat(clinician.pk, "WA", DAY).code == "telehealth_only"

    given: dict[str, Any] = {"clinician": clinician, "home_state": "OR", "number": "C1", "start": START, "by": HOUSE}
    services.record_compact_privilege(compact=make_compact("OR", "WA", "ID"), **given)
    assert selectors.may_treat(clinician.pk, "ID", DAY).code == "compact"
    assert selectors.states_of(clinician, on=DAY) == ["ID", "OR", "WA"]


def test_a_state_that_left_the_compact_counts_no_more(world: World) -> None:
    clinician, compact = world.main.clinician, make_compact("OR", "WA")
    services.record_compact_privilege(
        clinician=clinician, compact=compact, home_state="OR", number="C1", start=START, by=HOUSE
    )
    services.set_compact(
        code=compact.code, name=compact.name, clinician_kinds=[ClinicianKind.PHYSICIAN],
        members=[Membership("OR", START), Membership("WA", START, DAY)], by=HOUSE,
    )  # fmt: skip
    assert selectors.may_treat(clinician.pk, "WA", DAY - dt.timedelta(days=1))
    assert not selectors.may_treat(clinician.pk, "WA", DAY)


def test_a_privilege_holds_at_the_unit_and_below_it(world: World) -> None:
    office, kind = world.main, make_privilege_type()
    assert selectors.may_perform(office.clinician.pk, kind.pk, office.site_unit.pk, DAY).code == "no_privilege"
    make_privilege(office.clinician, kind, office.entity, end=DAY)
    assert selectors.may_perform(office.clinician.pk, kind.pk, office.site_unit.pk, DAY).code == "privilege_expired"
    before = DAY - dt.timedelta(days=1)
    assert selectors.may_perform(office.clinician.pk, kind.pk, office.site_unit.pk, before)
    assert not selectors.may_perform(office.clinician.pk, kind.pk, world.second.site_unit.pk, before)


def test_a_suspension_follows_the_privilege_it_ends(world: World) -> None:
    office, kind = world.main, make_privilege_type()
    make_privilege(office.clinician, kind, office.site_unit)
    make_privilege(office.clinician, kind, office.site_unit, standing=PrivilegeStanding.SUSPENDED, start=DAY)
    before = DAY - dt.timedelta(days=1)
    assert selectors.may_perform(office.clinician.pk, kind.pk, office.site_unit.pk, before)
    assert selectors.may_perform(office.clinician.pk, kind.pk, office.site_unit.pk, DAY).code == "privilege_suspended"


def test_many_clinicians_cost_no_more_queries(world: World) -> None:
    people = [world.main.clinician, *(world.clinician(world.main.site_unit) for _ in range(4))]
    services.record_compact_privilege(
        clinician=people[0], compact=make_compact("OR", "WA"), home_state="OR", number="C1", start=START, by=HOUSE
    )
    ids = [one.pk for one in people]
    kind = make_privilege_type()
    with queries_at_most(4):
        found = selectors.may_treat_many(ids, "WA", DAY)
    assert [bool(found[one]) for one in ids] == [True, False, False, False, False]
    with queries_at_most(2):
        selectors.may_perform_many(ids, kind.pk, world.main.site_unit.pk, DAY)


def test_what_is_wrong_is_refused_with_a_reason(world: World) -> None:
    clinician, compact = world.main.clinician, make_compact("OR", kinds=(ClinicianKind.OTHER,))
    given: dict[str, Any] = {"number": "1", "start": START, "by": HOUSE}

    def code(act: Any, **more: Any) -> str:
        with pytest.raises(Refusal) as refused:
            act(**{**given, **more})
        return refused.value.code

    telehealth = services.register_telehealth
    assert code(services.record_compact_privilege, clinician=clinician, compact=compact, home_state="OR") == (
        "other_profession"
    )
    assert code(telehealth, clinician=clinician, state="Oregon") == "state_form"
    assert code(telehealth, clinician=clinician, state="WA", number=" ") == "number_needed"
    assert code(telehealth, clinician=clinician, state="WA", end=START) == "end_before_start"
    held = telehealth(clinician=clinician, state="WA", **given)
    assert code(telehealth, clinician=clinician, state="WA") == "credential_overlaps"
    with pytest.raises(Refusal, match="after the first day"):
        services.end_credential(credential=held, on=START, by=HOUSE)
    kind = make_privilege_type()
    with pytest.raises(Refusal, match="of this code"):
        services.add_privilege_type(code=kind.code, name="Again", by=HOUSE)
    with pytest.raises(Refusal, match="code and a name"):
        services.add_privilege_type(code="x", name=" ", by=HOUSE)
    members = [Membership("OR", START), Membership("OR", DAY)]
    with pytest.raises(Refusal, match="twice"):
        services.set_compact(code="c", name="C", clinician_kinds=[ClinicianKind.OTHER], members=members, by=HOUSE)
    with pytest.raises(Refusal, match="code, a name"):
        services.set_compact(code="c", name="C", clinician_kinds=[], members=[], by=HOUSE)


def test_what_runs_out_is_warned_of_once_a_step(world: World) -> None:
    clinician = world.main.clinician
    record_licence(clinician=clinician, state="WA", number="W1", start=START, end=DAY + dt.timedelta(days=25), by=HOUSE)
    record_licence(clinician=clinician, state="ID", number="I1", start=START, end=DAY, by=HOUSE)
    record_licence(clinician=clinician, state="ID", number="I2", start=DAY, end=dt.date(2040, 1, 1), by=HOUSE)

    def needs() -> set[str]:
        return set(UnownedNeed.objects.unscoped("test").values_list("summary", flat=True)) | set(
            WorkItem.objects.unscoped("test").values_list("summary", flat=True)
        )

    warn_of_expiry(by=HOUSE, on=DAY)
    warn_of_expiry(by=HOUSE, on=DAY)
    assert needs() == {f"WA, {(DAY + dt.timedelta(days=25)).isoformat()}"}  # Idaho was renewed
    assert UnownedNeed.objects.unscoped("test").count() == 1
    warn_of_expiry(by=HOUSE, on=DAY + dt.timedelta(days=12))
    assert UnownedNeed.objects.unscoped("test").count() == 2


def test_work_about_a_credential_names_the_clinician_and_opens_their_page(world: World) -> None:
    clinician = world.main.clinician
    shown = view_people(world.actor(Role.CREDENTIALING_SPECIALIST), [clinician.person_id])
    assert shown[clinician.person_id].label == clinician.label()
    assert str(clinician.pk) in shown[clinician.person_id].url


def test_another_members_clinician_is_not_there(world: World) -> None:
    row = services.register_telehealth(
        clinician=world.member_a.clinician, state="WA", number="T1", start=START, by=HOUSE
    )
    stranger = world.actor(Role.CREDENTIALING_SPECIALIST, world.member_b.entity)
    with pytest.raises(NotVisible):
        selectors.credential(stranger, "telehealth", row.pk, on=DAY)
    with pytest.raises(NotVisible):
        selectors.clinician(stranger, world.member_a.clinician.pk, on=DAY)


def test_the_specialist_keeps_the_file_of_a_clinician(client: Client, world: World) -> None:
    office = world.main
    client.force_login(world.user(Role.CREDENTIALING_SPECIALIST))
    compact = {
        "code": "psypact",
        "name": "PSYPACT",
        "clinician_kinds": ["physician"],
        "members": "OR, 2020-01-01\nWA, 2020-01-01",
    }
    client.post("/people/credentials/compacts/new/", compact)
    held = Compact.objects.get()
    assert "OR, WA" in client.get("/people/credentials/compacts/").content.decode()
    wrong = client.post(f"/people/credentials/compacts/{held.pk}/", compact | {"members": "Oregon"})
    assert wrong.status_code == 422
    assert "Line 1 is not understood" in wrong.content.decode()

    base = f"/people/credentials/{office.clinician.pk}"
    listed = {"compact": held.pk, "home_state": "OR", "number": "P1", "start": "2020-01-01"}
    client.post(f"{base}/compact/", listed)
    client.post(f"{base}/telehealth/", {"state": "ID", "number": "T1", "start": "2020-01-01"})
    client.post("/people/credentials/privileges/", {"code": "endoscopy", "name": "Endoscopy"})
    kind = make_privilege_type("Ultrasound")
    granted = {"type": kind.pk, "unit": office.site_unit.pk, "standing": "full", "start": "2020-01-01"}
    client.post(f"{base}/privilege/", granted)
    page = client.get(f"{base}/").content.decode()
    assert all(word in page for word in ("PSYPACT", "T1", "Ultrasound", "OR, WA"))
    assert escape(office.clinician.label()) in client.get("/people/credentials/").content.decode()
    assert "Endoscopy" in client.get("/people/credentials/privileges/").content.decode()

    for what, model in (
        ("compact", CompactPrivilege),
        ("telehealth", TelehealthRegistration),
        ("privilege", Privilege),
    ):
        row = model.objects.get()
        client.post(f"/people/credentials/{what}/{row.pk}/end/", {"on": "2026-01-01"})
        row.refresh_from_db()
        assert row.period.upper == dt.date(2026, 1, 1)


def test_who_only_reads_changes_nothing(client: Client, world: World) -> None:
    client.force_login(world.user(Role.SCHEDULER))
    assert client.post("/people/credentials/privileges/", {"code": "x", "name": "X"}).status_code == 200
    assert not selectors.privilege_types().exists()
